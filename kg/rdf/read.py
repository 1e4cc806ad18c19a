"""Triples to graph."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kg.errors import InvalidGraph
from kg.graph import KnowledgeGraph
from kg.ids import DEFAULT_BASE, paper_local
from kg.model import (
    Assertion,
    Entity,
    EntityType,
    Evidence,
    Link,
    Merge,
    Paper,
    Result,
    ResultKind,
    Section,
    Source,
    TextSpan,
)
from kg.rdf.shape import LINKS, PAPER_TEXTS, RESULT_ENDS, parted
from kg.vocab import DCTERMS, KG, NAMESPACE, PROV, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from pyoxigraph import Triple


class Reader:
    """Makes a graph of triples, told by their terms; what it has no term for does not count.

    Raises InvalidGraph where a node lacks what the model needs.
    """

    def __init__(self, triples: Iterable[Triple], base: str | None) -> None:
        self._objects: dict[tuple[str, str], list[str]] = {}
        self._subjects: dict[tuple[str, str], list[str]] = {}
        for subject, predicate, object_ in triples:
            # A blank node has no IRI and an embedded triple no value; neither is part of the shape.
            ends = getattr(subject, "value", None), getattr(object_, "value", None)
            if ends[0] is not None and ends[1] is not None:
                self._objects.setdefault((ends[0], predicate.value), []).append(ends[1])
                self._subjects.setdefault((predicate.value, ends[1]), []).append(ends[0])
        self._base = self._found_base() if base is None else base
        self._paper_ids = {node: self._one(node, DCTERMS.identifier) for node in self._nodes(KG.Paper)}

    def graph(self) -> KnowledgeGraph:
        """The graph, everything in it sorted as `kg.graph.assemble` does."""
        assertions = sorted(map(self._assertion, self._nodes(KG.Assertion)), key=_triple)
        asserted = {_triple(assertion) for assertion in assertions}
        entities = [
            self._entity(node, entity_type, asserted)
            for entity_type in EntityType
            for node in self._nodes(NAMESPACE + entity_type)
        ]
        return KnowledgeGraph(
            papers=tuple(sorted(map(self._paper, self._paper_ids), key=lambda paper: paper.id)),
            entities=tuple(sorted(entities, key=lambda entity: entity.id)),
            assertions=tuple(assertions),
            results=tuple(sorted(map(self._result, self._nodes(KG.Result)), key=lambda result: result.id)),
        )

    def _paper(self, node: str) -> Paper:
        texts: dict[str, Any] = {field: self._maybe(node, term) for field, term in PAPER_TEXTS.items()}
        links = [Link(url, kind) for kind, term in LINKS.items() for url in self._all(node, term)]
        sources = [source.rpartition("#") for source in self._all(node, KG.source)]
        return Paper(
            id=self._paper_ids[node],
            authors=parted(authors) if (authors := self._maybe(node, KG.authors)) is not None else (),
            categories=self._all(node, DCTERMS.subject),
            links=tuple(sorted(links)),
            related=tuple(
                sorted(self._one(other, DCTERMS.identifier) for other in self._all(node, DCTERMS.relation))
            ),
            sources=tuple(sorted(Source(file, int(record)) for file, _, record in sources)),
            **texts | {"abstract": texts["abstract"] or ""},
        )

    def _entity(self, node: str, entity_type: EntityType, asserted: set[tuple[str, str, str]]) -> Entity:
        entity_id = self._id(node)
        # What papers state is an assertion; only what stands beside that is the entity's own.
        broader = map(self._id, self._all(node, SKOS.broader))
        return Entity(
            id=entity_id,
            type=entity_type,
            name=self._one(node, SKOS.prefLabel),
            aliases=self._all(node, SKOS.altLabel),
            papers=tuple(sorted(map(self._id, self._subjects.get((KG.mentions, node), ())))),
            broader=tuple(other for other in broader if (entity_id, SKOS.broader, other) not in asserted),
            same_as=self._all(node, SKOS.exactMatch),
            merges=tuple(sorted(map(self._merge, self._all(node, KG.merge)))),
        )

    def _merge(self, node: str) -> Merge:
        return Merge(
            names=self._all(node, KG.mergedName),
            reason=self._one(node, KG.reason),
            score=float(self._one(node, KG.confidence)),
        )

    def _assertion(self, node: str) -> Assertion:
        return Assertion(
            subject=self._id(self._one(node, RDF.subject)),
            predicate=self._one(node, RDF.predicate),
            object=self._id(self._one(node, RDF.object)),
            evidence=self._evidence(node),
        )

    def _result(self, node: str) -> Result:
        ends: dict[str, Any] = {}
        for field, term in RESULT_ENDS.items():
            entity = self._maybe(node, term)
            ends[field] = None if entity is None else self._id(entity)
        return Result(
            id=self._id(node),
            paper_id=self._id(self._one(node, KG.reportedIn)),
            value=float(self._one(node, KG.value)),
            unit=self._maybe(node, KG.unit),
            kind=ResultKind(self._one(node, KG.kind)),
            evidence=self._evidence(node),
            **ends,
        )

    def _evidence(self, owner: str) -> tuple[Evidence, ...]:
        pieces = [
            Evidence(
                paper_id=self._id(self._one(node, PROV.wasDerivedFrom)),
                span=TextSpan(
                    section=Section(self._one(node, KG.section)),
                    start=int(self._one(node, KG.start)),
                    end=int(self._one(node, KG.end)),
                    text=self._one(node, KG.exact),
                ),
                sentence=self._one(node, KG.sentence),
                score=float(self._one(node, KG.confidence)),
                extractor=self._one(self._one(node, PROV.wasGeneratedBy), RDFS.label),
            )
            for node in self._all(owner, KG.evidence)
        ]
        return tuple(sorted(pieces))

    def _nodes(self, class_: str) -> list[str]:
        return sorted(self._subjects.get((RDF.type, class_), ()))

    def _all(self, node: str, predicate: str) -> tuple[str, ...]:
        return tuple(sorted(self._objects.get((node, predicate), ())))

    def _maybe(self, node: str, predicate: str) -> str | None:
        found = self._all(node, predicate)
        if len(found) > 1:
            raise InvalidGraph([f"<{node}> has {len(found)} values of <{predicate}>; wanted: one at most"])
        return found[0] if found else None

    def _one(self, node: str, predicate: str) -> str:
        found = self._maybe(node, predicate)
        if found is None:
            raise InvalidGraph([f"<{node}> has no <{predicate}>"])
        return found

    def _id(self, node: str) -> str:
        """The id of a paper, or of what else has one: its IRI without the base."""
        return self._paper_ids.get(node) or node.removeprefix(self._base)

    def _found_base(self) -> str:
        """What stands before the local name of the first paper whose id says what that name is."""
        for node in self._nodes(KG.Paper):
            local = paper_local(self._one(node, DCTERMS.identifier))
            if node.endswith(local):
                return node.removesuffix(local)
        return DEFAULT_BASE


def _triple(assertion: Assertion) -> tuple[str, str, str]:
    return assertion.subject, assertion.predicate, assertion.object
