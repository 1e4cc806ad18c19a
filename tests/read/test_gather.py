"""Inputs of every kind and state: what comes in is counted, what does not is named."""

from __future__ import annotations

import gzip
import io
import json
import random
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.files import InputFile
from kg.model import Link, LinkKind, Paper, Source
from kg.read import Intake, gather
from kg.read._unite import unite

LISTING = "We count.\n\narXiv:2101.00001\nCreated: 2021-01-01\n\nWe weigh.\n\narXiv:2101.00002\n"
JSONL = '{"id": "2101.00003", "abstract": "We measure."}\n'


def write(folder: Path, **contents: str | bytes) -> list[Path]:
    """Files by name, with `__` for the point and `___` for a slash."""
    paths = []
    for name, content in contents.items():
        path = folder / name.replace("___", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    return paths


def balanced(intake: Intake) -> bool:
    return intake.read == intake.accepted + intake.rejected + intake.duplicate


def test_files_folders_and_packed_files_are_read_alike(tmp_path: Path) -> None:
    write(tmp_path, in___b__jsonl__gz=gzip.compress(JSONL.encode()), in___sub___a__txt=LISTING)
    intake = gather([tmp_path / "in"])
    assert [(paper.id, paper.sources) for paper in intake.papers] == [
        ("arXiv:2101.00001", (Source("sub/a.txt", 1),)),
        ("arXiv:2101.00002", (Source("sub/a.txt", 2),)),
        ("arXiv:2101.00003", (Source("b.jsonl.gz", 1),)),
    ]
    assert gather([tmp_path / "in" / "sub" / "a.txt"]).papers[0].sources == (Source("a.txt", 1),)
    assert intake.failures == ()


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(JSONL.encode())))
    (paper,) = gather(["-"]).papers
    assert paper.sources == (Source("-", 1),)


def test_content_decides_over_the_name(tmp_path: Path) -> None:
    intake = gather(write(tmp_path, a__txt=JSONL, b__jsonl=LISTING, c__unknown=LISTING))
    assert (intake.accepted, intake.duplicate, intake.failures) == (3, 2, ())


def test_the_name_decides_where_the_content_is_broken(tmp_path: Path) -> None:
    intake = gather(write(tmp_path, a__jsonl="oops\n" + JSONL, b__txt="A text without its number"))
    assert [(reject.file, reject.line) for reject in intake.rejects] == [("a.jsonl", 1), ("b.txt", 1)]
    assert intake.accepted == 1
    assert balanced(intake)


def test_blank_space_before_the_first_record_is_no_matter(tmp_path: Path) -> None:
    intake = gather(write(tmp_path, a__jsonl="\n" * 100_000 + JSONL))
    assert (intake.accepted, intake.failures) == (1, ())


def test_the_format_given_decides_over_both(tmp_path: Path) -> None:
    (path,) = write(tmp_path, a__txt=JSONL)
    (reject,) = gather([path], format="listing").rejects
    assert reject.reason.startswith("no arXiv number after this text")


def test_progress_hands_on_every_file(tmp_path: Path) -> None:
    seen = []

    def progress(
        files: Iterable[InputFile | ReadError], stage: str, total: int
    ) -> Iterable[InputFile | ReadError]:
        for file in files:
            seen.append((stage, total))
            yield file

    intake = gather(write(tmp_path, a__txt=LISTING, b__jsonl=JSONL), progress=progress)
    assert seen == [("read", 2)] * 2
    assert intake.accepted == 3


# --- broken inputs -----------------------------------------------------------------------------------

EXPECTED = "expected papers as jsonl or listing"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", f"no record in it; {EXPECTED}"),
        ("a.txt", b"\xef\xbb\xbf", f"no record in it; {EXPECTED}"),
        ("a.jsonl", b" \n\t\n", f"no record in it; {EXPECTED}"),
        ("a.txt", b"\n" * 100_000, f"no record in it; {EXPECTED}"),
        ("a.gz", gzip.compress(b""), f"no record in it; {EXPECTED}"),
        ("a.txt", b"Created: 2021-01-01\n", f"no record in it; {EXPECTED}"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
         f"not text in UTF-8 but a binary file, or one in another encoding; {EXPECTED}"),
        ("a.jsonl", gzip.compress(gzip.compress(JSONL.encode() * 99)),
         f"not text in UTF-8 but a binary file, or one in another encoding; {EXPECTED}"),
        ("a.txt", LISTING.encode("utf-16"), f"not text in UTF-8 but UTF-16; {EXPECTED}"),
        ("a.csv", b"id,abstract\n", f"its format cannot be told by name or content; {EXPECTED}"),
        ("a.txt", None, "No such file or directory"),
    ],
)  # fmt: skip
def test_an_unreadable_file_is_one_clear_failure_and_the_rest_is_read(
    name: str, content: bytes | None, reason: str, tmp_path: Path
) -> None:
    bad = tmp_path / "bad" / name
    if content is not None:
        bad.parent.mkdir()
        bad.write_bytes(content)
    (good,) = write(tmp_path, good__jsonl=JSONL)
    intake = gather([bad, good])
    (failure,) = intake.failures
    assert str(failure) == f"{bad}: {reason}"
    assert failure.exit_code == 4
    assert (intake.read, intake.accepted) == (1, 1)


def test_records_before_a_cut_are_kept_and_the_cut_is_named(tmp_path: Path) -> None:
    rows = [{"id": f"x:{number}", "abstract": f"{random.Random(number).random()}"} for number in range(9000)]  # noqa: S311
    packed = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    cut, whole = write(tmp_path, cut__jsonl__gz=packed[: len(packed) // 2], whole__jsonl=JSONL)
    intake = gather([cut, whole])
    (failure,) = intake.failures
    assert intake.rejects == ()
    assert 3000 < intake.read < 6000
    assert str(failure) == (f"{cut}:{intake.read} (record {intake.read}): the gzip data is cut off here")
    assert intake.papers[0].id == "arXiv:2101.00003"
    assert balanced(intake)


def test_the_record_being_read_at_a_cut_is_kept_if_it_is_whole(tmp_path: Path) -> None:
    packed = gzip.compress(LISTING.encode())[:-9]
    intake = gather(write(tmp_path, a__txt__gz=packed))
    assert [paper.id for paper in intake.papers] == ["arXiv:2101.00001", "arXiv:2101.00002"][: intake.read]
    assert intake.read
    assert len(intake.failures) == 1


def test_seven_broken_lines_of_a_thousand_cost_seven_records(tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311
    lines = [f'{{"id": "x:{number}", "abstract": "We count to {number}."}}' for number in range(1000)]
    for number, damage in enumerate(("", "{", "[]", '{"id": 1, "id": 2}', "\x00", '{"id": "x"}', "nul")):
        lines[chance.randrange(number * 140, number * 140 + 140)] = damage or "{}"
    intake = gather(write(tmp_path, a__jsonl="\n".join(lines)))
    assert (intake.read, intake.accepted, intake.rejected) == (1000, 993, 7)
    assert all(reject.line and reject.reason for reject in intake.rejects)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_any_damage_to_a_file_ends_in_counts_that_agree(name: str, packed: bool, tmp_path: Path) -> None:
    chance = random.Random(f"{name}{packed}")  # noqa: S311
    content = (LISTING if name == "a.txt" else JSONL * 3).encode()
    whole = gzip.compress(content, mtime=0) if packed else content
    path = tmp_path / name
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            start = chance.randrange(len(damaged) + 1)
            damaged[start : start + chance.choice((0, 1, 40))] = chance.randbytes(chance.randrange(4))
        path.write_bytes(damaged)
        intake = gather([path])
        assert balanced(intake)
        assert intake.read or intake.failures


# --- one paper in several records --------------------------------------------------------------------


def test_a_paper_in_two_files_is_one_with_two_sources(tmp_path: Path) -> None:
    fuller = {"id": "2101.00001v2", "title": "Counting", "abstract": "We count.", "categories": ["cs.DM"]}
    paths = write(tmp_path, a__txt=LISTING, b__jsonl=json.dumps(fuller))
    intake = gather(paths)
    assert (intake.read, intake.accepted, intake.duplicate) == (3, 2, 1)
    first = intake.papers[0]
    assert first.sources == (Source("a.txt", 1), Source("b.jsonl", 1))
    assert (first.title, first.created, first.categories) == ("Counting", "2021-01-01", ("cs.DM",))
    assert gather(paths[::-1]) == intake


def test_a_file_given_twice_counts_twice_but_is_one_source(tmp_path: Path) -> None:
    (path,) = write(tmp_path, a__jsonl=JSONL)
    intake = gather([path, path])
    assert (intake.read, intake.accepted, intake.duplicate) == (2, 1, 1)
    assert intake.papers[0].sources == (Source("a.jsonl", 1),)


words = st.sampled_from(["a", "b", "aa", "ab"])
records_of_one_paper = st.lists(
    st.builds(
        Paper,
        id=st.just("x:1"),
        title=st.none() | words,
        abstract=st.just("") | words,
        comment=st.none() | words,
        authors=st.lists(words, max_size=2).map(tuple),
        categories=st.sets(words).map(sorted).map(tuple),
        links=st.sets(st.builds(Link, words, st.sampled_from(LinkKind)), max_size=2).map(sorted).map(tuple),
        related=st.sets(words).map(sorted).map(tuple),
        sources=st.sets(st.builds(Source, words, st.integers(1, 3)), max_size=2).map(sorted).map(tuple),
        created=st.none() | st.sampled_from(["2021", "2021-10", "2021-10-22", "2020-10-22"]),
        doi=st.none() | words,
        journal_ref=st.none() | words,
        venue=st.none() | words,
        presentation=st.none() | words,
    ),
    min_size=3,
    max_size=3,
)


@given(records_of_one_paper)
def test_uniting_does_not_depend_on_order(records: list[Paper]) -> None:
    first, second, third = records
    assert unite(first, second) == unite(second, first)
    assert unite(unite(first, second), third) == unite(first, unite(second, third))
    assert unite(first, first) == first


def test_the_order_of_files_and_records_does_not_show(tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311
    rows = [
        {"id": f"x:{chance.randrange(30)}", "abstract": f"We count to {chance.randrange(9)}."}
        for _ in range(60)
    ]
    lines = [json.dumps(row) for row in rows] + ["broken", '{"id": "x:1"}']
    paths = write(tmp_path, **{f"f{number}__jsonl": line for number, line in enumerate(lines)})
    expected = gather(paths)
    assert expected.accepted < 31
    assert balanced(expected)
    for _ in range(5):
        chance.shuffle(paths)
        assert gather(paths) == expected
