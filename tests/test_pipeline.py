"""The main job end to end, on our corpus and on the real listings."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import networkx
import pyoxigraph
import pytest

from kg.errors import ReadError
from kg.graph import KnowledgeGraph
from kg.pipeline import BuildReport, build

OUTPUTS = {"annotations.jsonl", "entities.jsonl", "graph.graphml", "graph.html", "graph.ttl", "papers.jsonl"}


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def built(examples: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[BuildReport, Path]:
    output = tmp_path_factory.mktemp("built")
    return build(examples, output), output


def test_a_build_writes_the_files_it_promises_and_nothing_else(built: tuple[BuildReport, Path]) -> None:
    assert {path.name for path in built[1].iterdir()} == OUTPUTS


def test_every_record_is_accounted_for(built: tuple[BuildReport, Path]) -> None:
    report, output = built
    intake = report.intake
    assert (intake.read, intake.accepted, intake.rejected, intake.duplicate) == (19, 18, 0, 1)
    assert len(rows(output / "papers.jsonl")) == 18
    assert report.intake.exit_code == 0


def test_the_report_counts_what_the_files_hold(built: tuple[BuildReport, Path]) -> None:
    report, output = built
    annotations = rows(output / "annotations.jsonl")
    mentions = [
        mention for row in annotations for entity in row["entities"] for mention in entity["mentions"]
    ]  # type: ignore[attr-defined]
    assert report.mentions == len(mentions) > 100
    assert sum(report.entities.values()) == len(rows(output / "entities.jsonl"))
    assert report.triples == len(set(pyoxigraph.parse(path=output / "graph.ttl")))
    assert report.results > 10
    assert list(report.seconds) == ["read", "extract", "resolve", "write"]


def test_annotations_and_entities_agree_with_the_graph(
    built: tuple[BuildReport, Path], graph: KnowledgeGraph
) -> None:
    output = built[1]
    entity_ids = {row["id"] for row in rows(output / "entities.jsonl")}
    named = {entity["entity"] for row in rows(output / "annotations.jsonl") for entity in row["entities"]}  # type: ignore[attr-defined]
    assert named == entity_ids == {entity.id for entity in graph.entities}
    network = networkx.read_graphml(output / "graph.graphml", force_multigraph=True)
    assert entity_ids <= set(network)


def test_the_committed_exports_are_what_the_examples_give(
    built: tuple[BuildReport, Path], repo: Path
) -> None:
    """If this fails after a change meant to change the graph: kg build examples/*.txt -o exports."""
    assert hashes(repo / "exports") == hashes(built[1])


def run_build(
    repo: Path, inputs: Iterable[Path], output: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", "build", "--quiet", *map(str, inputs), "-o", str(output)],
        cwd=output.parent, env=os.environ | {"PYTHONPATH": str(repo)} | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"},
        {"PYTHONHASHSEED": "2", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_bytes_depend_on_nothing_but_the_input(
    built: tuple[BuildReport, Path],
    repo: Path,
    examples: list[Path],
    tmp_path: Path,
    environment: dict[str, str],
) -> None:
    copies = []
    for path in reversed(examples):
        copies.append(tmp_path / path.name)
        copies[-1].write_bytes(path.read_bytes())
    done = run_build(repo, copies, tmp_path / "out", **environment)
    assert done.returncode == 0, done.stderr
    assert hashes(tmp_path / "out") == hashes(built[1])


def test_a_build_without_any_readable_input_touches_no_output(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    with pytest.raises(ReadError, match=r"empty\.txt"):
        build([tmp_path / "empty.txt", tmp_path / "missing.txt"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_good_records_survive_the_bad_ones_beside_them(examples: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": "a:1", "abstract": "We propose Fox-Net."}\nnot json\n', "utf-8")
    report = build([*examples, broken, tmp_path / "missing.txt"], tmp_path / "out")
    assert report.intake.accepted == 19
    assert report.intake.exit_code == ReadError.exit_code
    (reject,) = rows(tmp_path / "out" / "rejects.jsonl")
    assert (reject["file"], reject["line"], reject["record"]) == ("broken.jsonl", 2, 2)


def test_the_list_of_rejects_does_not_outlive_them(examples: list[Path], tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / "rejects.jsonl").write_text("of an earlier run\n", "utf-8")
    build(examples, output)
    assert not (output / "rejects.jsonl").exists()


# --- the real listings -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[BuildReport, Path]:
    output = tmp_path_factory.mktemp("real")
    return build(sorted((shared / "seeds").glob("*.txt")), output), output


def test_the_real_listings_give_49_papers_of_50_records(real: tuple[BuildReport, Path]) -> None:
    intake = real[0].intake
    assert (intake.read, intake.accepted, intake.rejected, intake.duplicate) == (50, 49, 0, 1)
    twice = [row for row in rows(real[1] / "papers.jsonl") if len(row["sources"]) > 1]  # type: ignore[arg-type]
    assert [row["id"] for row in twice] == ["arXiv:2112.04674"]


def test_both_parsers_read_the_same_triples_of_the_real_graph(real: tuple[BuildReport, Path]) -> None:
    import rdflib

    path = real[1] / "graph.ttl"
    assert len(rdflib.Graph().parse(path)) == real[0].triples == len(set(pyoxigraph.parse(path=path)))


def test_the_real_graph_keeps_shapes_and_checks(real: tuple[BuildReport, Path]) -> None:
    from kg.check import check

    assert check(real[1]).violations == ()
