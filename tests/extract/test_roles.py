"""Roles from the words around a mention, on Docs whose mentions are set by hand."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from kg.extract.abbreviations import Abbreviations
from kg.extract.extensions import register
from kg.extract.roles import Roles
from kg.extract.sentences import Sentences


@pytest.fixture(scope="module")
def nlp() -> Language:
    register()
    return spacy.blank("en")


def read(nlp: Language, text: str, mentions: dict[str, str]) -> Doc:
    doc = Abbreviations()(Sentences()(nlp.make_doc(text)))
    spans: list[Span] = []
    for name, label in mentions.items():
        start = text.find(name)
        assert start >= 0
        while start >= 0:
            span = doc.char_span(start, start + len(name), label=label)
            assert isinstance(span, Span)
            spans.append(span)
            start = text.find(name, start + 1)
    doc.spans["kg"] = SpanGroup(doc, spans=sorted(spans))
    return Roles()(doc)


def roles(doc: Doc) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for span in doc.spans["kg"]:
        found.setdefault(span.text, set()).add(span._.kg_role)
    return found


FILLER = "Prior art is long and wide and says many things that need not concern us here at all. "


@pytest.mark.parametrize(
    ("text", "name", "label", "role"),
    [
        ("Fern: Small Nets\n\nIt grows.", "Fern", "Method", "proposed"),
        (FILLER + "In this paper we propose Fern.", "Fern", "Method", "proposed"),
        (FILLER + "This yields a net dubbed Fern.", "Fern", "Method", "proposed"),
        (FILLER + "Fern, a novel net, wins.", "Fern", "Method", "proposed"),
        (FILLER + "Ours outperforms Moss.", "Moss", "Method", "compared"),
        (FILLER + "It is compared with Moss.", "Moss", "Method", "compared"),
        (FILLER + "It is built on Moss.", "Moss", "Method", "used"),
        (FILLER + "We train it using Moss.", "Moss", "Method", "used"),
        ("Large nets such as Moss are liked. " + FILLER, "Moss", "Method", "mentioned"),
        (FILLER + "We test it on Pond.", "Pond", "Dataset", "evaluated_on"),
        (FILLER + "We train it on Pond.", "Pond", "Dataset", "trained_on"),
        (FILLER + "We release Pond, a large corpus.", "Pond", "Dataset", "proposed"),
        ("Pond: A Benchmark\n\nIt is hard.", "Pond", "Benchmark", "proposed"),
        ("Nets for reading\n\nWe read.", "reading", "Task", "addressed"),
        ("Apps such as dancing exist. " + FILLER, "dancing", "Task", "mentioned"),
        (FILLER + "It reaches an F1 of 3.", "F1", "Metric", "measured"),
        (FILLER + "We cool TiO2.", "TiO2", "Material", "studied"),
        (FILLER + "We explain chaos.", "chaos", "Concept", "studied"),
    ],
)
def test_words_around_a_mention_tell_its_role(
    nlp: Language, text: str, name: str, label: str, role: str
) -> None:
    assert roles(read(nlp, text, {name: label})) == {name: {role}}


def test_all_mentions_of_a_thing_share_its_strongest_role(nlp: Language) -> None:
    doc = read(nlp, "We propose Fern. " + FILLER + "We use Fern with care.", {"Fern": "Method"})
    assert roles(doc) == {"Fern": {"proposed"}}
    assert len(doc.spans["kg"]) == 2


def test_full_form_of_a_proposed_method_is_proposed_too(nlp: Language) -> None:
    text = FILLER + "We propose a Quick Leaf Net (QLN). The QLN is used."
    assert roles(read(nlp, text, {"QLN": "Method", "Quick Leaf Net": "Method"})) == {
        "QLN": {"proposed"},
        "Quick Leaf Net": {"proposed"},
    }


def test_same_name_with_another_type_has_a_role_of_its_own(nlp: Language) -> None:
    text = FILLER + "We propose Fern."
    assert roles(read(nlp, text, {"Fern": "Metric"})) == {"Fern": {"measured"}}


def test_doc_without_mentions_is_left_alone(nlp: Language) -> None:
    doc = Roles()(Abbreviations()(Sentences()(nlp.make_doc("Nothing."))))
    assert "kg" not in doc.spans
