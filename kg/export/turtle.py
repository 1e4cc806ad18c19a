"""Turtle, the form in which the graph is published: for triple stores, and for reading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.files import atomic_write
from kg.graph import KnowledgeGraph
from kg.ids import DEFAULT_BASE
from kg.rdf import prefixes, to_triples
from kg.vocab import RDF

if TYPE_CHECKING:
    from pyoxigraph import Triple

SUFFIXES = (".ttl",)


def write(graph: KnowledgeGraph, path: Path, *, base: str = DEFAULT_BASE) -> None:
    """Write papers, then entities, results, and how all is known; within a kind in order of IRI."""
    from pyoxigraph import RdfFormat, serialize

    names = prefixes(base)
    ranks = {namespace: rank for rank, namespace in enumerate(names.values())}

    def order(triple: Triple) -> tuple[int, str, bool, str, str]:
        subject, predicate = str(triple.subject).strip("<>"), triple.predicate.value
        namespace = subject[: subject.index("/", len(base)) + 1]
        return ranks[namespace], subject, predicate != RDF.type, predicate, str(triple.object)

    triples = sorted(to_triples(graph, base=base), key=order)
    with atomic_write(path) as file:
        serialize(triples, file, format=RdfFormat.TURTLE, prefixes=names)
