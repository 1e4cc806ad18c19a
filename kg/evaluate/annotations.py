"""Annotated papers as the evaluation compares them: gold rows and predictions share one form.

The form is that of `annotations.jsonl`. In gold, entities, results and relations may carry
`"must": false`: they may be found and need not be. A field `x` may have `x_alternatives`, a list of
further right answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from kg.errors import ReadError
from kg.files import InputFile, open_input
from kg.ids import paper_id
from kg.model import EntityType, RelationType, ResultKind
from kg.text import normal_form

Row = Mapping[str, object]
_LARGEST = 1e300
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class AnnotatedEntity:
    """A thing a paper names; `forms` are the normal forms of its name and aliases."""

    type: EntityType
    name: str
    forms: frozenset[str]
    role: str | None
    required: bool


@dataclass(frozen=True, slots=True)
class AnnotatedResult:
    """A number of a paper, with the names it goes with."""

    value: float
    unit: str | None
    kind: ResultKind
    method: str | None
    dataset: str | None
    metric: str | None
    baseline: str | None
    required: bool


@dataclass(frozen=True, slots=True)
class AnnotatedRelation:
    """Two names of a paper and what links them."""

    type: RelationType
    head: str
    tail: str
    required: bool


@dataclass(frozen=True, slots=True)
class AnnotatedPaper:
    """What is said of one paper; `row` is the record it was read from."""

    id: str
    entities: tuple[AnnotatedEntity, ...] = ()
    results: tuple[AnnotatedResult, ...] = ()
    relations: tuple[AnnotatedRelation, ...] = ()
    row: Row | None = None


def read_annotations(source: Path | Iterable[Row], shown: str) -> dict[str, AnnotatedPaper]:
    """The papers of a file of JSON lines, or of such rows, by id, in their order.

    `shown` names rows in messages. Raises ReadError for a line that is no annotation, or a second one of
    the same paper.
    """
    papers: dict[str, AnnotatedPaper] = {}
    file = str(source) if isinstance(source, Path) else shown
    for number, row in _rows(source) if isinstance(source, Path) else enumerate(source, start=1):
        try:
            paper = parse(row)
        except ValueError as error:
            raise ReadError(file, str(error), line=number) from error
        if paper.id in papers:
            raise ReadError(
                file, f"a second annotation of {paper.id}; expected one line a paper", line=number
            )
        papers[paper.id] = paper
    return papers


def _rows(path: Path) -> Iterator[tuple[int, object]]:
    with open_input(InputFile(path, str(path), path.name)) as stream:
        for line in stream.lines():
            if not line.content.strip():
                continue
            try:
                yield line.number, json.loads(line.decode())
            except (ValueError, RecursionError) as error:
                raise ReadError(str(path), f"not JSON: {error}", line=line.number) from error


def parse(row: object) -> AnnotatedPaper:
    """The annotation a row holds. Raises ValueError, naming the field and what would be accepted."""
    if not isinstance(row, dict):
        raise ValueError('not an object; expected {"id": …, "entities": […], …}')  # noqa: TRY004
    identifier = _text(row, "id")
    if identifier is None:
        raise ValueError('no id; expected "id": "arXiv:2110.11945"')
    return AnnotatedPaper(
        id=paper_id(identifier),
        entities=tuple(_entity(item) for item in _objects(row, "entities")),
        results=tuple(dict.fromkeys(_result(item) for item in _objects(row, "results"))),
        relations=tuple(dict.fromkeys(_relation(item) for item in _objects(row, "relations"))),
        row=row,
    )


def _entity(item: Row) -> AnnotatedEntity:
    name = _needed(item, "name")
    aliases = item.get("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise ValueError("aliases: expected a list of strings")
    return AnnotatedEntity(
        type=_choice(item, "type", EntityType),
        name=name,
        forms=frozenset(map(normal_form, [name, *aliases])) - {""},
        role=_text(item, "role"),
        required=_required(item),
    )


def _result(item: Row) -> AnnotatedResult:
    value = item.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_LARGEST < value < _LARGEST:
        raise ValueError(f"value: expected a finite number, found {str(value)[:40]!r}")
    return AnnotatedResult(
        value=float(value),
        unit=_text(item, "unit"),
        kind=_choice(item, "kind", ResultKind),
        method=_text(item, "method"),
        dataset=_text(item, "dataset"),
        metric=_text(item, "metric"),
        baseline=_text(item, "baseline"),
        required=_required(item),
    )


def _relation(item: Row) -> AnnotatedRelation:
    return AnnotatedRelation(
        type=_choice(item, "type", RelationType),
        head=_needed(item, "head"),
        tail=_needed(item, "tail"),
        required=_required(item),
    )


def _objects(row: Row, key: str) -> list[Row]:
    items = row.get(key) or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError(f"{key}: expected a list of objects")
    return items


def _text(item: Row, key: str) -> str | None:
    value = item.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{key}: expected a string or null, found {value!r}")  # noqa: TRY004
    return value if value.strip() else None


def _needed(item: Row, key: str) -> str:
    value = _text(item, key)
    if value is None:
        raise ValueError(f"{key}: missing in {json.dumps(item, ensure_ascii=False)[:80]}")
    return value


def _choice(item: Row, key: str, choices: type[_Choice]) -> _Choice:
    value = item.get(key)
    if not isinstance(value, str) or value not in set(choices):
        raise ValueError(f"{key}: {value!r} is unknown; known: {', '.join(sorted(choices))}")
    return choices(value)


def _required(item: Row) -> bool:
    return item.get("must", True) is not False
