"""Replacements in a text, and the way back from the new text to the old one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple


class Edit(NamedTuple):
    """`text[start:end]` is to become `replacement`. Lists of edits are sorted and do not overlap."""

    start: int
    end: int
    replacement: str


class Segment(NamedTuple):
    """A stretch of the cleaned text that stands for another stretch of the raw text."""

    start: int
    end: int
    raw_start: int
    raw_end: int


@dataclass(frozen=True, slots=True)
class CleanText:
    """A text as a reader would write it, and where each of its characters was published.

    Outside the `segments`, which are sorted and do not overlap, the two texts are the same.
    """

    text: str
    raw: str = field(repr=False)
    segments: tuple[Segment, ...] = field(default=(), repr=False)

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The smallest range of the raw text that covers `text[start:end]`.

        A range that touches a replaced segment covers the whole of it. Raises ValueError for a range
        outside the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"range {start}..{end} is not within 0..{len(self.text)}")
        raw_start = self._raw(start, last=False)
        return raw_start, raw_start if start == end else self._raw(end - 1, last=True)

    def _raw(self, position: int, *, last: bool) -> int:
        """Where the raw characters behind the one at `position` begin, or end."""
        index = bisect_right(self.segments, position, key=attrgetter("start")) - 1
        if index < 0:
            return position + last
        segment = self.segments[index]
        if position < segment.end:
            return segment.raw_end if last else segment.raw_start
        return position - segment.end + segment.raw_end + last

    def edited(self, edits: list[Edit]) -> CleanText:
        """The text after further edits, with a map that still leads to the same raw text."""
        if not edits:
            return self
        pieces: list[str] = []
        segments: list[Segment] = []
        copied = 0  # of self.text
        written = 0
        shift = 0  # raw position minus position in self.text, after the segments seen so far
        for cluster in _clusters(self.segments, edits):
            pieces.append(self.text[copied : cluster.start])
            written += cluster.start - copied
            raw_start = cluster.start + shift
            shift += sum(s.raw_end - s.raw_start - (s.end - s.start) for s in cluster.segments)
            replacement = apply(self.text, cluster.edits, cluster.start, cluster.end)
            segments.append(Segment(written, written + len(replacement), raw_start, cluster.end + shift))
            pieces.append(replacement)
            written += len(replacement)
            copied = cluster.end
        pieces.append(self.text[copied:])
        return CleanText("".join(pieces), self.raw, tuple(segments))


def apply(text: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """`text[start:end]` after the edits, all of which lie within.

    >>> apply("colour", [Edit(4, 5, "")])
    'color'
    """
    pieces: list[str] = []
    for edit in edits:
        pieces += (text[start : edit.start], edit.replacement)
        start = edit.end
    pieces.append(text[start:end])
    return "".join(pieces)


@dataclass(slots=True)
class _Cluster:
    """Old segments and new edits that overlap, and the range they cover together."""

    start: int
    end: int
    segments: list[Segment] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)

    def add(self, item: Segment | Edit) -> None:
        self.end = max(self.end, item.end)
        if isinstance(item, Segment):
            self.segments.append(item)
        else:
            self.edits.append(item)


def _clusters(segments: Iterable[Segment], edits: Iterable[Edit]) -> Iterator[_Cluster]:
    items: list[Segment | Edit] = [*segments, *edits]
    items.sort(key=lambda item: (item.start, item.end))  # stable: of two empty ones the old stays first
    cluster: _Cluster | None = None
    for item in items:
        if cluster is None or item.start >= cluster.end:
            if cluster is not None:
                yield cluster
            cluster = _Cluster(item.start, item.end)
        cluster.add(item)
    if cluster is not None:
        yield cluster
