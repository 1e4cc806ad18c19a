"""The graph as triples: nothing is lost, nothing depends on order or chance, hostile text stays text."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InvalidGraph, ReadError, UnknownFormat, UsageError
from kg.export import export
from kg.graph import KnowledgeGraph
from kg.ids import entity_id, outside_url, paper_iri, result_id, web_iri
from kg.model import (
    Assertion,
    Entity,
    EntityType,
    Evidence,
    Link,
    LinkKind,
    Merge,
    Paper,
    Result,
    ResultKind,
    Section,
    Source,
    TextSpan,
)
from kg.rdf import count_triples, from_triples, read_graph, read_triples, to_triples
from kg.rdf.shape import RESULT_ENDS, joined, parted
from kg.vocab import KG, LABELS, RELATION_PROPERTY, ROLE_PROPERTY, SCHEMA, SKOS, XSD

GOLDEN = Path(__file__).parent / "data" / "golden" / "graph.ttl"

# --- a graph made by hand, which uses every term ------------------------------------------------------

SOFT = Paper(
    id="arXiv:2110.11945",
    title="A transformer without softmax",
    abstract="We propose SOFT, a softmax-free transformer built on a Gaussian kernel. It addresses image "
    "classification. On ImageNet, SOFT reaches 82.2% top-1 accuracy, 1.5% above DeiT-S. Code is available.",
    comment="NeurIPS 2021 Spotlight.\nProject page at https://soft.example/",
    authors=("Zoë Lu", "Smith; Jones", "Ada Yao"),
    categories=("cs.CV", "cs.LG"),
    links=(
        Link("https://code.example/soft", LinkKind.CODE),
        Link("https://soft.example/", LinkKind.PROJECT),
    ),
    related=("arXiv:1909.07229", "arXiv:2111.11418"),
    sources=(Source("a.txt", 1), Source("b#c.txt", 12)),
    created="2021-10-22",
    venue="NeurIPS 2021",
    presentation="Spotlight",
)
POOL = Paper(
    id="arXiv:2111.11418",
    title="PoolFormer",
    abstract="PoolFormer extends the transformer. It is trained on ImageNet, its token mixer is pooling, "
    "and it beats DeiT-S on RobustBench and ImageNet: 82.1% top-1 accuracy for image classification.",
    doi="10.1000/pool",
    journal_ref="J. Poor Examples 1 (2022)",
    links=(Link("https://data.example/pool%20set", LinkKind.DATA),),
    sources=(Source("a.txt", 2),),
    created="2021-11",
)
SPIN = Paper(
    id="math/0309136x",
    abstract='A chiral spin liquid in EuCd2As2 is studied; "> <http://evil.example> . is no markup.',
    sources=(Source("a.txt", 3),),
    created="2003",
)


def evidence(paper: Paper, text: str, score: float = 0.9) -> Evidence:
    start = paper.abstract.index(text)
    sentence = next(part for part in paper.abstract.split(". ") if text in part)
    return Evidence(
        paper_id=paper.id,
        span=TextSpan(Section.ABSTRACT, start, start + len(text), text),
        sentence=sentence,
        score=score,
        extractor="kg_baseline-0.1.0",
    )


def entity(entity_type: EntityType, name: str, *papers: Paper, **more: Any) -> Entity:
    ids = tuple(sorted(paper.id for paper in papers))
    return Entity(id=entity_id(entity_type, name), type=entity_type, name=name, papers=ids, **more)


M, D, B = EntityType.METHOD, EntityType.DATASET, EntityType.BENCHMARK
ENTITIES = {
    made.name: made
    for made in (
        entity(
            M,
            "SOFT",
            SOFT,
            aliases=("softmax-free transformer",),
            merges=(Merge(names=("SOFT", "softmax-free transformer"), reason="long form", score=0.99),),
        ),
        entity(M, "Gaussian kernel", SOFT),
        entity(M, "transformer", POOL),
        entity(M, "PoolFormer", POOL, broader=("method/transformer",)),
        entity(M, "pooling", POOL),
        entity(M, "DeiT-S", SOFT, POOL),
        entity(D, "ImageNet", SOFT, POOL, same_as=("http://www.wikidata.org/entity/Q24901201",)),
        entity(B, "RobustBench", POOL),
        entity(EntityType.TASK, "image classification", SOFT, POOL),
        entity(EntityType.METRIC, "top-1 accuracy", SOFT, POOL),
        entity(EntityType.MATERIAL, "EuCd2As2", SPIN),
        entity(EntityType.CONCEPT, "chiral spin liquid", SPIN),
    )
}


def states(subject: Paper | str, term: str, name: str, *found: Evidence) -> Assertion:
    return Assertion(
        subject=subject.id if isinstance(subject, Paper) else ENTITIES[subject].id,
        predicate=term,
        object=ENTITIES[name].id,
        evidence=tuple(sorted(found)),
    )


ASSERTIONS = (
    states(
        SOFT, KG.proposes, "SOFT", evidence(SOFT, "SOFT", 0.97), evidence(SOFT, "softmax-free transformer")
    ),
    states(SOFT, KG.uses, "Gaussian kernel", evidence(SOFT, "Gaussian kernel")),
    states(SOFT, KG.addresses, "image classification", evidence(SOFT, "image classification")),
    states(SOFT, KG.evaluatesOn, "ImageNet", evidence(SOFT, "ImageNet")),
    states(SOFT, KG.measures, "top-1 accuracy", evidence(SOFT, "top-1 accuracy")),
    states(SOFT, KG.comparesWith, "DeiT-S", evidence(SOFT, "DeiT-S")),
    states(POOL, KG.proposes, "PoolFormer", evidence(POOL, "PoolFormer")),
    states(POOL, KG.uses, "pooling", evidence(POOL, "pooling")),
    states(POOL, KG.mentions, "transformer", evidence(POOL, "transformer")),
    states(POOL, KG.trainsOn, "ImageNet", evidence(POOL, "ImageNet")),
    states(POOL, KG.evaluatesOn, "RobustBench", evidence(POOL, "RobustBench")),
    states(POOL, KG.comparesWith, "DeiT-S", evidence(POOL, "DeiT-S")),
    states(POOL, KG.measures, "top-1 accuracy", evidence(POOL, "top-1 accuracy")),
    states(POOL, KG.addresses, "image classification", evidence(POOL, "image classification")),
    states(SPIN, KG.studies, "EuCd2As2", evidence(SPIN, "EuCd2As2")),
    states(SPIN, KG.studies, "chiral spin liquid", evidence(SPIN, "chiral spin liquid", 1.0)),
    states("SOFT", KG.usesMethod, "Gaussian kernel", evidence(SOFT, "built on a Gaussian kernel")),
    states(
        "SOFT", KG.addressesTask, "image classification", evidence(SOFT, "It addresses image classification")
    ),
    states("SOFT", KG.evaluatedOn, "ImageNet", evidence(SOFT, "On ImageNet, SOFT")),
    states("SOFT", SKOS.broader, "transformer", evidence(SOFT, "SOFT, a softmax-free transformer")),
    states("PoolFormer", KG.extends, "transformer", evidence(POOL, "PoolFormer extends the transformer")),
    states("PoolFormer", KG.trainedOn, "ImageNet", evidence(POOL, "It is trained on ImageNet")),
    states("PoolFormer", KG.comparedWith, "DeiT-S", evidence(POOL, "it beats DeiT-S")),
    states("SOFT", KG.comparedWith, "DeiT-S", evidence(SOFT, "1.5% above DeiT-S")),
    states("pooling", KG.partOf, "PoolFormer", evidence(POOL, "its token mixer is pooling")),
)


def measured(
    paper: Paper, value: float, unit: str | None, kind: ResultKind, text: str, **ends: str
) -> Result:
    entities = {field: ENTITIES[name].id for field, name in ends.items()}
    found = evidence(paper, text)
    made = Result(id="", paper_id=paper.id, value=value, unit=unit, kind=kind, evidence=(found,), **entities)
    return replace(made, id=result_id(made))


ABSOLUTE, DELTA = ResultKind
TOP_1 = {"metric": "top-1 accuracy"}
RESULTS = (
    measured(SOFT, 82.2, "%", ABSOLUTE, "82.2%", method="SOFT", dataset="ImageNet", **TOP_1),
    measured(SOFT, 1.5, "%", DELTA, "1.5%", method="SOFT", baseline="DeiT-S", **TOP_1),
    measured(
        *(POOL, 82.1, "%", ABSOLUTE, "82.1%"),
        **{"method": "PoolFormer", "dataset": "ImageNet", "task": "image classification"} | TOP_1,
    ),
    measured(SPIN, 3.0, None, ABSOLUTE, "studied"),
)


def sorted_graph(
    papers: list[Paper], entities: list[Entity], assertions: list[Assertion], results: list[Result]
) -> KnowledgeGraph:
    return KnowledgeGraph(
        papers=tuple(sorted(papers, key=lambda paper: paper.id)),
        entities=tuple(sorted(entities, key=lambda entity: entity.id)),
        assertions=tuple(sorted(assertions, key=lambda made: (made.subject, made.predicate, made.object))),
        results=tuple(sorted(results, key=lambda result: result.id)),
    )


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return sorted_graph([SOFT, POOL, SPIN], list(ENTITIES.values()), list(ASSERTIONS), list(RESULTS))


def turtle(graph: KnowledgeGraph, folder: Path, base: str | None = None) -> bytes:
    path = folder / "graph.ttl"
    export(graph, path, **({} if base is None else {"base": base}))
    return path.read_bytes()


def everything(graph: KnowledgeGraph) -> tuple[object, ...]:
    """The graph with the evidence, which equality of assertions and results leaves out."""
    found = [(made, made.evidence) for made in (*graph.assertions, *graph.results)]
    return graph.papers, graph.entities, found


# --- round trip and golden file -----------------------------------------------------------------------


def test_graph_comes_back_whole_from_its_triples(graph: KnowledgeGraph) -> None:
    assert everything(from_triples(to_triples(graph))) == everything(graph)


def test_turtle_is_the_golden_file(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """After a wanted change: KG_UPDATE_GOLDEN=1 python -m pytest tests/test_rdf.py, then read the diff."""
    actual = turtle(graph, tmp_path)
    if os.environ.get("KG_UPDATE_GOLDEN"):
        GOLDEN.write_bytes(actual)
    wanted, found = (set(map(str, read_triples(path))) for path in (GOLDEN, tmp_path / "graph.ttl"))
    assert (sorted(wanted - found), sorted(found - wanted)) == ([], []), "only in expected, only in actual"
    assert actual == GOLDEN.read_bytes()


def test_turtle_read_and_written_again_is_the_same_bytes(tmp_path: Path) -> None:
    assert turtle(read_graph(GOLDEN), tmp_path) == GOLDEN.read_bytes()


def test_order_of_the_graph_does_not_change_a_byte(graph: KnowledgeGraph, tmp_path: Path) -> None:
    backwards = KnowledgeGraph(
        papers=graph.papers[::-1],
        entities=graph.entities[::-1],
        assertions=tuple(replace(made, evidence=made.evidence[::-1]) for made in graph.assertions[::-1]),
        results=graph.results[::-1],
    )
    assert turtle(backwards, tmp_path) == GOLDEN.read_bytes()


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_hash_seed_does_not_change_a_byte(seed: str, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kg.export import export; from kg.rdf import read_graph; "
        "export(read_graph(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    out = tmp_path / "again.ttl"
    environment = os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code, str(GOLDEN), str(out)], env=environment, check=True)
    assert out.read_bytes() == GOLDEN.read_bytes()


def test_both_parsers_find_the_same_triples(graph: KnowledgeGraph) -> None:
    parsed = rdflib.Graph().parse(GOLDEN, format="turtle")
    assert len(parsed) == len(read_triples(GOLDEN)) == count_triples(graph) > 500


def test_every_node_has_one_class_and_one_label_and_none_is_blank() -> None:
    parsed = rdflib.Graph().parse(GOLDEN, format="turtle")
    for node in set(parsed.subjects()):
        assert isinstance(node, rdflib.URIRef)
        assert len(list(parsed.objects(node, rdflib.RDF.type))) == 1, node
        assert len(list(parsed.objects(node, rdflib.RDFS.label))) == 1, node
    assert not [end for end in parsed.objects() if isinstance(end, rdflib.BNode)]


def test_literals_survive_a_triple_store_as_they_are(graph: KnowledgeGraph) -> None:
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.Quad(*triple) for triple in to_triples(graph))
    assert {str(quad.triple) for quad in store} == {str(triple) for triple in to_triples(graph)}


# --- any graph ----------------------------------------------------------------------------------------

CONTROLS = [chr(code) for code in range(32)]
ANY_CHARACTER = st.characters(exclude_categories=["Cs"], exclude_characters=[*CONTROLS, "\ufffe", "\uffff"])
TEXT = st.text(ANY_CHARACTER | st.sampled_from("\t\n\"\\<>'#;{}|^`"), min_size=1, max_size=12)
OPTIONAL = st.none() | TEXT
SCORES = st.floats(0, 1)
IDS = st.from_regex(r"arXiv:(1[5-9]|2[0-9])(0[1-9]|1[0-2])\.[0-9]{5}", fullmatch=True) | TEXT.map(
    lambda text: f"acl:{text}"
)
URLS = TEXT.map(lambda text: web_iri(f"https://example.org/{text}"))
EXTRACTORS = st.sampled_from(["kg_baseline-0.1.0", "kg neural/2 <x>"])


def distinct(strategy: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, min_size=least, max_size=3, unique=True).map(lambda found: tuple(sorted(found)))


@st.composite
def papers(draw: st.DrawFn, identifier: str) -> Paper:
    links = draw(st.sets(st.tuples(URLS, st.sampled_from(LinkKind)), max_size=3))
    dates = st.from_regex(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?", fullmatch=True)
    return Paper(
        id=identifier,
        abstract=draw(TEXT | st.just("")),
        links=tuple(sorted(Link(url, kind) for url, kind in links)),
        authors=tuple(draw(st.lists(TEXT | st.just(""), max_size=3))),
        categories=draw(distinct(TEXT)),
        related=draw(distinct(IDS)),
        sources=tuple(sorted(draw(st.sets(st.builds(Source, TEXT, st.integers(1, 99)), max_size=3)))),
        created=draw(st.none() | dates),
        **{
            field: draw(OPTIONAL)
            for field in ("title", "comment", "doi", "journal_ref", "venue", "presentation")
        },
    )


@st.composite
def pieces(draw: st.DrawFn, ids: list[str]) -> tuple[Evidence, ...]:
    def piece(place: tuple[str, Section, int, str]) -> Evidence:
        paper, section, start, extractor = place
        span = TextSpan(section, start, start + draw(st.integers(0, 9)), draw(TEXT))
        return Evidence(
            paper_id=paper, span=span, sentence=draw(TEXT), score=draw(SCORES), extractor=extractor
        )

    places = st.tuples(st.sampled_from(ids), st.sampled_from(Section), st.integers(0, 10**6), EXTRACTORS)
    return tuple(sorted(map(piece, draw(st.sets(places, min_size=1, max_size=2)))))


@st.composite
def graphs(draw: st.DrawFn) -> KnowledgeGraph:
    ids = draw(distinct(IDS, 1))
    kinds_and_names = draw(st.sets(st.tuples(st.sampled_from(EntityType), TEXT), min_size=1, max_size=3))
    named = {entity_id(kind, name): (kind, name) for kind, name in kinds_and_names}
    things = st.sampled_from(sorted(named))
    of_papers = st.tuples(st.sampled_from(ids), st.sampled_from(sorted(ROLE_PROPERTY.values())), things)
    of_things = st.tuples(things, st.sampled_from(sorted(RELATION_PROPERTY.values())), things)
    triples = draw(st.sets(of_papers | of_things, max_size=4))
    assertions = [
        Assertion(subject=subject, predicate=term, object=end, evidence=draw(pieces(list(ids))))
        for subject, term, end in triples
    ]
    merges = st.builds(Merge, names=distinct(TEXT, 2), reason=TEXT, score=SCORES)
    entities = [
        Entity(
            id=identifier,
            type=kind,
            name=name,
            aliases=draw(distinct(TEXT)),
            papers=tuple(sorted({start for start, _, end in triples if end == identifier and start in ids})),
            broader=tuple(b for b in draw(distinct(things)) if (identifier, SKOS.broader, b) not in triples),
            same_as=draw(distinct(URLS)),
            merges=tuple(sorted(draw(st.sets(merges, max_size=1)))),
        )
        for identifier, (kind, name) in named.items()
    ]
    results = [
        Result(
            id=f"result/{number}",
            paper_id=draw(st.sampled_from(ids)),
            value=draw(st.floats(allow_nan=False, allow_infinity=False)),
            unit=draw(OPTIONAL),
            kind=draw(st.sampled_from(ResultKind)),
            evidence=draw(pieces(list(ids))),
            **{field: draw(st.none() | things) for field in RESULT_ENDS},
        )
        for number in range(draw(st.integers(0, 2)))
    ]
    return sorted_graph([draw(papers(identifier)) for identifier in ids], entities, assertions, results)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_any_graph_comes_back_whole_and_both_parsers_agree(graph: KnowledgeGraph) -> None:
    triples = list(to_triples(graph))
    assert everything(from_triples(triples)) == everything(graph)
    text = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.TURTLE)
    assert len(rdflib.Graph().parse(data=text, format="turtle")) == len(triples)
    assert {str(quad.triple) for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE)} == set(
        map(str, triples)
    )


# --- hostile and broken input -------------------------------------------------------------------------

HOSTILE = [
    "> <http://evil.example> .",
    'a" . <x:y> <x:y> <x:z> . #',
    "{a|b}^`\\",
    "line\nbreak\r\ttab",
    "\x00\x0b\x1f\ufffe",
    "\ud800 alone",
    "\u202eleft",
    "%zz %2",
    " ",
    "</script><script>alert(1)</script>",
]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own JSON-LD parser
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_both_parsers(text: str, tmp_path: Path) -> None:
    paper = Paper(id=f"x:{text}", title=text, abstract=text, authors=(text,), categories=(text,), venue=text,
                  created=text, related=(f"y:{text}",), sources=(Source(text, 1),),
                  links=(Link(f"https://example.org/{text}", LinkKind.CODE),))  # fmt: skip
    thing = Entity(
        id=entity_id(EntityType.METHOD, text),
        type=EntityType.METHOD,
        name=text,
        aliases=(text,),
        papers=(paper.id,),
    )
    place = Evidence(
        paper_id=paper.id,
        span=TextSpan(Section.TITLE, 0, len(text), text),
        sentence=text,
        score=0.5,
        extractor=text,
    )
    said = Assertion(subject=paper.id, predicate=KG.uses, object=thing.id, evidence=(place,))
    written = turtle(sorted_graph([paper], [thing], [said], []), tmp_path)
    triples = {str(triple) for triple in read_triples(tmp_path / "graph.ttl")}
    parsed = rdflib.Graph().parse(data=written, format="turtle")
    assert len(parsed) == len(triples)
    subjects = {str(subject) for subject in parsed.subjects()}
    assert subjects
    assert all(subject.startswith("https://w3id.org/abstractkg/") for subject in subjects)
    for kind in ("xml", "json-ld", "nt"):
        other = rdflib.Graph().parse(data=parsed.serialize(format=kind), format=kind)
        assert {subject.n3() for subject in other.subjects()} == {f"<{subject}>" for subject in subjects}
    again = read_graph(tmp_path / "graph.ttl")
    assert turtle(again, tmp_path) == turtle(from_triples(to_triples(again)), tmp_path)


def test_characters_that_xml_forbids_are_replaced_one_for_one() -> None:
    paper = Paper(id="x:1", abstract="a\x00b\ud800c\rd")
    assert (
        from_triples(to_triples(sorted_graph([paper], [], [], []))).papers[0].abstract == "a\ufffdb\ufffdc\rd"
    )


@given(st.text(max_size=30))
def test_any_web_address_is_an_iri_that_needs_no_more_mending(text: str) -> None:
    address = web_iri(f"https://example.org/{text}")
    assert address is not None
    assert pyoxigraph.NamedNode(address).value == address == web_iri(address)
    assert rdflib.URIRef(address).n3() == f"<{address}>"


@pytest.mark.warns
@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "",
        "github.com/x",
        "https://a b/",
        "https://known.org@evil.org/",
        "file:///etc/passwd",
    ],
)
def test_link_that_is_no_web_address_is_left_out_and_named(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    paper = Paper(id="x:1", links=(Link(url, LinkKind.CODE), Link("https://example.org/", LinkKind.CODE)))
    with caplog.at_level(logging.WARNING):
        found = from_triples(to_triples(sorted_graph([paper], [], [], []))).papers[0].links
    assert found == (Link("https://example.org/", LinkKind.CODE),)
    assert repr(url) in caplog.text


@pytest.mark.warns
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_result_that_is_no_finite_number_is_left_out_and_named(
    value: float, caplog: pytest.LogCaptureFixture
) -> None:
    result = replace(RESULTS[0], value=value)
    with caplog.at_level(logging.WARNING):
        assert not list(to_triples(sorted_graph([], [], [], [result])))
    assert result.paper_id in caplog.text


@pytest.mark.parametrize(
    ("created", "datatype"),
    [("2021", XSD.gYear), ("2021-10", XSD.gYearMonth), ("2021-10-22", XSD.date), ("soon", XSD.string)],
)
def test_date_is_typed_by_what_is_known_of_it(created: str, datatype: str) -> None:
    triples = to_triples(sorted_graph([Paper(id="x:1", created=created)], [], [], []))
    assert [t.object.datatype.value for t in triples if t.predicate.value.endswith("created")] == [datatype]


@pytest.mark.parametrize(
    "attack", ["a" * 10**5 + "!", "\\\\" * 10**5, "; " * 10**5, "https://" + "a." * 10**5 + " ", "%" * 10**5]
)
def test_long_hostile_text_takes_no_long_time(attack: str) -> None:
    start = time.process_time()
    web_iri(attack)
    web_iri(f"https://example.org/{attack}")
    assert parted(joined([attack, attack])) == (attack, attack)
    parted(attack)
    assert time.process_time() - start < 20


# --- shape of the contract ----------------------------------------------------------------------------


def test_paper_in_the_collection_says_where_it_can_be_read_and_one_outside_too() -> None:
    parsed = rdflib.Graph().parse(GOLDEN, format="turtle")
    for identifier, class_ in (("arXiv:2110.11945", KG.Paper), ("arXiv:1909.07229", SCHEMA.ScholarlyArticle)):
        node = rdflib.URIRef(paper_iri(identifier))
        assert (node, rdflib.RDF.type, rdflib.URIRef(class_)) in parsed
        assert (node, rdflib.RDFS.seeAlso, rdflib.URIRef(str(outside_url(identifier)))) in parsed


def test_more_than_a_mention_is_a_mention_too_and_is_read_back_once() -> None:
    parsed = rdflib.Graph().parse(GOLDEN, format="turtle")
    for role_property in ROLE_PROPERTY.values():
        for subject, object_ in parsed.subject_objects(rdflib.URIRef(role_property)):
            assert (subject, rdflib.URIRef(KG.mentions), object_) in parsed
    mentions = [made for made in read_graph(GOLDEN).assertions if made.predicate == KG.mentions]
    assert [made.object for made in mentions] == ["method/transformer"]


def test_better_of_two_readings_of_one_place_counts() -> None:
    twice = (evidence(SOFT, "SOFT", 0.5), evidence(SOFT, "SOFT", 0.7))
    said = states(SOFT, KG.proposes, "SOFT", *twice)
    again = from_triples(to_triples(sorted_graph([SOFT], [ENTITIES["SOFT"]], [said], [])))
    assert again.assertions[0].evidence == twice[1:]


def test_labels_read_like_sentences() -> None:
    labels = {t.object.value for t in read_triples(GOLDEN) if t.predicate.value == str(rdflib.RDFS.label)}
    assert {
        f"PoolFormer {LABELS[KG.trainedOn]} ImageNet",
        "+1.5 % top-1 accuracy of SOFT over DeiT-S",
        "arXiv:2110.11945, abstract 11-15: SOFT",
    } <= labels


def test_another_base_gives_other_iris_and_the_same_graph(graph: KnowledgeGraph, tmp_path: Path) -> None:
    text = turtle(graph, tmp_path, "https://example.org/kg/")
    assert b"<https://w3id.org/abstractkg/paper/" not in text
    assert b"@prefix paper: <https://example.org/kg/paper/>" in text
    assert everything(read_graph(tmp_path / "graph.ttl")) == everything(graph)


@pytest.mark.parametrize("base", ["", "no iri", "https://example.org/kg", "relative/"])
def test_unusable_base_is_refused_with_an_example(base: str, graph: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=r"https://w3id\.org/abstractkg/"):
        list(to_triples(graph, base=base))


# --- reading files ------------------------------------------------------------------------------------


def test_folder_of_a_build_is_read_by_its_graph(tmp_path: Path, graph: KnowledgeGraph) -> None:
    turtle(graph, tmp_path)
    assert read_graph(tmp_path) == graph


def test_broken_turtle_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("@prefix x: <http://x/> .\nx:a x:b x:c .\nx:a x:b\n", encoding="utf-8")
    with pytest.raises(ReadError, match=r"broken\.ttl:[34]: not Turtle") as caught:
        read_graph(path)
    assert caught.value.exit_code == 4


def test_missing_file_and_folder_without_graph_are_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"none\.ttl: No such file"):
        read_graph(tmp_path / "none.ttl")
    with pytest.raises(ReadError, match=r"graph\.ttl: No such file"):
        read_graph(tmp_path)


def test_file_of_another_kind_is_refused_with_what_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"'\.rdf'; known: \.nt, \.ttl"):
        read_triples(tmp_path / "graph.rdf")


def test_turtle_of_others_is_an_empty_graph(tmp_path: Path) -> None:
    path = tmp_path / "other.ttl"
    path.write_text("<http://x/a> <http://x/b> [ <http://x/c> 1 ] .", encoding="utf-8")
    assert read_graph(path) == sorted_graph([], [], [], [])


@pytest.mark.parametrize(
    ("dropped", "message"),
    [
        ("\tdcterms:identifier ", "has no <http://purl.org/dc/terms/identifier>"),
        ("\tkg:section ", "has no <.*section>"),
        ("\tskos:prefLabel ", "has no <.*prefLabel>"),
    ],
)
def test_graph_that_lacks_what_the_model_needs_is_refused_with_the_node(
    dropped: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "graph.ttl"
    lines = GOLDEN.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(
        "".join(
            line
            if not line.startswith(dropped)
            else line[: line.index(dropped)]
            + ('\trdfs:comment "x" .\n' if line.rstrip().endswith(".") else "")
            for line in lines
        ),
        encoding="utf-8",
    )
    with pytest.raises(InvalidGraph, match=message):
        read_graph(path)


def test_value_that_is_no_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text(
        GOLDEN.read_text(encoding="utf-8").replace("kg:start 0 ", 'kg:start "none" '), encoding="utf-8"
    )
    with pytest.raises(InvalidGraph, match="none"):
        read_graph(path)
