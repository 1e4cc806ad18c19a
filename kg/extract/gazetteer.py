"""Well-known names by type, and where a Doc holds them.

`lists/<Type>.txt` has one thing a line: its names parted by ` | `. A line that starts with `? ` holds
names that are ordinary words too, and count only where the text around them speaks for it. Names with
capitals are found as written, others in any case, with plural -s and with hyphens for blanks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.vocab import EntityType


@dataclass(frozen=True, slots=True)
class Entry:
    """A well-known name; `sure` unless it is an ordinary word too."""

    name: str
    type: EntityType
    sure: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A well-known name in a text, in characters."""

    start: int
    end: int
    type: EntityType
    sure: bool


class Gazetteer:
    """Finds well-known names."""

    def __init__(self, vocab: Vocab, tokenize: Callable[[str], Doc]) -> None:
        self._matchers = {attribute: PhraseMatcher(vocab, attr=attribute) for attribute in ("ORTH", "LOWER")}
        patterns: dict[tuple[Literal["ORTH", "LOWER"], EntityType, bool], list[Doc]] = {}
        for entry in entries():
            attribute: Literal["ORTH", "LOWER"] = "LOWER" if entry.name.islower() else "ORTH"
            variants = spellings(entry.name) if attribute == "LOWER" else [entry.name]
            patterns.setdefault((attribute, entry.type, entry.sure), []).extend(map(tokenize, variants))
        for (attribute, entity_type, sure), docs in patterns.items():
            self._matchers[attribute].add(f"{entity_type}{'' if sure else '?'}", docs)

    def find(self, doc: Doc) -> list[Known]:
        """The names a Doc holds, longest first where they overlap, in order of place."""
        found = [
            Known(
                span.start_char,
                span.end_char,
                EntityType(span.label_.rstrip("?")),
                not span.label_.endswith("?"),
            )
            for matcher in self._matchers.values()
            for span in matcher(doc, as_spans=True)
        ]
        found.sort(key=lambda known: (known.start - known.end, known.start, not known.sure, known.type))
        taken = bytearray(len(doc.text))
        kept = []
        for known in found:
            if not any(taken[known.start : known.end]):
                taken[known.start : known.end] = b"\x01" * (known.end - known.start)
                kept.append(known)
        return sorted(kept, key=lambda known: known.start)


@cache
def entries() -> tuple[Entry, ...]:
    """The names that come with the package."""
    return tuple(_read())


def _read() -> Iterator[Entry]:
    for entity_type in EntityType:
        for line in (files("kg.extract") / "lists" / f"{entity_type}.txt").read_text("utf-8").splitlines():
            sure = not line.startswith("? ")
            for name in line.removeprefix("? ").split(" | "):
                yield Entry(name, entity_type, sure)


def spellings(name: str) -> list[str]:
    """A name in lower case as texts also spell it.

    >>> spellings("question answering")
    ['question answering', 'question-answering', 'question answerings', 'question-answerings']
    """
    spelt = [name]
    if name.count(" ") == 1:
        spelt.append(name.replace(" ", "-"))
    elif name.count("-") == 1:
        spelt.append(name.replace("-", " "))
    if name[-1].isalpha() and name[-1] != "s":
        spelt += [form + "s" for form in spelt]
    return spelt
