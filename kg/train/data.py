"""Annotated papers into examples: word pieces with the spans that are mentions.

Annotations name things once for a whole paper; every place where title or abstract hold a name or an alias
becomes a mention. Papers that are held out, or near to one, are left out.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.errors import UsageError
from kg.evaluate.annotations import AnnotatedPaper, read_annotations
from kg.extract.encoder import Flags, Integers, pieces_of, windows
from kg.extract.layout import lay_out
from kg.extract.spans import fold, occurrences
from kg.model import EntityType, Paper
from kg.read import gather
from kg.records import paper_from_record
from kg.text import clean
from kg.vocab import Role

if TYPE_CHECKING:
    from kg.train.settings import Settings

TYPES, ROLES = tuple(EntityType), tuple(Role)
_SHINGLE = 8
_NEAR = 0.2

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Example:
    """One window of a text, the marks at its ends included, as the network takes it.

    `spans` are first piece, number of further pieces, index of the type, index of the role. Only where a
    piece in `opens` begins a span and one in `closes` ends it, the network is told right from wrong.
    """

    ids: Integers
    shapes: Integers
    opens: Flags
    closes: Flags
    spans: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """The text of a paper, cleaned and laid out as the pipeline does it, and its annotation."""

    text: str
    annotation: AnnotatedPaper


def load_examples(settings: Settings, tokenizer: Any) -> list[Example]:
    """The examples of a run, in an order that its seed alone decides."""
    held_out = _papers([*settings.held_out, *([settings.dev] if settings.dev else [])])
    annotated = without_near(load_texts(settings.annotations, settings.texts), held_out)
    order = np.random.default_rng(settings.seed).permutation(len(annotated))
    annotated = [annotated[index] for index in order[: max(1, round(settings.share * len(annotated)))]]
    return [
        example
        for paper in annotated
        for example in to_examples(paper, tokenizer, settings.length, settings.overlap, settings.width)
    ]


def load_texts(annotations: Sequence[Path], texts: Sequence[Path]) -> list[AnnotatedText]:
    """The annotated papers of some files with their texts, sorted by id; of a paper met twice, the first.

    Raises UsageError where a paper has no text.
    """
    rows: dict[str, AnnotatedPaper] = {}
    for path in annotations:
        for identifier, annotated in read_annotations(path, "annotations").items():
            rows.setdefault(identifier, annotated)
    own = {identifier: paper for identifier, row in rows.items() if (paper := _own_paper(row))}
    others = {paper.id: paper for paper in _papers(texts) if paper.id in rows} if len(own) < len(rows) else {}
    papers = others | own
    missing = sorted(rows.keys() - papers.keys())
    if missing:
        shown = ", ".join(missing[:3])
        raise UsageError(
            f"no text for {len(missing)} annotated papers ({shown} …); name their files in texts"
        )
    return [AnnotatedText(lay_out(papers[identifier]).text, rows[identifier]) for identifier in sorted(rows)]


def without_near(annotated: Iterable[AnnotatedText], held_out: Sequence[Paper]) -> list[AnnotatedText]:
    """Those that are not held out, nor share a fifth of their sequences of eight words with one that is."""
    known = {paper.id for paper in held_out}
    shingles = [found for paper in held_out if (found := _shingles(lay_out(paper).text))]
    holders: dict[str, list[int]] = {}
    for index, found in enumerate(shingles):
        for shingle in found:
            holders.setdefault(shingle, []).append(index)
    kept = []
    dropped = 0
    for paper in annotated:
        own = _shingles(paper.text)
        shared: dict[int, int] = {}
        for shingle in own:
            for index in holders.get(shingle, ()):
                shared[index] = shared.get(index, 0) + 1
        near = any(count >= _NEAR * min(len(own), len(shingles[index])) for index, count in shared.items())
        if near or paper.annotation.id in known:
            dropped += 1
        else:
            kept.append(paper)
    _log.info(
        "%d annotated papers, %d more left out since they are held out or near to one", len(kept), dropped
    )
    return kept


def project(annotation: AnnotatedPaper, text: str) -> list[tuple[int, int, int, int]]:
    """Every place of the annotated names in a text: start, end, index of the type, index of the role.

    A name inside a longer annotated one is no mention, unless it stands nowhere else.
    """
    folded = fold(text)
    places: list[tuple[int, int, int]] = []
    for index, names in enumerate(_names(annotation)):
        found = {place for name in names for place in occurrences(name, text, folded)}
        places += [(start, end, index) for start, end in found]
    places.sort()
    covered = {place for place in places if _is_inside(place, places)}
    free = {index for *_, index in set(places) - covered}
    return [
        (start, end, TYPES.index(entity.type), ROLES.index(Role(entity.role or Role.MENTIONED)))
        for start, end, index in places
        for entity in (annotation.entities[index],)
        if (start, end, index) not in covered or index not in free
    ]


def to_examples(
    paper: AnnotatedText, tokenizer: Any, length: int, overlap: int, width: int
) -> Iterator[Example]:
    """The windows of a paper's text."""
    pieces = pieces_of(tokenizer, paper.text)
    first_at = {int(pieces.starts[index]): int(index) for index in np.flatnonzero(pieces.opens)}
    last_at = {int(pieces.ends[index]): int(index) for index in np.flatnonzero(pieces.closes)}
    spans = [
        (first_at[start], last_at[end], entity_type, role)
        for start, end, entity_type, role in project(paper.annotation, paper.text)
        if start in first_at and end in last_at
    ]
    opening, closing = tokenizer.encode("").ids
    for window in windows(len(pieces.ids), length - 2, overlap):
        part = slice(window.first, window.last)
        owned = np.zeros(len(pieces.ids), np.bool_)
        owned[window.own_first : window.own_last] = True
        yield Example(
            ids=np.concatenate([[opening], pieces.ids[part], [closing]]),
            shapes=np.pad(pieces.shapes[part], 1),
            opens=np.pad((pieces.opens & owned)[part], 1),
            closes=np.pad(pieces.closes[part], 1),
            spans=tuple(
                (first - window.first + 1, last - first, entity_type, role)
                for first, last, entity_type, role in spans
                if owned[first] and last < window.last and last - first < width
            ),
        )


def _own_paper(annotation: AnnotatedPaper) -> Paper | None:
    """The paper of a row that holds its text."""
    row: Mapping[str, object] = annotation.row or {}
    if not row.get("abstract"):
        return None
    return paper_from_record({"id": annotation.id, "title": row.get("title"), "abstract": row["abstract"]})


def _papers(paths: Sequence[Path]) -> tuple[Paper, ...]:
    intake = gather(paths)
    if intake.failures:
        raise intake.failures[0]
    return intake.papers


def _names(annotation: AnnotatedPaper) -> Iterator[list[str]]:
    """Name and aliases of each entity, cleaned as texts are."""
    rows: Any = (annotation.row or {}).get("entities") or []
    for row in rows:
        yield [clean(name).text for name in [row["name"], *(row.get("aliases") or [])]]


def _is_inside(place: tuple[int, int, int], places: Iterable[tuple[int, int, int]]) -> bool:
    start, end, _ = place
    return any(a <= start and end <= b and end - start < b - a for a, b, _ in places)


def _shingles(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[index : index + _SHINGLE]) for index in range(len(words) - _SHINGLE + 1)}
