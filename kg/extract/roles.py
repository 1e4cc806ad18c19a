"""kg_roles: what the paper does with each thing it mentions.

Takes a Doc with sentences and mentions in `doc.spans["kg"]`, however they were found, sets `kg_role` of
each. All mentions of one thing (same type, same name or abbreviation) share one role: the words around
every one of them speak for roles, and the role they speak for most wins; on a tie, the one listed first in
`_CHOICES`. Metrics are measured, materials and concepts studied.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.extract.extensions import SPANS_KEY, register
from kg.extract.votes import Votes
from kg.text import normal_form
from kg.vocab import EntityType, Role

_COMPARED, _MENTIONED, _PROPOSED, _USED = Role.COMPARED, Role.MENTIONED, Role.PROPOSED, Role.USED
_EVALUATED, _TRAINED, _ADDRESSED = Role.EVALUATED_ON, Role.TRAINED_ON, Role.ADDRESSED

# The roles a type can have, strongest first, with what speaks for each before any word is read.
_DATA_CHOICES = {_PROPOSED: 0.0, _EVALUATED: 1.2, _TRAINED: 0.0, _MENTIONED: 0.0}
_CHOICES: dict[EntityType, dict[Role, float]] = {
    EntityType.METHOD: {_PROPOSED: 0.3, _COMPARED: 0.0, _USED: 1.2, _MENTIONED: 0.0},
    EntityType.DATASET: _DATA_CHOICES,
    EntityType.BENCHMARK: _DATA_CHOICES,
    EntityType.TASK: {_ADDRESSED: 1.2, _MENTIONED: 0.0},
    EntityType.METRIC: {Role.MEASURED: 1.0},
    EntityType.MATERIAL: {Role.STUDIED: 1.0},
    EntityType.CONCEPT: {Role.STUDIED: 1.0},
}


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that speak for a role: a pattern for the text before or after a mention inside its sentence."""

    role: Role
    weight: float
    pattern: re.Pattern[str]


def _cue(role: Role, weight: float, pattern: str) -> _Cue:
    return _Cue(role, weight, re.compile(pattern))


_PROPOSE = (
    r"(?:propos|present|introduc|develop|design|devis|formulat|releas|construct|creat|"
    r"buil[dt]s?(?! (?:up)?on\b)|curat|establish|"
    r"contribut)\w*"
)
_BEFORE = (
    _cue(_PROPOSED, 2.0, rf"\b{_PROPOSE}\b[^.;:,]{{0,40}}$"),
    _cue(
        _PROPOSED, 0.8, rf"\b(?:we|paper|work|article|study|authors?)\b.{{0,60}}\b{_PROPOSE}\b[^.;:]{{0,70}}$"
    ),
    _cue(
        _PROPOSED,
        3.0,
        r"\b(?:called|named|dubbed|termed|namely|call (?:it|this|our \w+)|coined|"
        r"referred to as)\s+\W?(?:the )?$",
    ),
    _cue(_PROPOSED, 2.0, r"\b(?:our|proposed)\s+(?:[\w-]+ )?$"),
    _cue(
        _COMPARED,
        1.6,
        r"\b(?:outperform\w*|surpass\w*|exceed\w*|beat\w*|compar(?:ed|ing|able|isons?)|than|over|against|"
        r"relative to|"
        r"baselines?|versus|vs|unlike|competitive with|superior)\b[^.;:]{0,60}$",
    ),
    _cue(
        _COMPARED,
        1.3,
        r"\b(?:existing|previous|prior|conventional|traditional|recent|current|standard|other|"
        r"state-of-the-art|sota|"
        r"strong|leading|vanilla|compet\w+|baseline)\s+(?:[\w-]+ )?$",
    ),
    _cue(
        _COMPARED,
        0.7,
        r"\b(?:although|while|despite|however|unlike|though|whereas|rel(?:y|ies)|suffer\w*)\b[^.;]{0,60}$",
    ),
    _cue(
        _USED,
        0.8,
        r"\b(?:us(?:e[sd]?|ing)|based on|buil[dt]s? (?:up)?on|employ\w*|adopt\w*|leverag\w*|utili[sz]\w*|"
        r"via|with|through|"
        r"appl(?:y|ied|ies|ying)|integrat\w*|incorporat\w*|combin\w*|by|inspired by|on top of|fine-?tun\w*|"
        r"extend\w*|"
        r"exploit\w*|implement\w*)\s+(?:[\w-]+ ){0,3}$",
    ),
    _cue(_MENTIONED, 0.6, r"\b(?:such as|e\.g\.,?|like|including)\s+[^.;:]{0,50}$"),
    _cue(
        _TRAINED,
        2.4,
        r"\b(?:pre-?)?train(?:ed|ing)?\b (?:\w+ ){0,3}(?:on|with|using|from)\s+(?:[\w-]+ ){0,3}$",
    ),
    _cue(_EVALUATED, 0.8, r"\b(?:on|experiments?|evaluat\w+|benchmarks?|datasets?)\b[^.;:]{0,60}$"),
)
_AFTER = (
    _cue(
        _PROPOSED,
        3.0,
        r"[\s\"”)]*(?:\([^)]*\)\s*)?(?:,|is|as)\s*(?:an?|the first)\s+(?:[\w-]+ ){0,2}?(?:novel|new|simple|"
        r"unified|"
        r"framework|method|model|approach|system|algorithm|dataset|corpus|benchmark|large-scale)",
    ),
    _cue(
        _PROPOSED,
        1.2,
        r"\s*(?:\([^)]*\)\s*)?(?:significantly |consistently |also )?(?:outperform|achiev|surpass|improv|"
        r"consist|enabl|"
        r"learn|leverag|employ|introduc|attain|yield|provid|demonstrat|can\b|integrat|combin|addresses|"
        r"uses\b|contain|compris)",
    ),
    _cue(
        _PROPOSED, 1.2, r".{0,60}\b(?:is|are) (?:proposed|introduced|presented|designed|developed|devised)\b"
    ),
)
_COMPARES = re.compile(r"outperform|surpass|compar|baseline|better than|superior")
_MEANS_BEFORE = re.compile(r"\b(?:via|with|using|by|through|from)\s+(?:[\w-]+ ){0,3}$")
_AIM_BEFORE = re.compile(r"\bfor\s+(?:[\w-]+ ){0,3}$")
_WINDOW = 160
_MOST_PLACES = 40  # of one thing; what they say does not change after that


@Language.factory(
    "kg_roles",
    requires=["doc.sents", "doc.spans", "doc._.kg_abbreviations"],
    assigns=["span._.kg_role"],
)
def make_roles(nlp: Language, name: str) -> Roles:  # noqa: ARG001
    """The component for a pipeline."""
    register()
    return Roles()


class Roles:
    """Gives every mention a role."""

    def __call__(self, doc: Doc) -> Doc:
        """Set `kg_role` of every mention."""
        written = doc.text
        text = written.lower()
        title_end = max(written.find("\n\n"), 0)
        sentences = [(sentence.start_char, sentence.end_char) for sentence in doc.sents]
        same = {
            normal_form(written[long_start:long_end]): normal_form(written[short_start:short_end])
            for short_start, short_end, long_start, long_end in doc._.kg_abbreviations
        }
        things: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for mention in doc.spans.get(SPANS_KEY, ()):
            key = normal_form(mention._.kg_name)
            things[mention.label_, same.get(key, key)].append(mention)
        for (label, _), mentions in things.items():
            places = [_place(text, title_end, sentences, mention) for mention in mentions[:_MOST_PLACES]]
            role = role_of(EntityType(label), places)
            for mention in mentions:
                mention._.kg_role = role.value
        return doc


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mention stands, in lower case: its sentence before and after it, `_WINDOW` characters of each.

    `progress` runs from 0 to 1 through the abstract, and is None in the title.
    """

    before: str
    after: str
    progress: float | None


def role_of(entity_type: EntityType, places: list[Place]) -> Role:
    """The role of a thing named at these places.

    >>> places = [Place("we propose ", ", a network that beats bert.", 0.5)]
    >>> role_of(EntityType.METHOD, places).value
    'proposed'
    """
    choices = _CHOICES[entity_type]
    if len(choices) == 1:
        return next(iter(choices))
    evidence = Votes(choices)
    seen: set[int] = set()
    for place in places:
        for index, cue in enumerate(_BEFORE):
            if index not in seen and cue.pattern.search(place.before):
                seen.add(index)
                evidence.add(cue.role, cue.weight)
        for index, cue in enumerate(_AFTER, start=len(_BEFORE)):
            if index not in seen and cue.pattern.match(place.after):
                seen.add(index)
                evidence.add(cue.role, cue.weight)
    evidence.join(_by_position(entity_type, places))
    return max(choices, key=lambda role: evidence.get(role, 0.0))


def _by_position(entity_type: EntityType, places: list[Place]) -> Votes[Role]:
    """What the places themselves say: title, opening of the abstract, sentences that compare."""
    evidence: Votes[Role] = Votes()
    titles = [place for place in places if place.progress is None]
    for place in titles:
        if not place.before.strip() or place.after.startswith(":"):
            evidence.add(_PROPOSED, 2.5)
        elif _MEANS_BEFORE.search(place.before):
            evidence.add(_USED, 0.8)
        elif _AIM_BEFORE.search(place.before):
            evidence.add(_USED, 1.0)
        else:
            evidence.add(_PROPOSED, 0.8)
        evidence.add(_ADDRESSED, 3.0)
        if entity_type in (EntityType.DATASET, EntityType.BENCHMARK):
            evidence.add(_PROPOSED, 1.5)
    if not titles and all((place.progress or 0.0) < 0.25 for place in places):
        evidence.add(_MENTIONED, 1.0)
    if any(_COMPARES.search(place.before) or _COMPARES.search(place.after) for place in places):
        evidence.add(_COMPARED, 0.6)
    return evidence


def _place(text: str, title_end: int, sentences: Sequence[tuple[int, int]], mention: Span) -> Place:
    first, last = sentences[bisect_right(sentences, (mention.start_char, len(text) + 1)) - 1]
    length = max(1, len(text) - title_end)
    return Place(
        text[max(first, mention.start_char - _WINDOW) : mention.start_char],
        text[mention.end_char : min(last, mention.end_char + _WINDOW)],
        None if mention.start_char < title_end else (mention.start_char - title_end) / length,
    )
