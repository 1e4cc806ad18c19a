"""Fixtures over the small corpus in `examples/`: eighteen papers, each there for a hard case."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.extract import extract
from kg.graph import KnowledgeGraph, assemble
from kg.model import Extraction, Paper, Resolution
from kg.read import gather
from kg.resolve import resolve

REPO = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def repo() -> Path:
    return REPO


@pytest.fixture(scope="session")
def shared() -> Path:
    """Data that is measured on but not part of the project; tests on it skip where it is absent."""
    folder = REPO.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the data folder ../shared/data is not here")
    return folder


@pytest.fixture(scope="session")
def examples() -> list[Path]:
    return sorted((REPO / "examples").glob("*.txt"))


@pytest.fixture(scope="session")
def papers(examples: list[Path]) -> tuple[Paper, ...]:
    return gather(examples).papers


@pytest.fixture(scope="session")
def extractions(papers: tuple[Paper, ...]) -> tuple[Extraction, ...]:
    return tuple(extract(papers))


@pytest.fixture(scope="session")
def resolution(extractions: tuple[Extraction, ...]) -> Resolution:
    return resolve(extractions)


@pytest.fixture(scope="session")
def graph(extractions: tuple[Extraction, ...], resolution: Resolution) -> KnowledgeGraph:
    return assemble(extractions, resolution)


@pytest.fixture(autouse=True)
def no_warning_is_logged(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A test that makes the library warn says so by the marker `warns`."""
    yield
    if request.node.get_closest_marker("warns"):
        return
    logged = [
        record.getMessage()
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.WARNING and record.name.split(".")[0] == "kg"
    ]
    assert not logged
