"""Sentence starts: what ends a sentence, and what only looks like it."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
import spacy

from kg.extract.sentences import Sentences, sentence_starts


def cut(text: str) -> list[str]:
    starts = sentence_starts(text)
    return [text[start:end].strip() for start, end in pairwise([*starts, len(text)])]


@pytest.mark.parametrize(
    "text",
    [
        "Some nets, e.g. GraphSAGE, i.e. The usual ones, are slow.",
        "As shown by Rivera et al. (2019), it holds.",
        "See Fig. 2 and Eq. 3 in Sec. 4 of it.",
        "We pit trees vs. Forests, cf. Tab. 1, with approx. 5 runs.",
        "Release v1.5 of GPT-3.5 reaches 81.25 on it.",
        "Find it at https://example.org/a.b/C.html?x=1.D and enjoy.",
        "It learns (Fig. 2. Shows how.) fast.",
        "They call it “One idea. Two ideas.” in short.",
        "It does 1) parsing, 2) tagging, and 3) linking.",
        "M. C. Escher drew it.",
        "Built on Node.js and 3.5 GB of text.",
        "It answers Yahoo! Answers posts.",
        "an unfinished text without any mark",
    ],
)
def test_one_sentence_stays_whole(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It holds. We prove it.", ["It holds.", "We prove it."]),
        ("It wins on MSMT17. Code is out.", ["It wins on MSMT17.", "Code is out."]),
        ("It wins by a margin.Code is available.", ["It wins by a margin.", "Code is available."]),
        ("We go to v1.5. Then 2.0 came.", ["We go to v1.5.", "Then 2.0 came."]),
        ("Does it? Yes! It does.", ["Does it?", "Yes!", "It does."]),
        ("It was slow … But now it is not.", ["It was slow …", "But now it is not."]),
        (
            "Shown by Rivera et al. In this work we differ.",
            ["Shown by Rivera et al.", "In this work we differ."],
        ),
        ('She said "It is so." We agree.', ['She said "It is so."', "We agree."]),
        ("It is fast (and small). iFormer is not.", ["It is fast (and small).", "iFormer is not."]),
        ("1. First we read. 2. Then we count.", ["1. First we read.", "2. Then we count."]),
        ("See https://example.org/x. We like it.", ["See https://example.org/x.", "We like it."]),
        ("A Title Without Mark\n\nWe start here.", ["A Title Without Mark", "We start here."]),
        ("  Leading blanks. Two.  ", ["Leading blanks.", "Two."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_end_where_they_should(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


def test_component_marks_the_first_token_of_each_sentence_only() -> None:
    doc = Sentences()(spacy.blank("en")("Short Title\n\nIt wins by a margin.Code is out, e.g. here."))
    assert [sentence.text.strip() for sentence in doc.sents] == [
        "Short Title",
        "It wins by a margin.",
        "Code is out, e.g. here.",
    ]
    assert all(token.is_sent_start is not None for token in doc)


def test_component_takes_an_empty_doc() -> None:
    assert list(Sentences()(spacy.blank("en")("")).sents) == []


@pytest.mark.parametrize("attack", ["(", ". ", "“", " ", "\n ", "a.", "e.g. ", "http://", "A. "])
def test_attack_strings_are_cut_in_linear_time(attack: str) -> None:
    start = time.process_time()
    sentence_starts(attack * (100_000 // len(attack)))
    assert time.process_time() - start < 2.0
