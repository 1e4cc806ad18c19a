"""Check: whether a graph is what the ontology says.

Takes a graph that was written and holds it against the shapes of ontology/shapes.ttl, node by node,
and the queries of ontology/checks, which look at several nodes at once. A check is a query that
finds offenders: its first line says the rule, `?node` is the offender, the other columns say what
is wrong with it. The terms of the ontology are to it the named graph of the ontology's IRI.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kg.files import ontology_folder
from kg.rdf import prefixes, read_triples
from kg.vocab import NAMESPACE, XSD

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple

__all__ = ["Report", "Violation", "check"]

_LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One node that breaks one rule, which is a shape or a check by name."""

    rule: str
    node: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.node}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """How much was held against how many rules, and what was found, sorted."""

    triples: int
    rules: int
    violations: tuple[Violation, ...]

    @property
    def conforms(self) -> bool:
        """Whether no rule is broken."""
        return not self.violations


def check(path: Path) -> Report:
    """What is wrong with the graph in a file, or in the folder of a build. Raises ReadError."""
    triples = read_triples(path)
    shapes, names = _shapes(ontology_folder() / "shapes.ttl")
    checks = sorted((ontology_folder() / "checks").glob("*.rq"))
    found = {*_misshapen(triples, shapes, names), *_offenders(triples, checks)}
    rules = len(set(names.values())) + len(checks)
    return Report(triples=len(triples), rules=rules, violations=tuple(sorted(found)))


def _shapes(path: Path) -> tuple[rdflib.Graph, dict[rdflib.term.Node, str]]:
    """The shapes of a file, with the name of the rule that each of them is part of.

    pySHACL makes each constraint anew for every node that a node shape hands to a property shape, but
    only once for all nodes that a property shape targets itself. So each property shape gets the
    targets of its node shapes, which says the same and takes a twentieth of the time.
    """
    from rdflib import RDF, SH, Graph, URIRef

    shapes = Graph().parse(path, format="turtle")
    names: dict[rdflib.term.Node, str] = {}
    for shape in list(shapes.subjects(RDF.type, SH.NodeShape)):
        names[shape] = str(shape).rpartition("#")[2]
        for part in list(shapes.objects(shape, SH.property)):
            names[part] = str(part if isinstance(part, URIRef) else shape).rpartition("#")[2]
            shapes.remove((shape, SH.property, part))
            shapes.add((part, RDF.type, SH.PropertyShape))
            for target in list(shapes.objects(shape, SH.targetClass)):
                shapes.add((part, SH.targetClass, target))
    return shapes, names


def _misshapen(
    triples: Iterable[Triple], shapes: rdflib.Graph, names: dict[rdflib.term.Node, str]
) -> Iterator[Violation]:
    from pyshacl import validate
    from rdflib import RDF, SH, Graph

    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add((_to_rdflib(triple.subject), _to_rdflib(triple.predicate), _to_rdflib(triple.object)))
    _, results, _ = validate(graph, shacl_graph=shapes, inplace=True)
    for result in results.subjects(RDF.type, SH.ValidationResult):
        path, value, message = (
            results.value(result, end) for end in (SH.resultPath, SH.value, SH.resultMessage)
        )
        parts = [] if path is None else [_short(str(path))]
        parts += [] if value is None else [f"is {_short(str(value))}"]
        source = results.value(result, SH.sourceShape)
        node = _short(str(results.value(result, SH.focusNode)))
        yield Violation(names[source], node, f"{message} ({' '.join(parts)})")


def _offenders(triples: Iterable[Triple], checks: Iterable[Path]) -> Iterator[Violation]:
    from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store

    store = Store()
    store.bulk_extend(
        Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) for triple in triples
    )
    ontology = NamedNode(NAMESPACE.rstrip("#"))
    store.bulk_load(path=ontology_folder() / "kg.ttl", format=RdfFormat.TURTLE, to_graph=ontology)
    for path in checks:
        sparql = path.read_text(encoding="utf-8")
        rule = sparql.partition("\n")[0].lstrip("# ").rstrip(".")
        solutions = cast("QuerySolutions", store.query(sparql))
        columns = [variable.value for variable in solutions.variables]
        for solution in solutions:
            terms = cast("Iterable[NamedNode | Literal]", solution)
            row = {column: _short(term.value) for column, term in zip(columns, terms, strict=True)}
            node = row.pop("node")
            found = ", ".join(f"{column} {value}" for column, value in row.items())
            yield Violation(path.stem, node, f"{rule} ({found})" if found else rule)


def _to_rdflib(term: object) -> rdflib.term.Node:
    """The same term, its literals as they stand: what rdflib would normalise could not be checked."""
    import pyoxigraph
    import rdflib

    match term:
        case pyoxigraph.NamedNode():
            return rdflib.URIRef(term.value)
        case pyoxigraph.Literal(language=str(language)):
            return rdflib.Literal(term.value, lang=language)
        case pyoxigraph.Literal():
            # To rdflib a string with a datatype is not the one without, in which shapes are written.
            datatype = None if term.datatype.value == XSD.string else rdflib.URIRef(term.datatype.value)
            return rdflib.Literal(term.value, datatype=datatype, normalize=False)
        case _:
            return rdflib.BNode(str(term))


def _short(text: str) -> str:
    """An IRI with its prefix, and any long text cut."""
    for prefix, namespace in prefixes().items():
        if text.startswith(namespace):
            return f"{prefix}:{text.removeprefix(namespace)}"
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
