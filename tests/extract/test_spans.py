"""What is made of candidates: which hold, and what each thing named is in the whole text."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.encoder import SHAPES, Candidates, Meta
from kg.extract.spans import ROLES, Found, find_mentions, fold, occurrences
from kg.vocab import EntityType, Role

TYPES, ALL_ROLES = tuple(EntityType), tuple(Role)
METHOD, DATASET, TASK, METRIC = EntityType.METHOD, EntityType.DATASET, EntityType.TASK, EntityType.METRIC

META = Meta(
    version="1",
    types=TYPES,
    roles=ALL_ROLES,
    shapes=SHAPES,
    length=512,
    overlap=128,
    width_bias=((0.0,) * len(TYPES),),
    thresholds=(0.0,) * len(TYPES),
    calibration=(1.0, 0.0),
    checksums={},
)

Guess = tuple[int, int, dict[EntityType, float], dict[Role, float]]


def guess(
    text: str, name: str, nth: int = 0, role: dict[Role, float] | None = None, **scores: float
) -> Guess:
    """The `nth` place of a name, with scores by type (−9 where not given) and probabilities by role."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(name, start + 1)
    by_type = {EntityType(key): score for key, score in scores.items()}
    return start, start + len(name), by_type, role or {Role.USED: 1.0}


def find(
    text: str, *guesses: Guess, abbreviations: tuple[tuple[str, str], ...] = (), meta: Meta = META
) -> list[Found]:
    ordered = sorted(guesses, key=lambda guess: guess[:2])
    candidates = Candidates(
        starts=np.array([start for start, *_ in ordered], np.int64),
        ends=np.array([end for _, end, *_ in ordered], np.int64),
        scores=np.array(
            [[scores.get(type_, -9.0) for type_ in TYPES] for *_, scores, _ in ordered], np.float32
        ).reshape(-1, len(TYPES)),
        roles=np.log(
            [[roles.get(role, 0.001) for role in ALL_ROLES] for *_, roles in ordered], dtype=np.float32
        ).reshape(-1, len(ALL_ROLES)),
        windows=1,
    )
    return find_mentions(text, candidates, abbreviations, meta)


def seen(text: str, mentions: list[Found]) -> list[tuple[str, EntityType]]:
    return [(text[mention.start : mention.end], mention.type) for mention in mentions]


# --- choice ------------------------------------------------------------------------------------------


def test_the_better_of_two_that_overlap_is_taken() -> None:
    text = "a graph neural network model"
    mentions = find(
        text, guess(text, "graph neural network", Method=2), guess(text, "neural network model", Method=1)
    )
    assert seen(text, mentions) == [("graph neural network", METHOD)]


def test_of_two_as_good_the_longer_is_taken() -> None:
    text = "a graph neural network"
    mentions = find(
        text, guess(text, "neural network", Method=1), guess(text, "graph neural network", Method=1)
    )
    assert seen(text, mentions) == [("graph neural network", METHOD)]


def test_each_type_has_a_threshold_of_its_own() -> None:
    text = "segmentation by accuracy"
    thresholds = tuple(1.5 if type_ is TASK else -0.5 for type_ in TYPES)
    meta = Meta(**{**{name: getattr(META, name) for name in META.__slots__}, "thresholds": thresholds})
    mentions = find(
        text, guess(text, "segmentation", Task=1), guess(text, "accuracy", Metric=-0.25), meta=meta
    )
    assert seen(text, mentions) == [("accuracy", METRIC)]


def test_nothing_above_its_threshold_is_no_mention() -> None:
    assert find("some model", guess("some model", "model", Method=-0.1)) == []
    assert find("some model") == []


# --- one thing ---------------------------------------------------------------------------------------


def test_spellings_of_one_name_share_the_type_most_probable_over_all() -> None:
    text = "Vision Transformers work. A vision transformer is small. The vision-transformer wins."
    mentions = find(
        text,
        guess(text, "Vision Transformers", Method=2),
        guess(text, "vision transformer", Task=3, Method=1),
        guess(text, "vision-transformer", Method=2),
    )
    assert [type_ for _, type_ in seen(text, mentions)] == [METHOD] * 3


def test_a_short_form_shares_type_and_role_with_its_full_form() -> None:
    text = "Text-based person search (TBPS) is hard. TBPS is solved."
    mentions = find(
        text,
        guess(text, "Text-based person search", role={Role.ADDRESSED: 0.9}, Task=3),
        guess(text, "TBPS", 1, role={Role.MENTIONED: 0.6, Role.ADDRESSED: 0.3}, Method=0.5),
        abbreviations=(("TBPS", "Text-based person search"),),
    )
    assert seen(text, mentions) == [("Text-based person search", TASK), ("TBPS", TASK), ("TBPS", TASK)]
    assert {mention.role for mention in mentions} == {Role.ADDRESSED}
    assert [mention.long_form for mention in mentions] == ["", *["Text-based person search"] * 2]


def test_a_short_form_apart_from_its_full_form_is_the_same_thing() -> None:
    text = "Large language models are large. Two LLMs and a GAN are used."
    mentions = find(
        text,
        guess(text, "Large language models", Method=1),
        guess(text, "LLMs", Method=1),
        guess(text, "GAN", Method=1),
    )
    assert [mention.long_form for mention in mentions] == ["", "Large language models", ""]


def test_initials_of_another_type_are_another_thing() -> None:
    text = "Image restoration is not IR."
    mentions = find(text, guess(text, "Image restoration", Task=1), guess(text, "IR", Concept=1))
    assert [mention.long_form for mention in mentions] == ["", ""]


def test_a_name_found_once_is_found_everywhere() -> None:
    text = "We train PlaneNet. PlaneNet is small. Our PlaneNet-based tool and planenets, not PlaneNet-50."
    mentions = find(text, guess(text, "PlaneNet", 1, Method=1))
    assert [(mention.start, mention.type) for mention in mentions] == [
        (text.index("PlaneNet"), METHOD),
        (text.index("PlaneNet is"), METHOD),
        (text.index("PlaneNet-based"), METHOD),
        (text.index("planenets"), METHOD),
    ]


def test_a_name_inside_a_longer_mention_stays_part_of_it() -> None:
    text = "COCO and COCO captioning"
    mentions = find(text, guess(text, "COCO", Dataset=1), guess(text, "COCO captioning", Task=2))
    assert seen(text, mentions) == [("COCO", DATASET), ("COCO captioning", TASK)]


# --- roles and scores --------------------------------------------------------------------------------


def test_a_thing_has_the_role_most_probable_over_its_mentions_that_its_type_can_have() -> None:
    text = "SOFT beats SOFT and SOFT"
    unsure = {Role.COMPARED: 0.5, Role.PROPOSED: 0.4, Role.MEASURED: 0.9}
    mentions = find(
        text,
        guess(text, "SOFT", 0, role=unsure, Method=1),
        guess(text, "SOFT", 1, role=unsure, Method=1),
        guess(text, "SOFT", 2, role={Role.PROPOSED: 0.9, Role.COMPARED: 0.05}, Method=1),
    )
    assert [mention.role for mention in mentions] == [Role.PROPOSED] * 3


def test_every_type_has_roles_that_the_vocabulary_knows() -> None:
    assert set(ROLES) == set(EntityType)
    assert {role for roles in ROLES.values() for role in roles} == set(Role)


def test_a_score_says_how_often_such_a_guess_holds() -> None:
    text = "We train PlaneNet. PlaneNet is small."
    meta = Meta(**{**{name: getattr(META, name) for name in META.__slots__}, "calibration": (2.0, -1.0)})
    mentions = find(text, guess(text, "PlaneNet", Method=1.5), meta=meta)
    assert [mention.score for mention in mentions] == [pytest.approx(1 / (1 + np.exp(-2.0)), abs=1e-4)] * 2


# --- coordination and trimming -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Kinetics-400/600", [("Kinetics-400", "Kinetics-400"), ("600", "Kinetics-600")]),
        (
            "Kinetics-400",
            [("Kinetics-400", "Kinetics-400"), ("600", "Kinetics-600"), ("700", "Kinetics-700")],
        ),
        ("Pi 3.5/3.7", [("Pi 3.5", "Pi 3.5"), ("3.7", "Pi 3.7")]),
        ("ImageNet-C/R", [("ImageNet-C", "ImageNet-C"), ("R", "ImageNet-R")]),
        ("ViT-B/16", [("ViT-B/16", "ViT-B/16")]),
        ("and/or nets", [("and/or nets", "and/or nets")]),
    ],
)
def test_a_coordinated_name_is_split(name: str, expected: list[tuple[str, str]]) -> None:
    text = f"tests on {name}/600/700 only" if name == "Kinetics-400" else f"tests on {name} only"
    mentions = find(text, guess(text, name, Dataset=1))
    assert [(text[mention.start : mention.end], mention.name) for mention in mentions] == expected


@pytest.mark.parametrize(
    ("name", "type_", "expected"),
    [
        ("the ImageNet dataset", DATASET, "ImageNet"),
        ("WMT data sets", DATASET, "WMT"),
        ("chat corpus", DATASET, "chat corpus"),
        ("Waymo Open Dataset", DATASET, "Waymo Open Dataset"),
        ("ImageNet dataset", TASK, "ImageNet dataset"),
        ("our method", METHOD, "method"),
    ],
)
def test_what_is_no_part_of_a_name_is_trimmed(name: str, type_: EntityType, expected: str) -> None:
    text = f"on {name} ."
    assert seen(text, find(text, guess(text, name, **{type_.value: 1.0}))) == [(expected, type_)]


def test_a_name_with_a_word_that_says_no_more_goes_by_the_name_alone() -> None:
    text = "a softmax function, the softmax, and a graph network"
    mentions = find(
        text,
        guess(text, "softmax function", Method=1),
        guess(text, "softmax", 1, Method=1),
        guess(text, "graph network", Method=1),
    )
    assert [(text[m.start : m.end], m.name) for m in mentions] == [
        ("softmax function", "softmax"),
        ("softmax", "softmax"),
        ("graph network", "graph network"),
    ]


# --- occurrences -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("GAN", "GANs, a GAN, gan, GAN-based, WGAN, GAN-2", ["GANs", "GAN", "GAN"]),
        ("GP", "GPS and GP and GPs", ["GP", "GPs"]),
        ("accuracy", "Accuracy, accuracies, inaccuracy", ["Accuracy", "accuracies"]),
        ("C++", "C++, C+++ and c++", ["C++", "C++"]),
        ("top-1 accuracy", "Top-1 accuracy; top 1 accuracy", ["Top-1 accuracy", "top 1 accuracy"]),
        ("π0", "π0 and π0.5", ["π0", "π0"]),
        ("", "anything", []),
        ("-", "a - b", []),
        ("İstanbul set", "the İSTANBUL SET", ["İSTANBUL SET"]),
    ],
)
def test_names_are_found_as_words_of_their_own(name: str, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sorted(occurrences(name, text, fold(text)))] == expected


@given(st.text(max_size=60))
def test_a_folded_text_is_as_long(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(max_size=12), st.text(max_size=40))
def test_occurrences_lie_inside_the_text_and_do_not_meet(name: str, text: str) -> None:
    found = sorted(occurrences(name, text, fold(text)))
    assert all(0 <= start < end <= len(text) for start, end in found)


@pytest.mark.parametrize(
    "name", ["a" * 50_000, "a-" * 25_000 + "1/2", "-" * 50_000 + "a", "a " * 25_000 + "dataset"]
)
def test_attacks_take_no_time(name: str) -> None:
    text = f"x {name} x"
    begun = time.process_time()
    find(text, guess(text, name, Dataset=1))
    assert time.process_time() - begun < 1


def test_the_order_of_equal_candidates_does_not_depend_on_where_a_text_begins() -> None:
    text = "alpha net and beta net"
    guesses = [
        guess(text, "alpha net", Method=1),
        guess(text, "beta net", Method=1),
        guess(text, "net and beta", Task=1),
    ]
    shifted = [(start + 7, end + 7, scores, roles) for start, end, scores, roles in guesses]
    alone = find(text, *guesses)
    moved = find(f"First. {text}", *shifted)
    assert [(m.start + 7, m.end + 7, m.type) for m in alone] == [(m.start, m.end, m.type) for m in moved]
