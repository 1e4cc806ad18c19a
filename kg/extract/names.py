"""Names in a text: words written like names, each with what speaks for its type."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.extract.candidates import Reading
from kg.extract.context import TypeVotes, context_votes, own_votes, type_after
from kg.extract.lexicon import lexicon
from kg.extract.shapes import has_name_shape
from kg.extract.terms import runs
from kg.vocab import EntityType

_JOINT = re.compile(
    r"[\s\"'”)]*(?:,|/|&|\band\b|\bor\b|,\s*(?:and|or)\b|\bas well as\b|,\s*as well as\b)[\s\"'“]*"
    r"(?:(?:on|the|both)\s+){0,2}",
    re.I,
)
_BEFORE_COLON = re.compile(r"[^:]{2,60}?(?=:\s)")
_OF_DATA = re.compile(r"\b(?:benchmark|dataset|data set|corpus|benchmarking)\b", re.I)
_NUMBERED = re.compile(r"(.*[^\W\d_][-‐ ]?)(\d+|[A-Z])")
_FOR_SHORT = re.compile(r",? \(?(?:or|called|namely|dubbed|abbreviated as) ([\w+-]+),? (?:for|in) short\b")
_APPOSITION = re.compile(r", an? ")
_LONGEST_TITLE = 500
_LONGEST_NUMBER = 5


@dataclass(slots=True)
class Name:
    """Words that make a name, with what the text says of its type.

    `weak` is a single capitalised word, which is a name only where something says so.
    """

    first: int
    last: int
    weak: bool
    votes: TypeVotes = field(default_factory=TypeVotes)


def find_names(reading: Reading) -> list[Name]:
    """The names of a text in order of place. Names in one enumeration are taken to be of one type."""
    names = list(_title_name(reading))
    opened = names[0].last if names else 0
    for first, last in runs(reading.words):
        if last > opened:
            names += _names_of_run(reading, max(first, opened), last)
    for group in _lists(reading, names):
        shared = TypeVotes()
        for name in group:
            own = own_votes(reading, name.first, name.last)
            name.votes.join(own)
            shared.join(own)
        context = context_votes(reading, group[0].first)
        for name in group:
            name.votes.join(context)
            if len(group) > 1 and shared.most > 1.0:
                name.votes.add(shared.winner(), 1.0)
    return names


def find_variants(reading: Reading, names: Sequence[Name]) -> Iterator[tuple[int, int, str, EntityType]]:
    """Names given by their last part alone, "600" in "Kinetics-400/600": characters, whole name, type."""
    for name in names:
        stem = _NUMBERED.fullmatch(reading.slice(name.first, name.last))
        if not stem or not name.votes:
            continue
        end = reading.words[name.last - 1].end
        for word in reading.words[name.last :]:
            if reading.text[end : word.start] != "/" or not _is_alike(word.text, stem[2]):
                break
            yield word.start, word.end, stem[1] + word.text, name.votes.winner()
            end = word.end


def find_short_names(reading: Reading) -> Iterator[tuple[str, str]]:
    """Names given "for short" with the term before them: "Inception Transformer, or iFormer for short"."""
    for match in _FOR_SHORT.finditer(reading.text):
        last = bisect_right(reading.words, match.start(), key=lambda word: word.end)
        first = last
        while (
            first > 0
            and not reading.words[first - 1].bound
            and (first == last or reading.words[first].joined)
        ):
            first -= 1
        while first < last and lexicon().has("plain-adjective", reading.words[first].lower):
            first += 1
        if first < last and reading.words[last - 1].end == match.start() and has_name_shape(match[1]):
            yield match[1], reading.slice(first, last)


def _is_alike(part: str, other: str) -> bool:
    return part.isdigit() == other.isdigit() and part.isupper() == other.isupper() and len(part) <= 4


def _title_name(reading: Reading) -> Iterator[Name]:
    """The name a title opens with: "SOFT: …"."""
    title = reading.text[: min(reading.title_end, _LONGEST_TITLE)]
    opening = _BEFORE_COLON.match(title)
    if not opening:
        return
    last = 0
    while last < len(reading.words) and reading.words[last].end <= opening.end():
        last += 1
    if not 0 < last <= 3 or reading.words[0].start or reading.words[last - 1].end != opening.end():
        return
    shaped = any(has_name_shape(word.text) for word in reading.words[:last])
    if last == 1 or shaped or reading.text.find(opening[0], reading.title_end) >= 0:
        votes = TypeVotes()
        kind = _OF_DATA.search(title, opening.end())
        if kind:
            votes.add(EntityType.BENCHMARK if kind[0][0] in "bB" else EntityType.DATASET, 1.5)
        else:
            votes.add(EntityType.METHOD, 0.4)
        yield Name(0, last, False, votes)


def _names_of_run(reading: Reading, first: int, last: int) -> Iterator[Name]:
    words = reading.words
    index = first
    while index < last:
        start = index
        known_end = _known_end(reading, index, last)
        index = known_end or index + 1
        if not (known_end or words[start].named or _opens_name(reading, start, last)):
            continue
        while index < last and not _known_end(reading, index, last) and _continues_name(reading, index):
            index += 1
        if known_end == index:
            yield Name(start, index, False)
            continue
        weak = index - start == 1 and not has_name_shape(words[start].text)
        # "Gaussian kernel": a capitalised adjective, not a name.
        if not weak or index == last or type_after(reading, index, last):
            yield Name(start, index, weak)


def _known_end(reading: Reading, index: int, last: int) -> int:
    """The index after a well-known name that starts at a word, or 0; terms in lower case are no names."""
    end, known = reading.known.get(index, (0, None))
    if known is None or end > last or not (known.sure or reading.words[index].named):
        return 0
    return end if any(word.named or has_name_shape(word.text) for word in reading.words[index:end]) else 0


def _opens_name(reading: Reading, index: int, last: int) -> bool:
    """Whether the first word of a sentence is a name, or belongs to the capitalised words after it."""
    word = reading.words[index]
    if not word.opening or not word.text[0].isupper() or lexicon().has("plain-adjective", word.lower):
        return False
    if index + 1 == last:
        return _APPOSITION.match(reading.text, word.end) is not None
    return reading.words[index + 1].named and not has_name_shape(reading.words[index + 1].text)


def _continues_name(reading: Reading, index: int) -> bool:
    word = reading.words[index]
    short_number = word.number and len(word.text) <= _LONGEST_NUMBER
    return word.named or (short_number and not reading.text.startswith(("%", " %"), word.end))


def _lists(reading: Reading, names: Sequence[Name]) -> Iterator[list[Name]]:
    """Names in one enumeration, as groups."""
    group: list[Name] = []
    for name in names:
        if group:
            between = reading.text[reading.words[group[-1].last - 1].end : reading.words[name.first].start]
            if not _JOINT.fullmatch(between):
                yield group
                group = []
        group.append(name)
    if group:
        yield group
