"""Graph to triples."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.graph import KnowledgeGraph
from kg.ids import (
    assertion_local,
    component_local,
    evidence_local,
    iri,
    merge_local,
    outside_url,
    paper_iri,
    web_iri,
)
from kg.model import Assertion, Entity, Evidence, Paper, Result, ResultKind
from kg.rdf.shape import (
    KINDS,
    LINKS,
    MENTIONING,
    PAPER_TEXTS,
    RESULT_ENDS,
    date,
    decimal_digits,
    joined,
    literal,
)
from kg.vocab import DCTERMS, KG, LABELS, NAMESPACE, PROV, RDF, RDFS, SCHEMA, SKOS

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Triple

_log = logging.getLogger(__name__)


class Writer:
    """Collects the triples of one graph, each once."""

    def __init__(self, graph: KnowledgeGraph, base: str) -> None:
        self.triples: dict[Triple, None] = {}
        self._base = base
        self._papers = {paper.id for paper in graph.papers}
        self._names = {paper.id: paper.title or paper.id for paper in graph.papers}
        self._names |= {entity.id: entity.name for entity in graph.entities}
        for paper in graph.papers:
            self._paper(paper)
        for entity in graph.entities:
            self._entity(entity)
        for assertion in graph.assertions:
            self._assertion(assertion)
        for result in graph.results:
            self._result(result)

    def _paper(self, paper: Paper) -> None:
        node = self._iri(paper.id)
        self._describe(node, KG.Paper, self._name(paper.id))
        self._identify(node, paper.id)
        for field, predicate in PAPER_TEXTS.items():
            if value := getattr(paper, field):
                self._add(node, predicate, date(value) if field == "created" else literal(value))
        if paper.authors:
            self._say(node, KG.authors, joined(paper.authors))
        for author in paper.authors:
            self._say(node, DCTERMS.creator, author)
        for category in paper.categories:
            self._say(node, DCTERMS.subject, category)
        for source in paper.sources:
            self._say(node, KG.source, f"{source.file}#{source.record}")
        for link in paper.links:
            self._link_to_web(node, LINKS[link.kind], link.url)
        for related in paper.related:
            other = self._iri(related)
            self._link(node, DCTERMS.relation, other)
            if related not in self._papers:
                self._describe(other, SCHEMA.ScholarlyArticle, related)
                self._identify(other, related)

    def _identify(self, node: str, paper_id: str) -> None:
        self._say(node, DCTERMS.identifier, paper_id)
        if (url := outside_url(paper_id)) is not None:
            self._link_to_web(node, RDFS.seeAlso, url)

    def _entity(self, entity: Entity) -> None:
        node = self._iri(entity.id)
        self._describe(node, NAMESPACE + entity.type, entity.name)
        self._say(node, SKOS.prefLabel, entity.name)
        for alias in entity.aliases:
            self._say(node, SKOS.altLabel, alias)
        for broader in entity.broader:
            self._link(node, SKOS.broader, self._iri(broader))
        for same in entity.same_as:
            self._link_to_web(node, SKOS.exactMatch, same)
        for paper_id in entity.papers:
            self._link(self._iri(paper_id), KG.mentions, node)
        for merge in entity.merges:
            why = iri(merge_local(entity.id, merge), self._base)
            self._link(node, KG.merge, why)
            self._describe(why, KG.Merge, f"{' = '.join(merge.names)}: {merge.reason}")
            for name in merge.names:
                self._say(why, KG.mergedName, name)
            self._say(why, KG.reason, merge.reason)
            self._say(why, KG.confidence, float(merge.score))

    def _assertion(self, assertion: Assertion) -> None:
        subject, predicate, object_ = assertion.subject, assertion.predicate, assertion.object
        start, end = self._iri(subject), self._iri(object_)
        self._link(start, predicate, end)
        if predicate in MENTIONING:
            self._link(start, KG.mentions, end)
        local = assertion_local(subject, predicate, object_)
        node = iri(local, self._base)
        label = f"{self._name(subject)} {LABELS.get(predicate, predicate)} {self._name(object_)}"
        self._describe(node, KG.Assertion, label)
        self._link(node, RDF.subject, start)
        self._link(node, RDF.predicate, predicate)
        self._link(node, RDF.object, end)
        self._say(node, KG.support, assertion.support)
        self._say(node, KG.confidence, float(assertion.confidence))
        self._evidence(node, local, assertion.evidence)

    def _result(self, result: Result) -> None:
        if not math.isfinite(result.value):
            _log.warning(
                "%s of %s: no number for RDF, left out: %s", result.id, result.paper_id, result.value
            )
            return
        node = self._iri(result.id)
        self._describe(node, KG.Result, self._result_label(result))
        self._link(node, KG.reportedIn, self._iri(result.paper_id))
        self._say(node, KG.value, float(result.value))
        self._say(node, KG.kind, result.kind)
        self._say(node, KG.confidence, float(result.confidence))
        if result.unit:
            self._say(node, KG.unit, result.unit)
        for field, predicate in RESULT_ENDS.items():
            if entity_id := getattr(result, field):
                self._link(node, predicate, self._iri(entity_id))
        self._evidence(node, result.id, result.evidence)

    def _result_label(self, result: Result) -> str:
        sign = "+" if result.kind is ResultKind.DELTA and result.value > 0 else ""
        words = [
            sign + decimal_digits(result.value),
            result.unit,
            result.metric and self._name(result.metric),
        ]
        for word, entity_id in (("of", result.method), ("on", result.dataset), ("over", result.baseline)):
            words += [word, self._name(entity_id)] if entity_id else []
        return " ".join(word for word in words if word)

    def _evidence(self, owner: str, local: str, evidence: Iterable[Evidence]) -> None:
        # A component may read one place twice, in two ways; the better reading counts.
        best: dict[str, Evidence] = {}
        for piece in sorted(evidence, key=lambda piece: (piece.score, piece.sentence)):
            best[evidence_local(local, piece.paper_id, piece.span, piece.extractor)] = piece
        for piece_local, piece in best.items():
            node, span = iri(piece_local, self._base), piece.span
            self._link(owner, KG.evidence, node)
            place = f"{piece.paper_id}, {span.section} {span.start}-{span.end}"
            self._describe(node, KG.Evidence, f"{place}: {span.text}")
            self._link(node, PROV.wasDerivedFrom, self._iri(piece.paper_id))
            self._say(node, KG.section, span.section)
            self._say(node, KG.start, span.start)
            self._say(node, KG.end, span.end)
            self._say(node, KG.exact, span.text)
            self._say(node, KG.sentence, piece.sentence)
            self._say(node, KG.confidence, float(piece.score))
            component = iri(component_local(piece.extractor), self._base)
            self._link(node, PROV.wasGeneratedBy, component)
            self._describe(component, KG.Component, piece.extractor)

    def _describe(self, node: str, class_: str, label: str) -> None:
        self._link(node, RDF.type, class_)
        self._say(node, RDFS.label, label)

    def _link_to_web(self, node: str, predicate: str, url: str) -> None:
        if (address := web_iri(url)) is None:
            _log.warning("%s: no web address, left out: %r", node, url)
        else:
            self._link(node, predicate, address)

    def _link(self, subject: str, predicate: str, object_: str) -> None:
        from pyoxigraph import NamedNode

        self._add(subject, predicate, NamedNode(object_))

    def _say(self, subject: str, predicate: str, value: str | float) -> None:
        self._add(subject, predicate, literal(value))

    def _add(self, subject: str, predicate: str, object_: NamedNode | Literal) -> None:
        from pyoxigraph import NamedNode, Triple

        self.triples[Triple(NamedNode(subject), NamedNode(predicate), object_)] = None

    def _iri(self, identifier: str) -> str:
        """The IRI of a paper, an entity or a result by its id."""
        is_local = identifier not in self._papers and identifier.partition("/")[0] in KINDS
        return iri(identifier, self._base) if is_local else paper_iri(identifier, self._base)

    def _name(self, identifier: str) -> str:
        return self._names.get(identifier, identifier)
