"""kg_relations: how the things a paper names relate, by rules over roles and cue words.

Takes a Doc with sentences and mentions with roles (`doc.spans["kg"]`, however found) and writes
`doc._.kg_relations`: dicts with `type`, `head`, `tail` (indices into `doc.spans["kg"]`), `start`, `end`
(characters of the sentence that says so), `score`, `extractor`; in order of sentence, type, head, tail.
Each pair of things is related once by each type, in the sentence that says it best. Mentions are left
as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.clauses import METHODS, Clause, Name, clauses, main_method
from kg.extract.extensions import register
from kg.model import EntityType, RelationType, Role
from kg.vocab import RELATION_DOMAIN, RELATION_RANGE

EXTRACTOR = "kg_relations"

_OWN = re.compile(r"\b(?:we|our|ours|this (?:paper|work|study|article))\b", re.I)
_COMPARES = re.compile(
    r"\b(?:outperform|surpass|exceed|compar|than|over|beat|baseline|against|versus|vs|superior)", re.I
)
_MEANS = re.compile(
    r"\b(?:us(?:e|es|ed|ing)|utili[sz]\w+|employ\w*|leverag\w+|exploit\w*|adopt\w*|via|through"
    r"|combin\w+|integrat\w+|incorporat\w+|appl(?:y|ies|ied|ying)"
    r"|(?:based|built|building|builds|relies|relying) (?:up)?on|powered by"
    r"|initiali[sz]ed|with|by|equipped|into|fine-?tun\w+|train(?:s|ed|ing)?|consists? of|compris\w+)"
    r"\s(?:[\w-]+\s){0,5}$",
    re.I,
)
_KINDS = re.compile(
    r"\s*,?\s*\(?(?:such as|like|e\.g\.,?|including|especially|called|named|termed|dubbed)\s(?:the\s)?"
)
_IS_A = re.compile(
    r"\s*(?:\([^()]{1,40}\)\s*)?(?:,|is|are|as)\s(?:an?|the first)\s(?:(?!of\b|for\b|to\b)[\w-]+,?\s){0,4}"
)
# After the class in `X, a … network that …`; another noun there would be the class (`an LLM agent`).
_CLASS_ENDS = re.compile(
    r"\s*(?:[,.;)]|$)|\s(?:that|which|for|to|with|designed|trained|tailored|of|by|in|capable|method|model|approach"
    r"|framework|algorithm|technique|strategy|architecture)\b"
)
_EXTENDS = re.compile(
    r"\b(?:extends?|extending|extensions? (?:of|to)|generali[sz](?:es?|ing|ation of)|varia(?:nts?|tion) of"
    r"|modification of|versions? of|(?:built|builds|building) (?:up)?on)\s(?:[\w-]+\s){0,3}$",
    re.I,
)


class _Relation(NamedTuple):
    type: RelationType
    head: Name
    tail: Name
    sentence: Clause
    # The share of relations of the rule that were right among the annotated papers it was written on.
    score: float


@Language.factory("kg_relations", assigns=["doc._.kg_relations"], requires=["doc.sents"])
def make_relations(nlp: Language, name: str) -> Relations:  # noqa: ARG001
    """The component for a pipeline."""
    return Relations()


class Relations:
    """Finds relations by rules."""

    def __init__(self) -> None:
        register()

    def __call__(self, doc: Doc) -> Doc:
        """Write the relations into `doc._.kg_relations`."""
        sentences = clauses(doc)
        best: dict[tuple[str, str, str], _Relation] = {}
        for relation in _relations(sentences):
            key = (relation.type, relation.head.key, relation.tail.key)
            if _is_allowed(relation) and (key not in best or relation.score > best[key].score):
                best[key] = relation
        records = [_to_record(relation) for relation in best.values()]
        doc._.kg_relations = sorted(records, key=lambda r: (r["start"], r["type"], r["head"], r["tail"]))
        return doc


def _to_record(relation: _Relation) -> dict[str, Any]:
    return {
        "type": relation.type.value,
        "head": relation.head.index,
        "tail": relation.tail.index,
        "start": relation.sentence.start,
        "end": relation.sentence.start + len(relation.sentence.text.rstrip()),
        "score": relation.score,
        "extractor": EXTRACTOR,
    }


def _is_allowed(relation: _Relation) -> bool:
    in_domain = relation.head.type in RELATION_DOMAIN[relation.type]
    in_range = relation.tail.type in RELATION_RANGE[relation.type]
    return in_domain and in_range and not relation.head.is_same(relation.tail)


def _relations(sentences: Sequence[Clause]) -> Iterator[_Relation]:
    main = main_method([name for sentence in sentences for name in sentence.names])
    for position, sentence in enumerate(sentences):
        yield from _kinds(sentence)
        if main is not None:
            yield from _extensions(sentence, main)
            yield from _of_main(main, sentence, is_first=position == 0)


def _of_main(main: Name, sentence: Clause, *, is_first: bool) -> Iterator[_Relation]:
    """What a sentence says of the method the paper is about and the other things it names."""
    beside = next((name for name in sentence.names if name.is_same(main)), None)
    head = beside or main
    own = beside is not None or bool(_OWN.search(sentence.text))
    compares = own or bool(_COMPARES.search(sentence.text))
    means = _means(sentence)
    for name in sentence.names:
        if name.is_same(main):
            continue
        match name.type, name.role:
            case EntityType.TASK, Role.ADDRESSED if beside or is_first:
                yield _Relation(RelationType.ADDRESSES, head, name, sentence, 0.65 if beside else 0.5)
            case EntityType.METHOD, Role.COMPARED if compares:
                yield _Relation(RelationType.COMPARED_WITH, head, name, sentence, 0.8 if beside else 0.55)
            case EntityType.DATASET | EntityType.BENCHMARK, Role.EVALUATED_ON:
                yield _Relation(RelationType.EVALUATED_ON, head, name, sentence, 0.95 if beside else 0.85)
            case EntityType.DATASET | EntityType.BENCHMARK, Role.PROPOSED if beside:
                yield _Relation(RelationType.EVALUATED_ON, head, name, sentence, 0.5)
            case EntityType.DATASET | EntityType.BENCHMARK, Role.TRAINED_ON:
                yield _Relation(RelationType.TRAINED_ON, head, name, sentence, 0.5)
            case EntityType.METHOD, Role.PROPOSED if not is_first and not name.is_variant_of(main):
                yield _Relation(RelationType.PART_OF, name, head, sentence, 0.7 if beside else 0.6)
            case EntityType.METHOD, Role.USED if name.index in means:
                yield _Relation(RelationType.USES, head, name, sentence, 0.55 if own else 0.45)


def _means(sentence: Clause) -> set[int]:
    """The methods before which, or before whose enumeration, words of use stand."""
    found = set()
    for listed in sentence.enumerations(METHODS):
        all_are = bool(_MEANS.search(sentence.before(listed[0], 80)))
        found |= {name.index for name in listed if all_are or _MEANS.search(sentence.before(name, 80))}
    return found


def _kinds(sentence: Clause) -> Iterator[_Relation]:
    """`detectors such as X and Y`; `X, a … transformer that …`."""
    lists = sentence.enumerations(METHODS)
    for general, listed in pairwise(lists):
        if _KINDS.fullmatch(sentence.text, general[-1].end, listed[0].start):
            for name in listed:
                yield _Relation(RelationType.SUBCLASS_OF, name, general[-1], sentence, 0.5)
    for name, general_name in pairwise(sentence.of(METHODS)):
        between = _IS_A.fullmatch(sentence.text, name.end, general_name.start)
        if (
            between
            and general_name.role != Role.PROPOSED
            and _CLASS_ENDS.match(sentence.text, general_name.end)
        ):
            yield _Relation(RelationType.SUBCLASS_OF, name, general_name, sentence, 0.4)


def _extensions(sentence: Clause, main: Name) -> Iterator[_Relation]:
    """`X, an extension of Y`; `Built on Y, X …`."""
    names = sentence.of(METHODS)
    for name in names:
        if name.role != Role.PROPOSED and _EXTENDS.search(sentence.before(name, 80)):
            head = next((other for other in names if other.role == Role.PROPOSED), main)
            yield _Relation(RelationType.EXTENDS, head, name, sentence, 0.5)
