"""Numbers linked to what they are about, on Docs whose mentions are set by hand."""

from __future__ import annotations

import re

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from kg.extract.extensions import register
from kg.extract.measurements import Measurements
from kg.extract.sentences import Sentences

Mentions = dict[str, str]


@pytest.fixture(scope="module")
def nlp() -> Language:
    register()
    return spacy.blank("en")


def _doc(nlp: Language, text: str, mentions: Mentions) -> Doc:
    """A Doc with sentences; `mentions` gives `Type` or `Type role` by name."""
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
    return doc


def _linked(nlp: Language, text: str, mentions: Mentions, *slots: str) -> list[tuple[object, ...]]:
    doc = Measurements()(_doc(nlp, text, mentions))
    names = [span._.kg_name for span in doc.spans["kg"]]
    return [
        (found["value"], *(None if found[slot] is None else names[found[slot]] for slot in slots))
        for found in doc._.kg_measurements
    ]


def test_values_go_with_coordinated_names_one_by_one(nlp: Language) -> None:
    text = (
        "Our models reach 82.8%, 84.2%, and 84.6% top-1 accuracy with Fern-Tiny, Fern-Small, and Fern-Base"
        " on LeafNet."
    )
    mentions = {
        "Fern-Tiny": "Method proposed",
        "Fern-Small": "Method proposed",
        "Fern-Base": "Method proposed",
        "top-1 accuracy": "Metric measured",
        "LeafNet": "Dataset evaluated_on",
    }
    assert _linked(nlp, text, mentions, "method", "metric", "dataset") == [
        (82.8, "Fern-Tiny", "top-1 accuracy", "LeafNet"),
        (84.2, "Fern-Small", "top-1 accuracy", "LeafNet"),
        (84.6, "Fern-Base", "top-1 accuracy", "LeafNet"),
    ]


def test_a_slash_enumerates_values_and_data_sets(nlp: Language) -> None:
    text = "It gets 82.9%/85.2% accuracy on Reels-400/Reels-600."
    mentions = {"Reels-400": "Dataset", "Reels-600": "Dataset", "accuracy": "Metric"}
    assert _linked(nlp, text, mentions, "dataset", "metric") == [
        (82.9, "Reels-400", "accuracy"),
        (85.2, "Reels-600", "accuracy"),
    ]


def test_two_measures_and_two_data_sets_do_not_mix(nlp: Language) -> None:
    text = "We score 54.5 F1 on HopSet and 70.1 F1 on PlanSet, beating the best by 5.0 and 7.3 respectively."
    mentions = {"F1": "Metric", "HopSet": "Dataset", "PlanSet": "Dataset"}
    assert _linked(nlp, text, mentions, "metric", "dataset") == [
        (54.5, "F1", "HopSet"),
        (70.1, "F1", "PlanSet"),
        (5.0, "F1", "HopSet"),
        (7.3, "F1", "PlanSet"),
    ]


def test_a_data_set_named_before_its_number_goes_with_it(nlp: Language) -> None:
    text = "Results: on LungA, AUC=0.950; on LungB, AUC=0.989."
    mentions = {"LungA": "Dataset", "LungB": "Dataset", "AUC": "Metric"}
    assert _linked(nlp, text, mentions, "dataset", "metric") == [
        (0.95, "LungA", "AUC"),
        (0.989, "LungB", "AUC"),
    ]


def test_a_difference_has_the_beaten_method_as_baseline(nlp: Language) -> None:
    text = "Fern outperforms Moss by 3.1% on LeafNet and Ivy by 3.8%."
    mentions = {
        "Fern": "Method proposed",
        "Moss": "Method compared",
        "Ivy": "Method compared",
        "LeafNet": "Dataset evaluated_on",
    }
    assert _linked(nlp, text, mentions, "method", "baseline") == [(3.1, "Fern", "Moss"), (3.8, "Fern", "Ivy")]


def test_a_value_in_brackets_belongs_to_the_method_before_them(nlp: Language) -> None:
    text = "Fern achieves 91.2% accuracy, well above Moss (46.2%)."
    mentions = {"Fern": "Method proposed", "Moss": "Method compared", "accuracy": "Metric"}
    assert _linked(nlp, text, mentions, "method", "metric") == [
        (91.2, "Fern", "accuracy"),
        (46.2, "Moss", "accuracy"),
    ]


def test_our_method_is_the_proposed_one(nlp: Language) -> None:
    text = "We propose Fern. It uses Moss. Our model improves AP by 2.4 over Ivy."
    mentions = {
        "Fern": "Method proposed",
        "Moss": "Method used",
        "Ivy": "Method compared",
        "AP": "Metric",
    }
    assert _linked(nlp, text, mentions, "method", "metric", "baseline") == [(2.4, "Fern", "AP", "Ivy")]


def test_a_change_starts_at_the_rival(nlp: Language) -> None:
    text = "Fern raises success over Moss from 59.4% to 71.2%."
    mentions = {"Fern": "Method proposed", "Moss": "Method compared", "success": "Metric"}
    assert _linked(nlp, text, mentions, "method") == [(59.4, "Moss"), (71.2, "Fern")]


def test_the_data_set_of_the_sentence_before_still_holds(nlp: Language) -> None:
    text = "We evaluate on LeafNet. Fern achieves an accuracy of 78.2%. It is 2x faster."
    mentions = {"Fern": "Method proposed", "LeafNet": "Dataset evaluated_on", "accuracy": "Metric"}
    assert _linked(nlp, text, mentions, "dataset") == [(78.2, "LeafNet"), (2.0, None)]


def test_counts_without_a_measure_are_no_results(nlp: Language) -> None:
    text = (
        "LeafNet has 9,943 images, 20 classes and 7B tokens. Fern has 5.1M parameters and 3 F1 points more."
    )
    mentions = {"LeafNet": "Dataset", "Fern": "Method proposed", "parameters": "Metric", "F1": "Metric"}
    assert _linked(nlp, text, mentions, "metric") == [(5.1, "parameters"), (3.0, "F1")]


def test_numbers_inside_mentions_are_no_results(nlp: Language) -> None:
    text = "We reach 78.0% on Laptop 14 and 73.5% on TalkSet 2.1."
    mentions = {"Laptop 14": "Dataset", "TalkSet 2.1": "Dataset"}
    assert _linked(nlp, text, mentions, "dataset") == [(78.0, "Laptop 14"), (73.5, "TalkSet 2.1")]


def test_a_measurement_is_plain_json_with_its_place(nlp: Language) -> None:
    doc = Measurements()(_doc(nlp, "First. Recall grows by +1.5 points.", {"Recall": "Metric"}))
    (found,) = doc._.kg_measurements
    assert doc.text[found["start"] : found["end"]] == "+1.5 points"
    assert (found["unit"], found["kind"], found["metric"], found["extractor"]) == (
        "points",
        "delta",
        0,
        "kg_measurements",
    )
    assert 0 < found["score"] <= 1


def test_a_text_without_mentions_still_has_its_numbers(nlp: Language) -> None:
    assert _linked(nlp, "We reach 71.5% and improve by 2.5%.", {}, "method", "dataset", "metric") == [
        (71.5, None, None, None),
        (2.5, None, None, None),
    ]


def test_a_table_in_a_sentence_is_not_read(nlp: Language) -> None:
    assert _linked(nlp, "Scores: " + " ".join(f"{value}.5%" for value in range(80)), {}, "metric") == []


def test_results_survive_serialisation(nlp: Language) -> None:
    doc = Measurements()(_doc(nlp, "Recall grows by 1.5%.", {"Recall": "Metric"}))
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.kg_measurements == doc._.kg_measurements


def test_numbers_with_words_between_still_go_with_enumerated_data_sets(nlp: Language) -> None:
    text = "It gains 3.8 AP50 and 2.2 AP for new classes on LeafNet and RootNet."
    mentions = {"AP50": "Metric", "AP": "Metric", "LeafNet": "Dataset", "RootNet": "Dataset"}
    assert _linked(nlp, text, mentions, "metric", "dataset") == [
        (3.8, "AP50", "LeafNet"),
        (2.2, "AP", "RootNet"),
    ]


def test_a_gain_for_a_method_has_that_method_as_baseline(nlp: Language) -> None:
    text = "Fern helps all: +1.2% for Moss, +0.5% for Ivy."
    mentions = {"Fern": "Method proposed", "Moss": "Method used", "Ivy": "Method used"}
    assert _linked(nlp, text, mentions, "method", "baseline") == [(1.2, "Fern", "Moss"), (0.5, "Fern", "Ivy")]
