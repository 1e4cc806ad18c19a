"""Short forms and the full forms a sentence gives for them."""

from __future__ import annotations

import time

import pytest
import spacy

from kg.extract.abbreviations import Abbreviations, find_abbreviations, is_short_form
from kg.extract.extensions import register
from kg.extract.sentences import Sentences


def pairs(sentence: str) -> list[tuple[str, str]]:
    return [(sentence[a:b], sentence[c:d]) for a, b, c, d in find_abbreviations(sentence)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Mindful memoization (MM) helps.", ("MM", "Mindful memoization")),
        (
            "We treat SBMA (spinal and bulbar muscular atrophy).",
            ("SBMA", "spinal and bulbar muscular atrophy"),
        ),
        ("Such graph neural networks (GNNs) differ.", ("GNNs", "graph neural networks")),
        ("Small Vision Transformers (ViTs) win.", ("ViTs", "Vision Transformers")),
        ("For text-based person search (TBPS) we", ("TBPS", "text-based person search")),
        ("The β-VAE (beta variational autoencoder) is", ("β-VAE", "beta variational autoencoder")),
        ("A Classifier Weight Transformer (CWT) is", ("CWT", "Classifier Weight Transformer")),
        ("asynchronous advantage actor-critic (A3C)", ("A3C", "asynchronous advantage actor-critic")),
        ("image-to-image (I2I) nets", ("I2I", "image-to-image")),
        ("the k-nearest neighbors (kNN) rule", ("kNN", "k-nearest neighbors")),
        ("at 30 frames per second (fps)", ("fps", "frames per second")),
        ("Non-negative matrix factorization (NMF)", ("NMF", "Non-negative matrix factorization")),
        ("a Social Crawling method (SC) is", ("SC", "Social Crawling")),
        ("Long Short-Term Memory (LSTM; Rivera, 1999)", ("LSTM", "Long Short-Term Memory")),
        ("extensible markup language (XML)", ("XML", "extensible markup language")),
        ("Convolutional Neural Network (CNN, or ConvNet)", ("CNN", "Convolutional Neural Network")),
        ("optical character recognition [OCR]", ("OCR", "optical character recognition")),
    ],
)
def test_pair_is_found_with_its_whole_full_form(sentence: str, expected: tuple[str, str]) -> None:
    assert pairs(sentence) == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "as in (iv), by equation (1), for f(x) and (x, y)",
        "XLNet (see Table 1) is strong",
        "it was shown (ICML 2021) before",
        "the colours (best) and sides (left)",
        "earlier work (Smith et al., 2020) and (Rivera, 1999)",
        "our BERT (BERT) is BERT",
        "a model (Transformer) of text",
        "brackets () and (a)",
        "nothing at all",
    ],
)
def test_what_is_no_abbreviation_is_left_alone(sentence: str) -> None:
    assert pairs(sentence) == []


def test_two_brackets_near_each_other_do_not_make_a_short_form_of_a_word() -> None:
    assert pairs("the estrogen receptor (ER) receptor (and more) binds") == [("ER", "estrogen receptor")]


def test_two_pairs_of_one_sentence_are_both_found() -> None:
    sentence = "natural language inference (NLI) and question answering (QA)"
    assert pairs(sentence) == [("NLI", "natural language inference"), ("QA", "question answering")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("GNNs", True), ("SAM 2", True), ("mAP", True), ("left", False), ("iv", False), ("2", False)],
)
def test_short_forms_have_a_capital_and_are_no_list_marks(text: str, expected: bool) -> None:
    assert is_short_form(text) is expected


def test_full_form_never_crosses_a_sentence() -> None:
    register()
    doc = Sentences()(spacy.blank("en")("We study great nets. In networks (GNIN) it holds."))
    assert Abbreviations()(doc)._.kg_abbreviations == []


def test_component_gives_characters_of_the_whole_text() -> None:
    register()
    doc = Sentences()(spacy.blank("en")("A title\n\nFirst. Then a graph neural network (GNN) came."))
    [[short_start, short_end, long_start, long_end]] = Abbreviations()(doc)._.kg_abbreviations
    assert doc.text[short_start:short_end] == "GNN"
    assert doc.text[long_start:long_end] == "graph neural network"


@pytest.mark.parametrize(
    "attack", ["(A) ", "(", "ab (AB) ", "a b c ", "-" * 9 + " ", "x (" + "A" * 14 + ") "]
)
def test_attack_strings_are_read_in_linear_time(attack: str) -> None:
    start = time.process_time()
    find_abbreviations(attack * (100_000 // len(attack)))
    assert time.process_time() - start < 5.0
