"""A paper's Docs into an `Extraction`: plain types, with places in the published text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from spacy.tokens import Doc, Span

from kg import __version__
from kg.extract.extensions import SPANS_KEY, register
from kg.extract.layout import Layout, Window
from kg.model import (
    EntityType,
    Extraction,
    Measurement,
    Mention,
    RelationType,
    ResultKind,
    Role,
    TextRelation,
    TextSpan,
)


def to_extraction(layout: Layout, read: Sequence[tuple[Window, Doc]]) -> Extraction:
    """What the Docs of one paper, with their windows, say."""
    register()
    sentences: list[TextSpan] = []
    mentions: list[Mention] = []
    relations: list[TextRelation] = []
    measurements: list[Measurement] = []
    for window, doc in read:
        found = [_mention(window, span) for span in doc.spans.get(SPANS_KEY, ())]
        sentences += _sentences(window, doc)
        mentions += found
        relations += [_relation(window, found, relation) for relation in doc._.kg_relations]
        measurements += [_measurement(window, found, measured) for measured in doc._.kg_measurements]
    return Extraction(
        paper=layout.paper,
        sentences=tuple(sentences),
        mentions=tuple(mentions),
        relations=tuple(relations),
        measurements=tuple(measurements),
    )


def _published(window: Window, start: int, end: int) -> TextSpan:
    return window.layout.published(window.start + start, window.start + end)


def _sentences(window: Window, doc: Doc) -> Iterator[TextSpan]:
    for sentence in doc.sents:
        text = sentence.text
        start = sentence.start_char + len(text) - len(text.lstrip())
        end = sentence.start_char + len(text.rstrip())
        if start < end:
            yield _published(window, start, end)


def _mention(window: Window, span: Span) -> Mention:
    return Mention(
        span=_published(window, span.start_char, span.end_char),
        type=EntityType(span.label_),
        name=span._.kg_name,
        role=Role(span._.kg_role) if span._.kg_role else Role.MENTIONED,
        long_form=span._.kg_long_form or None,
        score=round(span._.kg_score, 4),
        extractor=_versioned(span._.kg_extractor),
    )


def _relation(window: Window, mentions: Sequence[Mention], relation: dict[str, Any]) -> TextRelation:
    return TextRelation(
        type=RelationType(relation["type"]),
        head=mentions[relation["head"]],
        tail=mentions[relation["tail"]],
        sentence=_published(window, relation["start"], relation["end"]),
        score=round(relation["score"], 4),
        extractor=_versioned(relation["extractor"]),
    )


def _measurement(window: Window, mentions: Sequence[Mention], measured: dict[str, Any]) -> Measurement:
    def about(role: str) -> Mention | None:
        index = measured[role]
        return None if index is None else mentions[index]

    return Measurement(
        span=_published(window, measured["start"], measured["end"]),
        value=measured["value"],
        unit=measured["unit"],
        kind=ResultKind(measured["kind"]),
        method=about("method"),
        dataset=about("dataset"),
        metric=about("metric"),
        task=about("task"),
        baseline=about("baseline"),
        score=round(measured["score"], 4),
        extractor=_versioned(measured["extractor"]),
    )


def _versioned(component: str) -> str:
    """A component as evidence names it: two versions of one are two witnesses."""
    return f"{component}-{__version__}"
