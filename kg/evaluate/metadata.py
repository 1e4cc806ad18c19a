"""Fields of a paper's record, compared with the gold: a field the gold does not mention asks nothing."""

from __future__ import annotations

from typing import NamedTuple

from kg.evaluate.annotations import Row
from kg.evaluate.scores import Accuracy
from kg.ids import paper_id

__all__ = ["FIELDS", "compare"]

FIELDS = ("created", "doi", "journal_ref", "venue", "presentation", "code", "project", "related")

_LINKS = frozenset({"code", "project"})


class _Answer(NamedTuple):
    """What a row says of a field, in the form it is compared in; `asked` is whether it has the field."""

    asked: bool
    values: frozenset[str]


def compare(field: str, gold: Row, predicted: Row) -> Accuracy:
    """How a prediction answers one field; links and related papers are compared as sets."""
    expected, given = _answer(field, gold), _answer(field, predicted).values
    if not expected.values:
        return Accuracy(invented=int(expected.asked and bool(given)))
    others = _normal(field, gold.get(f"{field}_alternatives"))
    is_right = given == expected.values or (len(given) == 1 and given <= others)
    return Accuracy(total=1, right=int(is_right))


def _answer(field: str, row: Row) -> _Answer:
    holder: object = row.get("links") if field in _LINKS else row
    if not isinstance(holder, dict) or field not in holder:
        return _Answer(asked=False, values=frozenset())
    return _Answer(asked=True, values=_normal(field, holder[field]))


def _normal(field: str, value: object) -> frozenset[str]:
    values = value if isinstance(value, list) else [value]
    texts = (" ".join(text.split()) for text in values if isinstance(text, str))
    if field in _LINKS:
        return frozenset(text.rstrip("/").removesuffix(".git") for text in texts if text)
    if field == "related":
        return frozenset(paper_id(text) for text in texts if text)
    return frozenset(text.casefold() for text in texts if text)
