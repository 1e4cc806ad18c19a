"""Every command by its output and exit code."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli import kg as commands
from kg.cli import main

LISTING = "We propose Fox-Net. It gets 90.5% accuracy on CIFAR-10.\n\narXiv:2101.00001\nCreated: 2021-01-01\n"


class Shell:
    """Runs `kg` in this process, from a folder of its own, as a shell would."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capture = capture

    def __call__(self, *arguments: str | Path) -> tuple[int, str, str]:
        """The exit code, standard output and standard error of a command."""
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        out, err = self.capture.readouterr()
        return int(stop.value.code or 0), out, err


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path, capsys)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, repo: Path) -> Path:
    from kg.pipeline import build

    output = tmp_path_factory.mktemp("built")
    build(sorted((repo / "examples").glob("*.txt")), output)
    return output


def test_every_command_has_help_with_an_example(shell: Shell) -> None:
    assert set(commands.commands) == {
        "build", "check", "evaluate", "export", "extract", "query", "read", "train", "view",
    }  # fmt: skip
    for name in commands.commands:
        code, out, _ = shell(name, "--help")
        assert code == 0
        assert f"Example: kg {name} " in " ".join(out.split())
        assert "--quiet" in out and "--debug" in out


def test_the_version_is_told(shell: Shell) -> None:
    assert shell("--version")[:2] == (0, "kg, version 0.1.0\n")


def test_an_unknown_command_or_option_is_a_usage_error(shell: Shell) -> None:
    assert shell("bild")[0] == 2
    code, _, err = shell("build", "--fast", "x.txt")
    assert code == 2
    assert "--fast" in err


def test_build_tells_what_it_read_and_made(shell: Shell) -> None:
    Path("a.txt").write_text(LISTING, "utf-8")
    code, out, err = shell("build", "a.txt", "-o", "out")
    assert (code, err) == (0, "")
    table = {tuple(line.split()[:-1]): line.split()[-1] for line in out.splitlines() if line.split()}
    assert table["records", "read"] == table["accepted",] == "1"
    assert table["rejected",] == table["duplicate",] == "0"
    assert {"mentions", "entities", "results", "relations", "triples", "Method"} <= {
        words[0] for words in table if words
    }
    assert ("seconds", "to", "extract") in table


def test_quiet_says_nothing(shell: Shell) -> None:
    Path("a.txt").write_text(LISTING, "utf-8")
    assert shell("build", "a.txt", "-o", "out", "--quiet") == (0, "", "")


BROKEN = {
    "cut.txt": (
        (LISTING + "\nThis text has no end and no num").encode(), 3, r"kg: cut\.txt:6 \(record 2\): "
    ),
    "binary.txt": (bytes(range(256)) * 9, 4, r"kg: binary\.txt: not text"),
    "empty.txt": (b"", 4, r"kg: empty\.txt: no record in it"),
    "half.jsonl": (
        b'{"id": "2101.00002", "abstract": "We use BERT."}\n{"id": "2101.000',
        3,
        r"kg: half\.jsonl:2 \(record 2\): ",
    ),
    "missing.txt": (None, 4, r"kg: missing\.txt: "),
    "cut.txt.gz": (
        gzip.compress((LISTING * 1).encode(), mtime=0)[:-12], 4, r"kg: cut\.txt\.gz"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_input_is_one_clear_line_and_loses_nothing_else(shell: Shell, name: str) -> None:
    content, expected, message = BROKEN[name]
    good = LISTING.replace("00001", "00009")
    Path("good.txt").write_text(good, "utf-8")
    if content is not None:
        Path(name).write_bytes(content)
    code, _, err = shell("build", name, "good.txt", "-o", "out")
    assert code == expected
    assert len(err.splitlines()) == 1
    assert re.match(message, err), err
    ids = {json.loads(line)["id"] for line in Path("out/papers.jsonl").read_text("utf-8").splitlines()}
    assert "arXiv:2101.00009" in ids


def test_errors_show_no_traceback_unless_asked(shell: Shell) -> None:
    code, _, err = shell("build", "missing.txt")
    assert code == 4
    assert err.startswith("kg: missing.txt: ")
    assert "Traceback" not in err
    from kg.errors import ReadError

    with pytest.raises(ReadError):
        main(["build", "missing.txt", "--debug"])


def test_hostile_names_cannot_move_the_cursor(shell: Shell) -> None:
    _, _, err = shell("build", "a\x1b[31mb.txt")
    assert "\x1b" not in err
    assert "\\x1b" in err


def test_train_says_what_its_settings_lack(shell: Shell) -> None:
    Path("settings.toml").write_text('output = "model"\nspeed = 9\n', "utf-8")
    code, _, err = shell("train", "settings.toml")
    assert code == 2
    assert "unknown: speed" in err
    assert shell("train", "none.toml")[0] == 4


def test_an_output_that_cannot_be_written_is_exit_code_5(shell: Shell) -> None:
    Path("a.txt").write_text(LISTING, "utf-8")
    Path("file").touch()
    code, _, err = shell("build", "a.txt", "-o", "file/out")
    assert code == 5
    assert len(err.splitlines()) == 1


def test_read_converts_to_json_lines_that_read_back(shell: Shell) -> None:
    Path("a.txt").write_text(LISTING, "utf-8")
    assert shell("read", "a.txt", "-o", "papers.jsonl")[0] == 0
    assert shell("read", "papers.jsonl", "-o", "again.jsonl")[0] == 0
    assert json.loads(Path("papers.jsonl").read_text("utf-8"))["created"] == "2021-01-01"


def test_commands_take_standard_input_and_give_standard_output(repo: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "extract", "-", "--input-format", "listing"],
        input=LISTING, capture_output=True, text=True, cwd=repo, check=True,
    )  # fmt: skip
    row = json.loads(done.stdout)
    assert row["id"] == "arXiv:2101.00001"
    assert any(entity["name"] == "Fox-Net" for entity in row["entities"])


def test_an_unknown_format_lists_the_known_ones(shell: Shell) -> None:
    Path("a.txt").write_text(LISTING, "utf-8")
    code, _, err = shell("read", "a.txt", "--input-format", "docx")
    assert code == 2
    assert "jsonl, listing" in err
    code, _, err = shell("export", "x.ttl", "-o", "x.docx")
    assert code in {2, 4}


def test_export_and_view_take_a_build_folder(shell: Shell, built: Path) -> None:
    assert shell("export", built, "-o", "again.ttl")[0] == 0
    assert Path("again.ttl").read_bytes() == (built / "graph.ttl").read_bytes()
    assert shell("export", built, "-o", "again.graphml")[0] == 0
    assert Path("again.graphml").read_bytes() == (built / "graph.graphml").read_bytes()
    assert shell("view", built, "-o", "again.html")[0] == 0
    assert Path("again.html").read_bytes() == (built / "graph.html").read_bytes()


def test_check_passes_what_build_wrote_and_fails_what_was_broken(shell: Shell, built: Path) -> None:
    code, out, _ = shell("check", built)
    assert code == 0
    assert "no violation" in out
    text = (built / "graph.ttl").read_text("utf-8").replace("kg:confidence 0.", "kg:confidence 7.", 1)
    Path("broken.ttl").write_text(text, "utf-8")
    code, _, err = shell("check", "broken.ttl")
    assert code == 1
    assert "violations" in err


def test_query_lists_explains_and_answers(shell: Shell, built: Path) -> None:
    _, out, _ = shell("query", "--list")
    assert "methods-on-dataset" in out
    _, out, _ = shell("query", "methods-on-dataset", "--dataset", "COCO", "--explain")
    assert '"COCO"' in out
    code, out, _ = shell("query", "methods-on-dataset", "--dataset", "imagenet", "--graph", built)
    assert code == 0
    assert "EfficientNet" in out
    _, csv, _ = shell("query", "methods-on-dataset", "--dataset=imagenet", "-g", built, "--format", "csv")
    assert csv.splitlines()[0].startswith("method,")
    _, found, _ = shell("query", "methods-on-dataset", "--dataset=imagenet", "-g", built, "--format", "json")
    assert json.loads(found)["head"]["vars"][0] == "method"


def test_query_takes_a_file_and_standard_input(
    shell: Shell, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("count.rq").write_text("SELECT (COUNT(*) AS ?n) { ?paper a kg:Paper }", "utf-8")
    _, out, _ = shell("query", "count.rq", "-g", built, "--format", "csv")
    assert out.split() == ["n", "18"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ASK { ?paper a kg:Paper }"), "utf-8"))
    assert "true" in shell("query", "-", "-g", built)[1].lower()
    construct = "CONSTRUCT { ?p a kg:Paper } WHERE { ?p a kg:Paper }"
    Path("papers.rq").write_text(construct, "utf-8")
    assert shell("query", "papers.rq", "-g", built)[1].count("a kg:Paper") == 18


def test_a_wrong_question_says_what_there_is(shell: Shell, built: Path) -> None:
    code, _, err = shell("query", "methods-by-planet", "-g", built)
    assert code == 2
    assert "methods-on-dataset" in err
    code, _, err = shell("query", "methods-on-dataset", "--planet", "Mars", "-g", built)
    assert code == 2
    assert "--dataset" in err
    assert shell("query")[0] == 2


def test_evaluate_scores_a_file_against_itself_perfectly(shell: Shell, built: Path) -> None:
    annotations = built / "annotations.jsonl"
    code, out, _ = shell("evaluate", annotations, "--pred", annotations, "--format", "json")
    assert code == 0
    assert json.loads(out)
    code, out, _ = shell("evaluate", annotations, "--pred", annotations)
    assert code == 0
    assert "all types but Concept" in out
