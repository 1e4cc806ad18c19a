"""Network: the knowledge graph as a networkx graph.

Takes a `KnowledgeGraph` and gives a new `MultiDiGraph` whose attributes are plain values, ready for
analysis and for every file format of networkx. Must not change what it was given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from math import isfinite
from numbers import Integral, Real
from textwrap import shorten
from typing import TYPE_CHECKING

from kg.graph import KnowledgeGraph
from kg.ids import DEFAULT_BASE, assertion_local, iri, paper_iri
from kg.model import Assertion, Entity, Paper, Result, ResultKind
from kg.vocab import DCTERMS, KG

if TYPE_CHECKING:
    import networkx as nx

# Stands between the items of a list that became one string; names hold commas and semicolons.
LIST_SEPARATOR = " | "

_XML_FORBIDS = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n?")
_LONGEST_LABEL = 40
_LONGEST_SYSTEM_NAME = 24


def to_networkx(graph: KnowledgeGraph, *, base: str = DEFAULT_BASE) -> nx.MultiDiGraph[str]:
    """The graph with a node for each paper, entity and result, by id, and an edge for each statement.

    Every node has `kind` (`Paper`, `Method` … `Result`), `label`, `iri` and `support` (number of papers),
    every edge `property` (local name, also its key), `predicate` (IRI), `id`, `support` and `weight`;
    edges that were read from a text have `confidence`, `papers` and `evidence` (the first sentence) too.
    Nodes are in order of kind of thing and id, edges in order of triple.
    """
    import networkx as nx

    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="AbstractKG")
    labels = paper_labels(graph)
    for paper in graph.papers:
        network.add_node(paper.id, **flatten(_of_paper(paper, labels[paper.id], base)))
    for entity in graph.entities:
        network.add_node(entity.id, **flatten(_of_entity(entity, base)))
    for result in graph.results:
        network.add_node(result.id, **flatten(_of_result(result, graph, base)))
    for assertion in graph.assertions:
        _connect(
            network,
            assertion.subject,
            assertion.predicate,
            assertion.object,
            support=assertion.support,
            confidence=assertion.confidence,
            papers=sorted({evidence.paper_id for evidence in assertion.evidence}),
            evidence=assertion.evidence[0].sentence,
        )
    for paper in graph.papers:
        for related in paper.related:
            if related in network:
                _connect(network, paper.id, DCTERMS.relation, related)
    for result in graph.results:
        for predicate, end in _ends(result):
            _connect(network, result.id, predicate, end, confidence=result.confidence)
    return network


def flatten(attributes: Mapping[str, object]) -> dict[str, str | int | float | bool]:
    r"""Attributes as values that every file format knows; the one place where this is decided.

    None and what is empty are dropped; lists become one string, dicts JSON; numbers that a 64-bit
    integer or a finite double cannot hold become text; line ends become `\n`; characters that XML
    forbids become U+FFFD.

    >>> flatten({"year": 2021, "venue": None, "aliases": ("a", "b"), "label": "x\x00y"})
    {'year': 2021, 'aliases': 'a | b', 'label': 'x�y'}
    """
    plain = ((legal_text(str(key)), _plain(value)) for key, value in attributes.items())
    return {key: value for key, value in plain if value is not None and value != ""}


def legal_text(text: str) -> str:
    r"""Text that XML can hold and gives back unchanged.

    >>> legal_text("a\r\nb\x0b")
    'a\nb�'
    """
    return _XML_FORBIDS.sub("\ufffd", _LINE_END.sub("\n", text))


def local_name(term: str) -> str:
    """The last part of an IRI.

    >>> local_name(KG.proposes), local_name(DCTERMS.relation)
    ('proposes', 'relation')
    """
    return re.split(r"[#/]", term)[-1]


def paper_labels(graph: KnowledgeGraph) -> dict[str, str]:
    """A short label for each paper, by id: what a reader would call it.

    The system it proposes with the year (`SOFT (2021)`), else its first author and year, else its
    title, else whatever it proposes, else its id.
    """
    proposed: dict[str, list[Assertion]] = {}
    for assertion in graph.assertions:
        if assertion.predicate == KG.proposes:
            proposed.setdefault(assertion.subject, []).append(assertion)
    labels: dict[str, str] = {}
    for paper in graph.papers:
        most_said_first = sorted(
            proposed.get(paper.id, ()), key=lambda assertion: (-len(assertion.evidence), assertion.object)
        )
        entities = [graph.entity(assertion.object) for assertion in most_said_first]
        names = [name for entity in entities for name in (entity.name, *entity.aliases)]
        labels[paper.id] = _paper_label(paper, names)
    return labels


def _paper_label(paper: Paper, names: Sequence[str]) -> str:
    """The label of a paper that proposes what has these names, the likeliest first."""
    year = f" ({paper.year})" if paper.year else ""
    for name in names:
        if _is_system_name(name):
            return name + year
    if paper.authors:
        others = " et al." if len(paper.authors) > 1 else ""
        return f"{_family_name(paper.authors[0])}{others}{year}"
    if paper.title and paper.title.strip():
        return shorten(paper.title, _LONGEST_LABEL, placeholder="…")
    if names:
        return shorten(names[0], _LONGEST_LABEL, placeholder="…") + year
    return paper.id


def _is_system_name(name: str) -> bool:
    """Whether a name was coined: short, with a capital or a digit after its first character.

    >>> _is_system_name("MiniViT"), _is_system_name("Text-based search"), _is_system_name("a new loss")
    (True, False, False)
    """
    return len(name) <= _LONGEST_SYSTEM_NAME and any(c.isupper() or c.isdigit() for c in name[1:])


def _family_name(author: str) -> str:
    """The family name of `Jane Doe` and of `Doe, Jane`.

    >>> _family_name("Jane Doe"), _family_name("Doe, Jane")
    ('Doe', 'Doe')
    """
    family, comma, _ = author.partition(",")
    words = family.split()
    return (family.strip() if comma else words[-1]) if words else author


def _of_paper(paper: Paper, label: str, base: str) -> dict[str, object]:
    return {
        "kind": "Paper",
        "label": label,
        "iri": paper_iri(paper.id, base),
        "support": 1,
        "title": paper.title,
        "year": paper.year,
        "created": paper.created,
        "venue": paper.venue,
        "presentation": paper.presentation,
        "doi": paper.doi,
        "authors": paper.authors,
        "categories": paper.categories,
    }


def _of_entity(entity: Entity, base: str) -> dict[str, object]:
    return {
        "kind": entity.type,
        "label": entity.name,
        "iri": iri(entity.id, base),
        "support": entity.support,
        "aliases": entity.aliases,
        "broader": entity.broader,
        "same_as": entity.same_as,
    }


def _of_result(result: Result, graph: KnowledgeGraph, base: str) -> dict[str, object]:
    metric = graph.entity(result.metric).name if result.metric else None
    return {
        "kind": "Result",
        "label": " ".join(part for part in (result_text(result), metric) if part),
        "iri": iri(result.id, base),
        "support": 1,
        "value": float(result.value),
        "unit": result.unit,
        "result_kind": result.kind,
        "confidence": result.confidence,
        "evidence": result.evidence[0].sentence,
    }


def result_text(result: Result) -> str:
    """A measured value as it is written: `82.9%`, and with its sign where it is a difference: `+1.2 AP`."""
    sign = "+" if result.kind is ResultKind.DELTA else ""
    space = "" if result.unit in {None, "%"} else " "
    return f"{result.value:{sign}.10g}{space}{result.unit or ''}"


def _ends(result: Result) -> list[tuple[str, str]]:
    ends = (
        (KG.reportedIn, result.paper_id),
        (KG.method, result.method),
        (KG.dataset, result.dataset),
        (KG.metric, result.metric),
        (KG.task, result.task),
        (KG.baseline, result.baseline),
    )
    return [(predicate, end) for predicate, end in ends if end is not None]


def _connect(
    network: nx.MultiDiGraph[str],
    subject: str,
    predicate: str,
    object_: str,
    *,
    support: int = 1,
    **attributes: object,
) -> None:
    """Add a statement between two nodes, with an id of its own for the formats in which edges need one."""
    name = local_name(predicate)
    network.add_edge(
        subject,
        object_,
        key=name,
        **flatten(
            {
                "property": name,
                "predicate": predicate,
                "id": assertion_local(subject, predicate, object_),
                "support": support,
                "weight": float(support),
                **attributes,
            }
        ),
    )


def _plain(value: object) -> str | int | float | bool | None:
    """A value as flatten gives it; None where there is nothing to say."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Integral):
        return int(value) if -(2**63) <= int(value) < 2**63 else str(int(value))
    if isinstance(value, Real):
        return float(value) if isfinite(value) else str(float(value))
    return legal_text(_text(value))


def _text(value: object) -> str:
    match value:
        case bytes():
            return value.decode("utf-8", "replace")
        case str():
            return str(value)
        case Mapping():
            return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str) if value else ""
        case Iterable():
            items = [str(item) for item in map(_plain, value) if item is not None]
            return LIST_SEPARATOR.join(sorted(items) if isinstance(value, Set) else items)
        case _:
            return str(value)
