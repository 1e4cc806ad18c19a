"""What the README says is so: its commands run and give what it shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli import kg as commands
from kg.query import questions


@pytest.fixture(scope="module")
def readme(repo: Path) -> str:
    return (repo / "README.md").read_text("utf-8")


def blocks(readme: str, name: str) -> list[str]:
    """The code blocks that stand directly after a mark `<!-- command: NAME -->`."""
    return re.findall(rf"<!-- command: {name} -->\n```\w+\n(.*?)```", readme, re.DOTALL)


def test_the_readme_opens_with_one_command_to_use_and_one_to_test(readme: str) -> None:
    (use,) = blocks(readme, "use")
    (test,) = blocks(readme, "test")
    assert len(use.strip().splitlines()) == len(test.strip().splitlines()) == 1
    for command in (use, test):
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert use.strip().endswith(".venv/bin/kg build examples/*.txt -o exports")
    assert test.strip().endswith(".venv/bin/python -m pytest")


def test_continuous_integration_runs_the_test_command_of_the_readme(repo: Path) -> None:
    script = (repo / ".ci" / "run").read_text("utf-8")
    assert "<!-- command: test -->" in script
    assert "pytest" not in script


def transcripts(readme: str) -> list[tuple[str, str]]:
    """Every `$ command` shown in a console block, with the output shown under it."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", readme, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def run(command: str, folder: Path) -> str:
    """Standard output of a command shown in the README, where `kg` and `python` are those of this run."""
    bin_folder = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": f"{bin_folder}:/usr/bin:/bin", "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder laid out like the project, so that commands can write their output."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("examples", "ontology", "exports"):
        (folder / name).mkdir()
        for path in sorted((repo / name).iterdir()):
            if path.is_file():
                (folder / name / path.name).write_bytes(path.read_bytes())
    return folder


def test_every_command_shown_runs_and_gives_what_is_shown(readme: str, folder: Path) -> None:
    shown = transcripts(readme)
    assert len(shown) >= 5
    for command, expected in shown:
        lines = [line.rstrip() for line in run(command, folder).splitlines()]
        # Times differ from run to run; a line `…` stands for any lines.
        for line in expected.splitlines():
            if line.strip() not in {"", "…"} and not line.startswith(" seconds"):
                assert line.rstrip() in lines, f"{command}\nmisses: {line}\ngives: {lines}"


def test_every_python_example_runs(readme: str, folder: Path) -> None:
    examples = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert examples
    for example in examples:
        done = subprocess.run(
            [sys.executable, "-c", example], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_every_command_and_every_question_is_documented(readme: str) -> None:
    assert [name for name in commands.commands if f"`kg {name}" not in readme] == []
    assert [one.name for one in questions() if one.name not in readme] == []


def test_every_exit_code_is_documented(readme: str) -> None:
    for code in ("0", "1", "2", "3", "4", "5", "130"):
        assert re.search(rf"^\| {code} \|", readme, re.MULTILINE), code


def test_links_within_the_project_lead_somewhere(readme: str, repo: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)#\s]+)\)", readme) if "://" not in link]
    assert links
    assert [link for link in links if not (repo / link).exists()] == []
