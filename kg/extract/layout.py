"""A paper as one text, with the way back to what was published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.model import Paper, Section, TextSpan
from kg.text import CleanText, clean

# Between title and abstract. Nothing else in the text looks like it: cleaning makes blanks of line breaks.
SECTION_BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class Layout:
    """A paper's title and abstract, cleaned and joined by an empty line; the abstract alone if untitled."""

    paper: Paper
    title: CleanText | None
    abstract: CleanText
    text: str = field(repr=False)
    abstract_start: int

    def published(self, start: int, end: int) -> TextSpan:
        """Characters of the text where they were published; the range lies in one section."""
        if self.title is not None and start < self.abstract_start:
            return _published(self.title, Section.TITLE, start, min(end, len(self.title.text)))
        offset = self.abstract_start
        return _published(self.abstract, Section.ABSTRACT, start - offset, end - offset)

    def windows(self, limit: int) -> Iterator[tuple[str, Window]]:
        """The text in pieces of at most `limit` characters, cut between words where there are any."""
        start = 0
        while True:
            end = min(start + limit, len(self.text))
            if end < len(self.text):
                blank = self.text.rfind(" ", start + 1, end)
                end = blank + 1 if blank > start else end
            yield self.text[start:end], Window(self, start, end == len(self.text))
            if end == len(self.text):
                return
            start = end


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a paper's text that makes one Doc: where it starts, and whether it is the paper's last."""

    layout: Layout
    start: int
    is_last: bool


def lay_out(paper: Paper) -> Layout:
    """Clean and join a paper's title and abstract."""
    title = clean(paper.title) if paper.title else None
    abstract = clean(paper.abstract)
    if title is None or not title.text:
        return Layout(paper, None, abstract, abstract.text, 0)
    head = title.text + SECTION_BREAK
    return Layout(paper, title, abstract, head + abstract.text, len(head))


def _published(clean_text: CleanText, section: Section, start: int, end: int) -> TextSpan:
    raw_start, raw_end = clean_text.to_raw(start, end)
    return TextSpan(section, raw_start, raw_end, clean_text.raw[raw_start:raw_end])
