"""Relations between mentions, on Docs whose mentions are set by hand."""

from __future__ import annotations

import re

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from kg.extract.extensions import register
from kg.extract.relations import Relations
from kg.extract.sentences import Sentences

Mentions = dict[str, str]
Triples = set[tuple[str, str, str]]

FERN = {"Fern": "Method proposed"}


@pytest.fixture(scope="module")
def nlp() -> Language:
    register()
    return spacy.blank("en")


def _related(nlp: Language, text: str, mentions: Mentions) -> Doc:
    """A Doc with relations; `mentions` gives `Type role` by name."""
    doc = Sentences()(nlp.make_doc(text))
    spans = []
    for name, kind in mentions.items():
        label, _, role = kind.partition(" ")
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            span = doc.char_span(*match.span(), label=label, alignment_mode="expand")
            assert isinstance(span, Span)
            span._.kg_name = name
            span._.kg_role = role
            spans.append(span)
    spans.sort(key=lambda span: (span.start, span.end, span.label_))
    doc.spans["kg"] = SpanGroup(doc, spans=spans)
    return Relations()(doc)


def _triples(nlp: Language, text: str, mentions: Mentions) -> Triples:
    doc = _related(nlp, text, mentions)
    names = [span._.kg_name for span in doc.spans["kg"]]
    return {(found["type"], names[found["head"]], names[found["tail"]]) for found in doc._.kg_relations}


CASES: list[tuple[str, Mentions, Triples]] = [
    (
        "We propose Fern for leaf counting.",
        FERN | {"leaf counting": "Task addressed"},
        {("ADDRESSES", "Fern", "leaf counting")},
    ),
    (
        "Fern outperforms Moss and Ivy on LeafNet.",
        FERN | {"Moss": "Method compared", "Ivy": "Method compared", "LeafNet": "Dataset evaluated_on"},
        {
            ("COMPARED_WITH", "Fern", "Moss"),
            ("COMPARED_WITH", "Fern", "Ivy"),
            ("EVALUATED_ON", "Fern", "LeafNet"),
        },
    ),
    (
        "Fern uses graph pooling and label smoothing.",
        FERN | {"graph pooling": "Method used", "label smoothing": "Method used"},
        {("USES", "Fern", "graph pooling"), ("USES", "Fern", "label smoothing")},
    ),
    (
        "We present Fern. Its vein encoder sees shapes.",
        FERN | {"vein encoder": "Method proposed"},
        {("PART_OF", "vein encoder", "Fern")},
    ),
    (
        "Fern is trained on PressedLeaves.",
        FERN | {"PressedLeaves": "Dataset trained_on"},
        {("TRAINED_ON", "Fern", "PressedLeaves")},
    ),
    (
        "We present Fern, an extension of Moss.",
        FERN | {"Moss": "Method mentioned"},
        {("EXTENDS", "Fern", "Moss")},
    ),
    (
        "Plant detectors such as Moss and Ivy are slow.",
        {"Plant detectors": "Method mentioned", "Moss": "Method mentioned", "Ivy": "Method mentioned"},
        {("SUBCLASS_OF", "Moss", "Plant detectors"), ("SUBCLASS_OF", "Ivy", "Plant detectors")},
    ),
    (
        "Fern, a light transformer, is new.",
        FERN | {"transformer": "Method mentioned"},
        {("SUBCLASS_OF", "Fern", "transformer")},
    ),
]


@pytest.mark.parametrize(("text", "mentions", "expected"), CASES)
def test_sentences_that_say_so_relate_things(
    nlp: Language, text: str, mentions: Mentions, expected: Triples
) -> None:
    assert _triples(nlp, text, mentions) == expected


SILENT: list[tuple[str, Mentions]] = [
    # used elsewhere, not by this paper
    ("Graph pooling became popular. We propose Fern.", FERN | {"Graph pooling": "Method used"}),
    # a task of the field
    ("Leaf counting is hard for farmers. We propose Fern.", FERN | {"Leaf counting": "Task mentioned"}),
    # a size of the method is no part of it
    ("We present Fern. Then we scale Fern-L.", FERN | {"Fern-L": "Method proposed"}),
    # an agent with a transformer is none
    ("Fern, a transformer agent, is new.", FERN | {"transformer": "Method mentioned"}),
    # no proposed method
    ("Moss uses graph pooling.", {"Moss": "Method mentioned", "graph pooling": "Method used"}),
]


@pytest.mark.parametrize(("text", "mentions"), SILENT)
def test_mere_neighbours_are_not_related(nlp: Language, text: str, mentions: Mentions) -> None:
    assert _triples(nlp, text, mentions) == set()


def test_each_pair_is_related_once_in_the_sentence_that_says_it_best(nlp: Language) -> None:
    text = "We test on LeafNet. Fern leads on LeafNet. LeafNet is small."
    doc = _related(nlp, text, FERN | {"LeafNet": "Dataset evaluated_on"})
    (found,) = doc._.kg_relations
    assert text[found["start"] : found["end"]] == "Fern leads on LeafNet."
    assert found["extractor"] == "kg_relations"
    assert 0 < found["score"] <= 1


def test_a_short_form_and_its_long_form_are_not_related(nlp: Language) -> None:
    text = "We propose frond network (Fern)."
    doc = Sentences()(nlp.make_doc(text))
    spans = []
    for name in ("frond network", "Fern"):
        start = text.index(name)
        span = doc.char_span(start, start + len(name), label="Method")
        assert span is not None
        span._.kg_role = "proposed"
        span._.kg_long_form = "frond network"
        spans.append(span)
    doc.spans["kg"] = SpanGroup(doc, spans=spans)
    assert Relations()(doc)._.kg_relations == []


def test_relations_survive_serialisation(nlp: Language) -> None:
    doc = _related(nlp, "Fern leads on LeafNet.", FERN | {"LeafNet": "Dataset evaluated_on"})
    assert doc._.kg_relations
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.kg_relations == doc._.kg_relations
