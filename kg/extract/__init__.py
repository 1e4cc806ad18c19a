"""Extract: what the text of one paper says.

Takes a `Paper`, gives an `Extraction`. Sees one paper at a time and no other; which names of many papers
mean one thing is for `resolve`. The work is done by a spaCy pipeline of registered components, so that it
can be saved, loaded and extended as any other.
"""

from kg.extract.pipeline import extract, load_pipeline

__all__ = ["extract", "load_pipeline"]
