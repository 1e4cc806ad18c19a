"""JSON records: what is written of papers, extractions and entities."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import (
    Entity,
    EntityType,
    Extraction,
    Link,
    LinkKind,
    Measurement,
    Mention,
    Merge,
    Paper,
    PaperEntity,
    Reject,
    RelationType,
    ResultKind,
    Role,
    Section,
    Source,
    TextRelation,
    TextSpan,
)
from kg.records import (
    checked_date,
    dump_line,
    entity_to_record,
    extraction_to_record,
    paper_from_record,
    paper_to_record,
    reject_to_record,
)

PAPER = Paper(
    id="arXiv:2101.00001",
    title="Fast Erdős graphs",
    abstract="GraphFast reaches 91.5% on ToySet, 2.5 above SlowNet.",
    comment="Toy 2021 Oral",
    authors=("Ada", "Erdős"),
    categories=("cs.LG",),
    links=(Link("https://example.org/c", LinkKind.CODE), Link("https://example.org/p", LinkKind.PROJECT)),
    related=("arXiv:2001.00001",),
    sources=(Source("a.txt", 1), Source("b.txt", 2)),
    created="2021-01-02",
    doi="10.1000/X",
    journal_ref="Toy 1",
    venue="Toy 2021",
    presentation="Oral",
)


def mention(
    kind: EntityType, text: str, role: Role, score: float, section: Section = Section.ABSTRACT
) -> Mention:
    start = PAPER.section(section).index(text)
    span = TextSpan(section, start, start + len(text), text)
    return Mention(span=span, type=kind, name=text, role=role, score=score, extractor="test")


FAST = mention(EntityType.METHOD, "GraphFast", Role.PROPOSED, 0.912345)
SLOW = mention(EntityType.METHOD, "SlowNet", Role.COMPARED, 0.5)
TOYSET = mention(EntityType.DATASET, "ToySet", Role.EVALUATED_ON, 1 / 3)
GRAPHS = mention(EntityType.METHOD, "graphs", Role.MENTIONED, 0.9, Section.TITLE)
SENTENCE = TextSpan(Section.ABSTRACT, 0, len(PAPER.abstract), PAPER.abstract)
ENTITIES = (
    PaperEntity(
        type=EntityType.METHOD,
        name="Graph-Fast",
        aliases=("fast graphs",),
        role=Role.PROPOSED,
        mentions=(FAST, GRAPHS),
    ),
    PaperEntity(type=EntityType.METHOD, name="SlowNet", aliases=(), role=Role.COMPARED, mentions=(SLOW,)),
    PaperEntity(
        type=EntityType.DATASET, name="ToySet", aliases=(), role=Role.EVALUATED_ON, mentions=(TOYSET,)
    ),
)


def relation(kind: RelationType, head: Mention, tail: Mention, score: float) -> TextRelation:
    return TextRelation(type=kind, head=head, tail=tail, sentence=SENTENCE, score=score, extractor="test")


EXTRACTION = Extraction(
    paper=PAPER,
    sentences=(SENTENCE,),
    mentions=(FAST, GRAPHS, SLOW, TOYSET),
    relations=(
        relation(RelationType.EVALUATED_ON, FAST, TOYSET, 0.4),
        relation(RelationType.COMPARED_WITH, FAST, SLOW, 0.66666),
        relation(RelationType.EVALUATED_ON, GRAPHS, TOYSET, 0.8),
    ),
    measurements=(
        Measurement(
            span=TextSpan(Section.ABSTRACT, 36, 39, "2.5"),
            value=2.5,
            unit=None,
            kind=ResultKind.DELTA,
            method=FAST,
            baseline=SLOW,
            score=0.7,
            extractor="test",
        ),
        Measurement(
            span=TextSpan(Section.ABSTRACT, 18, 23, "91.5%"),
            value=91.5,
            unit="%",
            kind=ResultKind.ABSOLUTE,
            method=FAST,
            dataset=TOYSET,
            score=0.90001,
            extractor="test",
        ),
    ),
)


def test_a_paper_survives_being_written() -> None:
    record = json.loads(dump_line(paper_to_record(PAPER)))
    assert list(record) == [
        *("id", "title", "abstract", "authors", "created", "categories", "comment", "doi", "journal_ref"),
        *("venue", "presentation", "links", "related", "sources"),
    ]
    assert paper_from_record(record) == PAPER


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(
    st.builds(
        Paper,
        id=st.from_regex(r"[a-z]{2,9}:[a-z]{2,9}", fullmatch=True),
        title=texts,
        abstract=st.just("") | texts,
        comment=st.none() | texts,
        authors=st.lists(texts).map(tuple),
        categories=st.sets(texts).map(sorted).map(tuple),
        links=st.sets(st.builds(Link, texts, st.sampled_from(LinkKind))).map(sorted).map(tuple),
        sources=st.sets(st.builds(Source, texts, st.integers(1, 9))).map(sorted).map(tuple),
        created=st.none() | st.dates().map(str) | st.integers(1000, 9999).map(str),
        venue=st.none() | texts,
    )
)
def test_any_paper_survives_being_written(paper: Paper) -> None:
    line = dump_line(paper_to_record(paper))
    assert line.count(b"\n") == 1
    assert paper_from_record(json.loads(line)) == paper


def test_an_extraction_goes_by_the_names_of_the_paper() -> None:
    assert extraction_to_record(EXTRACTION, ENTITIES) == {
        "id": "arXiv:2101.00001",
        "title": "Fast Erdős graphs",
        "created": "2021-01-02",
        "doi": "10.1000/X",
        "journal_ref": "Toy 1",
        "comment": "Toy 2021 Oral",
        "venue": "Toy 2021",
        "presentation": "Oral",
        "links": {"code": ["https://example.org/c"], "project": ["https://example.org/p"], "data": []},
        "related": ["arXiv:2001.00001"],
        "entities": [
            {
                "type": "Method",
                "name": "Graph-Fast",
                "aliases": ["fast graphs"],
                "role": "proposed",
                "score": 0.9123,
                "mentions": [
                    {"section": "title", "start": 11, "end": 17, "text": "graphs", "score": 0.9},
                    {"section": "abstract", "start": 0, "end": 9, "text": "GraphFast", "score": 0.9123},
                ],
            },
            {
                "type": "Method",
                "name": "SlowNet",
                "aliases": [],
                "role": "compared",
                "score": 0.5,
                "mentions": [
                    {"section": "abstract", "start": 45, "end": 52, "text": "SlowNet", "score": 0.5}
                ],
            },
            {
                "type": "Dataset",
                "name": "ToySet",
                "aliases": [],
                "role": "evaluated_on",
                "score": 0.3333,
                "mentions": [
                    {"section": "abstract", "start": 27, "end": 33, "text": "ToySet", "score": 0.3333}
                ],
            },
        ],
        "results": [
            {
                **{"method": "Graph-Fast", "dataset": "ToySet", "metric": None, "value": 91.5, "unit": "%"},
                **{"kind": "absolute", "baseline": None},
                **{"section": "abstract", "start": 18, "end": 23, "score": 0.9},
            },
            {
                **{"method": "Graph-Fast", "dataset": None, "metric": None, "value": 2.5, "unit": None},
                **{"kind": "delta", "baseline": "SlowNet"},
                **{"section": "abstract", "start": 36, "end": 39, "score": 0.7},
            },
        ],
        "relations": [
            {"type": "COMPARED_WITH", "head": "Graph-Fast", "tail": "SlowNet", "score": 0.6667},
            {"type": "EVALUATED_ON", "head": "Graph-Fast", "tail": "ToySet", "score": 0.8},
        ],
    }


def test_a_resolved_extraction_carries_the_ids_of_its_entities() -> None:
    ids = {(PAPER.id, found): f"kind/{found.name}" for found in EXTRACTION.mentions}
    record = extraction_to_record(EXTRACTION, ENTITIES, ids)
    entities = record["entities"]
    assert isinstance(entities, list)
    assert [entity["entity"] for entity in entities] == ["kind/GraphFast", "kind/SlowNet", "kind/ToySet"]


def test_the_order_of_what_was_found_does_not_show() -> None:
    shuffled = replace(
        EXTRACTION, relations=EXTRACTION.relations[::-1], measurements=EXTRACTION.measurements[::-1]
    )
    assert dump_line(extraction_to_record(shuffled, ENTITIES)) == dump_line(
        extraction_to_record(EXTRACTION, ENTITIES)
    )


def test_an_entity_is_written_with_the_reasons_of_its_merges() -> None:
    entity = Entity(
        id="method/graph-fast",
        type=EntityType.METHOD,
        name="Graph-Fast",
        aliases=("fast graphs",),
        papers=("a", "b"),
        merges=(Merge(names=("Graph-Fast", "GraphFast"), reason="same normal form", score=0.99999),),
    )
    record = entity_to_record(entity, "https://example.org/method/graph-fast")
    assert record == {
        "id": "method/graph-fast",
        "iri": "https://example.org/method/graph-fast",
        "type": "Method",
        "name": "Graph-Fast",
        "aliases": ["fast graphs"],
        "papers": ["a", "b"],
        "support": 2,
        "broader": [],
        "same_as": [],
        "merges": [{"names": ["Graph-Fast", "GraphFast"], "reason": "same normal form", "score": 1.0}],
    }
    assert list(record)[:4] == ["id", "iri", "type", "name"]


def test_a_reject_is_written_with_its_place() -> None:
    reject = Reject(file="a.txt", line=3, record=2, id=None, reason="no id", raw="{}")
    assert dump_line(reject_to_record(reject)) == (
        b'{"file": "a.txt", "line": 3, "record": 2, "id": null, "reason": "no id", "raw": "{}"}\n'
    )


def test_a_line_is_utf_8_and_one_line() -> None:
    assert dump_line({"a": "ő\u2028\n"}) == '{"a": "ő\u2028\\n"}\n'.encode()


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_json_does_not_have_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump_line({"a": number})


@pytest.mark.parametrize("text", ["2021", "2021-10", "2024-02-29"])
def test_a_date_may_be_as_exact_as_is_known(text: str) -> None:
    assert checked_date(text) == text


@pytest.mark.parametrize(
    "text", ["", "21", "2021-13", "2023-02-29", "2021-1-1", "2021-10-22T00", "２０２１", "0000"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no date; expected 2021-10-22, 2021-10 or 2021"):
        checked_date(text)
