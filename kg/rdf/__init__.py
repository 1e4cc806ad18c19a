"""RDF: the graph as triples and back. The only package that knows which triples say what.

Everything a `KnowledgeGraph` holds becomes triples of the terms in ontology/kg.ttl, so that
`from_triples(to_triples(graph)) == graph`. Beside that stands what a query would else have to
work out: the triple of every assertion, `kg:mentions` for every paper and thing it names, a label
for every node, and for papers outside the collection their id. There are no blank nodes.

What RDF cannot hold is replaced or left out. Characters that XML forbids become U+FFFD, one for
one, so that offsets hold and the graph can be written in every format. Links that are no web
address and results whose value is no finite number are left out, with a warning in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InvalidGraph, ReadError, UnknownFormat, UsageError
from kg.graph import KnowledgeGraph
from kg.ids import DEFAULT_BASE, iri
from kg.rdf.read import Reader
from kg.rdf.shape import KINDS
from kg.rdf.write import Writer
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import RdfFormat, Triple

__all__ = [
    "GRAPH_FILE",
    "count_triples",
    "from_triples",
    "graph_file",
    "prefixes",
    "read_graph",
    "read_triples",
    "to_triples",
]

GRAPH_FILE = "graph.ttl"
"""The file of a build folder that holds the graph."""


def prefixes(base: str = DEFAULT_BASE) -> dict[str, str]:
    """The prefixes of a graph with this base: one for each vocabulary and each kind of node."""
    return dict(PREFIXES) | {kind: iri(f"{kind}/", base) for kind in KINDS}


def to_triples(graph: KnowledgeGraph, *, base: str = DEFAULT_BASE) -> Iterator[Triple]:
    """Every triple of the graph once, in no order to rely on. Raises UsageError for an unusable base."""
    from pyoxigraph import NamedNode

    wanted = f"wanted: one that ends in / or #, such as {DEFAULT_BASE}"
    try:
        NamedNode(base)
    except ValueError as error:
        raise UsageError(f"base IRI {base!r}: {error}; {wanted}") from error
    if not base.endswith(("/", "#")):
        raise UsageError(f"base IRI {base!r}; {wanted}")
    return iter(Writer(graph, base).triples)


def from_triples(triples: Iterable[Triple], *, base: str | None = None) -> KnowledgeGraph:
    """The graph that the triples say; without `base` it is told from the IRIs of the papers.

    Raises InvalidGraph where a node lacks what the model needs.
    """
    try:
        return Reader(triples, base).graph()
    except ValueError as error:
        raise InvalidGraph([str(error)]) from error


def count_triples(graph: KnowledgeGraph, *, base: str = DEFAULT_BASE) -> int:
    """How many triples the graph has in RDF."""
    return sum(1 for _ in to_triples(graph, base=base))


def read_graph(path: Path) -> KnowledgeGraph:
    """The graph in a Turtle or N-Triples file, or in the folder of a build."""
    return from_triples(read_triples(path))


def read_triples(path: Path) -> list[Triple]:
    """The triples of a Turtle or N-Triples file, or of the graph in the folder of a build.

    Raises ReadError with the line of what cannot be read, UnknownFormat for a name that ends otherwise.
    """
    from pyoxigraph import parse

    with graph_file(path) as (file, format_):
        return [quad.triple for quad in parse(path=file, format=format_)]


@contextmanager
def graph_file(path: Path) -> Iterator[tuple[Path, RdfFormat]]:
    """The file that holds the graph, and its format; raises as `read_triples` does, for the block too."""
    from pyoxigraph import RdfFormat

    file = path / GRAPH_FILE if path.is_dir() else path
    formats = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES}
    if file.suffix not in formats:
        raise UnknownFormat(file.suffix, formats)
    format_ = formats[file.suffix]
    try:
        yield file, format_
    except SyntaxError as error:
        raise ReadError(str(file), f"not {format_.name}: {error.msg}", line=error.lineno) from error
    except OSError as error:
        raise ReadError(str(file), error.strerror or str(error)) from error
