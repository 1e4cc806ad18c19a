"""A text as the rule-based finder sees it, and what it collects there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.extract.gazetteer import Known
from kg.extract.terms import Word, read_words
from kg.vocab import EntityType


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words `first` to `last` (excluded) may name a thing of a type; `score` is how often such a guess holds."""

    first: int
    last: int
    type: EntityType
    score: float


@dataclass(slots=True)
class Reading:
    """A text read into words, with the well-known names and abbreviations found in it.

    `known` gives the entry that starts at a word, with the index after its last word.
    """

    text: str
    title_end: int
    words: list[Word]
    known: dict[int, tuple[int, Known]]
    first_at: dict[int, int] = field(repr=False)
    last_at: dict[int, int] = field(repr=False)

    def slice(self, first: int, last: int) -> str:
        """The text of words `first` to `last` (excluded)."""
        return self.text[self.words[first].start : self.words[last - 1].end]

    def before(self, index: int, count: int) -> str:
        """The words before one, at most `count`, in lower case, inside its sentence, with marks between them."""
        first = index
        while first > 0 and index - first < count and not self.words[first].opening:
            first -= 1
        return self.text[self.words[first].start : self.words[index].start].lower() if first < index else ""

    def after(self, index: int, length: int) -> str:
        """The text after the word before `index`, at most `length` characters, in lower case."""
        end = self.words[index - 1].end
        return self.text[end : end + length].lower()


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
    return Reading(text, title_end, words, aligned, first_at, last_at)
