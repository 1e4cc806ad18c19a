"""Spans into mentions: which candidates of the encoder hold, and what each thing named is in the whole text.

Takes a text with its candidates and abbreviations, gives mentions that do not overlap. Candidates above
their type's threshold are taken best first. Spellings of one name, and a short form and its full form, are
one thing: it has one type, the most probable over all its mentions, and one role; and it is a mention
wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kg.text import normal_form
from kg.vocab import EntityType, Role

if TYPE_CHECKING:
    from kg.extract.encoder import Candidates, Floats, Meta

_DATA_ROLES = (Role.PROPOSED, Role.EVALUATED_ON, Role.TRAINED_ON, Role.MENTIONED)
ROLES = {
    EntityType.METHOD: (Role.PROPOSED, Role.COMPARED, Role.USED, Role.MENTIONED),
    EntityType.DATASET: _DATA_ROLES,
    EntityType.BENCHMARK: _DATA_ROLES,
    EntityType.TASK: (Role.ADDRESSED, Role.MENTIONED),
    EntityType.METRIC: (Role.MEASURED,),
    EntityType.MATERIAL: (Role.STUDIED,),
    EntityType.CONCEPT: (Role.STUDIED,),
}
"""The roles a thing of each type can have."""

_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015"
_SEPARATORS = str.maketrans(dict.fromkeys(_HYPHENS + "\t\n\r\xa0", " "))
_LONGEST_STRICT = 5
# What a name may have around it that is no part of it: "the ImageNet dataset".
_ARTICLE = re.compile(r"(?:the|a|an|our)\s+(?=\w)", re.IGNORECASE)
_DATA_HEAD = re.compile(r"(?<=\w)\s+(?:data ?sets?|corpus|corpora)$")
# Words after a name that change nothing about what it names.
_EMPTY_HEAD = re.compile(
    r"algorithm|application|approach|architecture|corpus|data|dataset|framework|function|mechanism|method|model"
    r"|module|network|paradigm|pipeline|problem|procedure|process|scheme|score|strategy|system|task|technique"
)
# A name with the mark of a variant, and further marks after it: "Kinetics-400" and "/600".
_VARIANT = re.compile(r"(.*[^\W_][-\u2010\u2011 ])(\d{1,4}(?:\.\d)?|[A-Z]{1,2})(?=/|$)")
_NEXT = re.compile(r"/(\d{1,4}(?:\.\d)?|[A-Z]{1,2})(?![\w-])")
_INITIAL = re.compile(r"(?<![^\W_])[^\W_]")
_DATA = (EntityType.DATASET, EntityType.BENCHMARK)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A mention in characters.

    `name` as a reader would write it, `long_form` the full form of a short one or "", `score` how often such
    a guess holds.
    """

    start: int
    end: int
    type: EntityType
    role: Role
    name: str
    long_form: str
    score: float


@dataclass(slots=True)
class _Thing:
    """What is called by names that mean the same.

    `types` and `roles` are sums over its mentions, of probabilities and of their logarithms; `margins` the
    best there are, by type; `places` the mentions with a name for each.
    """

    types: Floats
    roles: Floats
    margins: Floats
    names: dict[str, None] = field(default_factory=dict)
    places: dict[tuple[int, int], str] = field(default_factory=dict)


def find_mentions(
    text: str, candidates: Candidates, abbreviations: Sequence[tuple[str, str]], meta: Meta
) -> list[Found]:
    """The mentions of a text, in order. `abbreviations` are pairs of short and full form."""
    margins = candidates.scores - np.array(meta.thresholds, np.float32)
    taken = bytearray(len(text))
    chosen = []
    for index in _best_first(candidates, margins, taken):
        start, end = int(candidates.starts[index]), int(candidates.ends[index])
        trimmed = _trimmed(text, start, end, meta.types[int(margins[index].argmax())])
        taken[trimmed[1] : end] = bytes(end - trimmed[1])
        chosen.append((index, trimmed))
    named = {
        text[start:end]: meta.types[int(margins[index].argmax())] for index, (start, end) in reversed(chosen)
    }
    pairs = [*abbreviations, *_implied(named, abbreviations)]
    short_of = {_key(full): _key(short) for short, full in reversed(pairs)}
    long_forms = {_key(short): full for short, full in reversed(pairs)}
    things: dict[str, _Thing] = {}
    for index, (start, end) in chosen:
        name = text[start:end]
        key = _key(name)
        thing = things.setdefault(short_of.get(key, key), _nothing(meta))
        thing.types += _probability(margins[index], meta)
        thing.roles += candidates.roles[index]
        thing.margins = np.maximum(thing.margins, margins[index])
        thing.names[name] = None
        thing.places[start, end] = name
    for short, full in pairs:
        if _key(short) in things:
            things[_key(short)].names |= {short: None, full: None}
    _spread(text, things.values(), taken)
    found = sorted(found for thing in things.values() for found in _settled(thing, long_forms, meta))
    return _without_heads(found)


def occurrences(name: str, text: str, folded: str) -> Iterator[tuple[int, int]]:
    """Where a name stands in a text as words of its own, in characters; `folded` is `fold(text)`.

    Case does not count, but in short names of capitals, nor hyphens for blanks, nor a plural.

    >>> text = "Vision Transformers (ViTs): a ViT, the vision-transformer, VIT-16 and vitamins"
    >>> [text[start:end] for start, end in occurrences("vision transformer", text, fold(text))]
    ['Vision Transformers', 'vision-transformer']
    >>> [text[start:end] for start, end in occurrences("ViT", text, fold(text))]
    ['ViTs', 'ViT']
    """
    key = fold(name).strip()
    letters = sum(map(str.isalpha, name))
    strict = len(name) <= _LONGEST_STRICT and letters > 0 and 2 * sum(map(str.isupper, name)) >= letters
    exact = name.translate(_SEPARATORS).strip()
    forms = [(key, ("s", "") if key[-1:].isalpha() else ("",))]
    if key.endswith("y") and not strict:
        forms = [(key, ("",)), (key[:-1], ("ies",))]
    for stem, endings in forms if key else ():
        start = -1
        while (start := folded.find(stem, start + 1)) >= 0:
            end = start + len(stem)
            if start and _is_word(text[start - 1]):
                continue
            if strict and text[start:end].translate(_SEPARATORS) != exact:
                continue
            for ending in endings:
                spelt = text if strict else folded
                if spelt.startswith(ending, end) and _ends_name(text, end + len(ending)):
                    yield start, end + len(ending)
                    break


def fold(text: str) -> str:
    """A text without case and kinds of separators, of the same length."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(folded if len(folded := character.lower()) == 1 else character for character in text)
    return lower.translate(_SEPARATORS)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _ends_name(text: str, end: int) -> bool:
    """Whether a name may end there: not inside a word, and not before the number of a variant (`-50`)."""
    following = text[end : end + 2]
    if not following:
        return True
    if _is_word(following[0]):
        return False
    return not (following[0] in _HYPHENS and (following[1:].isupper() or following[1:].isdigit()))


def _best_first(candidates: Candidates, margins: Floats, taken: bytearray) -> Iterator[int]:
    """Indices of candidates above their thresholds that do not overlap a better one; marks what they take."""
    best = margins.max(axis=1, initial=-np.inf)
    # Of equals the longer, then the first.
    order = np.lexsort((candidates.starts, candidates.starts - candidates.ends, -best))
    for index in order[: int((best >= 0).sum())].tolist():
        start, end = candidates.starts[index], candidates.ends[index]
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\x01" * int(end - start)
            yield index


def _trimmed(text: str, start: int, end: int, entity_type: EntityType) -> tuple[int, int]:
    """A span without article, without "dataset" after a proper name, and without further variants."""
    if article := _ARTICLE.match(text, start, end):
        start = article.end()
    if entity_type in _DATA and (head := _DATA_HEAD.search(text[start:end])):
        name = text[start : start + head.start()]
        if " " not in name and not name.islower():
            end = start + head.start()
    variant = _VARIANT.match(text[start:end])
    if variant and start + variant.end() < end and any(_variants(text, start + variant.end(), variant[0])):
        end = start + variant.end()
    return start, end


def _spread(text: str, things: Iterable[_Thing], taken: bytearray) -> None:
    """Add the places where the names of things stand outside of all mentions, longest names first."""
    folded = fold(text)
    named = sorted(
        ((name, thing) for thing in things for name in thing.names), key=lambda named: -len(named[0])
    )
    for name, thing in named:
        for start, end in occurrences(name, text, folded):
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\x01" * (end - start)
                thing.places[start, end] = text[start:end]
    for thing in things:
        for (_, end), name in list(thing.places.items()):
            for begin, stop, variant in _variants(text, end, name):
                if taken.find(1, begin, stop) < 0:
                    taken[begin:stop] = b"\x01" * (stop - begin)
                    thing.places[begin, stop] = variant


def _variants(text: str, end: int, name: str) -> Iterator[tuple[int, int, str]]:
    """Names given by their last part alone: 600 in "Kinetics-400/600", as characters and whole name."""
    stem = _VARIANT.fullmatch(name)
    while stem and (following := _NEXT.match(text, end)) and following[1].isupper() == stem[2].isupper():
        yield following.start(1), following.end(1), stem[1] + following[1]
        end = following.end(1)


def _nothing(meta: Meta) -> _Thing:
    types, roles = np.zeros(len(meta.types), np.float32), np.zeros(len(meta.roles), np.float32)
    return _Thing(types, roles, np.full(len(meta.types), -np.inf, np.float32))


def _settled(thing: _Thing, long_forms: Mapping[str, str], meta: Meta) -> Iterator[Found]:
    """The mentions of a thing, with its one type and role."""
    index = int(thing.types.round(3).argmax())
    entity_type = meta.types[index]
    role = max(ROLES[entity_type], key=lambda role: round(float(thing.roles[meta.roles.index(role)]), 3))
    score = round(float(_probability(thing.margins[index], meta)), 4)
    for (start, end), name in thing.places.items():
        yield Found(start, end, entity_type, role, name, long_forms.get(_key(name), ""), score)


def _probability(margin: Floats, meta: Meta) -> Floats:
    scale, shift = meta.calibration
    probability: Floats = 1 / (1 + np.exp(-(scale * margin + shift)))
    return probability


def _implied(named: dict[str, EntityType], defined: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Short and full forms of one type that stand apart in the text: "LLMs", "large language models"."""
    known = {_key(name) for pair in defined for name in pair}
    full_forms = {
        (initials, entity_type): name
        for name, entity_type in reversed(named.items())
        if len(initials := "".join(_INITIAL.findall(name)).lower()) > 1 and _key(name) not in known
    }
    for short, entity_type in named.items():
        letters = "".join(filter(str.isalpha, short.removesuffix("s")))
        full = full_forms.get((letters.lower(), entity_type))
        if full and letters.isupper() and _key(short) not in known:
            yield short, full


def _without_heads(found: list[Found]) -> list[Found]:
    """The mentions, with the name of "softmax" for "softmax function" where both are named."""
    names = {(mention.type, _key(mention.name)): mention.name for mention in reversed(found)}

    def name_of(mention: Found) -> str:
        core, _, head = _key(mention.name).rpartition(" ")
        if _EMPTY_HEAD.fullmatch(head) is None:
            return mention.name
        return names.get((mention.type, core), mention.name)

    return [replace(mention, name=name_of(mention)) for mention in found]


@lru_cache(maxsize=1 << 16)
def _key(name: str) -> str:
    return normal_form(name) or name
