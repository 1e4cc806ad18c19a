"""The listings of the first real use, where they are present."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kg.model import Paper, Source
from kg.read import Intake, gather

SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="../shared/data/seeds is not here")

# Number and day of every paper, by listing; the listings with no days are those run together.
NUMBERS = {
    "000": "2110.11945 2021-10-22, 2110.10807 2021-10-20, 2110.10552 2021-10-20, 2109.14449 2021-09-29, "
    "2108.03032 2021-08-06, 2108.02874 2021-08-05, 2107.13154 2021-07-27, 2107.02596 2021-07-06, "
    "2107.02053 2021-07-05, 2106.13678 2021-06-25",
    "001": "2205.12956, 2205.00179, 2204.00993, 2203.14415, 2203.07057, 2202.10103, 2202.09450, 2112.11668, "
    "2112.08643, 2112.04674",
    "002": "2108.08728, 2108.08839, 2108.07794, 2108.07797, 2108.07189, 2108.06951, 2108.05818, 2108.05889, "
    "2108.05340, 2108.02720",
    "003": "2112.04674 2021-12-08, 2111.12346 2021-11-24, 2111.11418 2021-11-22, 2111.08380 2021-11-16, "
    "2111.04076 2021-11-07, 2110.04596 2021-10-09, 2109.07036 2021-09-14, 2106.13112 2021-06-24, "
    "2106.12368 2021-06-23, 2105.12324 2021-05-26",
    "004": "2204.07154 2022-04-14, 2204.03645 2022-04-07, 2204.03610 2022-04-07, 2203.16533 2022-03-30, "
    "2201.05729 2022-01-14, 2201.01297 2022-01-04, 2112.09106 2021-12-16, 2112.05142 2021-12-09, "
    "2112.03857 2021-12-07, 2112.03109 2021-12-06",
}
WITHOUT_COMMENT = {
    *("2106.13678", "2205.00179", "2202.10103", "2202.09450", "2111.12346", "2110.04596"),
    *("2204.03645", "2201.05729", "2112.05142"),
}
DOIS = {"2106.13678": "10.1088/0256-307X/38/7/077201", "2111.08380": "10.1145/3474085.3475195"}


@pytest.fixture(scope="module")
def listings() -> list[Path]:
    return sorted((SHARED / "seeds").glob("*.txt"))


@pytest.fixture(scope="module")
def intake(listings: list[Path]) -> Intake:
    return gather(listings)


def number(paper: Paper) -> str:
    return paper.id.removeprefix("arXiv:")


def test_fifty_records_are_forty_nine_papers(intake: Intake) -> None:
    assert (intake.read, intake.accepted, intake.rejected, intake.duplicate) == (50, 49, 0, 1)
    assert intake.failures == ()


def test_the_paper_in_two_listings_names_both(intake: Intake) -> None:
    (twice,) = (paper for paper in intake.papers if len(paper.sources) > 1)
    assert twice.id == "arXiv:2112.04674"
    assert [(source.file[:3], source.record) for source in twice.sources] == [("001", 10), ("003", 1)]
    assert twice.created == "2021-12-08"


def test_every_number_and_day_is_right(listings: list[Path]) -> None:
    for path in listings:
        records = sorted(gather([path]).papers, key=lambda paper: paper.sources)
        found = [f"{number(paper)} {paper.created or ''}".strip() for paper in records]
        assert found == NUMBERS[path.name[:3]].split(", ")
        assert [paper.sources for paper in records] == [(Source(path.name, place),) for place in range(1, 11)]


def test_dois_references_and_missing_comments_are_right(intake: Intake) -> None:
    assert {number(paper): paper.doi for paper in intake.papers if paper.doi} == DOIS
    assert {number(paper): paper.journal_ref for paper in intake.papers if paper.journal_ref} == {
        "2106.13678": "Chinese Physics Letters 38, 077201 (2021)"
    }
    assert {number(paper) for paper in intake.papers if paper.comment is None} == WITHOUT_COMMENT


def test_the_listings_can_be_written_back_from_their_papers(listings: list[Path]) -> None:
    for path in listings:
        text = path.read_text(encoding="utf-8")
        apart = "Created:" in text
        records = []
        for paper in sorted(gather([path]).papers, key=lambda paper: paper.sources):
            reference = f" - doi: {paper.doi} {paper.journal_ref or ''}".rstrip() if paper.doi else ""
            parts = [paper.abstract, *([paper.comment] if paper.comment else []), f"{paper.id}{reference}"]
            records.append(
                ("\n\n" if apart else "\n").join(parts) + (f"\nCreated: {paper.created}" if apart else "")
            )
        assert ("\n\n" if apart else "").join(records) == text.rstrip("\n")


def test_no_abstract_or_comment_holds_a_number_line(intake: Intake) -> None:
    for paper in intake.papers:
        assert not re.search(r"^arXiv:\d", f"{paper.abstract}\n{paper.comment}", re.M)


def test_the_annotators_read_the_same_metadata(intake: Intake) -> None:
    papers = {paper.id: paper for paper in intake.papers}
    rows = list(map(json.loads, (SHARED / "annotations" / "seeds.jsonl").read_bytes().strip().split(b"\n")))
    assert len(rows) == 20
    for row in rows:
        paper = papers[row["id"]]
        assert [paper.created, paper.doi, paper.journal_ref, paper.comment] == [
            row[key] for key in ("created", "doi", "journal_ref", "comment")
        ]


def test_annotated_papers_are_an_input_too() -> None:
    intake = gather([SHARED / "annotations" / "dev.jsonl"])
    assert (intake.read, intake.accepted, intake.failures) == (100, 100, ())
    assert all(paper.title and paper.abstract and paper.created for paper in intake.papers)
