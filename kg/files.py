"""Files: the one way a file is written, and the one way an input is opened.

An input may be packed by gzip, which its content tells, or be standard input. However
it is damaged, what was read before the damage shows is handed out first, and then a
ReadError is raised; gzip may show it as late as at its end, by the checksum. Memory
does not grow with the input.
"""

from __future__ import annotations

import codecs
import gzip
import io
import os
import re
import stat
import sys
import tempfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from kg.errors import OutputError, ReadError

STDIN = "-"
MAX_RECORD = 16 * 2**20
"""Bytes of the longest line, and so of the longest record, that is read."""
MAX_RATIO = 100
"""How many times its packed size an input may unpack to. Text packs 3 to 10 times."""
MAX_UNPACKED = 64 * 2**30
"""Bytes an input may unpack to."""

_HEAD = 64 * 2**10
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_RAW_SHOWN = 1000
# A small file may unpack to many times its size without harm.
_RATIO_COUNTS_FROM = 4 * 2**20


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """A binary file that replaces `path` whole when the block ends, and not at all when it fails.

    Writes beside the target, then flushes, syncs and renames, so that a reader, a full disk or a
    kill never meets half a file. The target's folder is made. Raises OutputError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise OutputError(str(path), error.strerror or str(error)) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes the file private; give it what a plain open would have given.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise OutputError(str(path), error.strerror or str(error)) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8, atomically."""
    with atomic_write(path) as file:
        file.write(text.encode("utf-8"))


def remove(path: Path) -> None:
    """Remove a file, if it is there. Raises OutputError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(str(path), error.strerror or str(error)) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be synced."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- inputs ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read.

    `path` is None for standard input; `shown` is how messages name it, as the user gave it; `name` is
    how its records name it: without folders of this machine, so that another one gives the same bytes.
    """

    path: Path | None
    shown: str
    name: str


class Line(NamedTuple):
    """A line of an input without its end: its number from 1 and the offset of its first byte."""

    number: int
    offset: int
    content: bytes
    too_long: bool = False

    def decode(self) -> str:
        """Its text. Raises ValueError, saying which byte of the file is at fault."""
        if self.too_long:
            raise ValueError(f"longer than {MAX_RECORD} bytes, from byte {self.offset}")
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError as error:
            at = self.offset + error.start
            raise ValueError(f"not UTF-8 at byte {at} ({error.reason}); save the file as UTF-8") from error

    @property
    def shown(self) -> str:
        """Its text for people, with what is not UTF-8 replaced."""
        return self.content.decode("utf-8", "replace")


class InputStream:
    """An opened input: `head` shows its first bytes without taking them, `lines` takes them."""

    def __init__(self, file: InputFile, reader: io.BufferedReader[_Filled]) -> None:
        self.file = file
        self.head = reader.peek(_HEAD)[:_HEAD].removeprefix(_BOM)
        self._reader = reader

    def lines(self) -> Iterator[Line]:
        """Its lines, ended by LF or CR LF and nothing else. Raises ReadError at a damaged place.

        Of a line longer than MAX_RECORD only the beginning is kept.
        """
        number = offset = 0
        while chunk := self._readline(number + 1, MAX_RECORD + 2):
            number += 1
            start, offset = offset, offset + len(chunk)
            content = chunk.removesuffix(b"\n").removesuffix(b"\r")
            too_long = len(content) > MAX_RECORD
            while too_long and not chunk.endswith(b"\n") and (chunk := self._readline(number, _HEAD)):
                offset += len(chunk)
            if number == 1 and content.startswith(_BOM):
                start, content = start + len(_BOM), content[len(_BOM) :]
            yield Line(number, start, content[:_RAW_SHOWN] if too_long else content, too_long)

    def _readline(self, number: int, limit: int) -> bytes:
        try:
            return self._reader.readline(limit)
        except ReadError as error:
            raise ReadError(error.path, error.reason, line=number) from error


def input_files(given: str | Path, suffixes: Collection[str]) -> Iterator[InputFile | ReadError]:
    """What an argument stands for: standard input (`-`), a file, or the files of a folder.

    Of a folder and its subfolders, in the order of their paths: regular files with one of `suffixes`, packed
    or not, unless hidden; a ReadError for a subfolder that cannot be listed, or if there is no such file.
    """
    path = Path(given)
    if str(given) == STDIN:
        yield InputFile(None, "standard input", STDIN)
    elif os.path.isdir(path):  # noqa: PTH112  # never raises, unlike Path.is_dir
        yield from _folder_files(path, suffixes)
    else:
        yield InputFile(path, str(given), path.name)


def has_suffix(name: str, suffixes: Collection[str]) -> bool:
    """Whether a file's name ends in one of `suffixes`, `.gz` and case aside.

    >>> has_suffix("papers.JSONL.gz", (".jsonl",))
    True
    """
    return name.lower().removesuffix(".gz").endswith(tuple(suffixes))


def _folder_files(folder: Path, suffixes: Collection[str]) -> Iterator[InputFile | ReadError]:
    unlisted: list[OSError] = []
    found: list[tuple[tuple[str, ...], Path]] = []
    for parent, folders, names in os.walk(folder, onerror=unlisted.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            wanted = has_suffix(name, suffixes) and not name.startswith(".")
            if wanted and os.path.isfile(path):  # noqa: PTH113  # never raises
                found.append((path.relative_to(folder).parts, path))
    for parts, path in sorted(found):
        yield InputFile(path, str(path), "/".join(parts))
    for error in sorted(unlisted, key=lambda error: str(error.filename)):
        yield ReadError(str(error.filename), error.strerror or str(error))
    if not found and not unlisted:
        yield ReadError(
            str(folder), f"no readable file in this folder; expected {', '.join(sorted(suffixes))}"
        )


@contextmanager
def open_input(file: InputFile) -> Iterator[InputStream]:
    """An input, unpacked. Raises ReadError, here or later while reading."""
    with ExitStack() as stack:
        if file.path is None:
            source: BinaryIO = sys.stdin.buffer
        else:
            try:
                if not stat.S_ISREG(file.path.stat().st_mode):
                    raise ReadError(file.shown, f"not a regular file; pipe it in as {STDIN}")
                source = stack.enter_context(file.path.open("rb", buffering=0))
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else None
                raise ReadError(file.shown, reason or str(error)) from error
        packed = _Filled(source.read, file.shown)
        reader = io.BufferedReader(packed, _HEAD)
        if reader.peek(len(_GZIP)).startswith(_GZIP):
            unpacked = _Filled(gzip.GzipFile(fileobj=reader).read1, file.shown, packed)
            reader = io.BufferedReader(unpacked, _HEAD)
        yield InputStream(file, reader)


class _Filled(io.RawIOBase):
    """Fills every buffer to its end, so that a peek shows the whole head, and counts the bytes.

    A failure becomes a ReadError, raised when everything read before it has been handed out.
    """

    def __init__(
        self, read: Callable[[int], bytes | None], shown: str, packed: _Filled | None = None
    ) -> None:
        self.count = 0
        self._read = read
        self._shown = shown
        self._packed = packed
        self._failure: ReadError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view, filled = memoryview(buffer), 0
        while filled < len(view) and self._failure is None:
            chunk = self._next(len(view) - filled)
            if not chunk:
                break
            view[filled : filled + len(chunk)] = chunk
            filled += len(chunk)
        if self._failure and not filled:
            raise self._failure
        self.count += filled
        return filled

    def _next(self, size: int) -> bytes:
        reason = self._bomb()
        if reason is None:
            try:
                return self._read(size) or b""
            except EOFError:
                reason = "the gzip data is cut off here"
            except (gzip.BadGzipFile, zlib.error) as error:
                reason = f"the gzip data is damaged here ({error})"
            except OSError as error:
                reason = error.strerror or str(error)
        self._failure = ReadError(self._shown, reason)
        return b""

    def _bomb(self) -> str | None:
        if self._packed is None:
            return None
        if self.count > MAX_UNPACKED:
            return f"unpacks to more than {MAX_UNPACKED} bytes"
        if self.count > max(_RATIO_COUNTS_FROM, MAX_RATIO * self._packed.count):
            return f"unpacks to more than {MAX_RATIO} times its size"
        return None


def looks_like_text(head: bytes) -> bool:
    r"""Whether a third of these bytes or more stand in lines of UTF-8 with hardly a control character.

    So much is asked, and no more, because a few broken lines are rejected one by one.

    >>> looks_like_text("Erdős\n".encode()), looks_like_text(bytes(range(256)))
    (True, False)
    """
    return 3 * sum(len(line) for line in head.split(b"\n") if _is_text(line)) >= len(head) - head.count(b"\n")


def _is_text(line: bytes) -> bool:
    if 50 * len(_CONTROL.findall(line)) > len(line):
        return False
    try:
        # The last line may be cut within a character, so the end is not final.
        codecs.getincrementaldecoder("utf-8")().decode(line)
    except UnicodeDecodeError:
        return False
    return True


def ontology_folder() -> Path:
    """Where kg.ttl, shapes, queries and checks lie: inside an installed package, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "ontology"
    return installed if installed.is_dir() else package.parent / "ontology"
