"""What assembling turns mentions, relations and measurements into."""

from __future__ import annotations

import pytest

from kg.graph import KnowledgeGraph, assemble
from kg.model import (
    EntityType,
    Extraction,
    Measurement,
    Mention,
    Paper,
    RelationType,
    Resolution,
    ResultKind,
    Role,
    Section,
    TextRelation,
    TextSpan,
)
from kg.resolve import resolve
from kg.vocab import KG

TEXT = "We propose Fox-Net. Fox-Net gets 90.5% accuracy on Hen-10. FoxNet is also fast."


def span_of(text: str, occurrence: int = 0) -> TextSpan:
    start = -1
    for _ in range(occurrence + 1):
        start = TEXT.index(text, start + 1)
    return TextSpan(Section.ABSTRACT, start, start + len(text), text)


def mention(name: str, kind: EntityType, role: Role, occurrence: int = 0, score: float = 0.5) -> Mention:
    return Mention(
        span=span_of(name, occurrence), type=kind, name=name, role=role, score=score, extractor="test"
    )


@pytest.fixture
def extraction() -> Extraction:
    first = mention("Fox-Net", EntityType.METHOD, Role.PROPOSED, score=0.9)
    second = mention("Fox-Net", EntityType.METHOD, Role.MENTIONED, occurrence=1)
    data = mention("Hen-10", EntityType.DATASET, Role.EVALUATED_ON)
    metric = mention("accuracy", EntityType.METRIC, Role.MEASURED)
    sentences = tuple(span_of(part) for part in ("We propose Fox-Net.", TEXT[20:58], TEXT[59:]))
    return Extraction(
        paper=Paper(id="arXiv:2101.00001", abstract=TEXT),
        sentences=sentences,
        mentions=(first, second, data, metric),
        relations=(
            TextRelation(
                type=RelationType.EVALUATED_ON,
                head=first,
                tail=data,
                sentence=sentences[1],
                score=0.8,
                extractor="test",
            ),
            TextRelation(
                type=RelationType.EXTENDS,
                head=first,
                tail=second,
                sentence=sentences[1],
                score=0.1,
                extractor="test",
            ),
        ),
        measurements=(
            Measurement(
                span=span_of("90.5%"),
                value=90.5,
                unit="%",
                kind=ResultKind.ABSOLUTE,
                method=second,
                dataset=data,
                metric=metric,
                score=0.7,
                extractor="test",
            ),
        ),
    )


@pytest.fixture
def small(extraction: Extraction) -> KnowledgeGraph:
    return assemble([extraction], resolve([extraction]))


def test_a_paper_is_linked_to_each_thing_by_its_strongest_role(small: KnowledgeGraph) -> None:
    triples = {
        (a.subject, a.predicate, a.object) for a in small.assertions if a.subject == "arXiv:2101.00001"
    }
    assert triples == {
        ("arXiv:2101.00001", KG.proposes, "method/fox-net"),
        ("arXiv:2101.00001", KG.evaluatesOn, "dataset/hen-10"),
        ("arXiv:2101.00001", KG.measures, "metric/accuracy"),
    }


def test_every_mention_is_evidence_with_its_sentence(small: KnowledgeGraph) -> None:
    (proposes,) = (a for a in small.assertions if a.predicate == KG.proposes)
    assert [piece.sentence for piece in proposes.evidence] == ["We propose Fox-Net.", TEXT[20:58]]
    assert proposes.confidence == 0.9
    assert proposes.support == 1


def test_nothing_is_related_to_itself(small: KnowledgeGraph) -> None:
    between = [(a.subject, a.predicate, a.object) for a in small.assertions if "/" in a.subject]
    assert between == [("method/fox-net", KG.evaluatedOn, "dataset/hen-10")]


def test_a_result_stands_on_entities(small: KnowledgeGraph) -> None:
    (result,) = small.results
    assert (result.method, result.dataset, result.metric) == (
        "method/fox-net",
        "dataset/hen-10",
        "metric/accuracy",
    )
    assert result.evidence[0].span.text == "90.5%"
    assert result.evidence[0].sentence == TEXT[20:58]


def test_one_result_stated_twice_is_one_result_with_two_pieces_of_evidence(extraction: Extraction) -> None:
    again = Extraction(
        paper=extraction.paper, sentences=extraction.sentences, mentions=extraction.mentions,
        measurements=(
            *extraction.measurements,
            Measurement(span=span_of("fast"), value=90.5, unit="%", kind=ResultKind.ABSOLUTE,
                        method=extraction.mentions[0], dataset=extraction.mentions[2],
                        metric=extraction.mentions[3], score=0.9, extractor="test"),
        ),
    )  # fmt: skip
    (result,) = assemble([again], resolve([again])).results
    assert len(result.evidence) == 2
    assert result.confidence == 0.9


def test_a_graph_finds_papers_and_entities_by_id(small: KnowledgeGraph) -> None:
    assert small.paper("arXiv:2101.00001").abstract == TEXT
    assert small.entity("method/fox-net").name == "Fox-Net"
    with pytest.raises(KeyError):
        small.entity("method/none")


def test_the_order_of_papers_does_not_matter(
    extractions: tuple[Extraction, ...], resolution: Resolution, graph: KnowledgeGraph
) -> None:
    assert assemble(reversed(extractions), resolution) == graph


def test_every_evidence_of_the_corpus_is_the_published_text(graph: KnowledgeGraph) -> None:
    pieces = [piece for statement in (*graph.assertions, *graph.results) for piece in statement.evidence]
    assert len(pieces) > 200
    for piece in pieces:
        section = graph.paper(piece.paper_id).section(piece.span.section)
        assert section[piece.span.start : piece.span.end] == piece.span.text
        assert piece.sentence in section
        assert 0 <= piece.score <= 1
