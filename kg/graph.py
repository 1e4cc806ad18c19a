"""The knowledge graph: papers, entities, assertions, results.

Takes what the texts say (`Extraction`s) and which names are one thing (`Resolution`),
and turns the one into statements about the other. Must not read text itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from kg.ids import result_id
from kg.model import (
    Assertion,
    Entity,
    Evidence,
    Extraction,
    Mention,
    Paper,
    Resolution,
    Result,
    TextSpan,
)
from kg.resolve import group_mentions
from kg.vocab import RELATION_PROPERTY, ROLE_PROPERTY


@dataclass(frozen=True, kw_only=True)
class KnowledgeGraph:
    """Papers, entities and results sorted by id, assertions sorted by triple."""

    papers: tuple[Paper, ...] = field(repr=False)
    entities: tuple[Entity, ...] = field(repr=False)
    assertions: tuple[Assertion, ...] = field(repr=False)
    results: tuple[Result, ...] = field(repr=False)

    def paper(self, paper_id: str) -> Paper:
        """The paper of this id; KeyError if there is none."""
        return self._papers[paper_id]

    def entity(self, entity_id: str) -> Entity:
        """The entity of this id; KeyError if there is none."""
        return self._entities[entity_id]

    @cached_property
    def _papers(self) -> dict[str, Paper]:
        return {paper.id: paper for paper in self.papers}

    @cached_property
    def _entities(self) -> dict[str, Entity]:
        return {entity.id: entity for entity in self.entities}


def assemble(extractions: Iterable[Extraction], resolution: Resolution) -> KnowledgeGraph:
    """The graph of what was read; the order of the extractions does not matter."""
    papers: list[Paper] = []
    evidence: dict[tuple[str, str, str], list[Evidence]] = {}
    results: dict[str, Result] = {}
    for extraction in extractions:
        papers.append(extraction.paper)
        for triple, piece in _statements(extraction, resolution.entity_ids):
            evidence.setdefault(triple, []).append(piece)
        for result in _results(extraction, resolution.entity_ids):
            known = results.get(result.id)
            pieces = result.evidence + (known.evidence if known else ())
            results[result.id] = replace(result, evidence=_best_by_place(pieces))
    return KnowledgeGraph(
        papers=tuple(sorted(papers, key=lambda paper: paper.id)),
        entities=resolution.entities,
        assertions=tuple(
            Assertion(subject=subject, predicate=predicate, object=object_, evidence=_best_by_place(pieces))
            for (subject, predicate, object_), pieces in sorted(evidence.items())
        ),
        results=tuple(results[key] for key in sorted(results)),
    )


def _best_by_place(pieces: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Evidence sorted; what one component says twice of one place counts once, with its best score."""
    best: dict[tuple[str, TextSpan, str], Evidence] = {}
    for piece in sorted(pieces):
        best[piece.paper_id, piece.span, piece.extractor] = piece
    return tuple(sorted(best.values()))


def _statements(
    extraction: Extraction, entity_ids: Mapping[tuple[str, Mention], str]
) -> Iterable[tuple[tuple[str, str, str], Evidence]]:
    """Triples with their evidence: the paper and each thing it names, then the things among each other."""
    paper_id = extraction.paper.id
    for thing in group_mentions(extraction):
        for mention in thing.mentions:
            triple = (paper_id, ROLE_PROPERTY[thing.role], entity_ids[paper_id, mention])
            yield triple, _evidence(extraction, mention.span, mention.score, mention.extractor)
    for relation in extraction.relations:
        head = entity_ids[paper_id, relation.head]
        tail = entity_ids[paper_id, relation.tail]
        # Resolution may find that both ends are one thing; nothing is related to itself.
        if head != tail:
            triple = (head, RELATION_PROPERTY[relation.type], tail)
            yield triple, _evidence(extraction, relation.sentence, relation.score, relation.extractor)


def _results(extraction: Extraction, entity_ids: Mapping[tuple[str, Mention], str]) -> Iterable[Result]:
    paper_id = extraction.paper.id

    def entity_of(mention: Mention | None) -> str | None:
        return None if mention is None else entity_ids[paper_id, mention]

    for measurement in extraction.measurements:
        result = Result(
            id="",
            paper_id=paper_id,
            value=measurement.value,
            unit=measurement.unit,
            kind=measurement.kind,
            method=entity_of(measurement.method),
            dataset=entity_of(measurement.dataset),
            metric=entity_of(measurement.metric),
            task=entity_of(measurement.task),
            baseline=entity_of(measurement.baseline),
            evidence=(_evidence(extraction, measurement.span, measurement.score, measurement.extractor),),
        )
        yield replace(result, id=result_id(result))


def _evidence(extraction: Extraction, span: TextSpan, score: float, extractor: str) -> Evidence:
    return Evidence(
        paper_id=extraction.paper.id,
        span=span,
        sentence=extraction.sentence_of(span).text,
        score=score,
        extractor=extractor,
    )
