"""Questions to a graph: named ones answer in every engine, values stay values, nothing reaches outside."""

from __future__ import annotations

import csv
import io
import json
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from kg.errors import QueryError, ReadError, UsageError
from kg.query import Form, Question, load, question, questions, run, to_csv, to_json, to_turtle
from kg.rdf import read_triples

GOLDEN = Path(__file__).parent / "data" / "golden" / "graph.ttl"
NAMED = questions()
PARAMETERS = [(one, parameter) for one in NAMED for parameter in one.parameters]

# What the small graph answers, for the values that stand in the files.
ANSWERS = {
    "best-results": 2,
    "co-used-methods": 1,
    "code-of-methods": 1,
    "compared-methods": 1,
    "datasets-of-task": 2,
    "describe": 20,
    "entities-by-support": 12,
    "evidence": 5,
    "lineage": 3,
    "merged-names": 2,
    "methods-on-dataset": 2,
    "paper": 33,
    "papers": 3,
    "papers-without-code": 2,
    "proposals-for-task": 2,
    "results-of-method": 2,
    "used-at-venue": 2,
}
ANOTHER = {
    "metric": ("top-1 ACCURACY", "no such metric"),
    "method": ("SOFT", "no such method"),
    "object": ("Imagenet", "no such thing"),
    "year": ("2021", "1900"),
    "venue": ("neurips", "no such venue"),
    "type": ("method", "no such type"),
    "name": ("softmax-free TRANSFORMER", "no such name"),
}


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    return load(GOLDEN)


@pytest.fixture(scope="module")
def in_rdflib() -> rdflib.Graph:
    return rdflib.Graph().parse(GOLDEN, format="turtle")


def ask(store: pyoxigraph.Store, name: str, **values: str) -> list[tuple[object, ...]]:
    return run(store, question(name), values).rows


def sparql(text: str) -> Question:
    return Question.from_sparql("test", text)


def as_shown(one: Question) -> dict[str, str]:
    return {
        parameter.name: parameter.example for parameter in one.parameters if parameter.example is not None
    }


# --- the named questions ------------------------------------------------------------------------------


def test_the_named_questions_are_the_files_of_the_folder(repo: Path) -> None:
    files = {path.stem for path in (repo / "ontology" / "queries").iterdir()}
    assert {one.name for one in NAMED} == files == set(ANSWERS)
    assert len(NAMED) >= 12


@pytest.mark.parametrize("one", NAMED, ids=lambda one: one.name)
def test_question_is_in_english_and_each_of_its_values_is_a_parameter(one: Question) -> None:
    assert one.title[0].isupper()
    assert one.title[-1] in "?."
    marked = one.sparql.count("# parameter:")
    assert marked == len(one.parameters)
    assert one.sparql.count("VALUES ?") == marked
    assert all(parameter.what for parameter in one.parameters)


@pytest.mark.parametrize("one", NAMED, ids=lambda one: one.name)
def test_question_has_the_same_answer_in_oxigraph_and_rdflib(
    one: Question, store: pyoxigraph.Store, in_rdflib: rdflib.Graph
) -> None:
    answer = run(store, one, as_shown(one))
    found = in_rdflib.query(one.sparql)
    assert len(answer.rows) == ANSWERS[one.name] > 0
    rows = Counter(tuple("" if end is None else str(end) for end in row) for row in found)
    assert rows == Counter(tuple("" if end is None else end.value for end in row) for row in answer.terms)
    if answer.form is Form.SELECT:
        assert answer.columns == tuple(map(str, found.vars or ()))
        assert "ORDER BY" in one.sparql


@pytest.mark.parametrize(("one", "parameter"), PARAMETERS, ids=lambda end: end.name)
def test_every_parameter_changes_the_answer(
    one: Question, parameter: object, store: pyoxigraph.Store
) -> None:
    name = parameter.name  # type: ignore[attr-defined]
    fitting, absent = ANOTHER.get(name, ("", "no such thing"))
    assert run(store, one, as_shown(one) | {name: absent}).rows == []
    if parameter.example is None:  # type: ignore[attr-defined]
        assert run(store, one, as_shown(one) | {name: fitting}).rows


def test_names_fit_whatever_their_case_and_by_alias_too(store: pyoxigraph.Store) -> None:
    assert ask(store, "results-of-method", method="soft") == ask(store, "results-of-method", method="SOFT")
    assert ask(store, "results-of-method", method="Softmax-Free Transformer") == ask(
        store, "results-of-method", method="SOFT"
    )


def test_methods_on_a_data_set_count_papers_however_it_is_known(store: pyoxigraph.Store) -> None:
    iri = "https://w3id.org/abstractkg/method/"
    assert ask(store, "methods-on-dataset", dataset="ImageNet") == [
        ("PoolFormer", 1, f"{iri}poolformer"),  # by a result
        ("SOFT", 1, f"{iri}soft"),  # by a result, a relation and its paper: one paper
    ]
    assert ask(store, "methods-on-dataset", dataset="RobustBench") == [("PoolFormer", 1, f"{iri}poolformer")]


def test_best_result_comes_first(store: pyoxigraph.Store) -> None:
    rows = ask(store, "best-results", dataset="imagenet", metric="top-1 accuracy")
    assert rows == [
        ("top-1 accuracy", 82.2, "%", "SOFT", "arXiv:2110.11945", "NeurIPS 2021", 0.9),
        ("top-1 accuracy", 82.1, "%", "PoolFormer", "arXiv:2111.11418", None, 0.9),
    ]


def test_arxiv_paper_is_found_without_the_scheme(store: pyoxigraph.Store) -> None:
    assert ask(store, "paper", paper="2110.11945") == ask(store, "paper", paper="arXiv:2110.11945")
    assert ("evaluatesOn", "ImageNet") in ask(store, "paper", paper="2110.11945")


def test_evidence_is_the_sentence_with_its_place(store: pyoxigraph.Store) -> None:
    found = ask(store, "evidence", subject="SOFT", object="ImageNet")
    sentence = "On ImageNet, SOFT reaches 82.2% top-1 accuracy, 1.5% above DeiT-S"
    place = ("arXiv:2110.11945", "abstract", 107, 124)
    assert found == [("SOFT evaluated on ImageNet", 0.9, *place, sentence, "kg_baseline-0.1.0")]
    assert len(ask(store, "evidence", subject="arXiv:2110.11945")) == 7


# --- values for parameters ----------------------------------------------------------------------------

HOSTILE = [
    '" } INSERT DATA { <x:a> <x:b> <x:c> } #',
    'x" } UNION { ?iri ?p ?o } VALUES ?z { "',
    "\\",
    '\\" } #',
    "line\nbreak\r",
    "\x00\ud800",
    "ImageNet\\u0022",
    "SERVICE <http://127.0.0.1/>",
    "?dataset",
    "UNDEF",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_value_is_nothing_but_a_value(value: str, store: pyoxigraph.Store) -> None:
    assert ask(store, "methods-on-dataset", dataset=value) == []
    assert ask(store, "papers", venue=value) == []


@pytest.mark.parametrize("value", HOSTILE)
def test_value_reaches_the_query_as_it_is(value: str, store: pyoxigraph.Store) -> None:
    asked = sparql('SELECT ?x WHERE {\n  VALUES ?x { "a" }  # parameter: x — anything\n}')
    wanted = value.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert run(store, asked, {"x": value}).rows == [(wanted,)]


def test_unknown_parameter_says_which_there_are() -> None:
    with pytest.raises(
        QueryError,
        match=r"best-results: no parameter 'planet'; it has: --dataset \(name of a data set.*--metric",
    ) as caught:
        question("best-results").with_values({"planet": "Mars", "dataset": "ImageNet"})
    assert caught.value.exit_code == 2
    with pytest.raises(QueryError, match="it has: none"):
        question("papers-without-code").with_values({"planet": "Mars"})


def test_missing_parameter_is_explained_with_an_example() -> None:
    with pytest.raises(
        QueryError, match=r"methods-on-dataset: --dataset is missing: name of .*, such as 'ImageNet'"
    ):
        question("methods-on-dataset").with_values({})


def test_unknown_question_says_which_there_are() -> None:
    with pytest.raises(QueryError, match=r"methods-by-planet: no such question.*methods-on-dataset"):
        question("methods-by-planet")
    with pytest.raises(QueryError, match=r"none\.rq: cannot be read"):
        question("none.rq")


# --- any SPARQL ---------------------------------------------------------------------------------------


def test_query_from_a_file_needs_no_prefixes(store: pyoxigraph.Store, tmp_path: Path) -> None:
    path = tmp_path / "count.rq"
    path.write_text("# How many papers?\nSELECT (COUNT(*) AS ?n) { ?p a kg:Paper }", encoding="utf-8")
    asked = question(str(path))
    assert (asked.title, run(store, asked).rows) == ("How many papers?", [(3,)])


def test_plain_values_have_python_types(store: pyoxigraph.Store) -> None:
    names = "?i ?d ?e ?b ?s ?l ?u ?n"
    values = '1 2.50 1e3 true "s" "l"@en <x:u> UNDEF'
    found = run(store, sparql(f"SELECT {names} {{ VALUES ({names}) {{ ({values}) }} }}"))
    assert found.columns == ("i", "d", "e", "b", "s", "l", "u", "n")
    assert found.rows == [(1, 2.5, 1000.0, True, "s", "l", "x:u", None)]
    assert [type(value) for value in found.rows[0]][:4] == [int, float, float, bool]


def test_ask_is_answered_with_a_truth_value(store: pyoxigraph.Store) -> None:
    answer = run(store, sparql("ASK { ?x a kg:Method }"))
    assert (answer.form, answer.columns, answer.rows) == (Form.ASK, ("answer",), [(True,)])


@pytest.mark.parametrize(
    "text", ["SELECT", "SELECT ?x WHERE {\n ?x a }", "", "SELECT * { ?x a nosuch:Term }"]
)
def test_what_is_no_query_is_refused_with_the_place(text: str, store: pyoxigraph.Store) -> None:
    with pytest.raises(QueryError, match=r"^test: not a SPARQL 1\.1 query .*: line \d+, column \d+|Prefix"):
        run(store, sparql(text))


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1/>",
        "CLEAR ALL",
        "DROP ALL",
    ],
)
def test_update_is_refused_and_changes_nothing(update: str) -> None:
    store = load(GOLDEN)
    with pytest.raises(QueryError, match="updates are not taken"):
        run(store, sparql(update))
    assert len(store) == len(read_triples(GOLDEN))


ELSEWHERE = [
    "SELECT * {{ SERVICE <{url}> {{ ?a ?b ?c }} }}",
    "SELECT * {{ seRVice SILENT <{url}> {{ ?a ?b ?c }} }}",
    "SELECT * {{ SERVICESILENT<{url}>{{ ?a ?b ?c }} }}",
    "PREFIX ns: <{url}> SELECT * {{ SERVICEns: {{ ?a ?b ?c }} }}",
    "SELECT * {{ ?s ?p trueSERVICE<{url}>{{ ?a ?b ?c }} }}",
    "SELECT * {{ VALUES ?x {{ <{url}> }} SERVICE ?x {{ ?a ?b ?c }} }}",
    "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{url}> {{ ?a ?b ?c }} }} }}",
    "SELECT * {{ BIND(<{url}> AS ?x) ?s ?p ?b FILTER(?s<?b)SERVICE?x#>\n{{ ?a ?c ?d }} }}",
    'SELECT * {{ ?s ?p "\\u005C" SERVICE <{url}> {{ ?a ?b ?c }} }}',
    "SELECT * {{ \\u0053ERVICE <{url}> {{ ?a ?b ?c }} }}",
    "PREFIX a: <x:> SELECT * {{ ?s ?p a:\\# SERVICE <{url}> {{ ?a ?b ?c }} }}",
    "SELECT * {{ # <\nSERVICE <{url}> {{ ?a ?b ?c }} }} # >",
]


@pytest.mark.parametrize("text", ELSEWHERE)
def test_no_other_endpoint_is_asked(text: str) -> None:
    store = load(GOLDEN)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(QueryError, match=r"SERVICE may only stand in quotes|not a SPARQL"):
            run(store, sparql(text.format(url=url)))
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize(
    "form", ['"Web SERVICE"', "'service'", '"""\nservice\n"""', '"\\\\service"', '"SERVICE" # service']
)
def test_the_word_may_stand_in_a_string(form: str, store: pyoxigraph.Store) -> None:
    wanted = rdflib.Graph().query(f"SELECT ({form} \n AS ?x) {{}}")
    assert run(store, sparql(f"SELECT ({form} \n AS ?x) {{}}")).rows == [(str(next(iter(wanted))[0]),)]


def test_graph_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="No such file"):
        load(tmp_path)


# --- forms of the answer ------------------------------------------------------------------------------


def test_csv_has_a_head_and_is_read_back_as_it_was(store: pyoxigraph.Store) -> None:
    text = to_csv(run(store, sparql('SELECT * { VALUES (?a ?b) { ("x,\\"y\\"\\nz" UNDEF) ("ü" -1.5) } }')))
    assert text.endswith("\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["a", "b"], ['x,"y"\nz', ""], ["ü", "-1.5"]]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_text_that_a_spreadsheet_would_run_is_quoted_and_numbers_are_not(
    start: str, store: pyoxigraph.Store
) -> None:
    asked = sparql('SELECT * {\n  VALUES ?x { "" }  # parameter: x — text\n  VALUES ?y { -3 }\n}')
    answer = run(store, asked, {"x": start})
    assert list(csv.reader(io.StringIO(to_csv(answer), newline="")))[1] == [f"'{start}", "-3"]
    assert list(csv.reader(io.StringIO(to_csv(answer, formulas=True), newline="")))[1] == [start, "-3"]


@pytest.mark.parametrize("name", [one.name for one in NAMED if one.name != "describe"])
def test_json_is_the_standard_form_that_oxigraph_writes_too(name: str, store: pyoxigraph.Store) -> None:
    one = question(name)
    standard = pyoxigraph.QueryResultsFormat.JSON
    wanted = json.loads(store.query(one.with_values(as_shown(one))).serialize(format=standard))
    assert json.loads(to_json(run(store, one, as_shown(one)))) == wanted


def test_json_of_every_kind_of_term_is_the_standard_form(store: pyoxigraph.Store) -> None:
    text = 'SELECT ?a ?b ?c ?d ?e { BIND(BNODE("x") AS ?e) VALUES (?a ?b ?c ?d) { (<x:u> "l"@en 1 UNDEF) } }'
    found = json.loads(to_json(run(store, sparql(text))))
    [row] = found["results"]["bindings"]
    assert row.pop("e")["type"] == "bnode"
    assert row == {
        "a": {"type": "uri", "value": "x:u"},
        "b": {"type": "literal", "value": "l", "xml:lang": "en"},
        "c": {"type": "literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
    }
    assert json.loads(to_json(run(store, sparql("ASK {}")))) == {"head": {}, "boolean": True}


def test_triples_are_turtle_and_a_table_is_not(store: pyoxigraph.Store) -> None:
    text = to_turtle(run(store, question("describe"), {"name": "SOFT"}))
    assert "method:soft a kg:Method" in text
    assert len(rdflib.Graph().parse(data=text, format="turtle")) == ANSWERS["describe"]
    with pytest.raises(UsageError, match="csv or json"):
        to_turtle(run(store, question("papers")))


def test_asking_does_not_import_what_only_building_needs() -> None:
    code = (
        "import sys; from pathlib import Path; from kg.query import load, question, run; "
        "run(load(Path(sys.argv[1])), question('papers')); print(*sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(GOLDEN)], capture_output=True, text=True, check=True
    )
    assert not {"spacy", "networkx", "rdflib", "pyvis", "numpy"} & set(result.stdout.split())
