"""Files: how an output replaces the old one, and how an input is opened, damaged or not."""

from __future__ import annotations

import errno
import gzip
import io
import os
import sys
import zlib
from pathlib import Path

import pytest

from kg import files
from kg.errors import OutputError, ReadError
from kg.files import InputFile, Line, atomic_write, input_files, looks_like_text, open_input, write_text


def lines(path: Path) -> list[Line]:
    with open_input(InputFile(path, str(path), path.name)) as stream:
        return list(stream.lines())


def contents(path: Path) -> list[bytes]:
    return [line.content for line in lines(path)]


def read_until_failure(path: Path) -> tuple[list[bytes], ReadError]:
    found = []
    with pytest.raises(ReadError) as caught, open_input(InputFile(path, "given.gz", path.name)) as stream:
        found.extend(line.content for line in stream.lines())
    return found, caught.value


# --- lines -------------------------------------------------------------------------------------------


def test_only_line_feeds_end_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("a\r\n\u2028\u0085\x0b\rb\n\nc".encode())
    assert lines(path) == [
        Line(1, 0, b"a"),
        Line(2, 3, "\u2028\u0085\x0b\rb".encode()),
        Line(3, 12, b""),
        Line(4, 13, b"c"),
    ]


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfa\xff\n\xef\xbb\xbfb")
    first, second = lines(path)
    assert first.content == b"a\xff"
    assert second.content == b"\xef\xbb\xbfb"
    with pytest.raises(ValueError, match="not UTF-8 at byte 4 "):
        first.decode()


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_line_may_be_as_long_as_the_limit_and_no_longer(
    end: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_RECORD", 100)
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 100 + b"\n" + b"y" * 101 + b"\n" + b"z" * 200_000 + b"\n" + b"w" * 100 + end)
    assert [(line.number, line.offset, line.too_long) for line in lines(path)] == [
        (1, 0, False),
        (2, 101, True),
        (3, 203, True),
        (4, 200_204, False),
    ]
    with pytest.raises(ValueError, match="longer than 100 bytes, from byte 203"):
        lines(path)[2].decode()


def test_the_head_is_shown_without_being_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"line\n" * 40_000)
    with open_input(InputFile(path, "a", "a")) as stream:
        assert stream.head == (b"line\n" * 40_000)[: 2**16]
        assert sum(1 for _ in stream.lines()) == 40_000


def test_standard_input_is_read_and_may_be_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    (given,) = input_files("-", (".txt",))
    assert isinstance(given, InputFile)
    for content in (b"a\nb", gzip.compress(b"a\nb")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        with open_input(given) as stream:
            assert [line.content for line in stream.lines()] == [b"a", b"b"]
    assert (given.name, given.shown) == ("-", "standard input")


# --- gzip --------------------------------------------------------------------------------------------

NUMBERED = [f"line {number} {zlib.crc32(str(number).encode())}".encode() for number in range(50_000)]
TEXT = b"\n".join(NUMBERED)
PACKED = gzip.compress(TEXT, mtime=0)


@pytest.mark.parametrize("name", ["a.txt.gz", "a.txt"])
def test_a_packed_file_is_told_by_its_content(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(PACKED)
    assert contents(path) == NUMBERED


@pytest.mark.parametrize("tail", [b"", b"\0" * 700])
def test_members_are_joined_and_padding_is_skipped(tail: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"a\nb") + gzip.compress(b"c\n") + tail)
    assert contents(path) == [b"a", b"bc"]


@pytest.mark.parametrize("keep", [0.2, 0.9, 0.9999])
def test_the_lines_before_a_cut_are_read(keep: float, tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(PACKED[: int(len(PACKED) * keep)])
    found, error = read_until_failure(path)
    assert found == NUMBERED[: len(found)]
    assert len(found) > 0.9 * keep * len(NUMBERED)
    assert str(error) == f"given.gz:{len(found) + 1}: the gzip data is cut off here"


def test_a_wrong_checksum_is_reported_after_all_lines(tmp_path: Path) -> None:
    damaged = bytearray(PACKED)
    damaged[-8] ^= 1
    path = tmp_path / "a.gz"
    path.write_bytes(damaged)
    found, error = read_until_failure(path)
    # The last line has no end, so that it cannot be told from one cut short.
    assert found == NUMBERED[:-1]
    assert error.reason.startswith("the gzip data is damaged here (CRC check failed")


def test_a_damaged_stream_is_reported_whatever_it_gave(tmp_path: Path) -> None:
    damaged = bytearray(PACKED)
    damaged[len(PACKED) // 2 : len(PACKED) // 2 + 99] = bytes(range(99))
    path = tmp_path / "a.gz"
    path.write_bytes(damaged)
    found, error = read_until_failure(path)
    assert found[:20_000] == NUMBERED[:20_000]
    assert error.reason.startswith("the gzip data is damaged here (")


def test_a_garbage_tail_is_reported_after_all_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"a\nb\n") + b"garbage")
    found, error = read_until_failure(path)
    assert found == [b"a", b"b"]
    assert error.reason.startswith("the gzip data is damaged here (")


def test_a_bomb_is_stopped_by_its_ratio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_RATIO_COUNTS_FROM", 2**20)
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"x\n" * 2**22))
    found, error = read_until_failure(path)
    assert 2**19 <= len(found) < 2**20
    assert error.reason == "unpacks to more than 100 times its size"


def test_a_bomb_is_stopped_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED", 2**19)
    path = tmp_path / "a.gz"
    path.write_bytes(PACKED)
    found, error = read_until_failure(path)
    assert found == NUMBERED[: len(found)]
    assert error.reason == f"unpacks to more than {2**19} bytes"


# --- what cannot be opened ---------------------------------------------------------------------------


def test_a_missing_file_is_named_as_given(tmp_path: Path) -> None:
    found, error = read_until_failure(tmp_path / "absent.txt")
    assert (found, str(error)) == ([], "given.gz: No such file or directory")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found, error = read_until_failure(tmp_path / "pipe")
    assert (found, error.reason) == ([], "not a regular file; pipe it in as -")


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000])
def test_a_name_no_file_can_have_is_an_error_of_ours(name: str) -> None:
    (given,) = input_files(name, (".txt",))
    assert isinstance(given, InputFile)
    with pytest.raises(ReadError), open_input(given):
        pass


def test_a_failing_disk_is_an_error_of_ours_after_what_was_read() -> None:
    class Failing:
        def __init__(self) -> None:
            self.chunks = [b"a\nb\nc"]

        def read(self, _size: int) -> bytes:
            if not self.chunks:
                raise OSError(errno.EIO, "Input/output error")
            return self.chunks.pop()

    stream = files.InputStream(
        InputFile(None, "a.txt", "a.txt"), io.BufferedReader(files._Filled(Failing().read, "a.txt"), 2**16)
    )
    found = []
    with pytest.raises(ReadError, match=r"^a\.txt:3: Input/output error$"):
        found.extend(line.content for line in stream.lines())
    assert found == [b"a", b"b"]


# --- folders -----------------------------------------------------------------------------------------


def test_a_folder_stands_for_its_readable_files_in_order(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a/z.TXT",
        "a/b/c.txt.gz",
        "a.txt",
        "notes.md",
        ".hidden.txt",
        ".git/d.txt",
        "a.txt.part",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    found = list(input_files(tmp_path, (".txt",)))
    assert [file.name for file in found if isinstance(file, InputFile)] == [
        *("a/b/c.txt.gz", "a/z.TXT", "a.txt", "b.txt"),
    ]
    assert all(isinstance(file, InputFile) and file.shown == str(file.path) for file in found)


def test_a_folder_without_readable_files_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.md").touch()
    (error,) = input_files(tmp_path, (".txt", ".jsonl"))
    assert isinstance(error, ReadError)
    assert error.reason == "no readable file in this folder; expected .jsonl, .txt"


def test_a_subfolder_that_cannot_be_listed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "locked").mkdir()
    scandir = os.scandir

    def locked(folder: str) -> object:
        if Path(folder).name == "locked":
            raise PermissionError(errno.EACCES, "Permission denied", folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", locked)
    found, error = input_files(tmp_path, (".txt",))
    assert isinstance(found, InputFile)
    assert isinstance(error, ReadError)
    assert str(error) == f"{tmp_path / 'locked'}: Permission denied"


# --- text or not -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"text",
        "Erdős\n图".encode()[:-1],
        b"We a.\n" * 9 + "Größe\n".encode("latin-1"),
        b"soft\x02ware, by which is meant a program and its documents, " * 9,
    ],
)
def test_text_with_a_few_broken_lines_is_text(head: bytes) -> None:
    assert looks_like_text(head)


@pytest.mark.parametrize(
    "head",
    [
        PACKED[:5000],
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01",
        "We count.\n".encode("utf-16"),
        "Größe zählt\n".encode("latin-1"),
    ],
)
def test_what_is_not_utf_8_is_no_text(head: bytes) -> None:
    assert not looks_like_text(head)


# --- outputs -----------------------------------------------------------------------------------------


def test_a_write_makes_folders_and_replaces_the_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    write_text(path, "old")
    write_text(path, "ő")
    assert path.read_bytes() == "ő".encode()
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError), atomic_write(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_an_error_of_ours_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "a.txt"
    write_text(path, "old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"a\.txt: No space left on device") as caught:
        write_text(path, "new")
    assert caught.value.exit_code == 5
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_the_way_of_a_folder_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(OutputError):
        write_text(tmp_path / "a" / "b.txt", "text")
