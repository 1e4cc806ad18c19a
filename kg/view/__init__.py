"""View: the graph as a page to read with the eyes.

Takes a `KnowledgeGraph`, gives one HTML file that needs nothing else. Must not know an exporter.
"""

from kg.view.page import DEFAULT_TITLE, render, write_page

__all__ = ["DEFAULT_TITLE", "render", "write_page"]
