"""One definition of every term: what is generated from kg.ttl is in step with it, and code uses no other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SDO, SKOS

from kg import vocab
from kg.files import ontology_folder
from kg.vocab import (
    KG,
    LABELS,
    NAMESPACE,
    PREFIXES,
    RELATION_PROPERTY,
    ROLE_PROPERTY,
    ROLE_RANGE,
    EntityType,
    Role,
)

GOLDEN = Path(__file__).parent / "data" / "golden" / "graph.ttl"
ONTOLOGY = rdflib.Graph().parse(ontology_folder() / "kg.ttl", format="turtle")
PROPERTIES = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property}
TERMS = {
    term: kind
    for term, kind in ONTOLOGY.subject_objects(RDF.type)
    if isinstance(term, rdflib.URIRef) and kind in PROPERTIES | {OWL.Class}
}
OWN = sorted(str(term).removeprefix(NAMESPACE) for term in TERMS if term.startswith(NAMESPACE))


def test_generated_files_are_what_the_generator_writes(repo: Path) -> None:
    """After a change of kg.ttl: python ontology/generate.py"""
    command = [sys.executable, str(repo / "ontology" / "generate.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_generator_names_the_file_that_is_out_of_step(repo: Path, tmp_path: Path) -> None:
    for name in ("ontology/kg.ttl", "ontology/generate.py", "ontology/TERMS.md", "kg/vocab.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((repo / name).read_bytes())
    command = [sys.executable, str(tmp_path / "ontology" / "generate.py")]
    stale = subprocess.run([*command, "--check"], capture_output=True, text=True, check=False)
    assert (stale.returncode, stale.stderr) == (1, "ontology/context.jsonld: out of step with kg.ttl\n")
    written = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (written.returncode, written.stderr) == (0, "ontology/context.jsonld: written\n")
    context = "ontology/context.jsonld"
    assert (tmp_path / context).read_bytes() == (repo / context).read_bytes()
    assert subprocess.run([*command, "--no-such"], capture_output=True, check=False).returncode == 2


def test_every_term_has_label_meaning_and_example() -> None:
    assert len(TERMS) > 80
    for term in TERMS:
        assert ONTOLOGY.value(term, RDFS.label), term
        assert ONTOLOGY.value(term, SKOS.definition) or ONTOLOGY.value(term, SKOS.scopeNote), term
        assert ONTOLOGY.value(term, SKOS.example), term


def test_every_property_has_domain_and_range() -> None:
    for term, kind in TERMS.items():
        if kind in PROPERTIES:
            ours = term.startswith(NAMESPACE)
            for ends in ((RDFS.domain, SDO.domainIncludes), (RDFS.range, SDO.rangeIncludes)):
                assert ONTOLOGY.value(term, ends[0] if ours else ends[1]), term
                assert not ONTOLOGY.value(term, ends[1] if ours else ends[0]), term


def test_every_class_and_property_named_as_an_end_is_defined_or_of_a_vocabulary() -> None:
    for predicate in (RDFS.domain, RDFS.range, RDFS.subPropertyOf, RDFS.subClassOf):
        for end in ONTOLOGY.objects(None, predicate):
            if str(end).startswith(NAMESPACE):
                assert end in TERMS, end


def test_ontology_says_whose_it_is_and_which_version() -> None:
    header = rdflib.URIRef(NAMESPACE.rstrip("#"))
    assert (header, RDF.type, OWL.Ontology) in ONTOLOGY
    assert str(ONTOLOGY.value(header, OWL.versionInfo)) == vocab.VERSION
    for predicate in ("title", "description", "creator", "license"):
        assert ONTOLOGY.value(header, rdflib.DCTERMS[predicate]), predicate


def test_python_names_are_the_terms_of_the_ontology() -> None:
    names = sorted(name for name in vars(KG) if not name.startswith("_"))
    assert names == OWN
    for name in names:
        assert getattr(KG, name) == NAMESPACE + name
        assert LABELS[NAMESPACE + name] == str(ONTOLOGY.value(rdflib.URIRef(NAMESPACE + name), RDFS.label))


def test_roles_and_relation_types_lead_to_properties_and_back() -> None:
    assert len(set(ROLE_PROPERTY.values())) == len(Role)
    for term in ROLE_PROPERTY.values():
        is_mention = (rdflib.URIRef(term), RDFS.subPropertyOf, rdflib.URIRef(KG.mentions)) in ONTOLOGY
        assert is_mention or term == KG.mentions
    for role, types in ROLE_RANGE.items():
        assert types, role
    assert RELATION_PROPERTY[vocab.RelationType.SUBCLASS_OF] == str(SKOS.broader)
    for relation in vocab.RelationType:
        assert vocab.RELATION_DOMAIN[relation], relation
        assert vocab.RELATION_RANGE[relation], relation


def test_entity_types_are_the_subclasses_of_entity() -> None:
    subclasses = ONTOLOGY.subjects(RDFS.subClassOf, rdflib.URIRef(KG.Entity))
    assert sorted(str(found).removeprefix(NAMESPACE) for found in subclasses) == [
        kind.value for kind in EntityType
    ]


def test_context_gives_the_iri_and_datatype_of_every_term() -> None:
    context = json.loads((ontology_folder() / "context.jsonld").read_text("utf-8"))["@context"]
    assert context["evaluatesOn"] == {"@id": "kg:evaluatesOn", "@type": "@id"}
    assert context["value"] == {"@id": "kg:value", "@type": "xsd:decimal"}
    assert context["skos:prefLabel"] == {"@id": "skos:prefLabel"}
    assert set(OWN) <= set(context)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own JSON-LD parser
def test_plain_json_becomes_a_graph_through_the_context() -> None:
    context = json.loads((ontology_folder() / "context.jsonld").read_text("utf-8"))["@context"]
    node = {
        "@context": context,
        "id": "http://x/r",
        "type": "Result",
        "value": "82.9",
        "method": "http://x/m",
    }
    graph = rdflib.Graph().parse(data=json.dumps(node), format="json-ld")
    subject = rdflib.URIRef("http://x/r")
    assert (subject, RDF.type, rdflib.URIRef(KG.Result)) in graph
    assert (subject, rdflib.URIRef(KG.method), rdflib.URIRef("http://x/m")) in graph
    assert (subject, rdflib.URIRef(KG.value), rdflib.Literal("82.9", datatype=rdflib.XSD.decimal)) in graph


def test_term_table_has_a_row_for_every_term() -> None:
    table = (ontology_folder() / "TERMS.md").read_text("utf-8")
    assert [name for name in OWN if f"| `kg:{name}` |" not in table] == []


def test_golden_graph_uses_every_term_of_ours() -> None:
    used = {str(term) for triple in rdflib.Graph().parse(GOLDEN) for term in triple}
    about_terms = {"role", "relationType"}
    assert [name for name in OWN if NAMESPACE + name not in used] == ["Entity", *sorted(about_terms)]


def test_no_other_module_spells_out_a_namespace(repo: Path) -> None:
    namespaces = [*PREFIXES.values(), "https://w3id.org/abstractkg/"]
    modules = sorted((repo / "kg").rglob("*.py"))
    assert len(modules) > 20
    for module in modules:
        if module.name not in {"vocab.py", "ids.py"}:
            source = module.read_text("utf-8")
            assert [namespace for namespace in namespaces if namespace in source] == [], module
