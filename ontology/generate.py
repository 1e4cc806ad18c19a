"""Write everything that follows from ontology/kg.ttl: kg/vocab.py, context.jsonld and TERMS.md.

python ontology/generate.py           write the files
python ontology/generate.py --check   exit 1 and name those that are out of step
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rdflib import OWL, RDF, RDFS, SDO, SKOS, XSD, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

ONTOLOGY = Path(__file__).resolve().parent
NAMESPACE = "https://w3id.org/abstractkg/ontology#"
KG = Namespace(NAMESPACE)
_CLASS_KINDS = (OWL.Class,)
_PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property)


class Ontology:
    """What kg.ttl says, in the order the generated files need it."""

    def __init__(self, path: Path) -> None:
        self.graph = Graph().parse(path, format="turtle")
        text = path.read_text(encoding="utf-8")
        declared = {prefix: str(iri) for prefix, iri in self.graph.namespaces()}
        self.prefixes = {prefix: iri for prefix, iri in declared.items() if f"@prefix {prefix}: " in text}

    def classes(self) -> list[URIRef]:
        """Every class, sorted."""
        return self._subjects(_CLASS_KINDS)

    def properties(self) -> list[URIRef]:
        """Every property, sorted."""
        return self._subjects(_PROPERTY_KINDS)

    def datatypes(self) -> list[URIRef]:
        """Every datatype that a property leads to, sorted."""
        ranges = {end for term in self.properties() for end in self.range(term)}
        return sorted(end for end in ranges if end.startswith(str(XSD)))

    def terms(self) -> list[URIRef]:
        """Every class, property and datatype."""
        return [*self.classes(), *self.properties(), *self.datatypes()]

    def used_prefixes(self) -> list[tuple[str, str]]:
        """The prefixes of the terms with their namespaces, sorted."""
        used = {self.curie(term).partition(":")[0] for term in self.terms()}
        return sorted((prefix, self.prefixes[prefix]) for prefix in used)

    def entity_types(self, of: URIRef = KG.Entity) -> list[URIRef]:
        """The direct subclasses of kg:Entity, sorted; for one of them, itself; for others none."""
        subclasses = sorted(
            s for s in self.graph.subjects(RDFS.subClassOf, KG.Entity) if isinstance(s, URIRef)
        )
        return subclasses if of == KG.Entity else [of] if of in subclasses else []

    def domain(self, term: URIRef) -> list[URIRef]:
        """The classes a property starts at."""
        return self._ends(term, RDFS.domain, SDO.domainIncludes)

    def range(self, term: URIRef) -> list[URIRef]:
        """The classes or datatypes a property leads to."""
        return self._ends(term, RDFS.range, SDO.rangeIncludes)

    def annotated(self, annotation: URIRef) -> dict[str, URIRef]:
        """The property of each value of kg:role or kg:relationType, sorted by value."""
        pairs = self.graph.subject_objects(annotation)
        return dict(sorted((str(value), URIRef(str(term))) for term, value in pairs))

    def text(self, term: Node, *predicates: URIRef) -> str:
        """The value of the first predicate that has one; ValueError if none has."""
        for predicate in predicates:
            if (value := self.graph.value(term, predicate)) is not None:
                return str(value)
        raise ValueError(f"{term} has no {' or '.join(predicates)}")

    def meaning(self, term: Node) -> str:
        """What a term means, or for a term of others how it is used here."""
        return self.text(term, SKOS.definition, SKOS.scopeNote)

    def curie(self, iri: str) -> str:
        """The IRI with the longest prefix that fits."""
        fitting = [
            (len(namespace), prefix)
            for prefix, namespace in self.prefixes.items()
            if iri.startswith(namespace)
        ]
        length, prefix = max(fitting)
        return f"{prefix}:{iri[length:]}"

    def _subjects(self, kinds: tuple[URIRef, ...]) -> list[URIRef]:
        found = {
            term for kind in kinds for term in self.graph.subjects(RDF.type, kind) if isinstance(term, URIRef)
        }
        return sorted(found)

    def _ends(self, term: URIRef, *predicates: URIRef) -> list[URIRef]:
        ends: set[str] = set()
        for predicate in predicates:
            for end in self.graph.objects(term, predicate):
                union = self.graph.value(end, OWL.unionOf)
                ends.update(map(str, Collection(self.graph, union) if union else [end]))
        return [URIRef(end) for end in sorted(ends)]


# --- kg/vocab.py --------------------------------------------------------------------------------------

_HEAD = '''\
"""The terms of the graph: entity types, roles, relation types, and the IRI of every class and property.

Generated from ontology/kg.ttl by ontology/generate.py; do not edit.
"""

# ruff: noqa: N815
from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

'''


def vocab(ontology: Ontology) -> str:
    """The text of kg/vocab.py."""
    return _HEAD + "".join(_vocab_parts(ontology)).rstrip("\n") + "\n"


def _vocab_parts(ontology: Ontology) -> Iterator[str]:
    types = {_local(term): term for term in ontology.entity_types()}
    roles, relations = ontology.annotated(KG.role), ontology.annotated(KG.relationType)
    version = ontology.text(URIRef(NAMESPACE.rstrip("#")), OWL.versionInfo)
    yield f'VERSION: Final = "{version}"\n"""The version of the ontology."""\n\n'
    yield f'NAMESPACE: Final = "{NAMESPACE}"\n"""What the IRIs of our own terms begin with."""\n\n'
    yield from _mapping("PREFIXES", "str, str", ontology.used_prefixes(), "The namespace of each prefix.")
    yield _enum("EntityType", "The kinds of thing a paper can name.", types)
    yield _enum("Role", "What a paper does with a thing it names.", roles)
    yield _enum("RelationType", "What a text can say links two things.", relations)
    for prefix, namespace in sorted(ontology.used_prefixes(), key=lambda item: (item[0] != "kg", item[0])):
        whose = "our own terms" if prefix == "kg" else f"the terms we use of {namespace}"
        yield f'\nclass {prefix.upper()}:\n    """The IRIs of {whose}."""\n\n'
        own = sorted(_local(term) for term in ontology.terms() if term.startswith(namespace))
        yield "".join(f'    {name}: Final = "{namespace}{name}"\n' for name in own) + "\n"
    yield "\n"
    yield from _enum_mapping(
        ontology, "Role", roles, "ROLE_PROPERTY", "What a paper with this role says of the thing."
    )
    yield from _enum_mapping(
        ontology,
        "RelationType",
        relations,
        "RELATION_PROPERTY",
        "What a text with this relation says of the things.",
    )
    role_ranges = {value: ontology.range(term) for value, term in roles.items()}
    yield from _type_sets(
        ontology, "Role", role_ranges, "ROLE_RANGE", "The types of thing that can have this role."
    )
    domains = {value: ontology.domain(term) for value, term in relations.items()}
    yield from _type_sets(
        ontology, "RelationType", domains, "RELATION_DOMAIN", "The types of thing this relation can start at."
    )
    ranges = {value: ontology.range(term) for value, term in relations.items()}
    yield from _type_sets(
        ontology, "RelationType", ranges, "RELATION_RANGE", "The types of thing this relation can lead to."
    )
    labels = [
        (_name(ontology, term), ontology.text(term, RDFS.label))
        for term in [*ontology.classes(), *ontology.properties()]
    ]
    yield from _mapping("LABELS", "str, str", labels, "What a reader calls each term.", quoted_key=False)


def _enum(name: str, what: str, values: dict[str, URIRef]) -> str:
    members = "".join(f'    {value.upper()} = "{value}"\n' for value in sorted(values))
    return f'\nclass {name}(StrEnum):\n    """{what}"""\n\n{members}\n'


def _enum_mapping(
    ontology: Ontology, enum: str, terms: dict[str, URIRef], name: str, what: str
) -> Iterator[str]:
    pairs = [(f"{enum}.{value.upper()}", _name(ontology, term)) for value, term in terms.items()]
    yield from _mapping(name, f"{enum}, str", pairs, what, quoted_key=False, quoted_value=False)


def _type_sets(
    ontology: Ontology, enum: str, ends: dict[str, list[URIRef]], name: str, what: str
) -> Iterator[str]:
    pairs = []
    for value, classes in ends.items():
        types = sorted({_local(found) for term in classes for found in ontology.entity_types(term)})
        listed = "{" + ", ".join(f"EntityType.{found.upper()}" for found in types) + "}"
        every = len(types) == len(ontology.entity_types())
        pairs.append((f"{enum}.{value.upper()}", f"frozenset({'EntityType' if every else listed})"))
    yield from _mapping(
        name, f"{enum}, frozenset[EntityType]", pairs, what, quoted_key=False, quoted_value=False
    )


def _mapping(
    name: str,
    types: str,
    pairs: list[tuple[str, str]],
    what: str,
    *,
    quoted_key: bool = True,
    quoted_value: bool = True,
) -> Iterator[str]:
    yield f"{name}: Final[Mapping[{types}]] = MappingProxyType(\n    {{\n"
    for key, value in pairs:
        left, right = json.dumps(key) if quoted_key else key, json.dumps(value) if quoted_value else value
        yield f"        {left}: {right},\n"
    yield f'    }}\n)\n"""{what}"""\n\n'


def _name(ontology: Ontology, term: URIRef) -> str:
    """How Python code names a term: KG.evaluatesOn."""
    prefix, _, local = ontology.curie(term).partition(":")
    return f"{prefix.upper()}.{local}"


def _local(term: URIRef) -> str:
    return term.rpartition("#")[2].rpartition("/")[2]


# --- context.jsonld -----------------------------------------------------------------------------------


def context(ontology: Ontology) -> str:
    """The JSON-LD context: our terms by their local names, those of others by prefixed ones."""
    terms: dict[str, Any] = {"id": "@id", "type": "@type", **dict(ontology.used_prefixes())}
    for term in ontology.classes():
        terms[_key(ontology, term)] = ontology.curie(term)
    for term in ontology.properties():
        if term != RDF.type:
            terms[_key(ontology, term)] = {"@id": ontology.curie(term)} | _coercion(ontology, term)
    return json.dumps({"@context": terms}, indent=2, ensure_ascii=False) + "\n"


def _key(ontology: Ontology, term: URIRef) -> str:
    return ontology.curie(term).removeprefix("kg:")


def _coercion(ontology: Ontology, term: URIRef) -> dict[str, str]:
    """How plain JSON values of a property are to be read; nothing where each value has to say so itself."""
    datatypes = [end for end in ontology.range(term) if end.startswith(str(XSD))]
    if not datatypes:
        return {"@type": "@id"}
    if len(datatypes) > 1 or datatypes == [XSD.string]:
        return {}
    return {"@type": ontology.curie(datatypes[0])}


# --- TERMS.md -----------------------------------------------------------------------------------------


def term_table(ontology: Ontology) -> str:
    """Every term with what it means, as Markdown tables: classes, then properties by where they start."""
    lines = [
        "# Terms of the graph",
        "",
        "Generated from [kg.ttl](kg.ttl) by [generate.py](generate.py); do not edit.",
        "",
        "| class | what it is | example |",
        "|---|---|---|",
    ]
    for term in ontology.classes():
        example = _cell(ontology.text(term, SKOS.example))
        lines.append(f"| `{ontology.curie(term)}` | {_cell(ontology.meaning(term))} | {example} |")
    lines += ["", "| property | from | to | what it says | example |", "|---|---|---|---|---|"]
    for term in sorted(ontology.properties(), key=lambda term: (ontology.domain(term), term)):
        starts, ends = (
            ", ".join(f"`{ontology.curie(end)}`" for end in side)
            for side in (ontology.domain(term), ontology.range(term))
        )
        lines.append(
            f"| `{ontology.curie(term)}` | {starts} | {ends} | {_cell(ontology.meaning(term))} "
            f"| {_cell(ontology.text(term, SKOS.example))} |"
        )
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


# --- the files ----------------------------------------------------------------------------------------


def generated(ontology_file: Path = ONTOLOGY / "kg.ttl") -> dict[Path, str]:
    """The text of each file that follows from the ontology."""
    ontology = Ontology(ontology_file)
    return {
        ONTOLOGY.parent / "kg" / "vocab.py": vocab(ontology),
        ONTOLOGY / "context.jsonld": context(ontology),
        ONTOLOGY / "TERMS.md": term_table(ontology),
    }


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` compare them; returns the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    stale = [
        path
        for path, text in generated().items()
        if not path.exists() or path.read_bytes() != text.encode("utf-8")
    ]
    if not arguments:
        for path in stale:
            path.write_bytes(generated()[path].encode("utf-8"))
    verb = "out of step with kg.ttl" if arguments else "written"
    sys.stderr.write("".join(f"{path.relative_to(ONTOLOGY.parent)}: {verb}\n" for path in stale))
    return 1 if arguments and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
