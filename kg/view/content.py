"""What the page says: its nodes and lines, and what stands behind them, as plain JSON values.

Takes a `KnowledgeGraph`. Things are named by the number of their node; sentences, which many
statements share, by their place in one list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, Any

from kg.graph import KnowledgeGraph
from kg.model import Evidence, Result
from kg.network import local_name, result_text, to_networkx
from kg.view.layout import place
from kg.view.palette import styles
from kg.view.records import entity_record, paper_record
from kg.vocab import DCTERMS, KG, LABELS, SKOS

if TYPE_CHECKING:
    import networkx as nx

MOST_NODES = 2000

# How a statement reads from the side of its object, in the order in which a reader wants to know; a term
# that is not here keeps its label and comes last.
_INVERSE = {
    KG.proposes: "proposed by",
    KG.uses: "used by",
    KG.comparesWith: "compared with in",
    KG.evaluatesOn: "used for evaluation by",
    KG.trainsOn: "used for training by",
    KG.addresses: "addressed by",
    KG.measures: "measured by",
    KG.studies: "studied by",
    KG.mentions: "mentioned by",
    KG.extends: "extended by",
    KG.usesMethod: "used in",
    KG.partOf: "has part",
    KG.evaluatedOn: "evaluated on it",
    KG.trainedOn: "trained on it",
    KG.addressesTask: "approached with",
    KG.comparedWith: "compared with",
    SKOS.broader: "narrower",
    DCTERMS.relation: "related paper",
}
_PAPER_SIZE = 9.0

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """Nodes and edges as pyvis holds them, and everything else the page shows."""

    nodes: list[Json]
    edges: list[Json]
    page: Json


def content(graph: KnowledgeGraph, *, title: str, base: str) -> Content:
    """All the page shows of the graph: at most `MOST_NODES` nodes, those with most neighbours.

    Papers and entities are nodes; results fill the tables of what they are about. All statements
    between two nodes are one line.
    """
    network = to_networkx(graph, base=base)
    network.remove_nodes_from([result.id for result in graph.results])
    drawn = _most_linked(network, MOST_NODES)
    number = {node: index for index, node in enumerate(drawn)}
    statements = _Statements(number)
    for assertion in graph.assertions:
        statements.add(assertion.subject, assertion.predicate, assertion.object, assertion.evidence)
    for paper in graph.papers:
        for related in paper.related:
            statements.add(paper.id, DCTERMS.relation, related, ())
    kinds = Counter(network.nodes[node]["kind"] for node in drawn)
    page = {
        "title": title,
        "total": network.number_of_nodes(),
        "kinds": [
            {"name": kind, "colour": style.colour, "shape": style.shape, "count": kinds[kind]}
            for kind, style in styles(kinds).items()
        ],
        "papers": {
            number[paper.id]: record
            for paper, record in zip(graph.papers, _paper_records(graph, number, base), strict=True)
            if paper.id in number
        },
        "entities": {
            number[entity.id]: entity_record(entity, base) for entity in graph.entities if entity.id in number
        },
        "results": [
            _result(result, graph, statements)
            for result in sorted(graph.results, key=_by_what_is_measured)
            if result.paper_id in number
        ],
        "properties": statements.properties,
        "statements": statements.rows,
        "sentences": list(statements.sentences),
    }
    return Content(_nodes(network, drawn, statements.lines), _edges(statements.lines), page)


@dataclass(slots=True)
class _Statements:
    """The statements between drawn nodes, and by which lines they are shown."""

    number: Mapping[str, int]
    rows: list[list[Any]] = field(default_factory=list)
    lines: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    sentences: dict[str, int] = field(default_factory=dict)
    terms: dict[str, int] = field(default_factory=lambda: {term: rank for rank, term in enumerate(_INVERSE)})

    def add(self, subject: str, term: str, object_: str, evidence: Iterable[Evidence]) -> None:
        """Take in a statement, unless one of its ends is not drawn: subject, term, object, evidence."""
        if subject == object_ or subject not in self.number or object_ not in self.number:
            return
        a, b = self.number[subject], self.number[object_]
        self.lines.setdefault((min(a, b), max(a, b)), []).append(len(self.rows))
        best_first = sorted(evidence, key=lambda piece: (-piece.score, piece))
        told = dict.fromkeys(
            (self.number[piece.paper_id], self.sentence(piece.sentence), round(piece.score, 2))
            for piece in best_first
            if piece.paper_id in self.number
        )
        self.rows.append([a, self.terms.setdefault(term, len(self.terms)), b, list(map(list, told))])

    def sentence(self, text: str) -> int:
        """The place of a sentence in the list, its white space made single spaces."""
        return self.sentences.setdefault(" ".join(text.split()), len(self.sentences))

    @property
    def properties(self) -> list[Json]:
        """How each term reads from the side of its subject and of its object."""
        names = {term: LABELS.get(term, local_name(term)) for term in self.terms}
        return [{"name": name, "inverse": _INVERSE.get(term, name)} for term, name in names.items()]


def _most_linked(network: nx.MultiDiGraph[str], limit: int) -> list[str]:
    """The nodes with most neighbours, in the order of the network; ties by id."""
    neighbours = {node: len({*network.pred[node], *network.succ[node]}) for node in network}
    kept = set(sorted(neighbours, key=lambda node: (-neighbours[node], node))[:limit])
    return [node for node in network if node in kept]


def _nodes(
    network: nx.MultiDiGraph[str], drawn: list[str], lines: Mapping[tuple[int, int], list[int]]
) -> list[Json]:
    attributes = [network.nodes[node] for node in drawn]
    sizes = [_size(node["kind"], node["support"]) for node in attributes]
    layout = place(sizes, {ends: float(len(statements)) for ends, statements in lines.items()})
    return [
        {
            "id": index,
            "name": node,
            "label": attributes[index]["label"],
            "group": attributes[index]["kind"],
            "support": attributes[index]["support"],
            "size": round(sizes[index], 1),
            "x": layout.positions[index][0],
            "y": layout.positions[index][1],
            "community": layout.communities[index],
        }
        for index, node in enumerate(drawn)
    ]


def _edges(lines: Mapping[tuple[int, int], list[int]]) -> list[Json]:
    return [
        {"id": index, "from": a, "to": b, "statements": statements}
        for index, ((a, b), statements) in enumerate(sorted(lines.items()))
    ]


def _size(kind: str, support: int) -> float:
    """The radius of a node: its area grows with the number of papers, up to a limit."""
    return _PAPER_SIZE if kind == "Paper" else min(22.0, 5.0 * sqrt(max(support, 1)))


def _paper_records(graph: KnowledgeGraph, number: Mapping[str, int], base: str) -> Iterable[Json]:
    """The record of each paper, with what is marked in its text."""
    marks: dict[str, list[tuple[Evidence, int | None]]] = {}
    proposing: dict[str, list[Evidence]] = {}
    for assertion in graph.assertions:
        for piece in assertion.evidence:
            if piece.paper_id == assertion.subject:
                marks.setdefault(piece.paper_id, []).append((piece, number.get(assertion.object)))
                if assertion.predicate == KG.proposes:
                    proposing.setdefault(piece.paper_id, []).append(piece)
    for result in graph.results:
        marks.setdefault(result.paper_id, []).extend((piece, None) for piece in result.evidence)
    for paper in graph.papers:
        yield paper_record(paper, marks.get(paper.id, ()), proposing.get(paper.id, ()), base)


def _by_what_is_measured(result: Result) -> tuple[str, str, float, str]:
    """The order of a table of results: what can be compared stands together, the highest first."""
    return result.dataset or "", result.metric or "", -result.value, result.id


def _result(result: Result, graph: KnowledgeGraph, statements: _Statements) -> Json:
    """A row of a table; an end that is not drawn stands there by its name."""

    def end(entity_id: str | None) -> int | str | None:
        if entity_id is None:
            return None
        return statements.number.get(entity_id, graph.entity(entity_id).name)

    return {
        "paper": statements.number[result.paper_id],
        "method": end(result.method),
        "dataset": end(result.dataset),
        "metric": end(result.metric),
        "task": end(result.task),
        "baseline": end(result.baseline),
        "value": result_text(result),
        "confidence": round(result.confidence, 2),
        "sentence": statements.sentence(result.evidence[0].sentence),
    }
