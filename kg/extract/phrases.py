"""Terms in a text: phrases whose last word tells what kind of thing they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.candidates import Candidate, Reading
from kg.extract.context import PROPOSES
from kg.extract.lexicon import lexicon, singular, word_set
from kg.extract.names import Name
from kg.extract.terms import runs
from kg.vocab import EntityType

_DATA = (EntityType.DATASET, EntityType.BENCHMARK)
_TASK_WORD = re.compile(r"\s(?:tasks?|problems?)\b")
_DIGIT = re.compile(r"\d")
_NEAR = 60
_LONGEST_TERM = 6
_LONGEST_TITLE = 500
_FAR = 5000  # how far from a phrase its repetition is looked for, in characters


@dataclass(frozen=True, slots=True)
class _Head:
    """How often a phrase with such a last word is a term of this type, and what changes that.

    Counted on annotated abstracts: `alone` where nothing else is known; the rest is added where the phrase
    stands in the title or again in the text, follows "a", "the" or a word that points back ("our"), or has
    a hyphen.
    """

    section: str
    type: EntityType
    alone: float
    title: float
    again: float
    a: float
    the: float
    back: float
    hyphen: float

    @property
    def is_weak(self) -> bool:
        """Whether the last word alone proves little."""
        return self.section.endswith("-weak")


_HEADS = (
    _Head("method", EntityType.METHOD, 0.52, 0.18, 0.12, 0.15, -0.06, -0.25, 0.05),
    _Head("task", EntityType.TASK, 0.56, 0.18, 0.27, -0.2, -0.15, -0.2, 0.05),
    _Head("metric", EntityType.METRIC, 0.35, 0.2, 0.24, 0.0, 0.05, -0.1, 0.05),
    _Head("concept", EntityType.CONCEPT, 0.5, 0.1, 0.1, 0.0, 0.0, -0.1, 0.05),
    _Head("method-weak", EntityType.METHOD, 0.2, 0.2, 0.18, 0.1, -0.04, -0.12, 0.15),
    _Head("task-weak", EntityType.TASK, 0.21, 0.25, 0.27, -0.05, 0.0, -0.1, 0.15),
    _Head("metric-weak", EntityType.METRIC, 0.13, 0.1, 0.1, 0.0, 0.0, -0.1, 0.15),
)
# "matching" after "for" is what is done, after "via" how.
_EITHER = _Head("either", EntityType.TASK, 0.35, 0.15, 0.1, -0.1, -0.1, -0.1, 0.05)
_AIMS = word_set("as for in of on")
_MEANS = word_set("adopt by employ leverage through use uses using via with")
_BACK = word_set("each its our proposed same such their these this those")


def find_phrases(reading: Reading, names: Sequence[Name], threshold: float) -> Iterator[Candidate]:
    """Terms of a text, each with a score; may overlap with names."""
    name_at = {index: name for name in names for index in range(name.first, name.last)}
    for first, last in runs(reading.words):
        yield from _terms_of_run(reading, first, last, name_at, threshold)


def _terms_of_run(
    reading: Reading, first: int, last: int, name_at: dict[int, Name], threshold: float
) -> Iterator[Candidate]:
    words = reading.words
    start = first
    while start < last and _is_plain_opening(reading, start, name_at):
        start += 1
    name = name_at.get(start)
    if name and name.votes and name.votes.winner() in _DATA:
        start = name.last  # "COCO object detection" is two things
    taken = start
    if start < last and last - start <= _LONGEST_TERM + 1:
        for end in range(last, start, -1):
            candidate = _term(reading, start, end, name_at)
            if candidate and candidate.score >= threshold:
                yield candidate
                taken = end
                break
            if not _may_be_cut(words[end - 1].lower):
                break
    # Well-known terms inside what was not taken whole.
    for index in range(taken, last):
        found = reading.known.get(index)
        if found and found[0] <= last and index not in name_at and (found[1].sure or found[0] - index > 1):
            yield Candidate(index, found[0], found[1].type, 0.6)


def _is_plain_opening(reading: Reading, index: int, name_at: dict[int, Name]) -> bool:
    word = reading.words[index]
    if index in name_at or index in reading.known:
        return False
    return word.number or lexicon().has("plain-adjective", word.lower)


def _may_be_cut(word: str) -> bool:
    return lexicon().has("plain-noun", word) or lexicon().has("method-weak", word)


def _term(reading: Reading, first: int, last: int, name_at: dict[int, Name]) -> Candidate | None:
    """The term words `first` to `last` (excluded) are, if their last word makes them one."""
    words = reading.words
    known = reading.known.get(first)
    if known and known[0] == last and known[1].sure:
        return Candidate(first, last, known[1].type, 0.8)
    head = singular(words[last - 1].lower)
    if last - first == 1:
        return _single(reading, first, head)
    kind = None if last - 1 in name_at else _kind(reading, first, head)
    if kind is None:
        return None
    score = kind.alone + _context(reading, first, last, kind)
    if last - first > 3:
        score -= 0.25 if last - first > 4 else 0.12
    if any("-" in word.text for word in words[first : last - 1]):
        score += kind.hyphen
    if any(index in name_at for index in range(first, last)):
        score += 0.05
    if kind.is_weak and PROPOSES.search(reading.before(first, 8)):
        score += 0.1
    return Candidate(first, last, kind.type, max(0.05, min(score, 0.95)))


def _kind(reading: Reading, first: int, head: str) -> _Head | None:
    for kind in _HEADS:
        if lexicon().has(kind.section, head):
            either = kind.type is EntityType.METHOD and lexicon().has("either", head)
            return _EITHER if either and _preposition(reading, first) in _AIMS else kind
    return None


def _preposition(reading: Reading, first: int) -> str:
    """The word before a phrase, or before its article."""
    words = reading.words
    index = first
    for _ in range(3):
        if index == 0 or words[index].opening or not words[index].joined:
            return ""
        index -= 1
        if words[index].lower not in {"a", "an", "the"} and not lexicon().has(
            "plain-adjective", words[index].lower
        ):
            return words[index].lower
    return ""


def _context(reading: Reading, first: int, last: int, kind: _Head) -> float:
    """What title, repetition, the words before and a number nearby add to the score."""
    phrase = reading.slice(first, last).lower().removesuffix("s")
    start, end = reading.words[first].start, reading.words[last - 1].end
    score = 0.0
    if reading.lower.find(phrase, 0, min(reading.title_end, _LONGEST_TITLE)) >= 0:
        score += kind.title
    elif (
        reading.lower.find(phrase, max(0, start - _FAR), start) >= 0
        or reading.lower.find(phrase, end, end + _FAR) >= 0
    ):
        score += kind.again
    before = reading.words[first - 1].lower if first and not reading.words[first].opening else ""
    if before in {"a", "an"}:
        score += kind.a
    elif before == "the":
        score += kind.the
    elif before in _BACK:
        score += kind.back
    preposition = _preposition(reading, first)
    if kind.type is EntityType.TASK:
        score += 0.2 if preposition in _AIMS else -0.15 if preposition in _MEANS else 0.0
    elif kind.type is EntityType.METHOD and preposition in _MEANS:
        score += 0.2
    elif kind.type is EntityType.METRIC and _is_near_number(reading, first, last):
        score += 0.25
    return score


def _single(reading: Reading, index: int, head: str) -> Candidate | None:
    """A single word that is a term only beside others: a number, "task"."""
    known = reading.known.get(index)
    entity_type = known[1].type if known and known[0] == index + 1 else None
    if entity_type is EntityType.METRIC or lexicon().has("metric", head):
        is_metric = _is_near_number(reading, index, index + 1)
        return Candidate(index, index + 1, EntityType.METRIC, 0.6) if is_metric else None
    if entity_type is EntityType.TASK or lexicon().has("task", head):
        is_task = _TASK_WORD.match(reading.text, reading.words[index].end)
        return Candidate(index, index + 1, EntityType.TASK, 0.45) if is_task else None
    return None


def _is_near_number(reading: Reading, first: int, last: int) -> bool:
    start, end = reading.words[first].start - _NEAR, reading.words[last - 1].end + _NEAR
    return _DIGIT.search(reading.text, max(0, start), end) is not None
