"""Query: questions to a graph in SPARQL, answered by an embedded Oxigraph.

Takes a graph that was written, and a question: one of those in ontology/queries, or any SPARQL 1.1
query. Must not change the graph, and asks no other endpoint.

A named question is a file that runs unchanged in any SPARQL engine. Its first line is the question
in English. A parameter is a line of standard SPARQL, whose literal is replaced by the value asked
for; where `UNDEF` stands instead, the parameter can be left out:

    VALUES ?dataset { "ImageNet" }  # parameter: dataset — name of a data set
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import QueryError, UsageError
from kg.files import ontology_folder
from kg.rdf import prefixes, read_triples
from kg.rdf.shape import literal
from kg.vocab import XSD

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

    Term = NamedNode | BlankNode | Literal | Triple

__all__ = [
    "Answer",
    "Form",
    "Parameter",
    "Question",
    "load",
    "question",
    "questions",
    "run",
    "to_csv",
    "to_json",
]

Value = str | int | float | bool

_PARAMETER = re.compile(
    r'^[ \t]*VALUES \?(?P<name>\w+) \{ (?P<literal>UNDEF|"[^"\\\n]*") \}  # parameter: \w+ — (?P<what>[^\n]+)$',
    re.MULTILINE,
)
_NUMBERS = {XSD.integer: int, XSD.decimal: float, XSD.double: float}
# Comments, strings, IRIs and names are skipped; what is left are keywords.
_SPARQL_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n\r]*
      | \"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
      | \"(?:[^\"\\\n\r]|\\.)*\" | '(?:[^'\\\n\r]|\\.)*'
      | <[^<>"{}|^`\\\x00-\x20]*>
      | [?$]\w+ | [\w.-]*:(?:[\w.:%-]|\\.)* | \\.)
      | (?P<word>[A-Za-z]+)""",
    re.VERBOSE | re.DOTALL,
)
_OUTSIDE = frozenset({"SERVICE", "LOAD"})
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


class Form(StrEnum):
    """The kind of a query, which says what its rows are."""

    SELECT = "select"
    ASK = "ask"
    CONSTRUCT = "construct"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a named question can be given. `example` is the value in the file; None: it can be left out."""

    name: str
    what: str
    example: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A query with what is known of it: a name, the question in English, its parameters."""

    name: str
    title: str
    sparql: str = field(repr=False)
    parameters: tuple[Parameter, ...] = ()

    @classmethod
    def from_sparql(cls, name: str, sparql: str) -> Question:
        """The question that a query asks; its first line is the title where it is a comment."""
        first = sparql.lstrip().partition("\n")[0]
        parameters = (
            Parameter(
                name=found["name"],
                what=found["what"].strip(),
                example=None if found["literal"] == "UNDEF" else found["literal"].strip('"'),
            )
            for found in _PARAMETER.finditer(sparql)
        )
        title = first.lstrip("# ").rstrip() if first.startswith("#") else ""
        return cls(name, title, sparql, tuple(parameters))

    def with_values(self, values: Mapping[str, str]) -> str:
        """The SPARQL text in which the values stand for the parameters.

        Raises QueryError for a parameter it does not have, or one that is missing.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        if unknown := sorted(set(values) - set(known)):
            has = ", ".join(f"--{name} ({one.what})" for name, one in known.items()) or "none"
            raise QueryError(self.name, f"no parameter {unknown[0]!r}; it has: {has}")
        for name, one in known.items():
            if one.example is not None and name not in values:
                raise QueryError(self.name, f"--{name} is missing: {one.what}, such as {one.example!r}")

        def replaced(line: re.Match[str]) -> str:
            if line["name"] not in values:
                return line[0]
            start, end = (place - line.start() for place in line.span("literal"))
            return line[0][:start] + str(literal(values[line["name"]])) + line[0][end:]

        return _PARAMETER.sub(replaced, self.sparql)


@dataclass(frozen=True, slots=True)
class Answer:
    """A table of terms; None where a variable is unbound. Rows keep the order the query asked for."""

    form: Form
    columns: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...] = field(repr=False)

    @property
    def rows(self) -> list[tuple[Value | None, ...]]:
        """The table in plain values: numbers, truth values, and all else as text."""
        return [tuple(map(_plain, row)) for row in self.terms]


def questions() -> tuple[Question, ...]:
    """The named questions, sorted by name."""
    files = sorted((ontology_folder() / "queries").glob("*.rq"))
    return tuple(Question.from_sparql(file.stem, file.read_text(encoding="utf-8")) for file in files)


def question(name: str) -> Question:
    """A named question, or the one in a file whose name ends in `.rq`. Raises QueryError."""
    if name.endswith(".rq"):
        try:
            return Question.from_sparql(name, Path(name).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise QueryError(name, f"not a file that can be read: {error}") from error
    known = {one.name: one for one in questions()}
    if name not in known:
        raise QueryError(
            name, f"no such question; there are: {', '.join(known)}; or give a file that ends in .rq"
        )
    return known[name]


def load(path: Path) -> Store:
    """The graph in a file or in the folder of a build, ready for questions. Raises ReadError."""
    from pyoxigraph import DefaultGraph, Quad, Store

    store = Store()
    store.bulk_extend(Quad(*triple, DefaultGraph()) for triple in read_triples(path))
    return store


def run(store: Store, asked: Question, values: Mapping[str, str] | None = None) -> Answer:
    """The answer to a question, with values for its parameters. Raises QueryError.

    The prefixes of the graph need not be declared. Only questions are taken: no updates, and nothing
    that would be sent to, or fetched from, elsewhere.
    """
    from pyoxigraph import QueryBoolean, QueryTriples

    sparql = asked.with_values(values or {})
    for text in (sparql, _with_characters(sparql)):
        if words := sorted(
            _OUTSIDE & {found["word"].upper() for found in _SPARQL_TOKEN.finditer(text) if found["word"]}
        ):
            raise QueryError(asked.name, f"{words[0]} would reach out to another place and is not allowed")
    try:
        found = store.query(sparql, prefixes=prefixes())
    except SyntaxError as error:
        raise QueryError(asked.name, f"not a SPARQL 1.1 query: {_shortened(str(error))}") from error
    if isinstance(found, QueryBoolean):
        return Answer(Form.ASK, ("answer",), ((literal_of(bool(found)),),))
    if isinstance(found, QueryTriples):
        return Answer(
            Form.CONSTRUCT, ("subject", "predicate", "object"), tuple(sorted(map(tuple, found), key=str))
        )
    columns = tuple(variable.value for variable in found.variables)
    return Answer(Form.SELECT, columns, tuple(tuple(row) for row in found))
