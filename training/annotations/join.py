"""Join annotations to the texts they were made on.

    python training/annotations/join.py training/annotations/arxiv.jsonl TEXTS… -o joined.jsonl

TEXTS are files or folders of papers in any format `kg` reads. Each row is written with the title and
abstract it was made on, as they stand there; that it is that text, its digest tells.
Exit code 3 if some rows are left without a text, 4 if an input cannot be read, 5 if the output cannot be
written.
"""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click

from kg.errors import RECORDS_REJECTED, KGError, ReadError
from kg.evaluate.annotations import Row, read_annotations
from kg.files import atomic_write, input_files
from kg.model import Paper, Reject
from kg.read import known_formats, read_file, reader
from kg.records import dump_line

DIGEST = "text_sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Rows with their texts, and the ids of those without: no text was given, or only other ones."""

    rows: tuple[Row, ...]
    missing: tuple[str, ...]
    changed: tuple[str, ...]


def text_digest(title: str | None, abstract: str) -> str:
    r"""The SHA-256 of title, newline and abstract, in Unicode NFC, each with single spaces and no margins.

    >>> text_digest("A  title", "Over two\nlines. ") == text_digest("A title", "Over two lines.")
    True
    """
    text = "\n".join(" ".join(part.split()) for part in (title or "", abstract))
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode("utf-8")).hexdigest()


def join(rows: Mapping[str, Row], papers: Iterable[Paper], *, accept_changed: bool = False) -> Joined:
    """Each row, in the order of the rows, with the title and abstract it was made on.

    A text is known by its digest, whatever id it goes under. Rows that were made on an abstract alone get
    no title. With `accept_changed`, another text under the row's id is better than none.
    """
    owners = {row[DIGEST]: identifier for identifier, row in rows.items()}
    found: dict[str, Paper] = {}
    changed: dict[str, Paper] = {}
    for paper in papers:
        for version in (paper, replace(paper, title=None)):
            if owner := owners.get(text_digest(version.title, version.abstract)):
                found.setdefault(owner, version)
                break
        else:
            if paper.id in rows:
                changed.setdefault(paper.id, paper)
    texts = {**changed, **found} if accept_changed else found
    return Joined(
        rows=tuple(_with_text(row, texts[key]) for key, row in rows.items() if key in texts),
        missing=tuple(key for key in rows if key not in found and key not in changed),
        changed=tuple(key for key in rows if key not in texts and key in changed),
    )


def read_rows(path: Path) -> dict[str, Row]:
    """The rows of a file of annotations by id. Raises ReadError, also for a row without a digest."""
    rows: dict[str, Row] = {}
    for identifier, paper in read_annotations(path, str(path)).items():
        if paper.row is None or not isinstance(paper.row.get(DIGEST), str):
            raise ReadError(str(path), f"{identifier} has no {DIGEST}; expected rows as they are published")
        rows[identifier] = paper.row
    return rows


def read_papers(inputs: Iterable[str]) -> Iterator[Paper]:
    """Every paper of files and folders, one by one; what is no paper is passed over. Raises ReadError."""
    suffixes = [suffix for name in known_formats() for suffix in reader(name).SUFFIXES]
    for given in inputs:
        for file in input_files(given, suffixes):
            yield from (record for record in read_file(file) if not isinstance(record, Reject))


def _with_text(row: Row, paper: Paper) -> Row:
    rest = {key: value for key, value in row.items() if key != "id"}
    return {"id": row["id"], "title": paper.title, "abstract": paper.abstract, **rest}


@click.command()
@click.argument("rows", type=click.Path(path_type=Path))
@click.argument("texts", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write.")
@click.option("--accept-changed", is_flag=True, help="Take texts that were changed since, too.")
def main(rows: Path, texts: tuple[str, ...], output: Path, accept_changed: bool) -> None:
    """Write ROWS with the title and abstract of each paper, taken from TEXTS."""
    try:
        joined = join(read_rows(rows), read_papers(texts), accept_changed=accept_changed)
        with atomic_write(output) as file:
            file.writelines(map(dump_line, joined.rows))
    except KGError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    for identifier in joined.missing:
        click.echo(f"{identifier}: no text in what was given", err=True)
    for identifier in joined.changed:
        click.echo(f"{identifier}: another text than the one annotated", err=True)
    click.echo(
        f"{len(joined.rows)} rows joined, {len(joined.missing)} without a text,"
        f" {len(joined.changed)} with another text",
        err=True,
    )
    if joined.missing or joined.changed:
        sys.exit(RECORDS_REJECTED)


if __name__ == "__main__":
    main()
