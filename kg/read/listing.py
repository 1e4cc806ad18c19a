"""Listings of arXiv abstracts: the abstract, the authors' comments, then a line with the number.

Two layouts, which may change within a file. Apart by blank lines:

    We propose a thing.

    5 pages, accepted at a venue

    arXiv:2101.00001 - doi: 10.1000/1 Journal of Things 1, 2 (2021)
    Created: 2021-01-02

or run together, where the next abstract begins right after the number, whose length
therefore decides (`arXiv:2101.000013D vision` is 2101.00001 and "3D vision"):

    We propose a thing.
    5 pages, accepted at a venue
    arXiv:2101.00001We propose another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from kg.errors import ReadError
from kg.files import MAX_RECORD, InputStream, Line
from kg.ids import ARXIV_PATTERN, paper_id
from kg.model import Paper, Reject, Source
from kg.records import checked_date

SUFFIXES = (".txt",)

_NUMBER = re.compile(rf"arXiv:\s?({ARXIV_PATTERN})(?:v\d+)?", re.I | re.A)
_NUMBER_LINE = re.compile(rb"^[ \t]*" + _NUMBER.pattern.encode(), re.I | re.M)
# What only a number cut short or mistyped begins with.
_BAD_NUMBER = re.compile(r"arXiv:\s?(?:\d{2,}(?:\.\d*)?|[a-z-]+(?:\.[a-z-]+)?/\d+)", re.I | re.A)
# After a number: the sentence of a comment goes on, so that this is no number line.
_SENTENCE_GOES_ON = re.compile(r"[.,;:)\]]|\s+[a-z(,;]")
# Before a number alone on its line: the sentence of a comment ends in that number.
_SENTENCE_OPEN = re.compile(r"\b(?:and|by|of|or|see|with)$", re.I)
_DETAILS = re.compile(r"\s*[-–—](?:\s+|$)|\s*(?=doi:)", re.I)
_DOI = re.compile(r"doi:\s*(10\.\d{4,9}/\S+)\s*", re.I | re.A)
_CREATED = re.compile(r"Created:\s*(\d{4}-\d{2}-\d{2}|\d\S*)", re.A)

# Where a reference and an abstract run together.
_YEAR_THEN_TEXT = re.compile(r"\((?:19|20)\d\d\)(?=[^\s.,;:)\]])", re.A)
_DOI_THEN_WORD = re.compile(r"(.*\d)([A-Z][a-z]*)", re.A)
_DIGIT_THEN_WORD = re.compile(r"\d(?=[A-Z][a-z]*\s)", re.A)
_LONGEST_REFERENCE = 200

# arXiv keeps comments to about 400 characters; abstracts are rarely so short.
_LONGEST_COMMENT = 500
# Columns between which texts are commonly wrapped.
_NARROWEST, _WIDEST = 60, 120
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]?$")
_RAW_SHOWN = 1000


def detect(head: bytes) -> bool:
    """Whether a line begins with an arXiv number."""
    return _NUMBER_LINE.search(head) is not None


def records(stream: InputStream) -> Iterator[Paper | Reject]:
    """The paper each number line closes, or why it is none; text after the last one is a Reject."""
    listing = _Listing(stream.file.name)
    try:
        for line in stream.lines():
            yield from listing.take(line)
    except ReadError:
        yield from listing.give_closed()
        raise
    yield from listing.end()


@dataclass(slots=True)
class _Entry:
    """One record while it is read; an empty string in `lines` stands for a blank line."""

    line: int = 0
    lines: list[str] = field(default_factory=list)
    size: int = 0
    id: str | None = None
    doi: str | None = None
    journal_ref: str | None = None
    created: str | None = None
    problem: str | None = None

    def add(self, text: str, line: int) -> None:
        """Take in a line of text."""
        self.line = self.line or line
        self.size += len(text)
        if self.size <= MAX_RECORD:
            self.lines.append(text)
        else:
            self.reject(line, f"more than {MAX_RECORD} characters without a line such as arXiv:2101.00001")

    def date(self, text: str, line: int) -> None:
        """Take in the day it was submitted."""
        try:
            self.created = checked_date(text)
        except ValueError as error:
            self.reject(line, str(error))

    def reject(self, line: int, reason: str) -> None:
        """Note why this is no paper; the first reason counts."""
        if self.problem is None:
            self.line, self.problem = line, reason


class _Listing:
    """Follows the lines of a listing: one record is open, and a closed one may still get its date."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._count = 0
        self._open = _Entry()
        self._closed: _Entry | None = None

    def take(self, line: Line) -> Iterator[Paper | Reject]:
        """Go on by one line; gives the record it shows to be complete."""
        text, problem = _decoded(line)
        entry = self._open
        if not text and not problem:
            if any(entry.lines[-1:]):
                entry.lines.append("")
            return
        if match := _CREATED.match(text):
            entry = self._open if self._open.lines or not self._closed else self._closed
            entry.date(match[1], line.number)
            text = text[match.end() :].lstrip()
        elif match := self._number(text):
            yield from self.give_closed()
            text = self._close(match, line.number).lstrip()
        if text:
            yield from self.give_closed()
            entry = self._open
            entry.add(text, line.number)
        if problem:
            entry.reject(line.number, problem)

    def give_closed(self) -> Iterator[Paper | Reject]:
        """The closed record, to which nothing more can belong."""
        if self._closed is not None:
            entry, self._closed = self._closed, None
            self._count += 1
            yield _finished(entry, Source(self._file, self._count))

    def end(self) -> Iterator[Paper | Reject]:
        """What is left at the end of the file."""
        yield from self.give_closed()
        if self._open.lines or self._open.problem:
            self._open.reject(
                self._open.line, "no arXiv number after this text; expected a line such as arXiv:2101.00001"
            )
            self._closed = self._open
            yield from self.give_closed()

    def _number(self, text: str) -> re.Match[str] | None:
        """The number, good or bad, this line begins with, unless a comment only speaks of it."""
        match = _NUMBER.match(text) or _BAD_NUMBER.match(text)
        if match is None:
            return None
        rest = text[match.end() :]
        if _DETAILS.match(rest):
            return match
        before = self._open.lines[-1] if self._open.lines else ""
        spoken_of = _SENTENCE_GOES_ON.match(rest) or (not rest and _SENTENCE_OPEN.search(before))
        return None if spoken_of else match

    def _close(self, number: re.Match[str], line: int) -> str:
        """Close the open record by the number on this line; gives the text the next one begins with."""
        entry, rest = self._open, number.string[number.end() :]
        if number.re is _BAD_NUMBER:
            entry.reject(line, f"{number[0]!r} is no arXiv number; expected one such as arXiv:2101.00001")
        else:
            entry.id = paper_id(number[1])
            if not any(entry.lines):
                entry.reject(line, "no abstract before this number")
            if details := _DETAILS.match(rest):
                entry.doi, entry.journal_ref, rest = _reference(rest[details.end() :])
        self._closed, self._open = entry, _Entry()
        return rest


def _decoded(line: Line) -> tuple[str, str | None]:
    try:
        return line.decode().strip(), None
    except ValueError as error:
        return line.shown.strip(), str(error)


def _finished(entry: _Entry, source: Source) -> Paper | Reject:
    if entry.problem is not None or entry.id is None:
        return Reject(
            file=source.file,
            line=entry.line,
            record=source.record,
            id=entry.id,
            reason=entry.problem or "no arXiv number",
            raw="\n".join(entry.lines)[:_RAW_SHOWN],
        )
    abstract, comment = _abstract_and_comment(entry.lines)
    return Paper(
        id=entry.id,
        abstract=abstract,
        comment=comment,
        doi=entry.doi,
        journal_ref=entry.journal_ref,
        created=entry.created,
        sources=(source,),
    )


def _reference(text: str) -> tuple[str | None, str | None, str]:
    """The doi and the journal reference after a number, and the abstract that may follow without a space."""
    doi = None
    if match := _DOI.match(text):
        doi, text = match[1], text[match.end() :]
    beginning = text[:_LONGEST_REFERENCE]
    glue = _YEAR_THEN_TEXT.search(beginning)
    if glue is None and text == beginning:
        return doi, text or None, ""
    if glue is None and doi and (match := _DOI_THEN_WORD.fullmatch(doi)):
        return match[1], None, f"{match[2]} {text}"
    if glue := glue or _DIGIT_THEN_WORD.search(beginning):
        return doi, text[: glue.end()], text[glue.end() :]
    return doi, None, text


def _abstract_and_comment(lines: list[str]) -> tuple[str, str | None]:
    """The text of a record told apart: paragraphs too long for a comment, and the first, are abstract."""
    paragraphs = [list(group) for filled, group in groupby(lines, key=bool) if filled]
    last = max(i for i, group in enumerate(paragraphs) if i == 0 or len("".join(group)) > _LONGEST_COMMENT)
    text, comments = _running_text(paragraphs[last])
    abstract = [*(" ".join(paragraph) for paragraph in paragraphs[:last]), text]
    comments += [line for paragraph in paragraphs[last + 1 :] for line in paragraph]
    return "\n\n".join(abstract), "\n".join(comments) or None


def _running_text(lines: list[str]) -> tuple[str, list[str]]:
    """The text these lines begin with, and the lines after it.

    In wrapped text a line ends where the next word would have passed the margin; a line that ends
    earlier, or ends a sentence with only short lines to follow, is the last of it. In text that is not
    wrapped each line is a paragraph.
    """
    margin = max(_NARROWEST, *map(len, lines[:3]))
    if margin > _WIDEST:
        last = max(i for i, line in enumerate(lines) if i == 0 or len(line) > _LONGEST_COMMENT)
        return "\n".join(lines[: last + 1]), lines[last + 1 :]
    wrapped = [len(line) + 1 + len(after.split(maxsplit=1)[0]) > margin for line, after in pairwise(lines)]
    end = 1
    while (
        end < len(lines)
        and wrapped[end - 1]
        and (any(wrapped[end:]) or not _SENTENCE_END.search(lines[end - 1]))
    ):
        end += 1
    return " ".join(lines[:end]), lines[end:]
