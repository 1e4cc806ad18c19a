"""Shapes and checks: the good graph passes, and each rule catches a copy that breaks it."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from kg.check import check
from kg.errors import InvalidGraph, ReadError
from kg.files import ontology_folder
from kg.vocab import NAMESPACE

GOLDEN = Path(__file__).parent / "data" / "golden" / "graph.ttl"
TEXT = GOLDEN.read_text(encoding="utf-8")
CHECKS = sorted((ontology_folder() / "checks").glob("*.rq"))

# For each rule a copy of the golden graph that breaks it: what is replaced, by what, and the node named.
BROKEN = {
    "Paper": ('bibo:doi "10.1000/pool"', 'bibo:doi "pool"', "paper:arxiv-2111.11418"),
    "OutsidePaper": (
        "paper:arxiv-1909.07229 a schema:ScholarlyArticle",
        "_:b a schema:ScholarlyArticle ; rdfs:label 'x' ; dcterms:identifier 'x' .\n"
        "paper:arxiv-1909.07229 a schema:ScholarlyArticle",
        "",
    ),
    "Entity": ('skos:prefLabel "pooling"', 'skos:prefLabel "pooling", "Pooling"', "method:pooling"),
    "Result": ("kg:value 82.2 ", 'kg:value "82.2" ', "result:"),
    "Assertion": ("kg:support 1 .", "kg:support 0 .", "assertion:"),
    "Evidence": ('kg:section "abstract"', 'kg:section "body"', "evidence:"),
    "Component": (
        "component:kg_baseline-0.1.0 a kg:Component",
        "_:c a kg:Component ; rdfs:label 'x' .\n_:e prov:wasGeneratedBy _:c .\n"
        "component:kg_baseline-0.1.0 a kg:Component",
        "",
    ),
    "Merge": (' , "softmax-free transformer" ;\n\tkg:reason', " ;\n\tkg:reason", "merge:"),
    "label": ('\trdfs:label "RobustBench" ;\n', "", "benchmark:robustbench"),
    "identifier": ('\tdcterms:identifier "arXiv:2111.11418" ;\n', "", "paper:arxiv-2111.11418"),
    "confidence": ("kg:confidence 0.99 ", "kg:confidence 1.01 ", "merge:"),
    "evidence": ("\tkg:evidence evidence:ebdc8d84b34f7aae ;\n", "", "assertion:08bc720e51e8c0f7"),
    "assertion-without-triple": ("\tkg:extends method:transformer ;\n", "", "assertion:"),
    "broader-of-another-class": (
        "skos:broader method:transformer",
        "skos:broader dataset:imagenet",
        "method:poolformer",
    ),
    "confidence-not-the-best": (
        "kg:confidence 0.97 ;\n\tkg:end",
        "kg:confidence 0.98 ;\n\tkg:end",
        "assertion:",
    ),
    "dangling": (
        "kg:comparedWith method:deit-s ;\n\tkg:extends",
        "kg:comparedWith method:none ;\n\tkg:extends",
        "method:poolformer",
    ),
    "evidence-of-another-paper": (
        "prov:wasDerivedFrom paper:arxiv-2110.11945",
        "prov:wasDerivedFrom paper:arxiv-2111.11418",
        "assertion:",
    ),
    "mention-missing": ("kg:mentions benchmark:robustbench , ", "kg:mentions ", "paper:arxiv-2111.11418"),
    "not-one-class": (
        "benchmark:robustbench a kg:Benchmark",
        "benchmark:robustbench a kg:Benchmark, kg:Dataset",
        "benchmark:robustbench",
    ),
    "orphan": ("\tkg:merge merge:3e725c4a2079ce6a ;\n", "", "merge:3e725c4a2079ce6a"),
    "said-of-itself": (
        "rdf:subject method:soft",
        "rdf:subject task:image-classification",
        "assertion:08bc720e51e8c0f7",
    ),
    "same-identifier": (
        'dcterms:identifier "arXiv:2111.11418"',
        'dcterms:identifier "arXiv:2110.11945"',
        "paper:arxiv-2110.11945",
    ),
    "span-not-in-its-text": ("We propose SOFT, a softmax", "We  propose SOFT, a softmax", "evidence:"),
    "span-of-wrong-length": ("kg:end 15 ", "kg:end 16 ", "evidence:08012aa818c147ff"),
    "support-miscounted": ("kg:support 1 .", "kg:support 2 .", "assertion:"),
    "triple-without-assertion": (
        "\tkg:proposes method:soft ;",
        "\tkg:proposes method:soft, method:deit-s ;",
        "paper:arxiv-2110.11945",
    ),
    "unknown-term": ("\tkg:venue ", "\tkg:place ", "paper:arxiv-2110.11945"),
    "wrong-domain": (
        '\tskos:prefLabel "SOFT" ;\n',
        '\tskos:prefLabel "SOFT" ;\n\tkg:support 1 ;\n',
        "method:soft",
    ),
    "wrong-range": ("\tkg:dataset dataset:imagenet ;", "\tkg:dataset method:soft ;", "method:soft"),
}


def broken(rule: str, folder: Path) -> Path:
    old, new, _ = BROKEN[rule]
    assert old in TEXT, rule
    path = folder / "graph.ttl"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return path


def test_every_shape_and_check_has_a_copy_that_breaks_it() -> None:
    shapes = re.findall(
        r"^shape:(\w+) a", (ontology_folder() / "shapes.ttl").read_text("utf-8"), re.MULTILINE
    )
    assert len(shapes) >= 12
    assert len(CHECKS) >= 15
    assert set(BROKEN) == {*shapes, *(path.stem for path in CHECKS)}


def test_every_class_has_a_shape() -> None:
    ontology = rdflib.Graph().parse(ontology_folder() / "kg.ttl")
    shapes = rdflib.Graph().parse(ontology_folder() / "shapes.ttl")
    classes = {
        str(found)
        for found in ontology.subjects(rdflib.RDF.type, rdflib.OWL.Class)
        if isinstance(found, rdflib.URIRef)
    }
    targets = {str(target) for target in shapes.objects(None, rdflib.SH.targetClass)}
    assert classes - targets == {f"{NAMESPACE}Entity"}  # it is the class of none, only its subclasses are


def test_golden_graph_breaks_no_rule() -> None:
    report = check(GOLDEN)
    assert report.violations == ()
    assert report.conforms
    assert report.triples > 500
    assert report.rules == len(BROKEN)


@pytest.mark.parametrize("rule", BROKEN)
def test_rule_catches_a_graph_that_breaks_it(rule: str, tmp_path: Path) -> None:
    report = check(broken(rule, tmp_path))
    assert not report.conforms
    found = [violation for violation in report.violations if violation.rule == rule]
    assert found
    assert any(violation.node.startswith(BROKEN[rule][2]) for violation in found)


def test_violation_says_rule_node_and_what_was_found(tmp_path: Path) -> None:
    assert [str(violation) for violation in check(broken("confidence", tmp_path)).violations] == [
        "confidence: merge:3e725c4a2079ce6a: "
        "a confidence is one xsd:decimal from 0 to 1 (kg:confidence is 1.01)"
    ]
    assert [str(violation) for violation in check(broken("span-of-wrong-length", tmp_path)).violations] == [
        "span-of-wrong-length: evidence:08012aa818c147ff: "
        "The text of a span is as long as its offsets say (start 11, end 16, exact SOFT)"
    ]


def test_violations_can_be_raised_and_show_the_first_five(tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text(TEXT.replace("kg:support 1 .", "kg:support 7 ."), encoding="utf-8")
    error = InvalidGraph(map(str, check(path).violations))
    assert error.exit_code == 1
    assert len(error.violations) > 5
    assert str(error).count("support-miscounted: assertion:") == 5


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own way of asking a Dataset
@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_check_finds_the_same_in_oxigraph_and_rdflib(path: Path, tmp_path: Path) -> None:
    sparql = path.read_text("utf-8")
    assert sparql.startswith("# ")
    for graph, least in ((GOLDEN, 0), (broken(path.stem, tmp_path), 1)):
        store = pyoxigraph.Store()
        store.bulk_load(path=graph, format=pyoxigraph.RdfFormat.TURTLE)
        ontology = NAMESPACE.rstrip("#")
        store.bulk_load(
            path=ontology_folder() / "kg.ttl",
            format=pyoxigraph.RdfFormat.TURTLE,
            to_graph=pyoxigraph.NamedNode(ontology),
        )
        dataset = rdflib.Dataset()
        dataset.default_graph.parse(graph, format="turtle")
        dataset.graph(rdflib.URIRef(ontology)).parse(ontology_folder() / "kg.ttl", format="turtle")
        in_oxigraph = sorted(tuple(term.value for term in row) for row in store.query(sparql))
        assert sorted(tuple(map(str, row)) for row in dataset.query(sparql)) == in_oxigraph
        assert len(in_oxigraph) >= least


def test_graph_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="No such file"):
        check(tmp_path)
