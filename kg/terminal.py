"""What a person at a terminal sees: progress, tables, and text that cannot move the cursor."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

# Wide enough that nothing is folded where there is no screen to fit.
_UNBOUNDED = 10_000


def printable(text: str) -> str:
    r"""Text whose control and direction-changing characters are spelt out; line ends stay.

    >>> printable("a\x1b[31mb\u202ec")
    'a\\x1b[31mb\\u202ec'
    """
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character != "\n"
        else character
        for character in text
    )


def progress(items: Iterable[T], stage: str, total: int, /) -> Iterator[T]:
    """The same items, with a bar on standard error where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bars:
        yield from bars.track(items, total=total, description=stage)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table to standard output, folded to the screen if there is one.

    Numbers stand to the right; None is an empty cell.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [["" if value is None else value for value in row] for row in rows]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        numeric = all(isinstance(row[index], int | float) or row[index] == "" for row in cells)
        table.add_column(column, justify="right" if numeric and cells else "left", overflow="fold")
    for row in cells:
        table.add_row(*(Text(printable(str(value))) for value in row))
    Console(width=None if sys.stdout.isatty() else _UNBOUNDED, highlight=False).print(table)
