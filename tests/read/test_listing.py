"""Listings: both layouts, and what makes them hard to tell apart."""

from __future__ import annotations

import io
import random
import re
import time

import pytest

from kg.errors import ReadError
from kg.files import InputFile, InputStream
from kg.model import Paper, Reject
from kg.read import listing


def read(text: str | bytes) -> list[Paper | Reject]:
    content = text.encode() if isinstance(text, str) else text
    stream = InputStream(InputFile(None, "a.txt", "a.txt"), io.BufferedReader(io.BytesIO(content)))
    return list(listing.records(stream))


def papers(text: str | bytes) -> list[Paper]:
    found = read(text)
    assert all(isinstance(record, Paper) for record in found), found
    return [record for record in found if isinstance(record, Paper)]


def rejects(text: str | bytes) -> list[Reject]:
    return [record for record in read(text) if isinstance(record, Reject)]


# --- numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "identifier", "beginning"),
    [
        ("arXiv:2108.088393D point clouds", "arXiv:2108.08839", "3D point clouds"),
        ("arXiv:1412.69803D point clouds", "arXiv:1412.6980", "3D point clouds"),
        ("arXiv:1501.00001100 years ago", "arXiv:1501.00001", "100 years ago"),
        ("arXiv:2108.08839v2We propose", "arXiv:2108.08839", "We propose"),
        ("arXiv:2108.08839mRNA folds", "arXiv:2108.08839", "mRNA folds"),
        ("arXiv:2108.08839 We propose", "arXiv:2108.08839", "We propose"),
        ("arXiv:2108.08839$L_1$ norms", "arXiv:2108.08839", "$L_1$ norms"),
        ("arXiv:math/0309136Knots are tied", "arXiv:math/0309136", "Knots are tied"),
        ("arXiv:math.GT/03091363-manifolds", "arXiv:math/0309136", "3-manifolds"),
        ("arXiv:cond-mat.str-el/9901001Spins order", "arXiv:cond-mat/9901001", "Spins order"),
    ],
)
def test_the_next_abstract_begins_right_after_the_number(line: str, identifier: str, beginning: str) -> None:
    first, second = papers(f"We count.\n{line} here.\narXiv:2201.00001")
    assert first.id == identifier
    assert second.abstract == f"{beginning} here."


@pytest.mark.parametrize(
    "comment",
    [
        "5 pages. arXiv admin note: text overlap with arXiv:1909.07229",
        "arXiv:1909.07229 is a shorter version",
        "arXiv:1909.07229, arXiv:1909.07230 are shorter versions",
        "arXiv:1909.07229v2. Accepted",
        "arXiv admin note: text overlap with\narXiv:1909.07229",
        "Extends arXiv:1909.07228 and\narXiv:1909.07229",
    ],
)
@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_a_number_in_a_comment_is_no_record(comment: str, blank: str) -> None:
    (paper,) = papers(f"We count.{blank}{comment}{blank}arXiv:2201.00001\n")
    assert paper.id == "arXiv:2201.00001"
    assert paper.comment == comment


def test_arxiv_as_a_word_begins_a_comment() -> None:
    (paper,) = papers("We count.\narXiv: a love story\narXiv:2201.00001")
    assert paper.comment == "arXiv: a love story"


@pytest.mark.parametrize("number", ["2108.0883", "2113.08839", "2108.", "2108", "math/030913"])
def test_a_number_that_is_none_rejects_its_record_alone(number: str) -> None:
    first, broken, last = read(
        f"We count.\narXiv:2201.00001\n\nWe lose.\n\narXiv:{number}\n\nWe win.\narXiv:2201.00002"
    )
    assert isinstance(first, Paper)
    assert isinstance(last, Paper)
    assert last.abstract == "We win."
    assert broken == Reject(
        file="a.txt",
        line=6,
        record=2,
        id=None,
        reason=f"'arXiv:{number}' is no arXiv number; expected one such as arXiv:2101.00001",
        raw="We lose.\n",
    )


# --- what stands on and under the number line ---------------------------------------------------------


def test_doi_and_journal_reference_stand_on_the_number_line() -> None:
    (paper,) = papers("We cool.\n\narXiv:2106.13678 - doi: 10.1088/0256-307X/38 Toy Letters 38, 07 (2021)\n")
    assert (paper.doi, paper.journal_ref) == ("10.1088/0256-307X/38", "Toy Letters 38, 07 (2021)")


@pytest.mark.parametrize(
    ("details", "doi", "journal_ref"),
    [
        (" - doi: 10.1145/3474085.3475195", "10.1145/3474085.3475195", None),
        (" - DOI:10.1145/3474085", "10.1145/3474085", None),
        (" - Toy Letters 8 (2008) 12", None, "Toy Letters 8 (2008) 12"),
        (" -", None, None),
    ],
)
def test_either_may_be_missing(details: str, doi: str | None, journal_ref: str | None) -> None:
    (paper,) = papers(f"We cool.\narXiv:2106.13678{details}\nCreated: 2021-06-25")
    assert (paper.doi, paper.journal_ref, paper.created) == (doi, journal_ref, "2021-06-25")


LONG = "We measure how long it takes. " * 10


@pytest.mark.parametrize(
    ("details", "doi", "journal_ref", "beginning"),
    [
        ("doi: 10.1126/s.1 Science 3, 6 (2004)We find", "10.1126/s.1", "Science 3, 6 (2004)", "We find"),
        ("doi: 10.1126/science.1 Science (2004)3D", "10.1126/science.1", "Science (2004)", "3D"),
        (f"doi: 10.1145/3474085.3475195While {LONG}", "10.1145/3474085.3475195", None, "While"),
        (f"doi: 10.1145/34 Toy Letters, pp. 1-8While {LONG}", "10.1145/34", "Toy Letters, pp. 1-8", "While"),
        (f"doi: 10.1145/x.y {LONG}", "10.1145/x.y", None, "We measure"),
    ],
)  # fmt: skip
def test_an_abstract_may_run_on_after_the_reference(
    details: str, doi: str, journal_ref: str | None, beginning: str
) -> None:
    first, second = papers(f"We cool.\narXiv:2106.13678 - {details}.\n5 pages\narXiv:2106.13679")
    assert (first.doi, first.journal_ref) == (doi, journal_ref)
    assert second.abstract.startswith(beginning)
    assert second.comment == "5 pages"


def test_the_date_belongs_to_the_record_above() -> None:
    first, second, third = papers(
        "We a.\n\narXiv:2201.00001\n\nCreated: 2022-01-01\n\nWe b.\n\narXiv:2201.00002\n\n"
        "We c.\narXiv:2201.00003\nCreated: 2022-01-03We d.\narXiv:2201.00004"
    )[:3]
    assert (first.created, second.created, third.created) == ("2022-01-01", None, "2022-01-03")


def test_an_abstract_may_run_on_after_the_date() -> None:
    _, second = papers("We c.\narXiv:2201.00003\nCreated: 2022-01-033D d.\narXiv:2201.00004")
    assert second.abstract == "3D d."


@pytest.mark.parametrize("day", ["2021-02-30", "2021-1", "12.3.2021"])
def test_a_date_that_is_none_is_named(day: str) -> None:
    (reject,) = rejects(f"We a.\n\narXiv:2201.00001\nCreated: {day}\n\nWe b.\n\narXiv:2201.00002\n")
    assert (reject.line, reject.record, reject.id) == (4, 1, "arXiv:2201.00001")
    assert reject.reason == f"created: {day!r} is no date; expected 2021-10-22, 2021-10 or 2021"


# --- abstract and comment ----------------------------------------------------------------------------

LONG_LINE = ("A sentence of some length, as abstracts have them, with a clause or two in it. " * 8).strip()


@pytest.mark.parametrize(
    ("text", "abstract", "comment"),
    [
        ("We count.\n", "We count.", None),
        ("We count.\n5 pages\nAccepted\n", "We count.", "5 pages\nAccepted"),
        ("We count.\n\n5 pages\n\nAccepted\n\n", "We count.", "5 pages\nAccepted"),
        ("  We count.  \r\n\r\n  5 pages\r\n\r\n", "We count.", "5 pages"),
        (f"{LONG_LINE}\n{LONG_LINE}\n9 pages\n", f"{LONG_LINE}\n{LONG_LINE}", "9 pages"),
        (f"Short.\n\n{LONG_LINE}\n\n9 pages\n\n", f"Short.\n\n{LONG_LINE}", "9 pages"),
        ("This paper has been withdrawn.\n5 pages\n", "This paper has been withdrawn.", "5 pages"),
    ],
)  # fmt: skip
def test_the_comment_is_the_short_lines_after_the_abstract(
    text: str, abstract: str, comment: str | None
) -> None:
    (paper,) = papers(f"{text}arXiv:2201.00001\n")
    assert (paper.abstract, paper.comment) == (abstract, comment)


WRAPPED = """\
Wrapped text breaks off where the next word would not have fitted, which
tells it from a comment: those lines end early. Here the third line of our
abstract is as long as the others, and the last one is shorter than they
are, since it is the last.
"""


@pytest.mark.parametrize("blank", ["", "\n"])
@pytest.mark.parametrize("comment", [None, "5 pages, 2 figures", "Accepted\nhttps://example.org/" + "x" * 90])
def test_wrapped_text_is_joined(blank: str, comment: str | None) -> None:
    below = f"{comment}\n{blank}" if comment else ""
    (paper,) = papers(f"{WRAPPED}{blank}{below}arXiv:2201.00001\n")
    assert paper.abstract == WRAPPED.strip().replace("\n", " ")
    assert paper.comment == comment


def test_a_comment_after_a_full_last_line_is_told_by_its_full_stop() -> None:
    full = WRAPPED.strip().rsplit(" ", 1)[0] + " last line that fills its margin entirely.\n"
    (paper,) = papers(f"{full}5 pages\narXiv:2201.00001\n")
    assert paper.comment == "5 pages"


def test_unusual_line_separators_stay_in_the_text() -> None:
    (paper,) = papers("We\u2028count\u0085here.\narXiv:2201.00001")
    assert paper.abstract == "We\u2028count\u0085here."


# --- broken listings ---------------------------------------------------------------------------------

ONE = "We a.\n\n5 pages\n\narXiv:2201.00001\nCreated: 2022-01-01\n\n"
TWO = f"{ONE}We b.\n\narXiv:2201.00002\nCreated: 2022-01-02"


@pytest.mark.parametrize("cut", range(1, len(TWO)))
def test_a_file_cut_anywhere_gives_what_was_whole_and_names_the_rest(cut: int) -> None:
    found = read(TWO[:cut])
    assert [record.id for record in found if record.id] == re.findall(r"arXiv:\d{4}\.\d{5}", TWO[:cut])
    for record in found:
        if isinstance(record, Reject):
            assert record is found[-1]
            assert record.line
            assert "expected" in record.reason


def test_text_after_the_last_number_is_rejected_with_its_line() -> None:
    paper, reject = read("We a.\n\narXiv:2201.00001\n\nWe are cut of")
    assert isinstance(paper, Paper)
    assert reject == Reject(
        file="a.txt",
        line=5,
        record=2,
        id=None,
        reason="no arXiv number after this text; expected a line such as arXiv:2101.00001",
        raw="We are cut of",
    )


def test_a_number_without_an_abstract_is_rejected() -> None:
    first, second = read("We a.\narXiv:2201.00001\narXiv:2201.00002\n")
    assert isinstance(first, Paper)
    assert isinstance(second, Reject)
    assert (second.line, second.id, second.reason) == (
        3,
        "arXiv:2201.00002",
        "no abstract before this number",
    )


@pytest.mark.parametrize("encoding", ["latin-1", "gbk", "utf-16-le"])
def test_a_record_in_another_encoding_is_rejected_alone(encoding: str) -> None:
    broken = "Erdős-Nachfolger über Größe" if encoding == "utf-16-le" else "Die Größe zählt"
    if encoding == "gbk":
        broken = "图神经网络"
    head = b"We a.\n\narXiv:2201.00001\n\n"
    found = read(head + broken.encode(encoding) + b"\n\narXiv:2201.00002\n\nWe c.\n\narXiv:2201.00003\n")
    assert [record.id for record in found] == ["arXiv:2201.00001", "arXiv:2201.00002", "arXiv:2201.00003"]
    first, reject, last = found
    assert isinstance(first, Paper)
    assert isinstance(last, Paper)
    assert isinstance(reject, Reject)
    assert reject.line == 5
    assert "not UTF-8 at byte " in reject.reason


def test_bad_bytes_after_a_number_are_those_of_the_next_record() -> None:
    first, second = read(b"We a.\narXiv:2201.00001Gr\xf6\xdfe\narXiv:2201.00002")
    assert isinstance(first, Paper)
    assert isinstance(second, Reject)
    assert second.reason.startswith("not UTF-8 at byte 24 ")


def test_a_line_too_long_rejects_its_record_alone() -> None:
    found = read(
        b"We a.\narXiv:2201.00001\n" + b"x " * 2**23 + b"y\narXiv:2201.00002\nWe c.\narXiv:2201.00003"
    )
    assert [type(record) for record in found] == [Paper, Reject, Paper]
    assert isinstance(found[1], Reject)
    assert found[1].reason == "longer than 16777216 bytes, from byte 23"


def test_an_endless_record_is_rejected_without_being_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MAX_RECORD", 100)
    first, second = read("We count on.\n" * 50 + "arXiv:2201.00001\nWe b.\narXiv:2201.00002")
    assert isinstance(first, Reject)
    assert first.reason == "more than 100 characters without a line such as arXiv:2101.00001"
    assert len(first.raw) <= 110
    assert isinstance(second, Paper)


def test_what_was_whole_before_a_failure_is_given_first() -> None:
    class Failing(io.RawIOBase):
        def __init__(self) -> None:
            self.chunks = [b"We a.\narXiv:2201.00001\nWe b"]

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:
            if not self.chunks:
                raise ReadError("a.txt", "gone")
            chunk = self.chunks.pop()
            buffer[: len(chunk)] = chunk
            return len(chunk)

    found = []
    stream = InputStream(InputFile(None, "a.txt", "a.txt"), io.BufferedReader(Failing()))
    with pytest.raises(ReadError, match=r"a\.txt:3: gone"):
        found.extend(record.id for record in listing.records(stream))
    assert found == ["arXiv:2201.00001"]


@pytest.mark.parametrize(
    "attack",
    ["arXiv:" * 20_000, "arXiv:" + "a-" * 50_000, "arXiv:" + "1" * 100_000, "\n" * 100_000, " " * 100_000,
     "arXiv:2201.00001 - doi: 10.1000/" + "0A" * 50_000 + "\n", "a. " * 33_000,
     "arXiv:2201.00001" + " (" * 50_000, "a\n\n" * 33_000, "Created: " * 11_000,
     "arXiv:2201.00001 - " + "(2021" * 20_000],
)  # fmt: skip
def test_hostile_text_is_read_in_linear_time(attack: str) -> None:
    start = time.perf_counter()
    listing.detect(attack.encode())
    read(attack)
    read(f"We a.\n{attack}\narXiv:2201.00001")
    assert time.perf_counter() - start < 1


def test_any_damage_gives_papers_and_rejects_only() -> None:
    chance = random.Random(7)  # noqa: S311
    pieces = [
        b"arXiv:",
        b"2201.00001",
        b"\n\n",
        b"\n",
        b"Created: ",
        b"2022-01-01",
        b" - doi: ",
        b"10.1/x",
        b"\xff",
        b"We a.",
    ]
    for _ in range(3000):
        found = read(b"".join(chance.choices(pieces, k=chance.randrange(14))))
        assert all(isinstance(record, Paper | Reject) for record in found)
