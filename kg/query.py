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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from kg.errors import QueryError, UsageError
from kg.files import ontology_folder
from kg.rdf import graph_file, prefixes
from kg.rdf.shape import literal
from kg.vocab import PREFIXES, XSD

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
    r'^ *VALUES \?(?P<name>\w+) \{ (?P<literal>UNDEF|"[^"\\\n]*") \}'
    r"  # parameter: (?P=name) — (?P<what>[^\n]+)$",
    re.MULTILINE,
)
_PLAIN: Mapping[str, Callable[[str], Value]] = {
    "integer": int,
    "decimal": float,
    "double": float,
    "float": float,
    "boolean": lambda text: text == "true",
}
# A query of SERVICE asks another endpoint, and Oxigraph reads the word even with no space around it.
_SERVICE_START = re.compile(r"s(?=ervice)", re.IGNORECASE)
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
    """A table of terms; None where a variable is unbound. Rows keep the order the query asked for.

    The answer to CONSTRUCT or DESCRIBE has the `triples` too, sorted.
    """

    form: Form
    columns: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...] = field(repr=False)
    triples: tuple[Triple, ...] = field(default=(), repr=False)

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
            raise QueryError(name, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    known = {one.name: one for one in questions()}
    if name not in known:
        raise QueryError(
            name, f"no such question; there are: {', '.join(known)}; or give a file that ends in .rq"
        )
    return known[name]


def load(path: Path) -> Store:
    """The graph in a file or in the folder of a build, ready for questions. Raises ReadError."""
    from pyoxigraph import Store

    store = Store()
    with graph_file(path) as (file, format_):
        store.bulk_load(path=file, format=format_)
    return store


def run(store: Store, asked: Question, values: Mapping[str, str] | None = None) -> Answer:
    """The answer to a question, with values for its parameters. Raises QueryError.

    The prefixes of the graph need not be declared. Triples of CONSTRUCT and DESCRIBE are sorted. No
    updates are taken, and no question to another endpoint.
    """
    from pyoxigraph import Literal, QueryBoolean, QueryTriples

    sparql = asked.with_values(values or {})
    try:
        found = store.query(_without_service(sparql), prefixes=prefixes())
    except SyntaxError as error:
        raise QueryError(asked.name, _explained(sparql, error)) from error
    if isinstance(found, QueryBoolean):
        return Answer(Form.ASK, ("answer",), ((Literal(bool(found)),),))
    if isinstance(found, QueryTriples):
        triples = tuple(sorted(set(found), key=str))
        return Answer(Form.CONSTRUCT, ("subject", "predicate", "object"), tuple(map(tuple, triples)), triples)
    columns = tuple(variable.value for variable in found.variables)
    return Answer(Form.SELECT, columns, tuple(map(tuple, found)))


def to_csv(answer: Answer, *, formulas: bool = False) -> str:
    """The answer as CSV (RFC 4180), with a head.

    A text that a spreadsheet would take for a formula gets `'` in front, unless `formulas` is set.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow(value if formulas else _unformulated(value) for value in row)
    return text.getvalue()


def to_json(answer: Answer) -> str:
    """The answer in the SPARQL 1.1 Query Results JSON Format; triples as rows of their parts."""
    if answer.form is Form.ASK:
        return json.dumps({"head": {}, "boolean": answer.rows[0][0]}, indent=2) + "\n"
    bindings = [
        {
            column: _json_term(term)
            for column, term in zip(answer.columns, row, strict=True)
            if term is not None
        }
        for row in answer.terms
    ]
    found = {"head": {"vars": answer.columns}, "results": {"bindings": bindings}}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def to_turtle(answer: Answer) -> str:
    """The triples of a CONSTRUCT or DESCRIBE as Turtle. Raises UsageError for a table."""
    from pyoxigraph import RdfFormat, serialize

    if answer.form is not Form.CONSTRUCT:
        raise UsageError(
            "only the answer to CONSTRUCT or DESCRIBE is triples; for a table ask for csv or json"
        )
    text = io.BytesIO()
    serialize(answer.triples, text, format=RdfFormat.TURTLE, prefixes=prefixes())
    return text.getvalue().decode("utf-8")


def _without_service(sparql: str) -> str:
    r"""The query with an escape in each `service`: in strings and IRIs it says the same, elsewhere nothing.

    >>> _without_service('SELECT * { SERVICE <x:y> {} }')
    'SELECT * { \\u0053ERVICE <x:y> {} }'
    """
    return _SERVICE_START.sub(lambda found: f"\\u{ord(found[0]):04X}", sparql)


def _explained(sparql: str, error: SyntaxError) -> str:
    if _SERVICE_START.search(sparql):
        return (
            f"{error.msg[:100]}; the word SERVICE may only stand in quotes, since no other endpoint is asked"
        )
    place = re.sub(r"^error at (\d+):(\d+)", r"line \1, column \2", " ".join(error.msg.split()))
    return f"not a SPARQL 1.1 query (updates are not taken): {shorten(place, 200)}"


def _plain(term: Term | None) -> Value | None:
    from pyoxigraph import Literal, Triple

    if term is None:
        return None
    if isinstance(term, Triple):
        return str(term)
    if isinstance(term, Literal):
        return _PLAIN.get(term.datatype.value.removeprefix(PREFIXES["xsd"]), str)(term.value)
    return term.value


def _unformulated(value: Value | None) -> Value | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _json_term(term: Term) -> dict[str, object]:
    from pyoxigraph import BlankNode, Literal, NamedNode

    match term:
        case NamedNode():
            return {"type": "uri", "value": term.value}
        case BlankNode():
            return {"type": "bnode", "value": term.value}
        case Literal() if term.language:
            return {"type": "literal", "value": term.value, "xml:lang": term.language}
        case Literal() if term.datatype.value != XSD.string:
            return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
        case Literal():
            return {"type": "literal", "value": term.value}
        case _:
            parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
            return {"type": "triple", "value": {part: _json_term(one) for part, one in parts.items()}}
