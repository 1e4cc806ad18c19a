"""GraphML, for Gephi, yEd, Cytoscape, igraph and networkx."""

from __future__ import annotations

from pathlib import Path

from kg.files import atomic_write
from kg.graph import KnowledgeGraph
from kg.ids import DEFAULT_BASE
from kg.network import legal_text, to_networkx

SUFFIXES = (".graphml",)


def write(graph: KnowledgeGraph, path: Path, *, base: str = DEFAULT_BASE) -> None:
    """Write the network of the graph; node ids are the ids of papers, entities and results.

    Each edge has an id of its own, since readers such as Gephi drop all but the first edge of an id.
    """
    import networkx as nx

    network = to_networkx(graph, base=base)
    dirty = {node: legal_text(node) for node in network if legal_text(node) != node}
    if dirty:
        network = nx.relabel_nodes(network, dirty)
    with atomic_write(path) as file:
        # The writer on the standard library, so that the bytes do not depend on lxml being installed.
        nx.write_graphml_xml(network, file, edge_id_from_attribute="id")
