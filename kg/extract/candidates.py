"""A text as the rule-based finder sees it, and what it collects there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.gazetteer import Known
from kg.extract.terms import Word, read_words
from kg.vocab import EntityType

_STEM = re.compile(r"[-‐‑](?:based|driven|guided|powered|enhanced|augmented|inspired)\b", re.I)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words `first` to `last` (excluded) may name a thing; `score` is how often such a guess holds."""

    first: int
    last: int
    type: EntityType
    score: float


@dataclass(slots=True)
class Reading:
    """A text read into words, with the well-known names and abbreviations found in it.

    `known` gives the entry that starts at a word, with the index after its last word. `stems` are well-known
    methods inside a compound: "BERT-based".
    """

    text: str
    lower: str
    title_end: int
    words: list[Word]
    known: dict[int, tuple[int, Known]]
    stems: list[Known]

    def slice(self, first: int, last: int) -> str:
        """The text of words `first` to `last` (excluded)."""
        return self.text[self.words[first].start : self.words[last - 1].end]

    def before(self, index: int, count: int) -> str:
        """The words before one, at most `count`, in lower case, with the marks between, in its sentence."""
        first = index
        while first > 0 and index - first < count and not self.words[first].opening:
            first -= 1
        return self.text[self.words[first].start : self.words[index].start].lower() if first < index else ""


def read(text: str, sentence_starts: Sequence[int], known: Sequence[Known]) -> Reading:
    """Read a text."""
    title_end = max(text.find("\n\n"), 0)
    words = read_words(text, sentence_starts, title_end)
    first_at = {word.start: index for index, word in enumerate(words)}
    last_at = {word.end: index + 1 for index, word in enumerate(words)}
    aligned = {
        first_at[entry.start]: (last_at[entry.end], entry)
        for entry in known
        if entry.start in first_at and entry.end in last_at
    }
    stems = [
        entry
        for entry in known
        if entry.sure
        and entry.type is EntityType.METHOD
        and entry.start in first_at
        and _STEM.match(text, entry.end)
    ]
    return Reading(text, text.lower(), title_end, words, aligned, stems)
