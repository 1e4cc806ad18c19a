"""GraphML: well-formed for every parser, the same bytes each time, and read back as it was."""

from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest
from lxml import etree

from kg.errors import OutputError
from kg.export import export
from kg.export.graphml import write
from kg.graph import KnowledgeGraph
from kg.model import Assertion, Entity, EntityType, Evidence, Paper, Section, TextSpan
from kg.network import to_networkx
from kg.vocab import KG

NAMESPACE = {"g": "http://graphml.graphdrawing.org/xmlns"}
HOSTILE = "</data><!-- \x00 \x0b \ufffe & ]]> \r\n 𝒪"


def one_paper(paper_id: str, name: str) -> KnowledgeGraph:
    span = TextSpan(Section.ABSTRACT, 0, len(name), name)
    evidence = Evidence(paper_id=paper_id, span=span, sentence=name, score=0.5, extractor="kg_test 1")
    return KnowledgeGraph(
        papers=(Paper(id=paper_id, title=name, abstract=name),),
        entities=(Entity(id="method/x", type=EntityType.METHOD, name=name, papers=(paper_id,)),),
        assertions=tuple(
            Assertion(subject=paper_id, predicate=term, object="method/x", evidence=(evidence,))
            for term in (KG.proposes, KG.uses)
        ),
        results=(),
    )


def assert_equal(path: Path, graph: KnowledgeGraph) -> None:
    expected = to_networkx(graph)
    found = nx.read_graphml(path, force_multigraph=True)
    assert dict(found.nodes(data=True)) == dict(expected.nodes(data=True))
    edges = {(a, b, known["id"]): known for a, b, known in expected.edges(data=True)}
    read = {(a, b, key): {**known, "id": key} for a, b, key, known in found.edges(keys=True, data=True)}
    assert read == edges


def test_what_was_written_is_read_back_equal(graph: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    export(graph, path)
    assert_equal(path, graph)
    assert len(nx.read_graphml(path)) > 50


def test_hostile_text_is_well_formed_for_expat_and_libxml(tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    graph = one_paper("x:1", HOSTILE)
    write(graph, path)
    assert_equal(path, graph)
    nodes = etree.parse(path).findall(".//g:node", NAMESPACE)
    assert [node.get("id") for node in nodes] == ["x:1", "method/x"]
    assert len(ElementTree.parse(path).findall(".//g:edge", NAMESPACE)) == 2  # noqa: S314


def test_an_id_that_xml_forbids_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    write(one_paper("x:\x00", "name"), path)
    assert sorted(nx.read_graphml(path)) == ["method/x", "x:\ufffd"]


def test_two_statements_about_the_same_things_are_two_edges_with_ids_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    write(one_paper("x:1", "name"), path)
    edges = etree.parse(path).findall(".//g:edge", NAMESPACE)
    assert len({edge.get("id") for edge in edges}) == 2


def test_the_bytes_are_the_same_each_time(graph: KnowledgeGraph, tmp_path: Path) -> None:
    first, second = tmp_path / "first.graphml", tmp_path / "second.graphml"
    write(graph, first)
    write(graph, second)
    assert first.read_bytes() == second.read_bytes()


def test_a_graph_with_nothing_in_it_is_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    write(KnowledgeGraph(papers=(), entities=(), assertions=(), results=()), path)
    assert len(nx.read_graphml(path)) == 0


def test_the_base_begins_every_iri(tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    write(one_paper("x:1", "name"), path, base="https://example.org/")
    iris = [iri for _, iri in nx.read_graphml(path).nodes(data="iri")]
    assert [iri.rpartition("/")[0] for iri in iris] == [
        "https://example.org/paper",
        "https://example.org/method",
    ]


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "graph.graphml"
    path.write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(nx, "write_graphml_xml", full)
    with pytest.raises(OutputError, match="No space left"):
        write(one_paper("x:1", "name"), path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["graph.graphml"]
