"""The main job: read, extract, resolve, assemble, and write everything into one folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Protocol, TypeVar

from kg.export import export
from kg.extract import extract
from kg.files import atomic_write, remove
from kg.graph import assemble
from kg.ids import DEFAULT_BASE, iri
from kg.model import Extraction, Resolution
from kg.rdf import count_triples
from kg.read import Intake, gather
from kg.records import dump_line, entity_to_record, extraction_to_record, paper_to_record, reject_to_record
from kg.resolve import group_mentions, resolve
from kg.view import write_page

T = TypeVar("T")

PAPERS = "papers.jsonl"
REJECTS = "rejects.jsonl"
ANNOTATIONS = "annotations.jsonl"
ENTITIES = "entities.jsonl"
GRAPH = "graph.ttl"
NETWORK = "graph.graphml"
PAGE = "graph.html"


class Progress(Protocol):
    """Hands on the items of a stage while showing how far it is."""

    def __call__(self, items: Iterable[T], stage: str, total: int, /) -> Iterable[T]:
        """The same items; `total` is how many there will be."""


def silent(items: Iterable[T], _stage: str, _total: int, /) -> Iterable[T]:
    """The progress that shows nothing."""
    return items


@dataclass(frozen=True, kw_only=True)
class BuildReport:
    """What a build took in and what it made; `seconds` by stage, in the order they ran."""

    intake: Intake = field(repr=False)
    mentions: int
    entities: Mapping[str, int]
    relations: int
    results: int
    triples: int
    seconds: Mapping[str, float]


def build(
    inputs: Sequence[str | Path],
    output: Path,
    *,
    input_format: str | None = None,
    base: str = DEFAULT_BASE,
    progress: Progress = silent,
) -> BuildReport:
    """Read `inputs` and write stage files, graph and page into the folder `output`.

    What cannot be read is in the report, and the rest is built; if nothing at all could be read, the
    first ReadError is raised and no output is touched. The same inputs give the same bytes, whatever
    their order. Raises UsageError and OutputError too.
    """
    seconds: dict[str, float] = {}
    with _timed(seconds, "read"):
        intake = gather(inputs, format=input_format, progress=progress)
    if not intake.papers and intake.failures:
        raise intake.failures[0]
    with _timed(seconds, "extract"):
        extractions = tuple(progress(extract(intake.papers), "extract", len(intake.papers)))
    with _timed(seconds, "resolve"):
        resolution = resolve(progress(extractions, "resolve", len(extractions)))
        graph = assemble(extractions, resolution)
    writers: dict[str, Callable[[Path], None]] = {
        PAPERS: lambda path: write_lines(path, (paper_to_record(paper) for paper in graph.papers)),
        ANNOTATIONS: lambda path: write_lines(path, annotation_records(extractions, resolution)),
        ENTITIES: lambda path: write_lines(
            path, (entity_to_record(entity, iri(entity.id, base)) for entity in graph.entities)
        ),
        GRAPH: lambda path: export(graph, path, base=base),
        NETWORK: lambda path: export(graph, path, base=base),
        PAGE: lambda path: write_page(graph, path, base=base),
    }
    if intake.rejects:
        writers[REJECTS] = lambda path: write_lines(path, map(reject_to_record, intake.rejects))
    else:
        # What an earlier run rejected is not this run's.
        remove(output / REJECTS)
    with _timed(seconds, "write"):
        for name, write in progress(writers.items(), "write", len(writers)):
            write(output / name)
    paper_ids = {paper.id for paper in graph.papers}
    return BuildReport(
        intake=intake,
        mentions=sum(len(extraction.mentions) for extraction in extractions),
        entities=dict(sorted(Counter(entity.type.value for entity in graph.entities).items())),
        relations=sum(assertion.subject not in paper_ids for assertion in graph.assertions),
        results=len(graph.results),
        triples=count_triples(graph, base=base),
        seconds=seconds,
    )


def annotation_records(
    extractions: Iterable[Extraction], resolution: Resolution | None = None
) -> Iterator[dict[str, object]]:
    """The rows of `annotations.jsonl`; with a resolution each entity carries the id it became."""
    for extraction in extractions:
        entity_ids = resolution.entity_ids if resolution else None
        yield extraction_to_record(extraction, group_mentions(extraction), entity_ids)


def write_lines(path: Path, records: Iterable[Mapping[str, object]]) -> None:
    """Write one JSON object a line, atomically."""
    with atomic_write(path) as file:
        for record in records:
            file.write(dump_line(record))


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    start = perf_counter()
    yield
    seconds[stage] = perf_counter() - start
