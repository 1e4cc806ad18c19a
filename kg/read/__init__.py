"""Read: turn files into papers.

Takes files, folders and standard input; gives one `Paper` for each paper, and a
`Reject` for each record that is none. Must not look into the text, which stays as
published. A module here whose name has no underscore in front is a format of that
name (see `Reader`), so that adding a format is adding one file.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from kg.errors import RECORDS_REJECTED, ReadError, UnknownFormat
from kg.files import (
    InputFile,
    InputStream,
    has_suffix,
    input_files,
    looks_like_text,
    open_input,
)
from kg.model import Paper, Reject
from kg.read._unite import unite

__all__ = ["Intake", "Reader", "gather", "known_formats", "read_file", "reader"]

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Reader(Protocol):
    """What a module of this package offers."""

    SUFFIXES: tuple[str, ...]
    """Ends of the names of its files, `.gz` aside."""

    def detect(self, head: bytes) -> bool:
        """Whether the first bytes of an input show this format beyond doubt."""

    def records(self, stream: InputStream) -> Iterator[Paper | Reject]:
        """Every record of an input, one by one.

        Raises ReadError where the rest cannot be read, after giving all complete records before.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What was read: `read` records = accepted + rejected + `duplicate`, always.

    `papers` are sorted by id, one for each paper, with all its sources; `rejects` by place. `failures`
    are files, or ends of files, that could not be read, in the order of the inputs.
    """

    papers: tuple[Paper, ...]
    rejects: tuple[Reject, ...]
    failures: tuple[ReadError, ...]
    read: int
    duplicate: int

    @property
    def accepted(self) -> int:
        """The number of papers."""
        return len(self.papers)

    @property
    def rejected(self) -> int:
        """The number of records that are no paper."""
        return len(self.rejects)

    @property
    def exit_code(self) -> int:
        """0 all in; 3 some records were rejected; 4 an input, or the rest of one, could not be read."""
        if self.failures:
            return ReadError.exit_code
        return RECORDS_REJECTED if self.rejects else 0


Files = Iterable[InputFile | ReadError]


def _silent(files: Files, _stage: str, _total: int) -> Files:
    return files


def gather(
    inputs: Iterable[str | Path],
    *,
    format: str | None = None,
    progress: Callable[[Files, str, int], Files] = _silent,
) -> Intake:
    """Read files, folders and standard input (`-`) to their end, whatever is wrong with some of them.

    Records of one paper become one: the longer text counts, lists are united, all sources are kept. Papers
    and rejects do not depend on the order of the inputs. `progress` hands on the files while showing how
    far it is. Raises UnknownFormat, and nothing else: see `Intake.failures`.
    """
    if format is not None:
        reader(format)
    papers: dict[str, Paper] = {}
    rejects: list[Reject] = []
    failures: list[ReadError] = []
    read = duplicate = 0
    files = [file for given in inputs for file in input_files(given, _suffixes())]
    for file in progress(files, "read", len(files)):
        try:
            for record in read_file(file, format=format):
                read += 1
                if isinstance(record, Reject):
                    rejects.append(record)
                elif known := papers.get(record.id):
                    duplicate += 1
                    papers[record.id] = unite(known, record)
                else:
                    papers[record.id] = record
        except ReadError as error:
            failures.append(error)
    return Intake(
        papers=tuple(papers[identifier] for identifier in sorted(papers)),
        rejects=tuple(sorted(rejects, key=_place)),
        failures=tuple(failures),
        read=read,
        duplicate=duplicate,
    )


def read_file(file: InputFile | ReadError, *, format: str | None = None) -> Iterator[Paper | Reject]:
    """The records of one input, one by one, in constant memory.

    The format is told by content, then by name, unless given. Raises UnknownFormat, and ReadError where
    the input or the rest of it cannot be read, or holds no record.
    """
    if isinstance(file, ReadError):
        raise file
    count = 0
    with open_input(file) as stream:
        module = _choose(stream, format)
        try:
            for record in module.records(stream):
                count += 1
                yield record
        except ReadError as error:
            raise ReadError(error.path, error.reason, line=error.line, record=count + 1) from error
    if not count:
        raise ReadError(file.shown, f"no record in it; expected papers as {' or '.join(known_formats())}")


def known_formats() -> tuple[str, ...]:
    """The names of the formats that can be read, sorted."""
    return tuple(sorted(name for _, name, _ in pkgutil.iter_modules(__path__) if not name.startswith("_")))


def reader(name: str) -> Reader:
    """The module that reads a format. Raises UnknownFormat.

    >>> reader("jsonl").SUFFIXES
    ('.jsonl', '.ndjson')
    """
    if name not in known_formats():
        raise UnknownFormat(name, known_formats())
    return cast(Reader, import_module(f"{__name__}.{name}"))


def _suffixes() -> tuple[str, ...]:
    return tuple(suffix for name in known_formats() for suffix in reader(name).SUFFIXES)


def _choose(stream: InputStream, format: str | None) -> Reader:
    """The reader of an input: as told, by content, or by name. Raises ReadError if there is none."""
    names = known_formats() if format is None else (format,)
    readers = [reader(name) for name in names]
    by_name = [module for module in readers if has_suffix(stream.file.name, module.SUFFIXES)]
    by_content = [module for module in readers if module.detect(stream.head)]
    if by_content:
        return next((module for module in by_content if module in by_name), by_content[0])
    expected = f"expected papers as {' or '.join(names)}"
    if not looks_like_text(stream.head):
        kind = "UTF-16" if stream.head.startswith(_UTF_16) else "a binary file, or one in another encoding"
        raise ReadError(stream.file.shown, f"not text in UTF-8 but {kind}; {expected}")
    if by_name or format is not None:
        return (by_name or readers)[0]
    reason = "its format cannot be told by name or content" if stream.head.strip() else "no record in it"
    raise ReadError(stream.file.shown, f"{reason}; {expected}")


def _place(reject: Reject) -> tuple[str, int, int, str]:
    return reject.file, reject.record, reject.line or 0, reject.raw
