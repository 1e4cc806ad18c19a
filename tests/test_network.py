"""The network: one node for each thing, one edge for each statement, plain values only."""

import math
from decimal import Decimal
from fractions import Fraction

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import KnowledgeGraph
from kg.ids import assertion_local
from kg.model import (
    Assertion,
    Entity,
    EntityType,
    Evidence,
    Paper,
    Result,
    ResultKind,
    Section,
    TextSpan,
)
from kg.network import flatten, legal_text, paper_labels, to_networkx
from kg.vocab import DCTERMS, KG

TEXT = "We present TinyNet, a small network. TinyNet reaches 71.5% accuracy on ImageNet."


def said(paper_id: str, text: str, score: float = 0.9) -> Evidence:
    start = TEXT.index(text)
    sentence = TEXT[:36] if start < 36 else TEXT[37:]
    span = TextSpan(Section.ABSTRACT, start, start + len(text), text)
    return Evidence(paper_id=paper_id, span=span, sentence=sentence, score=score, extractor="kg_test 1")


def paper(paper_id: str, **known: object) -> Paper:
    return Paper(id=paper_id, abstract=TEXT, created="2021-10-22", **known)  # type: ignore[arg-type]


@pytest.fixture
def small() -> KnowledgeGraph:
    first, second = "arXiv:2110.00001", "arXiv:2110.00002"
    return KnowledgeGraph(
        papers=(
            paper(first, venue="NeurIPS 2021", related=(second,)),
            paper(second, title="A title", authors=("Ada Lovelace", "Charles Babbage")),
        ),
        entities=(
            Entity(id="dataset/imagenet", type=EntityType.DATASET, name="ImageNet", papers=(first, second)),
            Entity(id="method/tinynet", type=EntityType.METHOD, name="TinyNet", aliases=("TN", "mini")),
            Entity(id="metric/accuracy", type=EntityType.METRIC, name="accuracy", papers=(first,)),
        ),
        assertions=(
            Assertion(
                subject=first,
                predicate=KG.evaluatesOn,
                object="dataset/imagenet",
                evidence=(said(first, "ImageNet", 0.6), said(second, "ImageNet", 0.8)),
            ),
            Assertion(
                subject=first,
                predicate=KG.proposes,
                object="method/tinynet",
                evidence=(said(first, "TinyNet"),),
            ),
        ),
        results=(
            Result(
                id="result/1",
                paper_id=first,
                value=71.5,
                unit="%",
                kind=ResultKind.ABSOLUTE,
                method="method/tinynet",
                dataset="dataset/imagenet",
                metric="metric/accuracy",
                evidence=(said(first, "71.5%", 0.7),),
            ),
        ),
    )


def test_papers_entities_and_results_are_nodes_in_that_order(small: KnowledgeGraph) -> None:
    network = to_networkx(small)
    assert [(node, network.nodes[node]["kind"]) for node in network] == [
        ("arXiv:2110.00001", "Paper"),
        ("arXiv:2110.00002", "Paper"),
        ("dataset/imagenet", "Dataset"),
        ("method/tinynet", "Method"),
        ("metric/accuracy", "Metric"),
        ("result/1", "Result"),
    ]


def test_a_node_tells_what_the_thing_is(small: KnowledgeGraph) -> None:
    network = to_networkx(small, base="https://example.org/")
    assert network.nodes["arXiv:2110.00001"] == {
        "kind": "Paper",
        "label": "TinyNet (2021)",
        "iri": "https://example.org/paper/arxiv-2110.00001",
        "support": 1,
        "year": 2021,
        "created": "2021-10-22",
        "venue": "NeurIPS 2021",
    }
    assert network.nodes["dataset/imagenet"]["support"] == 2
    assert network.nodes["method/tinynet"]["aliases"] == "TN | mini"
    assert network.nodes["result/1"]["label"] == "71.5% accuracy"
    assert network.nodes["result/1"]["value"] == 71.5


def test_an_edge_tells_who_says_so_and_where(small: KnowledgeGraph) -> None:
    edge = to_networkx(small).edges["arXiv:2110.00001", "dataset/imagenet", "evaluatesOn"]
    assert edge == {
        "property": "evaluatesOn",
        "predicate": KG.evaluatesOn,
        "id": assertion_local("arXiv:2110.00001", KG.evaluatesOn, "dataset/imagenet"),
        "support": 2,
        "weight": 2.0,
        "confidence": 0.8,
        "papers": "arXiv:2110.00001 | arXiv:2110.00002",
        "evidence": "TinyNet reaches 71.5% accuracy on ImageNet.",
    }


def test_a_result_is_linked_to_all_it_is_about(small: KnowledgeGraph) -> None:
    ends = {(key, end) for _, end, key in to_networkx(small).out_edges("result/1", keys=True)}
    assert ends == {
        ("reportedIn", "arXiv:2110.00001"),
        ("method", "method/tinynet"),
        ("dataset", "dataset/imagenet"),
        ("metric", "metric/accuracy"),
    }


def test_related_papers_are_linked_when_both_are_there(small: KnowledgeGraph) -> None:
    edge = to_networkx(small).edges["arXiv:2110.00001", "arXiv:2110.00002", "relation"]
    assert edge["predicate"] == DCTERMS.relation


def test_every_edge_has_an_id_of_its_own(small: KnowledgeGraph) -> None:
    ids = [edge["id"] for _, _, edge in to_networkx(small).edges(data=True)]
    assert len(ids) == 7
    assert len(set(ids)) == len(ids)


def test_the_same_graph_gives_the_same_network_and_stays_as_it_was(small: KnowledgeGraph) -> None:
    before = repr((small.papers, small.entities, small.assertions, small.results))
    first, second = to_networkx(small), to_networkx(small)
    first.nodes["result/1"]["label"] = "changed by the caller"
    assert list(second.edges(keys=True)) == list(first.edges(keys=True))
    assert second.nodes["result/1"]["label"] == "71.5% accuracy"
    assert repr((small.papers, small.entities, small.assertions, small.results)) == before


def test_networkx_can_analyse_it(small: KnowledgeGraph) -> None:
    assert nx.number_weakly_connected_components(to_networkx(small)) == 1


def labels(*papers: Paper, proposed: tuple[Entity, ...] = ()) -> list[str]:
    graph = KnowledgeGraph(
        papers=papers,
        entities=proposed,
        assertions=tuple(
            Assertion(
                subject=papers[0].id,
                predicate=KG.proposes,
                object=entity.id,
                evidence=(said(papers[0].id, "TinyNet"),),
            )
            for entity in proposed
        ),
        results=(),
    )
    return list(paper_labels(graph).values())


@pytest.mark.parametrize(
    ("known", "names", "label"),
    [
        ({"authors": ("Ada Lovelace",)}, ("TinyNet",), "TinyNet (2021)"),
        ({"authors": ("Ada Lovelace",)}, (), "Lovelace (2021)"),
        (
            {"authors": ("Lovelace, Ada", "C. Babbage"), "title": "T"},
            ("a new loss",),
            "Lovelace et al. (2021)",
        ),
        ({"title": "A title"}, ("a new loss",), "A title"),
        ({"title": "word " * 30}, (), "word word word word word word word word…"),
        ({}, ("a new loss",), "a new loss (2021)"),
        ({}, (), "x:1"),
    ],
)
def test_a_paper_is_labelled_as_a_reader_would_call_it(
    known: dict[str, object], names: tuple[str, ...], label: str
) -> None:
    proposed = tuple(Entity(id=f"method/{name}", type=EntityType.METHOD, name=name) for name in names)
    assert labels(paper("x:1", **known), proposed=proposed) == [label]


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (True, True),
        (EntityType.METHOD, "Method"),
        (2**70, str(2**70)),
        (-(2**63), -(2**63)),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (Fraction(1, 2), 0.5),
        (Decimal("0.5"), "0.5"),
        (b"ab\xff", "ab\ufffd"),
        (["a", None, 2], "a | 2"),
        ({"b", "a"}, "a | b"),
        ({"b": 1, "a": ["é"]}, '{"a": ["é"], "b": 1}'),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x00\x0b\ud800\ufffe𝒪", "\ufffd" * 4 + "𝒪"),
    ],
)
def test_flatten_gives_plain_values(value: object, plain: object) -> None:
    flat = flatten({"key": value})["key"]
    assert flat == plain
    assert type(flat) is type(plain)


@pytest.mark.parametrize("value", [None, "", (), {}, [None]])
def test_flatten_drops_what_says_nothing(value: object) -> None:
    assert flatten({"key": value, "other": 0}) == {"other": 0}


@given(st.dictionaries(st.text(), st.none() | st.text() | st.binary() | st.integers() | st.lists(st.text())))
def test_flattening_twice_changes_nothing(attributes: dict[str, object]) -> None:
    once = flatten(attributes)
    assert flatten(once) == once


@given(st.text())
def test_legal_text_keeps_its_length_but_for_line_ends(text: str) -> None:
    assert len(legal_text(text)) == len(text.replace("\r\n", "\n"))


def test_the_network_of_the_examples_holds_every_statement(graph: KnowledgeGraph) -> None:
    network = to_networkx(graph)
    assert network.number_of_nodes() == len(graph.papers) + len(graph.entities) + len(graph.results)
    for assertion in graph.assertions:
        assert network.has_edge(assertion.subject, assertion.object)
    values = {type(value) for _, known in network.nodes(data=True) for value in known.values()}
    assert values <= {str, int, float, bool}
