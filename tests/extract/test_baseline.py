"""What the rule-based finder finds, and what it leaves alone. All texts are our own."""

from __future__ import annotations

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract import load_pipeline
from kg.extract.gazetteer import entries
from kg.model import EntityType


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


def named(doc: Doc) -> set[tuple[str, str]]:
    return {(span._.kg_name, span.label_) for span in doc.spans["kg"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Spelling.
        ("We propose PondNet++ and compare it with iFern.", {("PondNet++", "Method"), ("iFern", "Method")}),
        ("Lily-B and Lily-18 differ.", {("Lily-B", "Method"), ("Lily-18", "Method")}),
        ("We build FernBench and LeafArena.", {("FernBench", "Benchmark"), ("LeafArena", "Benchmark")}),
        ("It reaches 41.3 AP50 and 80.1 pass@1.", {("AP50", "Metric"), ("pass@1", "Metric")}),
        ("Thin films of SrTiO3 were grown.", {("SrTiO3", "Material")}),
        # Verbs and appositions.
        ("We present Sibyl, a framework for planning.", {("Sibyl", "Method")}),
        ("We call it Sibyl and use it.", {("Sibyl", "Method")}),
        ("Brook, a large corpus of letters, is new.", {("Brook", "Dataset")}),
        ("The method is dubbed Sibyl.", {("Sibyl", "Method")}),
        ("We use the Heron dataset.", {("Heron", "Dataset")}),
        ("It leads the Heron challenge.", {("Heron", "Benchmark")}),
        ("We evaluate on HeronX and beat it.", {("HeronX", "Dataset")}),
        # Capitalised terms.
        (
            "We add a Classifier Weight Transformer (CWT).",
            {("Classifier Weight Transformer", "Method"), ("CWT", "Method")},
        ),
        ("We present the Makeup Distill Network.", {("Makeup Distill Network", "Method")}),
        (
            "The Inception Transformer, or iFormer for short, is small.",
            {("Inception Transformer", "Method"), ("iFormer", "Method")},
        ),
        # Last words.
        ("It learns a mutual pruning loss via leaf attention.", {("mutual pruning loss", "Method")}),
        ("We study few-shot leaf segmentation.", {("few-shot leaf segmentation", "Task")}),
        ("It is made for autumn leaf retrieval.", {("autumn leaf retrieval", "Task")}),
        ("It reaches a leaf error rate of 4.2.", {("leaf error rate", "Metric")}),
        (
            "Object detection and image captioning",
            {("Object detection", "Task"), ("image captioning", "Task")},
        ),
        # Enumerations.
        (
            "Tests on three datasets, BQX-7, MTL-BQX and Jigs, hold.",
            {("BQX-7", "Dataset"), ("MTL-BQX", "Dataset"), ("Jigs", "Dataset")},
        ),
        ("Tests with Lily-B/OakNet-B24 hold.", {("Lily-B", "Method"), ("OakNet-B24", "Method")}),
        (
            "Experiments on Kinetics-400/600 hold.",
            {("Kinetics-400", "Dataset"), ("Kinetics-600", "Dataset")},
        ),
        # Heads and articles off, compounds opened.
        ("Tests on the ImageNet dataset hold.", {("ImageNet", "Dataset")}),
        ("Deep learning-based tools are common.", {("Deep learning", "Method")}),
        ("A novel efficient pond network is shown.", {("pond network", "Method")}),
        ("It shines in COCO object detection.", {("COCO", "Dataset"), ("object detection", "Task")}),
    ],
)
def test_names_and_terms_are_found_with_their_type(
    nlp: Language, text: str, expected: set[tuple[str, str]]
) -> None:
    assert expected <= named(nlp(text))


@pytest.mark.parametrize(
    "text",
    [
        "Our approach beats the state of the art.",
        "Extensive experiments show the effectiveness of the proposed method.",
        "We present a new framework and a model with good features.",
        "It runs on an NVIDIA A100 GPU under Linux.",
        "The code is at https://github.com/PondNet/LilyBench.",
        "English and Chinese texts of 2021 are read in 3D.",
        "We use two standard benchmarks.",
        "Points that are out-of-distribution (OOD) stay.",
        "",
    ],
)
def test_generic_words_are_not_mentions(nlp: Language, text: str) -> None:
    assert named(nlp(text)) == set()


def test_title_opens_with_the_name_of_what_is_proposed(nlp: Language) -> None:
    doc = nlp("Sibyl: Planning with Trees\n\nIt grows. We trust Sibyl.")
    assert [(span.text, span.label_) for span in doc.spans["kg"] if span.text == "Sibyl"] == [
        ("Sibyl", "Method"),
        ("Sibyl", "Method"),
    ]


def test_same_name_has_one_type_everywhere(nlp: Language) -> None:
    doc = nlp("Heron is large. We release the Heron dataset. Heron outperforms all.")
    assert {span.label_ for span in doc.spans["kg"] if span.text == "Heron"} == {"Dataset"}
    assert sum(span.text == "Heron" for span in doc.spans["kg"]) == 3


def test_abbreviation_carries_its_full_form_and_type(nlp: Language) -> None:
    doc = nlp("We treat autumn leaf retrieval (ALR). ALR is hard.")
    mentions = [(span.text, span.label_, span._.kg_long_form) for span in doc.spans["kg"]]
    assert mentions == [
        ("autumn leaf retrieval", "Task", ""),
        ("ALR", "Task", "autumn leaf retrieval"),
        ("ALR", "Task", "autumn leaf retrieval"),
    ]


def test_a_full_form_of_another_type_overrides_what_a_short_form_is_known_for(nlp: Language) -> None:
    doc = nlp("We treat moving object segmentation (MOS). MOS is hard.")
    assert {span.label_ for span in doc.spans["kg"] if span.text == "MOS"} == {"Task"}


def test_mentions_are_in_order_each_stretch_once_and_say_who_found_them(nlp: Language) -> None:
    doc = nlp("We test PondNet, a deep learning-based net, on ImageNet and the Heron dataset.")
    places = [(span.start_char, span.end_char) for span in doc.spans["kg"]]
    assert places == sorted(set(places))
    assert {span._.kg_extractor for span in doc.spans["kg"]} == {"kg_baseline"}
    assert all(0 < span._.kg_score <= 1 for span in doc.spans["kg"])
    assert {span.text for span in doc.ents} <= {span.text for span in doc.spans["kg"]}


def test_threshold_drops_weak_guesses(nlp: Language) -> None:
    text = "We propose PondNet with a leaf alignment policy and leaf pruning."
    finder = nlp.get_pipe("kg_baseline")
    before = named(nlp(text))
    finder.threshold = 0.75
    try:
        assert named(nlp(text)) < before
    finally:
        finder.threshold = 0.45


def test_concepts_are_few(nlp: Language) -> None:
    heads = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota")
    doc = nlp("".join(f"We see {head} drift here. " for head in heads))
    assert sum(span.label_ == "Concept" for span in doc.spans["kg"]) == 6


def test_well_known_names_are_many_and_each_has_one_type() -> None:
    names = [entry.name for entry in entries()]
    assert len(names) > 4000
    assert len(set(names)) == len(names)
    assert {entry.type for entry in entries()} == set(EntityType)
    assert all(name == name.strip() and len(name) > 1 for name in names)
