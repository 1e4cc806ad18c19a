"""The terms of the graph: entity types, roles, relation types, and the IRI of every class and property.

Generated from ontology/kg.ttl by ontology/generate.py; do not edit.
"""

# ruff: noqa: N815
from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

VERSION: Final = "0.1.0"
"""The version of the ontology."""

NAMESPACE: Final = "https://w3id.org/abstractkg/ontology#"
"""What the IRIs of our own terms begin with."""

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bibo": "http://purl.org/ontology/bibo/",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "kg": "https://w3id.org/abstractkg/ontology#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
"""The namespace of each prefix."""


class EntityType(StrEnum):
    """The kinds of thing a paper can name."""

    BENCHMARK = "Benchmark"
    CONCEPT = "Concept"
    DATASET = "Dataset"
    MATERIAL = "Material"
    METHOD = "Method"
    METRIC = "Metric"
    TASK = "Task"


class Role(StrEnum):
    """What a paper does with a thing it names."""

    ADDRESSED = "addressed"
    COMPARED = "compared"
    EVALUATED_ON = "evaluated_on"
    MEASURED = "measured"
    MENTIONED = "mentioned"
    PROPOSED = "proposed"
    STUDIED = "studied"
    TRAINED_ON = "trained_on"
    USED = "used"


class RelationType(StrEnum):
    """What a text can say links two things."""

    ADDRESSES = "ADDRESSES"
    COMPARED_WITH = "COMPARED_WITH"
    EVALUATED_ON = "EVALUATED_ON"
    EXTENDS = "EXTENDS"
    PART_OF = "PART_OF"
    SUBCLASS_OF = "SUBCLASS_OF"
    TRAINED_ON = "TRAINED_ON"
    USES = "USES"


class KG:
    """The IRIs of our own terms."""

    Assertion: Final = "https://w3id.org/abstractkg/ontology#Assertion"
    Benchmark: Final = "https://w3id.org/abstractkg/ontology#Benchmark"
    Component: Final = "https://w3id.org/abstractkg/ontology#Component"
    Concept: Final = "https://w3id.org/abstractkg/ontology#Concept"
    Dataset: Final = "https://w3id.org/abstractkg/ontology#Dataset"
    Entity: Final = "https://w3id.org/abstractkg/ontology#Entity"
    Evidence: Final = "https://w3id.org/abstractkg/ontology#Evidence"
    Material: Final = "https://w3id.org/abstractkg/ontology#Material"
    Merge: Final = "https://w3id.org/abstractkg/ontology#Merge"
    Method: Final = "https://w3id.org/abstractkg/ontology#Method"
    Metric: Final = "https://w3id.org/abstractkg/ontology#Metric"
    Paper: Final = "https://w3id.org/abstractkg/ontology#Paper"
    Result: Final = "https://w3id.org/abstractkg/ontology#Result"
    Task: Final = "https://w3id.org/abstractkg/ontology#Task"
    addresses: Final = "https://w3id.org/abstractkg/ontology#addresses"
    addressesTask: Final = "https://w3id.org/abstractkg/ontology#addressesTask"
    authors: Final = "https://w3id.org/abstractkg/ontology#authors"
    baseline: Final = "https://w3id.org/abstractkg/ontology#baseline"
    comparedWith: Final = "https://w3id.org/abstractkg/ontology#comparedWith"
    comparesWith: Final = "https://w3id.org/abstractkg/ontology#comparesWith"
    confidence: Final = "https://w3id.org/abstractkg/ontology#confidence"
    dataPage: Final = "https://w3id.org/abstractkg/ontology#dataPage"
    dataset: Final = "https://w3id.org/abstractkg/ontology#dataset"
    end: Final = "https://w3id.org/abstractkg/ontology#end"
    evaluatedOn: Final = "https://w3id.org/abstractkg/ontology#evaluatedOn"
    evaluatesOn: Final = "https://w3id.org/abstractkg/ontology#evaluatesOn"
    evidence: Final = "https://w3id.org/abstractkg/ontology#evidence"
    exact: Final = "https://w3id.org/abstractkg/ontology#exact"
    extends: Final = "https://w3id.org/abstractkg/ontology#extends"
    kind: Final = "https://w3id.org/abstractkg/ontology#kind"
    measures: Final = "https://w3id.org/abstractkg/ontology#measures"
    mentions: Final = "https://w3id.org/abstractkg/ontology#mentions"
    merge: Final = "https://w3id.org/abstractkg/ontology#merge"
    mergedName: Final = "https://w3id.org/abstractkg/ontology#mergedName"
    method: Final = "https://w3id.org/abstractkg/ontology#method"
    metric: Final = "https://w3id.org/abstractkg/ontology#metric"
    partOf: Final = "https://w3id.org/abstractkg/ontology#partOf"
    presentation: Final = "https://w3id.org/abstractkg/ontology#presentation"
    proposes: Final = "https://w3id.org/abstractkg/ontology#proposes"
    reason: Final = "https://w3id.org/abstractkg/ontology#reason"
    relationType: Final = "https://w3id.org/abstractkg/ontology#relationType"
    reportedIn: Final = "https://w3id.org/abstractkg/ontology#reportedIn"
    role: Final = "https://w3id.org/abstractkg/ontology#role"
    section: Final = "https://w3id.org/abstractkg/ontology#section"
    sentence: Final = "https://w3id.org/abstractkg/ontology#sentence"
    source: Final = "https://w3id.org/abstractkg/ontology#source"
    start: Final = "https://w3id.org/abstractkg/ontology#start"
    studies: Final = "https://w3id.org/abstractkg/ontology#studies"
    support: Final = "https://w3id.org/abstractkg/ontology#support"
    task: Final = "https://w3id.org/abstractkg/ontology#task"
    trainedOn: Final = "https://w3id.org/abstractkg/ontology#trainedOn"
    trainsOn: Final = "https://w3id.org/abstractkg/ontology#trainsOn"
    unit: Final = "https://w3id.org/abstractkg/ontology#unit"
    uses: Final = "https://w3id.org/abstractkg/ontology#uses"
    usesMethod: Final = "https://w3id.org/abstractkg/ontology#usesMethod"
    value: Final = "https://w3id.org/abstractkg/ontology#value"
    venue: Final = "https://w3id.org/abstractkg/ontology#venue"


class BIBO:
    """The IRIs of the terms we use of http://purl.org/ontology/bibo/."""

    doi: Final = "http://purl.org/ontology/bibo/doi"


class DCTERMS:
    """The IRIs of the terms we use of http://purl.org/dc/terms/."""

    abstract: Final = "http://purl.org/dc/terms/abstract"
    bibliographicCitation: Final = "http://purl.org/dc/terms/bibliographicCitation"
    created: Final = "http://purl.org/dc/terms/created"
    creator: Final = "http://purl.org/dc/terms/creator"
    identifier: Final = "http://purl.org/dc/terms/identifier"
    relation: Final = "http://purl.org/dc/terms/relation"
    subject: Final = "http://purl.org/dc/terms/subject"
    title: Final = "http://purl.org/dc/terms/title"


class FOAF:
    """The IRIs of the terms we use of http://xmlns.com/foaf/0.1/."""

    page: Final = "http://xmlns.com/foaf/0.1/page"


class PROV:
    """The IRIs of the terms we use of http://www.w3.org/ns/prov#."""

    wasDerivedFrom: Final = "http://www.w3.org/ns/prov#wasDerivedFrom"
    wasGeneratedBy: Final = "http://www.w3.org/ns/prov#wasGeneratedBy"


class RDF:
    """The IRIs of the terms we use of http://www.w3.org/1999/02/22-rdf-syntax-ns#."""

    object: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#object"
    predicate: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate"
    subject: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject"
    type: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class RDFS:
    """The IRIs of the terms we use of http://www.w3.org/2000/01/rdf-schema#."""

    comment: Final = "http://www.w3.org/2000/01/rdf-schema#comment"
    label: Final = "http://www.w3.org/2000/01/rdf-schema#label"
    seeAlso: Final = "http://www.w3.org/2000/01/rdf-schema#seeAlso"


class SCHEMA:
    """The IRIs of the terms we use of https://schema.org/."""

    ScholarlyArticle: Final = "https://schema.org/ScholarlyArticle"
    codeRepository: Final = "https://schema.org/codeRepository"


class SKOS:
    """The IRIs of the terms we use of http://www.w3.org/2004/02/skos/core#."""

    altLabel: Final = "http://www.w3.org/2004/02/skos/core#altLabel"
    broader: Final = "http://www.w3.org/2004/02/skos/core#broader"
    closeMatch: Final = "http://www.w3.org/2004/02/skos/core#closeMatch"
    exactMatch: Final = "http://www.w3.org/2004/02/skos/core#exactMatch"
    prefLabel: Final = "http://www.w3.org/2004/02/skos/core#prefLabel"


class XSD:
    """The IRIs of the terms we use of http://www.w3.org/2001/XMLSchema#."""

    date: Final = "http://www.w3.org/2001/XMLSchema#date"
    decimal: Final = "http://www.w3.org/2001/XMLSchema#decimal"
    gYear: Final = "http://www.w3.org/2001/XMLSchema#gYear"
    gYearMonth: Final = "http://www.w3.org/2001/XMLSchema#gYearMonth"
    integer: Final = "http://www.w3.org/2001/XMLSchema#integer"
    string: Final = "http://www.w3.org/2001/XMLSchema#string"


ROLE_PROPERTY: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.ADDRESSED: KG.addresses,
        Role.COMPARED: KG.comparesWith,
        Role.EVALUATED_ON: KG.evaluatesOn,
        Role.MEASURED: KG.measures,
        Role.MENTIONED: KG.mentions,
        Role.PROPOSED: KG.proposes,
        Role.STUDIED: KG.studies,
        Role.TRAINED_ON: KG.trainsOn,
        Role.USED: KG.uses,
    }
)
"""What a paper with this role says of the thing."""

RELATION_PROPERTY: Final[Mapping[RelationType, str]] = MappingProxyType(
    {
        RelationType.ADDRESSES: KG.addressesTask,
        RelationType.COMPARED_WITH: KG.comparedWith,
        RelationType.EVALUATED_ON: KG.evaluatedOn,
        RelationType.EXTENDS: KG.extends,
        RelationType.PART_OF: KG.partOf,
        RelationType.SUBCLASS_OF: SKOS.broader,
        RelationType.TRAINED_ON: KG.trainedOn,
        RelationType.USES: KG.usesMethod,
    }
)
"""What a text with this relation says of the things."""

ROLE_RANGE: Final[Mapping[Role, frozenset[EntityType]]] = MappingProxyType(
    {
        Role.ADDRESSED: frozenset({EntityType.TASK}),
        Role.COMPARED: frozenset({EntityType.METHOD}),
        Role.EVALUATED_ON: frozenset({EntityType.BENCHMARK, EntityType.DATASET}),
        Role.MEASURED: frozenset({EntityType.METRIC}),
        Role.MENTIONED: frozenset(EntityType),
        Role.PROPOSED: frozenset({EntityType.BENCHMARK, EntityType.DATASET, EntityType.METHOD}),
        Role.STUDIED: frozenset({EntityType.CONCEPT, EntityType.MATERIAL}),
        Role.TRAINED_ON: frozenset({EntityType.BENCHMARK, EntityType.DATASET}),
        Role.USED: frozenset({EntityType.METHOD}),
    }
)
"""The types of thing that can have this role."""

RELATION_DOMAIN: Final[Mapping[RelationType, frozenset[EntityType]]] = MappingProxyType(
    {
        RelationType.ADDRESSES: frozenset({EntityType.BENCHMARK, EntityType.DATASET, EntityType.METHOD}),
        RelationType.COMPARED_WITH: frozenset({EntityType.BENCHMARK, EntityType.DATASET, EntityType.METHOD}),
        RelationType.EVALUATED_ON: frozenset({EntityType.METHOD}),
        RelationType.EXTENDS: frozenset({EntityType.BENCHMARK, EntityType.DATASET, EntityType.METHOD}),
        RelationType.PART_OF: frozenset({EntityType.BENCHMARK, EntityType.DATASET, EntityType.METHOD}),
        RelationType.SUBCLASS_OF: frozenset(EntityType),
        RelationType.TRAINED_ON: frozenset({EntityType.METHOD}),
        RelationType.USES: frozenset({EntityType.BENCHMARK, EntityType.DATASET, EntityType.METHOD}),
    }
)
"""The types of thing this relation can start at."""

RELATION_RANGE: Final[Mapping[RelationType, frozenset[EntityType]]] = MappingProxyType(
    {
        RelationType.ADDRESSES: frozenset({EntityType.TASK}),
        RelationType.COMPARED_WITH: frozenset({EntityType.BENCHMARK, EntityType.DATASET, EntityType.METHOD}),
        RelationType.EVALUATED_ON: frozenset({EntityType.BENCHMARK, EntityType.DATASET}),
        RelationType.EXTENDS: frozenset({EntityType.BENCHMARK, EntityType.DATASET, EntityType.METHOD}),
        RelationType.PART_OF: frozenset({EntityType.BENCHMARK, EntityType.DATASET, EntityType.METHOD}),
        RelationType.SUBCLASS_OF: frozenset(EntityType),
        RelationType.TRAINED_ON: frozenset({EntityType.BENCHMARK, EntityType.DATASET}),
        RelationType.USES: frozenset({EntityType.METHOD}),
    }
)
"""The types of thing this relation can lead to."""

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        SCHEMA.ScholarlyArticle: "scholarly article",
        KG.Assertion: "assertion",
        KG.Benchmark: "benchmark",
        KG.Component: "component",
        KG.Concept: "concept",
        KG.Dataset: "dataset",
        KG.Entity: "entity",
        KG.Evidence: "evidence",
        KG.Material: "material",
        KG.Merge: "merge",
        KG.Method: "method",
        KG.Metric: "metric",
        KG.Paper: "paper",
        KG.Result: "result",
        KG.Task: "task",
        DCTERMS.abstract: "abstract",
        DCTERMS.bibliographicCitation: "journal reference",
        DCTERMS.created: "created",
        DCTERMS.creator: "creator",
        DCTERMS.identifier: "identifier",
        DCTERMS.relation: "related paper",
        DCTERMS.subject: "subject",
        DCTERMS.title: "title",
        BIBO.doi: "doi",
        RDF.object: "object",
        RDF.predicate: "predicate",
        RDF.subject: "subject",
        RDF.type: "type",
        RDFS.comment: "comment",
        RDFS.label: "label",
        RDFS.seeAlso: "see also",
        SKOS.altLabel: "also called",
        SKOS.broader: "broader",
        SKOS.closeMatch: "close to",
        SKOS.exactMatch: "same as",
        SKOS.prefLabel: "name",
        PROV.wasDerivedFrom: "derived from",
        PROV.wasGeneratedBy: "found by",
        FOAF.page: "project page",
        SCHEMA.codeRepository: "code",
        KG.addresses: "addresses",
        KG.addressesTask: "addresses task",
        KG.authors: "authors",
        KG.baseline: "baseline",
        KG.comparedWith: "compared with",
        KG.comparesWith: "compares with",
        KG.confidence: "confidence",
        KG.dataPage: "data page",
        KG.dataset: "dataset",
        KG.end: "end",
        KG.evaluatedOn: "evaluated on",
        KG.evaluatesOn: "evaluates on",
        KG.evidence: "evidence",
        KG.exact: "exact",
        KG.extends: "extends",
        KG.kind: "kind",
        KG.measures: "measures",
        KG.mentions: "mentions",
        KG.merge: "merge",
        KG.mergedName: "merged name",
        KG.method: "method",
        KG.metric: "metric",
        KG.partOf: "part of",
        KG.presentation: "presentation",
        KG.proposes: "proposes",
        KG.reason: "reason",
        KG.relationType: "relation type",
        KG.reportedIn: "reported in",
        KG.role: "role",
        KG.section: "section",
        KG.sentence: "sentence",
        KG.source: "source",
        KG.start: "start",
        KG.studies: "studies",
        KG.support: "support",
        KG.task: "task",
        KG.trainedOn: "trained on",
        KG.trainsOn: "trains on",
        KG.unit: "unit",
        KG.uses: "uses",
        KG.usesMethod: "uses method",
        KG.value: "value",
        KG.venue: "venue",
    }
)
"""What a reader calls each term."""
