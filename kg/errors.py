"""What can go wrong, each with the place, the reason and the exit code of the command line.

KGError
├── UsageError        2  an option or argument that cannot be used
│   ├── UnknownFormat    no reader or exporter of that name; lists the known ones
│   └── QueryError       a question that cannot be asked; names query and reason
├── InvalidGraph      1  `kg check` found violations
├── ReadError         4  an input that cannot be read, with file, line and record
└── OutputError       5  a file that cannot be written

The library raises these and never prints or exits; `kg.cli` turns them into one
line and the exit code. `RECORDS_REJECTED` (3) is no error: the run finished, and
`rejects.jsonl` says what was left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

RECORDS_REJECTED = 3


class KGError(Exception):
    """Base of every error this package raises on purpose."""

    exit_code: ClassVar[int] = 1


class UsageError(KGError):
    """An option or argument that cannot be used; the message says what can."""

    exit_code = 2


class UnknownFormat(UsageError):
    """No module handles the format asked for."""

    def __init__(self, asked: str, known: Iterable[str]) -> None:
        self.asked = asked
        self.known = tuple(sorted(known))
        super().__init__(f"unknown format {asked!r}; known: {', '.join(self.known)}")


class QueryError(UsageError):
    """A query that does not parse, or a parameter it does not have."""

    def __init__(self, query: str, reason: str) -> None:
        self.query = query
        self.reason = reason
        super().__init__(f"{query}: {reason}")


class InvalidGraph(KGError):
    """A graph that breaks shapes or checks; the message shows the first five violations."""

    def __init__(self, violations: Iterable[str]) -> None:
        self.violations = tuple(violations)
        shown = "\n".join(f"  {v}" for v in self.violations[:5])
        more = len(self.violations) - 5
        tail = f"\n  and {more} more" if more > 0 else ""
        super().__init__(f"{len(self.violations)} violations\n{shown}{tail}")


class ReadError(KGError):
    """An input, or the rest of one, that cannot be read."""

    exit_code = 4

    def __init__(self, path: str, reason: str, *, line: int | None = None, record: int | None = None) -> None:
        self.path = path
        self.reason = reason
        self.line = line
        self.record = record
        super().__init__(f"{place(path, line, record)}: {reason}")


class OutputError(KGError):
    """A file that cannot be written: no space, no permission, a folder in its way."""

    exit_code = 5

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


def place(path: str, line: int | None = None, record: int | None = None, record_id: str | None = None) -> str:
    """Where something stands, in the form every message uses.

    >>> place("a.txt", 12, 3, "arXiv:2101.00001")
    'a.txt:12 (record 3, id arXiv:2101.00001)'
    >>> place("a.txt")
    'a.txt'
    """
    where = path if line is None else f"{path}:{line}"
    parts = ([f"record {record}"] if record is not None else []) + ([f"id {record_id}"] if record_id else [])
    return f"{where} ({', '.join(parts)})" if parts else where
