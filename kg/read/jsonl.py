"""JSON Lines: one paper a line, as we write it in `papers.jsonl` or as others do.

Only `id` (or `arxiv_id`, or `doi`) and one of `title` and `abstract` are needed. What a
line says twice, or in numbers that JSON does not have, is rejected rather than guessed.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NoReturn

from kg.files import InputStream, Line
from kg.ids import paper_id
from kg.model import Paper, Reject, Source
from kg.records import Record, paper_from_record, text_field, wrong_type

SUFFIXES = (".jsonl", ".ndjson")

_ID_KEYS = ("id", "arxiv_id", "doi")
# How others spell the keys of our records; where a record has several, the first that is filled counts.
_SPELLINGS = {
    "created": ("created", "date", "year"),
    "comment": ("comment", "comments"),
    "journal_ref": ("journal_ref", "journal-ref"),
}
_LONGEST_NUMBER = 1000
_RAW_SHOWN = 1000
_TIMESTAMP = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d.*", re.A | re.S)


def detect(head: bytes) -> bool:
    """Whether an input begins as an object."""
    return head.lstrip().startswith(b"{")


def records(stream: InputStream) -> Iterator[Paper | Reject]:
    """The paper of each line that is not blank, or why it is none."""
    filled = (line for line in stream.lines() if line.content.strip() or line.too_long)
    for number, line in enumerate(filled, start=1):
        yield _record(line, Source(stream.file.name, number))


def _record(line: Line, source: Source) -> Paper | Reject:
    identifier = None
    try:
        fields = _parse(line.decode())
        identifier = _identifier(fields)
        paper = paper_from_record({**_in_our_keys(fields), "id": identifier})
    except ValueError as error:
        return Reject(
            file=source.file,
            line=line.number,
            record=source.record,
            id=identifier,
            reason=str(error),
            raw=line.shown[:_RAW_SHOWN],
        )
    return paper if paper.sources else replace(paper, sources=(source,))


def _parse(text: str) -> Record:
    try:
        fields = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_float,
            parse_int=_int,
            parse_constant=_no_number,
        )
    except json.JSONDecodeError as error:
        reason = f"not JSON, column {error.colno}: {error.msg}; expected one object a line"
        raise ValueError(reason) from error
    except RecursionError as error:
        raise ValueError("not read: nested too deep") from error
    if not isinstance(fields, dict):
        raise wrong_type("line", fields, 'an object such as {"id": "2101.00001", "abstract": "…"}')
    return fields


def _object(pairs: list[tuple[str, object]]) -> Record:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return fields


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _no_number(digits)
    return number


def _int(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        _no_number(digits)
    return int(digits)


def _no_number(digits: str) -> NoReturn:
    shown = digits if len(digits) <= 20 else f"{digits[:20]}…, {len(digits)} digits long,"
    raise ValueError(f"{shown} is not a number that can be kept")


def _identifier(fields: Mapping[str, object]) -> str:
    for key in _ID_KEYS:
        value = fields.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if text := text_field(fields, key):
            return paper_id(text)
    raise ValueError(f"no id; expected one of the keys {', '.join(_ID_KEYS)}")


def _in_our_keys(fields: Mapping[str, object]) -> Record:
    ours = dict(fields)
    for key, spellings in _SPELLINGS.items():
        ours[key] = next((fields[name] for name in spellings if fields.get(name) not in (None, "")), None)
    created = ours["created"]
    if isinstance(created, int) and not isinstance(created, bool):
        ours["created"] = f"{created:04}"
    elif isinstance(created, str) and (match := _TIMESTAMP.fullmatch(created)):
        ours["created"] = match[1]
    if isinstance(authors := fields.get("authors"), str):
        separator = ";" if ";" in authors else r",|\sand\s"
        ours["authors"] = [name for part in re.split(separator, authors) if (name := part.strip())]
    if isinstance(categories := fields.get("categories"), str):
        ours["categories"] = re.split(r"[\s,;]+", categories)
    return ours
