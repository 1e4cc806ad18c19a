"""One paper from several records of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from kg.model import Paper

T = TypeVar("T", str, tuple[str, ...])


def unite(first: Paper, second: Paper) -> Paper:
    """The paper two records of one id stand for, whichever comes first.

    Of two texts, dates or lists of authors the longer counts, of two equally long ones the first in
    the alphabet; the other lists are united.

    >>> unite(Paper(id="x", title="Long title"), Paper(id="x", title="Title", abstract="We ask.")).title
    'Long title'
    """
    return replace(
        first,
        title=_fuller(first.title, second.title),
        abstract=_fuller(first.abstract, second.abstract) or "",
        comment=_fuller(first.comment, second.comment),
        authors=_fuller(first.authors, second.authors) or (),
        categories=_union(first.categories, second.categories),
        links=tuple(sorted({*first.links, *second.links})),
        related=_union(first.related, second.related),
        sources=tuple(sorted({*first.sources, *second.sources})),
        created=_fuller(first.created, second.created),
        doi=_fuller(first.doi, second.doi),
        journal_ref=_fuller(first.journal_ref, second.journal_ref),
        venue=_fuller(first.venue, second.venue),
        presentation=_fuller(first.presentation, second.presentation),
    )


def _fuller(first: T | None, second: T | None) -> T | None:
    return min(
        (value for value in (first, second) if value is not None),
        key=lambda value: (-len(value), value),
        default=None,
    )


def _union(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*first, *second}))
