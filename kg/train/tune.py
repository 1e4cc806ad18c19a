"""Thresholds and calibration of a model, from annotated papers it has not seen."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from kg.evaluate import Evaluation, evaluate
from kg.evaluate.annotations import parse
from kg.evaluate.matching import match_entities
from kg.extract.abbreviations import find_abbreviations
from kg.extract.encoder import Candidates, Encoder, Meta
from kg.extract.sentences import sentence_starts
from kg.extract.spans import Found, find_mentions
from kg.model import EntityType, Extraction, Mention, Paper, Section, TextSpan
from kg.records import extraction_to_record
from kg.resolve import group_mentions
from kg.train.data import AnnotatedText

LEVELS = (-2.0, -1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0, 1.5, 2.0)
"""The thresholds that are tried."""

# F1 that moving a threshold by 1 has to gain.
_COST = 0.003
_ROUNDS = 2
_LOWEST = 1e-4
_STEPS = 30

Row = dict[str, Any]
Text = tuple[str, str, Candidates, Sequence[tuple[str, str]]]


def tune(encoder: Encoder, dev: Sequence[AnnotatedText]) -> tuple[Meta, Evaluation]:
    """What a model is to be told for the best F1, and what it reaches with it.

    Thresholds rise or fall together first, then one by one, as long as F1 over all types but Concept gains,
    that of Concept for its own. Types that stand in few papers are not to go far from the others by chance,
    so every move away from the common level has to pay.
    """
    meta = replace(encoder.meta, thresholds=(LEVELS[0],) * len(encoder.meta.types))
    generous = Encoder({**encoder.files(), "meta.json": json.dumps(meta.to_record()).encode()})
    texts: list[Text] = [
        (paper.annotation.id, paper.text, generous.read(paper.text), _abbreviations(paper.text))
        for paper in dev
    ]
    gold = [dict(paper.annotation.row or {}) for paper in dev]

    def reached(thresholds: tuple[float, ...], of: EntityType | None, common: float = 0.0) -> float:
        result = _evaluated(gold, texts, replace(meta, thresholds=thresholds))
        score = result.entities[of] if of is EntityType.CONCEPT else result.all_but_concept
        return round((score.f1 or 0.0) - _COST * sum(abs(threshold - common) for threshold in thresholds), 6)

    types = len(meta.types)
    together = [reached((level,) * types, None, level) for level in LEVELS]
    # The best of the levels whose neighbours are good, too: near its top F1 is flat, and its peak chance.
    smooth = np.convolve(np.pad(together, 1, mode="edge"), np.ones(3) / 3, mode="valid")
    common = LEVELS[int(smooth.argmax())]
    best = (common,) * types
    for _ in range(_ROUNDS):
        for index, entity_type in enumerate(meta.types):
            tried = [(*best[:index], level, *best[index + 1 :]) for level in LEVELS]
            best = max(tried, key=lambda thresholds: reached(thresholds, entity_type, common))
    meta = replace(meta, thresholds=best)
    meta = replace(meta, calibration=_calibration(gold, texts, meta), checksums={})
    return meta, _evaluated(gold, texts, meta)


def _evaluated(gold: Sequence[Row], texts: Sequence[Text], meta: Meta) -> Evaluation:
    return evaluate(gold, _predicted(texts, meta))


def _predicted(texts: Sequence[Text], meta: Meta) -> list[Row]:
    """What the pipeline would say of some papers."""
    rows = []
    for identifier, text, candidates, abbreviations in texts:
        mentions = (_mention(found, text) for found in find_mentions(text, candidates, abbreviations, meta))
        extraction = Extraction(paper=Paper(id=identifier, abstract=text), mentions=tuple(mentions))
        rows.append(extraction_to_record(extraction, group_mentions(extraction)))
    return rows


def _mention(found: Found, text: str) -> Mention:
    return Mention(
        span=TextSpan(Section.ABSTRACT, found.start, found.end, text[found.start : found.end]),
        type=found.type,
        name=found.name,
        role=found.role,
        long_form=found.long_form or None,
        score=found.score,
        extractor="tune",
    )


def _abbreviations(text: str) -> list[tuple[str, str]]:
    """Short and full forms, as `kg_abbreviations` finds them."""
    bounds = pairwise([*sentence_starts(text), len(text)])
    sentences = [text[start:end] for start, end in bounds]
    return [
        (sentence[a:b], sentence[c:d])
        for sentence in sentences
        for a, b, c, d in find_abbreviations(sentence)
    ]


def _calibration(gold: Sequence[Row], texts: Sequence[Text], meta: Meta) -> tuple[float, float]:
    """Scale and shift that make scores say how often entities are right: Platt (1999), by Newton's method."""
    margins, right = [], []
    for truth, row in zip(gold, _predicted(texts, replace(meta, calibration=(1.0, 0.0))), strict=True):
        expected, entities = parse(truth).entities, parse(row).entities
        owners = {other: index for index, other in match_entities(expected, entities).items()}
        for index, entity in enumerate(row["entities"]):
            owner = owners.get(index)
            if owner is None or expected[owner].required:
                score = min(max(entity["score"], _LOWEST), 1 - _LOWEST)
                margins.append(math.log(score / (1 - score)))
                right.append(float(owner is not None))
    points, answers = np.column_stack([margins, np.ones(len(margins))]), np.array(right)
    weights = np.array([1.0, 0.0])
    for _ in range(_STEPS if len(margins) > 1 else 0):
        chance = 1 / (1 + np.exp(-points @ weights))
        # A little weight on the start keeps a handful of answers from driving it to infinity.
        slope = points.T @ (chance - answers) + weights - (1.0, 0.0)
        curvature = (points * (chance * (1 - chance))[:, None]).T @ points + np.eye(2)
        weights -= np.linalg.solve(curvature, slope)
    return round(float(weights[0]), 4), round(float(weights[1]), 4)
