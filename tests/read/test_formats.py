"""The contract of every format: one module in kg/read, one sample and one broken copy of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import UnknownFormat
from kg.files import InputFile
from kg.model import Paper, Reject
from kg.read import gather, known_formats, read_file, reader
from kg.records import dump_line, paper_to_record

FORMATS = known_formats()
SAMPLES = Path(__file__).parent.parent / "data" / "formats"


def sample(name: str) -> Path:
    (path,) = SAMPLES.glob(f"{name}.*")
    return path


def test_all_formats_are_discovered() -> None:
    assert FORMATS == ("jsonl", "listing")


def test_unknown_format_lists_the_known_ones() -> None:
    with pytest.raises(UnknownFormat, match="unknown format 'pdf'; known: jsonl, listing") as caught:
        gather([sample("jsonl")], format="pdf")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_names_its_suffixes(name: str) -> None:
    suffixes = reader(name).SUFFIXES
    assert suffixes
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


@pytest.mark.parametrize("name", FORMATS)
def test_the_sample_is_read_whole(name: str) -> None:
    path = sample(name)
    intake = gather([path])
    assert (intake.read, intake.accepted, intake.rejected, intake.duplicate) == (3, 3, 0, 0)
    assert intake.failures == ()
    assert [paper.id for paper in intake.papers] == sorted(paper.id for paper in intake.papers)
    for paper in intake.papers:
        assert paper.title or paper.abstract
        assert len(paper.sources) == 1


@pytest.mark.parametrize("name", FORMATS)
def test_the_sample_is_told_by_content_alone(name: str, tmp_path: Path) -> None:
    path = sample(name)
    renamed = tmp_path / "papers.unheard-of"
    renamed.write_bytes(path.read_bytes())
    found = [
        record for record in read_file(InputFile(renamed, "renamed", path.name)) if isinstance(record, Paper)
    ]
    assert sorted(found, key=lambda paper: paper.id) == list(gather([path]).papers)


@pytest.mark.parametrize("name", FORMATS)
def test_the_sample_survives_a_round_trip_through_jsonl(name: str, tmp_path: Path) -> None:
    papers = gather([sample(name)]).papers
    written = tmp_path / "papers.jsonl"
    written.write_bytes(b"".join(dump_line(paper_to_record(paper)) for paper in papers))
    assert gather([written]).papers == papers


@pytest.mark.parametrize("name", FORMATS)
def test_the_broken_copy_names_file_line_and_record_and_keeps_the_rest(name: str) -> None:
    path = sample(f"{name}-broken")
    intake = gather([path])
    assert intake.accepted == 2
    assert intake.rejects
    assert intake.read == intake.accepted + intake.rejected + intake.duplicate
    for reject in intake.rejects:
        assert isinstance(reject, Reject)
        assert (reject.file, bool(reject.line), bool(reject.record)) == (path.name, True, True)
        assert reject.reason
        assert reject.raw
