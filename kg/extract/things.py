"""The things a paper names: guesses gathered under one key, settled to one type, found everywhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kg.extract.candidates import Candidate, Reading
from kg.extract.context import TypeVotes, type_of_full_form, type_of_head
from kg.extract.lexicon import lexicon, singular
from kg.extract.names import Name
from kg.extract.terms import read_words
from kg.text import normal_form
from kg.vocab import EntityType

_ADJECTIVE = re.compile(r"\w(?:al|ive|ic|ous|ary|able|ible|ed|free|wise)$")
_MOST_CONCEPTS = 6
# Scores of names: one of which something is said, by how much; one of which nothing is; the best there is.
_SAID, _SAID_BY, _UNSAID, _SUREST = 0.5, 1.5, 0.2, 0.9


@dataclass(slots=True)
class Thing:
    """What a paper calls one thing: votes for its type, the best score of its guesses, its names as read.

    `places` are mentions that are no words of their own: characters, and the name a reader would give them.
    """

    votes: TypeVotes = field(default_factory=TypeVotes)
    score: float = 0.0
    names: set[str] = field(default_factory=set)
    places: list[tuple[int, int, str]] = field(default_factory=list)

    def take(self, entity_type: EntityType, weight: float, score: float) -> None:
        """Take in a guess at the type."""
        self.votes.add(entity_type, weight)
        self.score = max(self.score, score)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A mention in characters: what it is and how sure that is."""

    start: int
    end: int
    type: EntityType
    name: str
    score: float


class Things:
    """The things of one paper, by the normal form of their names; `abbreviations` are short and full."""

    def __init__(self, reading: Reading, abbreviations: Sequence[tuple[str, str]]) -> None:
        self._reading = reading
        self._things: dict[str, Thing] = defaultdict(Thing)
        self._short: dict[str, str] = {}
        self._qualities: set[str] = set()
        for short, full in abbreviations:
            self._define(short, full)

    def add(self, candidate: Candidate) -> None:
        """Take in a guess at a term."""
        name = self._reading.slice(candidate.first, candidate.last)
        thing = self._thing(name)
        thing.take(candidate.type, candidate.score, candidate.score)
        thing.names.add(name)

    def add_name(self, name: Name) -> None:
        """Take in a name with its votes; a name of which nothing is said is a method."""
        text = self._reading.slice(name.first, name.last)
        thing = self._thing(text)
        thing.names.add(text)
        thing.votes.join(name.votes or {EntityType.METHOD: 0.2})
        if name.weak:
            score = _SAID if name.votes.most >= _SAID_BY else _UNSAID
        else:
            score = min(_SAID + 0.1 * name.votes.most, _SUREST)
        thing.score = max(thing.score, score)

    def add_place(self, start: int, end: int, name: str, entity_type: EntityType, score: float) -> None:
        """Take in a mention that is no word of its own."""
        thing = self._thing(name)
        thing.take(entity_type, score, score)
        thing.places.append((start, end, name))

    def found(self, threshold: float) -> list[Found]:
        """Every mention of the things whose score reaches the threshold, each stretch once, in order.

        Of concepts only the best few: nearly every noun of a paper is one.
        """
        things = {
            key: (thing, thing.votes.winner())
            for key, thing in self._things.items()
            if thing.votes and thing.score >= threshold and key not in self._qualities
        }
        concepts = [key for key, (_, entity_type) in things.items() if entity_type is EntityType.CONCEPT]
        for key in sorted(concepts, key=lambda key: (-things[key][0].score, key))[_MOST_CONCEPTS:]:
            del things[key]
        text = self._reading.text
        names = {name: key for key, (thing, _) in things.items() for name in sorted(thing.names)}
        mentions: dict[tuple[int, int], Found] = {}
        for start, end, key in _occurrences(self._reading, names):
            thing, entity_type = things[key]
            mentions[start, end] = Found(start, end, entity_type, text[start:end], thing.score)
        for thing, entity_type in things.values():
            for start, end, name in thing.places:
                mentions[start, end] = Found(start, end, entity_type, name, thing.score)
        return sorted(mentions.values())

    def _define(self, short: str, full: str) -> None:
        key = normal_form(short)
        if normal_form(full) != key:
            self._short[normal_form(full)] = key
        if is_quality(full):
            self._qualities.add(key)
        thing = self._things[key]
        thing.names |= {short, full}
        entity_type = type_of_full_form(full)
        if entity_type:
            thing.take(entity_type, 2.0, 0.6)
        elif full.islower():
            thing.take(EntityType.CONCEPT, 0.6, 0.5)

    def _thing(self, name: str) -> Thing:
        key = normal_form(name)
        return self._things[self._short.get(key, key)]


def is_quality(phrase: str) -> bool:
    """Whether a phrase ends in an adjective and so names a quality, no thing.

    >>> [phrase for phrase in ("out-of-distribution", "multispectral", "error rate") if is_quality(phrase)]
    ['out-of-distribution', 'multispectral']
    """
    last = phrase.rpartition(" ")[2].lower()
    tail = re.split(r"[-‐‑–]", last)[-1]
    if type_of_head(tail):
        return False
    compound = tail != last and not any(character.isupper() for character in phrase)
    return compound or (_ADJECTIVE.search(tail) is not None and not lexicon().has("plain-noun", tail))


def _occurrences(reading: Reading, names: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Every place in characters where the words are one of the names, the longest first where they overlap.

    `names` gives what each stands for. Case and plural do not count.
    """
    by_words: dict[tuple[str, ...], str] = {}
    longest: dict[str, int] = {}
    for name, meaning in names.items():
        parts = _name_spelling(name)
        if parts:
            by_words.setdefault(parts, meaning)
            longest[parts[0]] = max(longest.get(parts[0], 0), len(parts))
    words = reading.words
    index = 0
    while index < len(words):
        limit = max(longest.get(words[index].lower, 0), longest.get(singular(words[index].lower), 0))
        for last in range(min(index + limit, len(words)), index, -1):
            if all(word.joined for word in words[index + 1 : last]):
                here = by_words.get(_spelling([word.lower for word in words[index:last]]))
                if here is not None:
                    yield words[index].start, words[last - 1].end, here
                    index = last - 1
                    break
        index += 1


@lru_cache(maxsize=1 << 14)
def _name_spelling(name: str) -> tuple[str, ...]:
    return _spelling([word.lower for word in read_words(name, [0], 0)])


def _spelling(words: Sequence[str]) -> tuple[str, ...]:
    return (*words[:-1], singular(words[-1])) if words else ()
