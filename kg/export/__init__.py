"""Export: a graph to a file, one module per format.

A module of this folder is a format, and its file name the format's name. It offers what
`Exporter` asks for, with heavy packages imported inside `write`, so that adding a format is adding
one file.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from kg.errors import UnknownFormat
from kg.graph import KnowledgeGraph
from kg.ids import DEFAULT_BASE

__all__ = ["Exporter", "export", "exporter", "known_formats"]


class Exporter(Protocol):
    """What a module of this folder offers."""

    SUFFIXES: tuple[str, ...]
    """What the names of its files end in, the usual one first."""

    def write(self, graph: KnowledgeGraph, path: Path, *, base: str = DEFAULT_BASE) -> None:
        """Write the whole file or leave the old one; `base` begins every IRI of the graph.

        Must not change the graph, nor depend on anything but its arguments. Raises OutputError.
        """


def known_formats() -> tuple[str, ...]:
    """The names of all formats, sorted.

    >>> "turtle" in known_formats()
    True
    """
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name[0] != "_"))


def exporter(format: str) -> Exporter:
    """The module that writes this format; raises UnknownFormat."""
    if format not in known_formats():
        raise UnknownFormat(format, known_formats())
    return cast("Exporter", import_module(f"{__name__}.{format}"))


def export(
    graph: KnowledgeGraph,
    path: Path,
    format: str | None = None,
    *,
    base: str = DEFAULT_BASE,
) -> None:
    """Write the graph to a file in the format given, or in the one the file's name ends in.

    Raises UnknownFormat, OutputError.
    """
    exporter(format or _format_of(path)).write(graph, path, base=base)


def _format_of(path: Path) -> str:
    name = path.name.lower()
    suffixes = {suffix: known for known in known_formats() for suffix in exporter(known).SUFFIXES}
    fitting = [suffix for suffix in suffixes if name.endswith(suffix)]
    if not fitting:
        raise UnknownFormat(path.name, suffixes)
    return suffixes[max(fitting, key=len)]
