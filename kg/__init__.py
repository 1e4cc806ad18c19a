"""AbstractKG: from paper abstracts to a knowledge graph."""

__version__ = "0.1.0"
