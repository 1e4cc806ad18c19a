"""What keeps the house in order: import directions, sizes, checks that are not tests of behaviour."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest


def modules(repo: Path) -> list[Path]:
    found = sorted((repo / "kg").rglob("*.py"))
    assert len(found) > 20
    return found


def run(repo: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=repo, capture_output=True, text=True, check=False, timeout=300)


def test_imports_go_one_way(repo: Path) -> None:
    result = run(repo, str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    assert result.returncode == 0, result.stdout


def test_types_hold_under_strict_mypy(repo: Path) -> None:
    result = run(repo, sys.executable, "-m", "mypy")
    assert result.returncode == 0, result.stdout


def test_ruff_finds_nothing_to_mend(repo: Path) -> None:
    for arguments in (("check", "."), ("format", "--check", ".")):
        result = run(repo, sys.executable, "-m", "ruff", *arguments)
        assert result.returncode == 0, result.stdout


def test_no_file_is_longer_than_400_lines(repo: Path) -> None:
    lengths = {path.relative_to(repo): len(path.read_text("utf-8").splitlines()) for path in modules(repo)}
    assert {path: length for path, length in lengths.items() if length > 400} == {}


def test_the_library_never_prints_or_exits(repo: Path) -> None:
    for path in modules(repo):
        if path.name == "cli.py":
            continue
        calls = {
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call)
        }
        assert not calls & {"print", "exit", "quit", "sys.exit", "os._exit"}, path


def test_nothing_that_runs_code_from_files_is_used(repo: Path) -> None:
    forbidden = ("pickle", "joblib", "torch.load", "allow_pickle", "jsonpickle", "yaml.load", "marshal")
    for path in modules(repo):
        source = path.read_text("utf-8")
        assert not [word for word in forbidden if word in source], path
        tree = ast.parse(source)
        names = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not names & {"eval", "exec", "__import__"}, path


HEAVY = ("spacy", "rdflib", "networkx", "pyvis", "onnxruntime", "numpy", "pyoxigraph", "rustworkx")


def loaded_by(repo: Path, code: str) -> set[str]:
    environment = os.environ | {"PYTHONPATH": str(repo)}
    script = f"{code}\nimport sys; print(*sys.modules, file=sys.stderr)"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    return {module.split(".")[0] for module in result.stderr.split()}


@pytest.mark.parametrize(
    "code",
    [
        "import kg",
        "import kg.cli",
        "import kg.read, kg.records, kg.text, kg.ids",
        "import kg.cli\ntry: kg.cli.main(['--help'])\nexcept SystemExit: pass",
    ],
)
def test_help_and_light_parts_load_nothing_heavy(repo: Path, code: str) -> None:
    assert not loaded_by(repo, code) & set(HEAVY)


def test_asking_a_graph_loads_neither_spacy_nor_networkx(repo: Path) -> None:
    command = "['query', 'entities-by-support', '--graph', 'exports']"
    code = f"import kg.cli\ntry: kg.cli.main({command})\nexcept SystemExit: pass"
    assert not loaded_by(repo, code) & {"spacy", "networkx", "pyvis", "rustworkx", "onnxruntime", "torch"}
