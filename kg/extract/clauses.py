"""The mentions of a sentence in reading order, and which of them it is about.

Shared by `kg.extract.measurements` and `kg.extract.relations`. Takes a Doc with sentences and mentions
(`doc.spans["kg"]`, however found); changes nothing.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from kg.extract.extensions import SPANS_KEY
from kg.model import EntityType, Role
from kg.text import normal_form

__all__ = ["DATASETS", "METHODS", "METRICS", "TASKS", "Clause", "Name", "clauses", "main_method"]

METHODS = frozenset({EntityType.METHOD})
DATASETS = frozenset({EntityType.DATASET, EntityType.BENCHMARK})
METRICS = frozenset({EntityType.METRIC})
TASKS = frozenset({EntityType.TASK})

# Between the names of one enumeration.
_LISTED = re.compile(
    r"\s*(?:\([^()]{1,40}\)\s*)?(?:,\s?and|,|and|/|&|or|as well as)\s*(?:the\s|on\s|for\s|in\s|over\s)?\s*"
)
_RIVAL = re.compile(
    r"\b(?:than|over|against|versus|vs\.?|compared\s(?:to|with)|relative\sto|outperform\w*|surpass\w*|exceed\w*"
    r"|beat\w*|improv\w+\s(?:up)?on|above|behind)\s(?:[\w-]+\s){0,5}$",
    re.I,
)
_OBLIQUE = re.compile(
    r"\b(?:with|using|on|via|by|for|in|of|from|through|under|to|at|across)\s(?:[\w-]+\s){0,2}$", re.I
)


@dataclass(frozen=True, slots=True)
class Name:
    """A mention: its index in `doc.spans["kg"]`, character offsets in its sentence, and what it names.

    `key` and `long_key` are the normal forms of its name and of the long form the paper gives for it.
    """

    index: int
    start: int
    end: int
    type: str
    role: str
    key: str
    text: str
    long_key: str = ""

    def is_same(self, other: Name) -> bool:
        """Whether both name one thing, as far as their spelling and the long form given tell."""
        return self.type == other.type and bool(
            {self.key, self.long_key} & {other.key, other.long_key} - {""}
        )

    def is_variant_of(self, other: Name) -> bool:
        """Whether a name is another with a size or a mark added: `Net-L`, `Net++`."""
        rest = self.text.removeprefix(other.text)
        return rest != self.text and not rest[:1].isalpha() and not rest[:1].isspace() and bool(rest)


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence: its first character in the Doc, its text, and its mentions by start."""

    start: int
    text: str
    names: tuple[Name, ...]

    def of(self, types: Iterable[str]) -> list[Name]:
        """The mentions of these types."""
        wanted = frozenset(types)
        return [name for name in self.names if name.type in wanted]

    def enumerations(self, types: Iterable[str]) -> list[list[Name]]:
        """The mentions of these types, those together that only commas, `and`, slashes part."""
        found: list[list[Name]] = []
        for name in self.of(types):
            if found and _LISTED.fullmatch(self.text, found[-1][-1].end, name.start):
                found[-1].append(name)
            else:
                found.append([name])
        return found

    def rivals(self) -> list[Name]:
        """The methods this sentence measures others against."""
        return [
            name
            for listed in self.enumerations(METHODS)
            for name in listed
            if name.role == Role.COMPARED or _RIVAL.search(self.before(listed[0], 80))
        ]

    def subject_before(self, position: int) -> Name | None:
        """The method that does what stands at `position`: the last before it that is no rival and no means.

        One the paper proposes goes before one it uses.
        """
        rivals = {name.index for name in self.rivals()}
        own = [name for name in self.of(METHODS) if name.end <= position and name.index not in rivals]
        direct = [name for name in own if not _OBLIQUE.search(self.before(name, 40))]
        proposed = [name for name in direct if name.role == Role.PROPOSED]
        candidates = proposed or direct
        return candidates[-1] if candidates else None

    def before(self, name: Name, width: int) -> str:
        """At most `width` characters that stand before a mention."""
        return self.text[max(0, name.start - width) : name.start]


def clauses(doc: Doc) -> list[Clause]:
    """The sentences of a Doc with their mentions."""
    mentions = deque(enumerate(doc.spans.get(SPANS_KEY, ())))
    found = []
    for sentence in doc.sents:
        names = []
        while mentions and mentions[0][1].start_char < sentence.end_char:
            names.append(_name(*mentions.popleft(), sentence.start_char))
        found.append(Clause(sentence.start_char, sentence.text, tuple(names)))
    return found


def _name(index: int, mention: Span, offset: int) -> Name:
    return Name(
        index=index,
        start=mention.start_char - offset,
        end=mention.end_char - offset,
        type=mention.label_,
        role=mention._.kg_role,
        key=normal_form(mention._.kg_name),
        text=mention._.kg_name,
        long_key=normal_form(mention._.kg_long_form),
    )


def main_method(names: Iterable[Name]) -> Name | None:
    """The method a paper is about: the first proposed one written like a proper name, else the first.

    Of a method and its sizes (`Net`, `Net-L`) it is the method.
    """
    proposed = [name for name in names if name.type == EntityType.METHOD and name.role == Role.PROPOSED]
    proper = [name for name in proposed if any(letter.isupper() for letter in name.text[1:])]
    if not proper:
        return next(iter(proposed), None)
    return next(name for name in proposed if name is proper[0] or proper[0].is_variant_of(name))
