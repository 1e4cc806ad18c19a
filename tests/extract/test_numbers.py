"""Numbers in sentences: what is a result, its value, sign and unit."""

from __future__ import annotations

from time import process_time

import pytest

from kg.extract.numbers import find_numbers


def _found(sentence: str) -> list[tuple[float, str | None, str]]:
    return [(number.value, number.unit, number.kind.value) for number in find_numbers(sentence)]


VALUES = [
    ("The detector reaches an mAP of 49.8.", [(49.8, None)]),
    ("It gets 49.8 AP and runs at 31 FPS.", [(49.8, None), (31.0, "FPS")]),
    ("The large one scores 82.9%/85.2% top-1 accuracy.", [(82.9, "%"), (85.2, "%")]),
    ("They obtain 82.8%, 84.2%, and 84.6% in turn.", [(82.8, "%"), (84.2, "%"), (84.6, "%")]),
    ("Accuracy rises from 59.4% to 79.8%.", [(59.4, "%"), (79.8, "%")]),
    ("Error falls from 12.1 to 9.7.", [(12.1, None), (9.7, None)]),
    ("We see between 70 and 80 percent agreement.", [(70.0, "%"), (80.0, "%")]),
    ("The correlation is as low as -.76.", [(-0.76, None)]),
    ("AUC=0.950+/-0.011 on the first cohort.", [(0.95, None)]),
    ("A frame takes 17.5 ms and 1.2 GB of memory.", [(17.5, "ms"), (1.2, "GB")]),
    ("Only 1/4 of the weights are kept.", [(0.25, None)]),
    ("The corpus costs 12,500 dollars at 0.3 points.", [(12500.0, None), (0.3, "points")]),
    ("The tower holds 563M weights.", [(563.0, "M")]),
]


@pytest.mark.parametrize(("sentence", "expected"), VALUES)
def test_values_reached_are_absolute(sentence: str, expected: list[tuple[float, str | None]]) -> None:
    assert _found(sentence) == [(value, unit, "absolute") for value, unit in expected]


DIFFERENCES = [
    ("It improves recall by 5.7%, 2.2%, and 2.3%.", [(5.7, "%"), (2.2, "%"), (2.3, "%")]),
    ("We gain +1.2% for the small model.", [(1.2, "%")]),
    ("This is an increase of 1.0% in accuracy.", [(1.0, "%")]),
    ("It outperforms the teacher by 3.6 points.", [(3.6, "points")]),
    ("It is ahead by 2.1 percentage points.", [(2.1, "percentage points")]),
    ("It needs 3.2 times fewer steps.", [(-3.2, "x")]),
    ("It is 2x larger.", [(2.0, "x")]),
    ("Inference runs 6.1× faster.", [(6.1, "x")]),
    ("We report a 19.7-fold reduction in error.", [(-19.7, "x")]),
    ("With 35%/52% fewer parameters it does as well.", [(-35.0, "%"), (-52.0, "%")]),
    ("The cache shortens prompts by up to 20%.", [(-20.0, "%")]),
    ("Latency drops by 41.3%.", [(-41.3, "%")]),
    ("The gap narrows by a mere -0.4%.", [(-0.4, "%")]),
    ("It is two orders of magnitude faster.", [(100.0, "x")]),
    ("We show an order of magnitude speedup.", [(10.0, "x")]),
    (
        "Training is 2-3 orders of magnitude cheaper.",
        [(-2.0, "orders of magnitude"), (-3.0, "orders of magnitude")],
    ),
    ("It is twice as fast and three times smaller.", [(2.0, "x"), (-3.0, "x")]),
    ("The mean speedup is x17.7.", [(17.7, "x")]),
    ("Tuning adds +1.5-2.8% on top.", [(1.5, "%"), (2.8, "%")]),
    ("It beats A by 7.4% and even 5.3% over B.", [(7.4, "%"), (5.3, "%")]),
    ("Gains are 8.5-10.5% higher than before.", [(8.5, "%"), (10.5, "%")]),
    ("It lifts the score by 3.1% 4.6% and 2.2%.", [(3.1, "%"), (4.6, "%"), (2.2, "%")]),
]


@pytest.mark.parametrize(("sentence", "expected"), DIFFERENCES)
def test_differences_carry_their_direction_as_a_sign(
    sentence: str, expected: list[tuple[float, str | None]]
) -> None:
    found = [(value, unit) for value, unit, kind in _found(sentence) if kind == "delta"]
    assert found == expected


def test_both_kinds_stand_side_by_side() -> None:
    sentence = "It reaches 53.6% PQ, ahead of the rival by 9.3%, and cuts memory from 12 GB to 8 GB."
    assert _found(sentence) == [
        (53.6, "%", "absolute"),
        (9.3, "%", "delta"),
        (12.0, "GB", "absolute"),
        (8.0, "GB", "absolute"),
    ]


def test_a_change_in_brackets_is_two_values() -> None:
    assert _found("Heads add 1.7 AP (73.5 to 75.2).")[1:] == [
        (73.5, None, "absolute"),
        (75.2, None, "absolute"),
    ]


NOT_RESULTS = [
    "We present a 3D backbone with ResNet-18 and ResNet-101-FPN.",
    "Trained on Kinetics-400/600, CIFAR-10/100 and ImageNet-1K, unlike YOLOv8 and GPT-4.",
    "Earlier work [36] and [12, 14–16] agree.",
    "A study of 2019 and one from 2021-2023 disagree.",
    "See Section 4.2, Table 3 and Fig. 2.",
    "There are two steps: 1) pruning and 2) tuning; (3) comes later.",
    "Top-1 and Rank-1 are reported, with AP50 and F1.",
    "Images of 224x224 or 640 × 480 × 3 pixels.",
    "It follows arXiv:2110.11945 and https://example.org/v1/100%25.",
    "The 2nd place went to the 1st entry.",
    "The effect is clear (p < 0.001, P-value=0.04).",
    "We release version 2.1.3 of the tool.",
    "We use Llama 3.1 and MultiWOZ 2.1 on RTX 3090 cards.",
    "With 5-fold cross-validation and 4-bit weights.",
    "We repeat it five times with 1% labeled data.",
    "The state x0 and the norm L2 are fixed.",
    "A ratio of 3:1 holds.",
    "The key is " + "7" * 400 + ".",
]


@pytest.mark.parametrize("sentence", NOT_RESULTS)
def test_numbers_of_names_places_and_setups_are_left_out(sentence: str) -> None:
    assert _found(sentence) == []


def test_digits_of_given_names_are_left_out() -> None:
    sentence = "We get 71% on Laptop 14 and 78% on Dinner 15."
    names = [(sentence.index(name), sentence.index(name) + 9) for name in ("Laptop 14", "Dinner 15")]
    assert [number.value for number in find_numbers(sentence, names)] == [71.0, 78.0]


def test_a_threshold_is_no_result() -> None:
    assert _found("It has a PCK 0.25 of 0.73 and doubles the TNR at 95% TPR.") == [(0.73, None, "absolute")]


def test_spans_cover_sign_number_and_unit() -> None:
    sentence = "We gain +1.2 % here, 0.13±0.02 mm there and x17.7 elsewhere."
    spans = [sentence[number.start : number.end] for number in find_numbers(sentence)]
    assert spans == ["+1.2 %", "0.13±0.02 mm", "x17.7"]


def test_numbers_of_one_enumeration_share_a_series() -> None:
    numbers = find_numbers("We reach 70.1%, 71.2% and 72.3% here, then 80.4% and 81.5% there.")
    assert [number.series for number in numbers] == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    "attack",
    [
        "1" * 100_000,
        "1," * 50_000,
        "1.1." * 25_000,
        "1 x " * 25_000,
        "by " * 33_000 + "5%",
        "[1," * 33_000,
        "(" * 100_000,
        "5% and " * 14_000,
        " " * 100_000 + "5%" + " " * 100_000,
        "-" * 100_000 + "5",
        "reduc" * 20_000 + " by 5%",
        "https://" + "a1" * 50_000,
    ],
    ids=lambda attack: attack[:12],
)
def test_long_hostile_text_takes_linear_time(attack: str) -> None:
    start = process_time()
    find_numbers(attack)
    # A quadratic pattern needs minutes here; the bound leaves room for a slow machine.
    assert process_time() - start < 20
