"""What every exporter owes, run over all there are; a new one is tested by being there."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import OutputError, UnknownFormat
from kg.export import export, exporter, known_formats
from kg.graph import KnowledgeGraph
from kg.rdf import read_graph

GOLDEN = Path(__file__).parent.parent / "data" / "golden" / "graph.ttl"
FORMATS = known_formats()


@pytest.fixture
def small() -> KnowledgeGraph:
    return read_graph(GOLDEN)


def written(graph: KnowledgeGraph, path: Path, format_: str) -> bytes:
    export(graph, path, format_)
    return path.read_bytes()


def test_the_exporters_are_those_of_the_folder() -> None:
    folder = Path(sys.modules["kg.export"].__file__ or "").parent
    assert set(FORMATS) == {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert {"graphml", "turtle"} <= set(FORMATS)


def test_no_two_formats_share_a_suffix() -> None:
    suffixes = [suffix for format_ in FORMATS for suffix in exporter(format_).SUFFIXES]
    assert len(suffixes) == len(set(suffixes)) >= len(FORMATS)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


@pytest.mark.parametrize("format_", FORMATS)
def test_everything_in_the_graph_is_in_the_file(format_: str, small: KnowledgeGraph, tmp_path: Path) -> None:
    text = written(small, tmp_path / "out", format_).decode("utf-8")
    assert len(small.papers) == 3
    assert len(small.entities) == 12
    assert [paper.id for paper in small.papers if paper.id not in text] == []
    assert [entity.name for entity in small.entities if entity.name not in text] == []
    assert [result.id for result in small.results if result.id.partition("/")[2] not in text] == []


@pytest.mark.parametrize("format_", FORMATS)
def test_hash_seed_locale_folder_and_run_do_not_change_a_byte(
    format_: str, small: KnowledgeGraph, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path; from kg.export import export; from kg.rdf import read_graph; "
        "export(read_graph(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3])"
    )
    seen = {written(small, tmp_path / "here", format_), written(small, tmp_path / "again", format_)}
    for seed in ("1", "77"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": "C", "PYTHONUTF8": "0"}
        out = tmp_path / seed / "out"
        subprocess.run(
            [sys.executable, "-c", code, str(GOLDEN), str(out), format_], env=environment, check=True
        )
        seen.add(out.read_bytes())
    assert len(seen) == 1


@pytest.mark.parametrize("format_", FORMATS)
def test_exporter_does_not_change_the_graph(format_: str, small: KnowledgeGraph, tmp_path: Path) -> None:
    export(small, tmp_path / "out", format_)
    assert small == read_graph(GOLDEN)


@pytest.mark.parametrize("format_", FORMATS)
def test_format_is_told_by_the_name_of_the_file(format_: str, small: KnowledgeGraph, tmp_path: Path) -> None:
    by_format = written(small, tmp_path / "out", format_)
    for suffix in exporter(format_).SUFFIXES:
        export(small, tmp_path / f"a.b{suffix.upper()}")
        assert (tmp_path / f"a.b{suffix.upper()}").read_bytes() == by_format


@pytest.mark.parametrize("format_", FORMATS)
def test_base_begins_the_iris(format_: str, small: KnowledgeGraph, tmp_path: Path) -> None:
    export(small, tmp_path / "out", format_, base="https://example.org/mine/")
    text = (tmp_path / "out").read_text("utf-8")
    assert "https://example.org/mine/" in text
    assert "https://w3id.org/abstractkg/paper/" not in text


@pytest.mark.parametrize("format_", FORMATS)
def test_failed_export_leaves_the_old_file_and_nothing_else(
    format_: str, small: KnowledgeGraph, tmp_path: Path
) -> None:
    path = tmp_path / "out"
    path.write_text("old", encoding="utf-8")
    broken = replace(small, entities=(*small.entities, None))
    with pytest.raises(AttributeError):
        export(broken, path, format_)
    assert path.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("format_", FORMATS)
def test_path_that_cannot_be_written_is_named(format_: str, small: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="file") as caught:
        export(small, tmp_path / "file" / "out", format_)
    assert caught.value.exit_code == 5


def test_unknown_format_and_unknown_suffix_say_what_is_known(small: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"'rdfxml'; known: .*turtle"):
        export(small, tmp_path / "out", "rdfxml")
    with pytest.raises(UnknownFormat, match=r"'out\.foo'; known: .*\.ttl"):
        export(small, tmp_path / "out.foo")
    assert list(tmp_path.iterdir()) == []
