"""The things a paper names: guesses gathered under one key, settled to one type, found everywhere."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.extract.candidates import Candidate, Reading
from kg.extract.lexicon import lexicon, singular
from kg.extract.names import Name, type_of_head
from kg.extract.terms import read_words
from kg.text import normal_form
from kg.vocab import EntityType

_ADJECTIVE = re.compile(r"\w(?:al|ive|ic|ous|ary|able|ible|ed|free|wise)$")
_MOST_CONCEPTS = 6


@dataclass(slots=True)
class Thing:
    """What a paper calls one thing: votes for its type, the best score of its guesses, its names as read.

    `places` are mentions that are no words of their own, in characters, with the name a reader would give them.
    """

    votes: Counter[EntityType] = field(default_factory=Counter)
    score: float = 0.0
    names: set[str] = field(default_factory=set)
    places: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def type(self) -> EntityType:
        """The type most votes speak for."""
        return max(self.votes.items(), key=lambda vote: (vote[1], vote[0]))[0]


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A mention in characters: what it is and how sure that is."""

    start: int
    end: int
    type: EntityType
    name: str
    score: float


class Things:
    """The things of one paper, by the normal form of their names."""

    def __init__(self, reading: Reading, abbreviations: Sequence[tuple[str, str]]) -> None:
        self._reading = reading
        self._things: dict[str, Thing] = defaultdict(Thing)
        self._same: dict[str, str] = {}
        self._qualities: set[str] = set()
        for short, long in abbreviations:
            self._define(short, long)

    def _define(self, short: str, long: str) -> None:
        key = normal_form(short)
        if normal_form(long) != key:
            self._same[normal_form(long)] = key
        if is_quality(long):
            self._qualities.add(key)
        thing = self._things[key]
        thing.names |= {short, long}
        head = type_of_head(long.rpartition(" ")[2].rpartition("-")[2].lower())
        if head:
            thing.votes[head] += 2.0
            thing.score = 0.6
        elif long.islower():
            thing.votes[EntityType.CONCEPT] += 0.6
            thing.score = 0.5

    def _thing(self, name: str) -> Thing:
        key = normal_form(name)
        return self._things[self._same.get(key, key)]

    def add(self, candidate: Candidate) -> None:
        """Take in a guess."""
        name = self._reading.slice(candidate.first, candidate.last)
        thing = self._thing(name)
        thing.votes[candidate.type] += candidate.score
        thing.score = max(thing.score, candidate.score)
        thing.names.add(name)

    def add_name(self, name: Name) -> None:
        """Take in a name with its votes."""
        text = self._reading.slice(name.first, name.last)
        thing = self._thing(text)
        thing.names.add(text)
        best = max(name.votes.values(), default=0.0)
        if name.weak:
            score = 0.5 if best >= 2.0 else 0.2
        else:
            score = min(0.5 + 0.1 * best, 0.9)
        thing.votes.update(name.votes)
        if not name.votes:
            thing.votes[EntityType.METHOD] += 0.2
        thing.score = max(thing.score, score)

    def add_place(self, start: int, end: int, name: str, entity_type: EntityType, score: float) -> None:
        """Take in a mention that is no word of its own."""
        thing = self._thing(name)
        thing.votes[entity_type] += score
        thing.score = max(thing.score, score)
        thing.places.append((start, end, name))

    def found(self, threshold: float) -> list[Found]:
        """Every mention of the things whose score reaches the threshold, each stretch once, in order."""
        things = [
            thing
            for key, thing in self._things.items()
            if thing.votes and thing.score >= threshold and key not in self._qualities
        ]
        concepts = sorted(
            (thing for thing in things if thing.type is EntityType.CONCEPT),
            key=lambda thing: (-thing.score, sorted(thing.names)),
        )
        dropped = {id(thing) for thing in concepts[_MOST_CONCEPTS:]}
        things = [thing for thing in things if id(thing) not in dropped]
        mentions = {
            (start, end): Found(start, end, thing.type, self._reading.text[start:end], thing.score)
            for start, end, thing in _occurrences(self._reading, things)
        }
        for thing in things:
            for start, end, name in thing.places:
                mentions[start, end] = Found(start, end, thing.type, name, thing.score)
        return sorted(mentions.values())


def is_quality(phrase: str) -> bool:
    """Whether a phrase ends in an adjective and so names a quality, no thing.

    >>> [phrase for phrase in ("out-of-distribution", "multispectral", "word error rate") if is_quality(phrase)]
    ['out-of-distribution', 'multispectral']
    """
    last = phrase.rpartition(" ")[2].lower()
    tail = re.split(r"[-‐‑–]", last)[-1]
    if type_of_head(tail):
        return False
    compound = tail != last and not any(character.isupper() for character in phrase)
    return compound or (_ADJECTIVE.search(tail) is not None and not lexicon().has("plain-noun", tail))


def _occurrences(reading: Reading, things: Sequence[Thing]) -> Iterator[tuple[int, int, Thing]]:
    """Every place where the words name a thing, the longest name first where they overlap."""
    by_words: dict[tuple[str, ...], Thing] = {}
    longest: dict[str, int] = {}
    for thing in things:
        for name in sorted(thing.names):
            parts = _spelling([word.lower for word in read_words(name, [0], 0)])
            if parts:
                by_words.setdefault(parts, thing)
                longest[parts[0]] = max(longest.get(parts[0], 0), len(parts))
    words = reading.words
    index = 0
    while index < len(words):
        limit = max(longest.get(words[index].lower, 0), longest.get(singular(words[index].lower), 0))
        for length in range(min(limit, len(words) - index), 0, -1):
            if all(words[index + offset].joined for offset in range(1, length)):
                thing_here = by_words.get(_spelling([word.lower for word in words[index : index + length]]))
                if thing_here:
                    yield words[index].start, words[index + length - 1].end, thing_here
                    index += length - 1
                    break
        index += 1


def _spelling(words: Sequence[str]) -> tuple[str, ...]:
    return (*words[:-1], singular(words[-1])) if words else ()
