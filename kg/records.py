"""JSON records: the one form in which papers, extractions and entities are written and read.

Stage files, the JSONL reader and the evaluation share it. Keys stand in a fixed order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date

from kg.ids import paper_id
from kg.model import (
    Entity,
    Extraction,
    Link,
    LinkKind,
    Measurement,
    Mention,
    Paper,
    PaperEntity,
    Reject,
    Section,
    Source,
    TextSpan,
)

Record = dict[str, object]

_SURROGATE = re.compile("[\ud800-\udfff]")
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}", re.A)


def dump_line(record: Mapping[str, object]) -> bytes:
    """A record as a line of JSON in UTF-8. Raises ValueError for a number JSON does not have."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False).encode("utf-8") + b"\n"


# --- papers ------------------------------------------------------------------------------------------


def paper_to_record(paper: Paper) -> Record:
    """The line of `papers.jsonl` for a paper; `paper_from_record` turns it back."""
    return {
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "created": paper.created,
        "categories": list(paper.categories),
        "comment": paper.comment,
        "doi": paper.doi,
        "journal_ref": paper.journal_ref,
        "venue": paper.venue,
        "presentation": paper.presentation,
        "links": _links_to_record(paper.links),
        "related": list(paper.related),
        "sources": [{"file": source.file, "record": source.record} for source in paper.sources],
    }


def paper_from_record(record: Mapping[str, object]) -> Paper:
    """The paper a record stands for. Keys may be missing or null, all but `id`; others are ignored.

    Lone surrogates, which no encoding has, become U+FFFD. Raises ValueError, naming the field.
    """
    identifier = paper_id(text_field(record, "id") or "")
    if not identifier:
        raise ValueError("no id")
    title, abstract = text_field(record, "title"), text_field(record, "abstract")
    if title is None and abstract is None:
        raise ValueError("neither title nor abstract")
    created = text_field(record, "created")
    return Paper(
        id=identifier,
        title=title,
        abstract=abstract or "",
        comment=text_field(record, "comment"),
        authors=_texts(record, "authors"),
        categories=_sorted(_texts(record, "categories")),
        links=_links_from_record(record),
        related=_sorted(map(paper_id, _texts(record, "related"))),
        sources=_sources(record),
        created=None if created is None else checked_date(created),
        doi=text_field(record, "doi"),
        journal_ref=text_field(record, "journal_ref"),
        venue=text_field(record, "venue"),
        presentation=text_field(record, "presentation"),
    )


def reject_to_record(reject: Reject) -> Record:
    """The line of `rejects.jsonl` for a record that was left out."""
    return {
        "file": reject.file,
        "line": reject.line,
        "record": reject.record,
        "id": reject.id,
        "reason": reject.reason,
        "raw": reject.raw,
    }


def text_field(record: Mapping[str, object], key: str) -> str | None:
    """A text as it stands, None if it is missing, null or blank. Raises ValueError for anything else."""
    value = record.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise wrong_type(key, value, "a string or null")
    return _mended(value) if value.strip() else None


def checked_date(text: str) -> str:
    """An ISO date or its first part, as given. Raises ValueError if there is no such day.

    >>> checked_date("2021-10")
    '2021-10'
    """
    if _DATE.fullmatch(text):
        with suppress(ValueError):
            date.fromisoformat(text + "0000-01-01"[len(text) :])
            return text
    raise ValueError(f"created: {text[:40]!r} is no date; expected 2021-10-22, 2021-10 or 2021")


def wrong_type(key: str, value: object, expected: str) -> ValueError:
    """The error of a field that holds something else than `expected`."""
    match value:
        case None:
            found = "null"
        case bool():
            found = "true or false"
        case int() | float():
            found = "a number"
        case str():
            found = "a string"
        case list():
            found = "a list"
        case _:
            found = "an object"
    return ValueError(f"{key}: expected {expected}, found {found}")


def _mended(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def _texts(record: Mapping[str, object], key: str) -> tuple[str, ...]:
    values = record.get(key)
    if values is None:
        return ()
    if not isinstance(values, list):
        raise wrong_type(key, values, "a list of strings")
    for value in values:
        if not isinstance(value, str):
            raise wrong_type(f"{key}, in the list", value, "a string")
    return tuple(_mended(value) for value in values if value.strip())


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _links_to_record(links: Iterable[Link]) -> dict[str, list[str]]:
    urls: dict[str, list[str]] = {kind.value: [] for kind in LinkKind}
    for link in links:
        urls[link.kind.value].append(link.url)
    return urls


def _links_from_record(record: Mapping[str, object]) -> tuple[Link, ...]:
    links = record.get("links")
    if links is None:
        return ()
    kinds = {kind.value for kind in LinkKind}
    expected = f"an object with keys of {', '.join(sorted(kinds))}"
    if not isinstance(links, dict):
        raise wrong_type("links", links, expected)
    if unknown := sorted(links.keys() - kinds):
        raise ValueError(f"links: expected {expected}, found {unknown[0]!r}")
    return tuple(sorted({Link(url, LinkKind(kind)) for kind in links for url in _texts(links, kind)}))


def _sources(record: Mapping[str, object]) -> tuple[Source, ...]:
    sources = record.get("sources")
    if sources is None:
        return ()
    expected = 'a list of {"file": "a.txt", "record": 1}'
    if not isinstance(sources, list):
        raise wrong_type("sources", sources, expected)
    if not all(_is_source(source) for source in sources):
        raise ValueError(f"sources: expected {expected}")
    return tuple(sorted({Source(_mended(source["file"]), source["record"]) for source in sources}))


def _is_source(value: object) -> bool:
    match value:
        case {"file": str(), "record": int(number)}:
            return not isinstance(number, bool)
        case _:
            return False


# --- extractions -------------------------------------------------------------------------------------


def extraction_to_record(
    extraction: Extraction,
    entities: Iterable[PaperEntity],
    entity_ids: Mapping[tuple[str, Mention], str] | None = None,
) -> Record:
    """The line of `annotations.jsonl` for a paper; `entities` group all mentions of the extraction.

    Results and relations go by the names of these entities. With `entity_ids`, as in a `Resolution`,
    each entity also carries the id of what it was resolved to.
    """
    entities = tuple(entities)
    paper = extraction.paper
    names = {mention: entity.name for entity in entities for mention in entity.mentions}
    return {
        "id": paper.id,
        "title": paper.title,
        "created": paper.created,
        "doi": paper.doi,
        "journal_ref": paper.journal_ref,
        "comment": paper.comment,
        "venue": paper.venue,
        "presentation": paper.presentation,
        "links": _links_to_record(paper.links),
        "related": list(paper.related),
        "entities": [_paper_entity_to_record(paper.id, entity, entity_ids) for entity in entities],
        "results": [
            _measurement_to_record(measurement, names)
            for measurement in sorted(extraction.measurements, key=lambda found: _reading_order(found.span))
        ],
        "relations": _relations_to_record(extraction, names),
    }


def _paper_entity_to_record(
    paper: str, entity: PaperEntity, entity_ids: Mapping[tuple[str, Mention], str] | None
) -> Record:
    record: Record = {
        "type": entity.type.value,
        "name": entity.name,
        "aliases": list(entity.aliases),
        "role": entity.role.value,
        "score": _rounded(entity.score),
    }
    if entity_ids is not None:
        record["entity"] = entity_ids[paper, entity.mentions[0]]
    record["mentions"] = [
        {**_span_to_record(mention.span), "text": mention.span.text, "score": _rounded(mention.score)}
        for mention in sorted(entity.mentions, key=lambda mention: _reading_order(mention.span))
    ]
    return record


def _measurement_to_record(measurement: Measurement, names: Mapping[Mention, str]) -> Record:
    def name(mention: Mention | None) -> str | None:
        return None if mention is None else names[mention]

    return {
        "method": name(measurement.method),
        "dataset": name(measurement.dataset),
        "metric": name(measurement.metric),
        "value": measurement.value,
        "unit": measurement.unit,
        "kind": measurement.kind.value,
        "baseline": name(measurement.baseline),
        **_span_to_record(measurement.span),
        "score": _rounded(measurement.score),
    }


def _relations_to_record(extraction: Extraction, names: Mapping[Mention, str]) -> list[Record]:
    """One record a triple, sorted, with the best score of those who say so."""
    best: dict[tuple[str, str, str], float] = {}
    for relation in extraction.relations:
        triple = (relation.type.value, names[relation.head], names[relation.tail])
        best[triple] = max(relation.score, best.get(triple, 0.0))
    return [
        {"type": kind, "head": head, "tail": tail, "score": _rounded(score)}
        for (kind, head, tail), score in sorted(best.items())
    ]


def _span_to_record(span: TextSpan) -> Record:
    return {"section": span.section.value, "start": span.start, "end": span.end}


def _reading_order(span: TextSpan) -> tuple[int, int, int]:
    return list(Section).index(span.section), span.start, span.end


def _rounded(score: float) -> float:
    return round(score, 4)


# --- entities ----------------------------------------------------------------------------------------


def entity_to_record(entity: Entity, iri: str) -> Record:
    """The line of `entities.jsonl` for an entity."""
    return {
        "id": entity.id,
        "iri": iri,
        "type": entity.type.value,
        "name": entity.name,
        "aliases": list(entity.aliases),
        "papers": list(entity.papers),
        "support": entity.support,
        "broader": list(entity.broader),
        "same_as": list(entity.same_as),
        "merges": [
            {"names": list(merge.names), "reason": merge.reason, "score": _rounded(merge.score)}
            for merge in entity.merges
        ],
    }
