"""kg_measurements: the numbers a paper states, and the mentions each is about.

Takes a Doc with sentences and mentions (`doc.spans["kg"]`, however found) and writes
`doc._.kg_measurements`: dicts with `start`, `end` (characters of number, sign and unit), `value`,
`unit`, `kind`, the mentions `method`, `dataset`, `metric`, `task`, `baseline` (each an index into
`doc.spans["kg"]`, or None), `score`, `extractor`; in order of start. Mentions are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.clauses import DATASETS, METHODS, METRICS, TASKS, Clause, Name, clauses, main_method
from kg.extract.extensions import register
from kg.extract.numbers import Number, find_numbers
from kg.model import EntityType, ResultKind, Role

EXTRACTOR = "kg_measurements"

_RANGE = re.compile(r"\s*(?:to|[-–—]{1,2}|~|∼)\s*")
_VERSUS = re.compile(r"\b(?:vs\.?|versus|compared\s(?:to|with)|than)\s(?:(?:only|just|about)\s)?$")
_VERSUS_WORD = re.compile(r"\b(?:over|than|compared|against|versus|vs|relative|to|of|above|behind)\b")
_FOR = re.compile(r"\s?(?:[\w-]+\s){0,4}for\s(?:the\s)?")
# Between numbers of one list that have words of their own: `3.8 AP50 and 2.2 AP`.
_CHAINED = re.compile(r"(?:\s?[\w@-]+(?:\s[\w@-]+){0,3})?\s?(?:,\s?and|,|and)\s(?:by\s|up to\s|an?\s)?")
# What parts one statement of a sentence from the next.
_BREAK = re.compile(r"[;:]|,\s(?:and\s|while\s|whereas\s|but\s)?(?:on|for|in|with)\s")
_LOOSE = re.compile(
    r"[,;:]|\b(?:and|while|but|with|at|on|for|than|over|compared|versus|vs|using|when|under|across)\b"
)
# Numbers with these units are results wherever they stand; others need a measure named beside them.
_TELLING_UNITS = frozenset(
    {"%", "x", "points", "percentage points", "orders of magnitude", "FPS", "ms", "dB"}
)


@Language.factory("kg_measurements", assigns=["doc._.kg_measurements"], requires=["doc.sents"])
def make_measurements(nlp: Language, name: str) -> Measurements:  # noqa: ARG001
    """The component for a pipeline."""
    return Measurements()


class Measurements:
    """Finds results by rules."""

    def __init__(self) -> None:
        register()

    def __call__(self, doc: Doc) -> Doc:
        """Write the results into `doc._.kg_measurements`."""
        doc._.kg_measurements = list(_Linker(clauses(doc)).measurements())
        return doc


@dataclass(frozen=True, slots=True)
class _Run:
    """Numbers enumerated together, and where the text that can speak of them starts and ends."""

    numbers: tuple[Number, ...]
    floor: int
    stop: int

    @property
    def start(self) -> int:
        return self.numbers[0].start

    @property
    def end(self) -> int:
        return self.numbers[-1].end


class _Linker:
    """Links the numbers of one paper, sentence after sentence."""

    def __init__(self, sentences: Sequence[Clause]) -> None:
        self._sentences = sentences
        names = [name for sentence in sentences for name in sentence.names]
        self._main = main_method(names)
        tested = {name.key: name for name in reversed(names) if _is_tested(name)}
        self._only_dataset = next(iter(tested.values())) if len(tested) == 1 else None

    def measurements(self) -> Iterator[dict[str, Any]]:
        previous: Clause | None = None
        for sentence in self._sentences:
            runs = _runs(sentence)
            for run in runs:
                shared = _paired(sentence, run, DATASETS) or _chained(sentence, runs, run)
                datasets = shared or [self._dataset(sentence, run, previous)] * len(run.numbers)
                yield from self._link(sentence, run, datasets)
            previous = sentence

    def _link(self, sentence: Clause, run: _Run, datasets: list[Name | None]) -> Iterator[dict[str, Any]]:
        count = len(run.numbers)
        metrics = _paired(sentence, run, METRICS) or [_metric(sentence, run)] * count
        tasks = _paired(sentence, run, TASKS) or [_nearest(sentence.of(TASKS), run)] * count
        methods, baselines = self._methods(sentence, run)
        for number, metric, dataset, task, method, baseline in zip(
            run.numbers, metrics, datasets, tasks, methods, baselines, strict=True
        ):
            if not _is_result(sentence, number, metric):
                continue
            yield {
                "start": sentence.start + number.start,
                "end": sentence.start + number.end,
                "value": number.value,
                "unit": number.unit,
                "kind": number.kind.value,
                "method": _index(method),
                "dataset": _index(dataset),
                "metric": _index(metric),
                "task": _index(task),
                "baseline": _index(baseline),
                "score": _score(number, metric),
                "extractor": EXTRACTOR,
            }

    def _dataset(self, sentence: Clause, run: _Run, previous: Clause | None) -> Name | None:
        names = sentence.of(DATASETS)
        after = [name for name in names if run.end <= name.start < run.stop]
        if after and not _BREAK.search(sentence.text, run.end, after[0].start):
            return after[0]
        if run.numbers[0].unit == "x":  # factors of size and speed are seldom said of one data set
            return None
        before = [listed for listed in sentence.enumerations(DATASETS) if listed[-1].end <= run.start]
        if before:
            return before[-1][0] if len(before[-1]) == 1 else None
        if names or run.numbers[0].kind is ResultKind.DELTA:
            return names[0] if names and names[0].start >= run.end else None
        return self._dataset_of_context(previous)

    def _dataset_of_context(self, previous: Clause | None) -> Name | None:
        """The one data set of the sentence before, or of the paper."""
        earlier = {name.key: name for name in (previous.of(DATASETS) if previous else ())}
        if not earlier:
            return self._only_dataset
        only = next(iter(earlier.values()))
        return only if len(earlier) == 1 and _is_tested(only) else None

    def _methods(self, sentence: Clause, run: _Run) -> tuple[list[Name | None], list[Name | None]]:
        """Of each number of a run the method measured, and the baseline it is measured against."""
        count = len(run.numbers)
        bracketed = _before_bracket(sentence, run)
        rivals = sentence.rivals()
        subject = sentence.subject_before(run.start) or self._main
        if run.numbers[0].kind is ResultKind.DELTA:
            of = _named_for(sentence, run)
            if of is not None and of.role == Role.PROPOSED:
                subject, of = of, None
            against = bracketed or of or _rival(sentence, rivals, run)
            return [subject] * count, _paired(sentence, run, METHODS, rivals) or [against] * count
        if bracketed is not None:
            return [bracketed] * count, [None] * count
        if _VERSUS.search(sentence.text, run.floor, run.start):
            return [_named_for(sentence, run)] * count, [None] * count
        methods = _paired(sentence, run, METHODS) or [subject] * count
        if _is_change(sentence, run):
            methods[0] = _nearest(rivals, run)
        return methods, [None] * count


def _runs(sentence: Clause) -> list[_Run]:
    taken = [(name.start, name.end) for name in sentence.names if name.type not in METRICS]
    numbers = find_numbers(sentence.text, taken)
    groups = [tuple(group) for _, group in groupby(numbers, key=attrgetter("series"))]
    floors = [0, *(group[-1].end for group in groups)]
    stops = [*(group[0].start for group in groups[1:]), len(sentence.text)]
    return [_Run(group, floor, stop) for group, floor, stop in zip(groups, floors, stops, strict=False)]


def _is_tested(name: Name) -> bool:
    return name.type in DATASETS and name.role in {Role.EVALUATED_ON, Role.PROPOSED, ""}


def _index(name: Name | None) -> int | None:
    return name.index if name else None


def _paired(
    sentence: Clause, run: _Run, types: frozenset[EntityType], among: Sequence[Name] | None = None
) -> list[Name | None] | None:
    """The names that go with the numbers of a run one by one, where as many are enumerated."""
    numbers = run.numbers
    ranges = any(_RANGE.fullmatch(sentence.text, left.end, right.start) for left, right in pairwise(numbers))
    if len(numbers) == 1 or ranges:
        return None
    lists = sentence.enumerations(types)
    if among is not None:
        lists = [names for names in lists if all(name in among for name in names)]
    fitting = [names for names in lists if len(names) == len(numbers)]
    after = [names for names in fitting if names[0].start >= run.end]
    if fitting:
        return list(after[0] if after else fitting[-1])
    if among is not None:
        return None
    distinct = list({name.key: name for name in sentence.of(types)}.values())
    return list(distinct) if len(distinct) == len(numbers) else None


def _chained(sentence: Clause, runs: Sequence[_Run], run: _Run) -> list[Name | None] | None:
    """The data set of a number in `3.8 AP50 and 2.2 AP on COCO and LVIS`."""
    first = last = runs.index(run)
    while first > 0 and _is_chained(sentence, runs[first - 1], runs[first]):
        first -= 1
    while last + 1 < len(runs) and _is_chained(sentence, runs[last], runs[last + 1]):
        last += 1
    for names in sentence.enumerations(DATASETS) if last > first else ():
        if len(names) == last - first + 1 and runs[last].end <= names[0].start < runs[last].stop:
            return [names[runs.index(run) - first]]
    return None


def _is_chained(sentence: Clause, left: _Run, right: _Run) -> bool:
    gap = sentence.text[left.end : right.start]
    single = len(left.numbers) == len(right.numbers) == 1
    return single and len(gap) <= 60 and bool(_CHAINED.fullmatch(gap))


def _nearest(names: Sequence[Name], run: _Run) -> Name | None:
    after = [name for name in names if run.end <= name.start < run.stop]
    before = [name for name in names if name.end <= run.start]
    return after[0] if after else before[-1] if before else None


def _metric(sentence: Clause, run: _Run) -> Name | None:
    names = sentence.of(METRICS)
    after = [name for name in names if run.numbers[-1].start < name.start < run.stop]
    if after and not _LOOSE.search(sentence.text, run.end, max(after[0].start, run.end)):
        return after[0]
    before = [name for name in names if name.end <= run.start]
    if before:
        return before[-1]
    return after[0] if after else None


def _before_bracket(sentence: Clause, run: _Run) -> Name | None:
    """The method a bracket around the numbers follows: `ResNet (76.1%)`."""
    opened = sentence.text.rfind("(", 0, run.start)
    if opened < 0 or ")" in sentence.text[opened : run.start]:
        return None
    before = [name for name in sentence.of(METHODS) if name.end <= opened]
    words = sentence.text[before[-1].end : opened].split() if before else ["none"]
    return before[-1] if not words or words in (["model"], ["baseline"], ["method"]) else None


def _named_for(sentence: Clause, run: _Run) -> Name | None:
    """The method of `+1.2% for ResNet`."""
    after = [name for name in sentence.of(METHODS) if run.end <= name.start < run.stop]
    return after[0] if after and _FOR.fullmatch(sentence.text, run.end, after[0].start) else None


def _is_change(sentence: Clause, run: _Run) -> bool:
    """Whether the first number of a run is where a change starts: `from 59.4% to 71.2%`, `73.5 -> 75.2`."""
    before, between = sentence.text[run.floor : run.start], sentence.text[run.end : run.stop]
    two = len(run.numbers) == 2
    if two and sentence.text[run.numbers[0].end : run.numbers[1].start].strip() in {"->", "→"}:
        return True
    started = re.search(r"\bfrom\s[~≈]?$", before) and not re.search(r"\brang\w+\sfrom\s", before)
    return bool(started) and (two or " to " in between)


def _rival(sentence: Clause, rivals: Sequence[Name], run: _Run) -> Name | None:
    after = [name for name in rivals if run.end <= name.start < run.stop]
    if after and _VERSUS_WORD.search(sentence.text[run.end : after[0].start]):
        return after[0]
    before = [name for name in rivals if name.end <= run.start]
    return before[-1] if before else None


def _score(number: Number, metric: Name | None) -> float:
    """The share of such numbers that were results among the annotated papers this was written on."""
    if number.unit in {"K", "M", "B", "G", "T"}:
        return 0.6
    if metric is not None:
        return 0.9
    return 0.85 if number.kind is ResultKind.DELTA else 0.55


def _is_result(sentence: Clause, number: Number, metric: Name | None) -> bool:
    """Whether a number measures something: bare counts (`20 languages`, `7B`) need a measure beside them."""
    if number.unit in _TELLING_UNITS:
        return True
    if number.unit is None and "." in sentence.text[number.start : number.end]:
        return True
    if metric is None:
        return False
    gap = sentence.text[min(number.end, metric.end) : max(number.start, metric.start)]
    return len(gap.split()) <= 4 and not _LOOSE.search(gap)
