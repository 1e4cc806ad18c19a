"""Soft repair of words that a line break, a page or a copy has broken.

A repair needs a common word as its result and a part that is no word: `poten-tial`, `ge odesic`. So
`pre-training`, `self-attention` and names stay. Decided by the words of 74,728 abstracts from arXiv
(2025-2026, metadata under CC0): those of twenty abstracts and more are common, those of three and more
known. `benchmarks/count_words.py` made the list.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from kg.text.offsets import Edit

_BLANK = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}
_LOWER = re.compile(r"\b[a-z]{2,}\b")
# The second part is looked ahead for, since it may be the first of the next pair: `high-perfor-mance`.
_HYPHENATED = re.compile(r"(?<![\w/.@\\:=?&#~])([A-Za-z]?[a-z]+)- ?(?=([a-z]{2,})(?![\w/@=]))")
_SPACED = re.compile(r"(?<![\w/.@\\'’-])([a-z]+) (?=([a-z]+)(?![\w'’/@-]))")
# A name with a capital inside: `Ima-geNet`.
_CAMEL = re.compile(r"\b([A-Z][a-z]+)-(?=([a-z]+)([A-Z][a-z]+)\b)")
_CAMEL_PART = re.compile(r"-[a-z]+[A-Z]")
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er", "ers", "able", "ity", "ities", "al")

# From this many broken words on, a text is taken for a bad copy, in which words run together too.
_BAD_COPY = 3
_LONGEST_WORD = 40
_SHORT_WORDS = "a an and are as at be by for if in is it not of on or our the to we"
# What begins or ends a word or a name, so that the word is one: `flowformer`, `superpixels`, `pixelwise`.
_BEGINNINGS = (
    "anti auto bi co cross down fore geo hyper hypo inter intra macro mega meta micro mid mini mis mono multi"
    " nano neuro non omni out over para photo poly post pre pro pseudo re self semi sub super tele trans tri"
    " ultra un under uni up"
)
_NAME_ENDINGS = (
    "able based bench bert diff flow fold former formers gan hood less like mix ness net nets seg ship ward"
    " wards ware wise"
)


class _Lexicon(NamedTuple):
    common: frozenset[str]
    known: frozenset[str]
    variants: frozenset[str]  # hyphenated spellings of common words
    short: frozenset[str]
    beginnings: frozenset[str]
    name_endings: tuple[str, ...]


def repairs(text: str) -> list[Edit]:
    """The replacements that make broken words whole.

    >>> repairs("poten-tial gains of pre-training")
    [Edit(start=5, end=6, replacement='')]
    """
    words = text.translate(_BLANK).split()
    lexicon = _lexicon()
    unknown = {
        word for word in set(words) - lexicon.known if word.isascii() and word.isalpha() and word.islower()
    }
    found = list(_camel_breaks(text, lexicon)) if _CAMEL_PART.search(text) else []
    if any(
        (first in unknown or second in unknown) and first.lower() + second in lexicon.common
        for first, second in pairwise(words)
    ):
        found += _hyphen_breaks(text, unknown, lexicon)
        bad_copy = len(found) >= _BAD_COPY
        found += _space_breaks(text, unknown, lexicon)
        if bad_copy:
            broken = {place for edit in found for place in (edit.start, edit.end)}
            found += _run_together(text, Counter(words), unknown, lexicon, broken)
    return _apart(sorted(found))


@cache
def _lexicon() -> _Lexicon:
    packed = files(__package__).joinpath("words.txt.gz").read_bytes()
    common, rare, variants = (
        frozenset(block.split("\n")) for block in gzip.decompress(packed).decode("ascii").split("\n\n")
    )
    return _Lexicon(
        common,
        common | rare,
        variants,
        frozenset(_SHORT_WORDS.split()),
        frozenset(_BEGINNINGS.split()),
        tuple(_NAME_ENDINGS.split()),
    )


def _hyphen_breaks(text: str, unknown: set[str], lexicon: _Lexicon) -> Iterator[Edit]:
    for match in _HYPHENATED.finditer(text):
        first, second = match.groups()
        if second not in unknown and first not in unknown:
            continue
        left = first.lower()
        if (
            left + second in lexicon.common
            and f"{left}-{second}" not in lexicon.variants
            and not (left in lexicon.known and _is_word(second, lexicon))
            and not _is_in_address(text, match.start())
        ):
            yield Edit(match.end(1), match.end(), "")


def _camel_breaks(text: str, lexicon: _Lexicon) -> Iterator[Edit]:
    for match in _CAMEL.finditer(text):
        first, second, last = (part.lower() for part in match.groups())
        if first not in lexicon.known and first + second in lexicon.common and last in lexicon.known:
            yield Edit(match.end(1), match.end(1) + 1, "")


def _space_breaks(text: str, unknown: set[str], lexicon: _Lexicon) -> Iterator[Edit]:
    for match in _SPACED.finditer(text):
        parts = match.groups()
        if any(part in unknown and len(part) > 2 and not _is_word(part, lexicon) for part in parts) and (
            "".join(parts) in lexicon.common
        ):
            yield Edit(match.end(1), match.end(), "")


def _run_together(
    text: str, numbers: Counter[str], unknown: set[str], lexicon: _Lexicon, broken: set[int]
) -> Iterator[Edit]:
    """Where a word of this text is two; a name, which a text repeats, is one, and half a word none."""
    places = {
        word: place
        for word in unknown
        if numbers[word] == 1 and (place := _only_split(word, lexicon)) is not None
    }
    for match in _LOWER.finditer(text):
        place = places.get(match[0])
        if place is None or match.start() in broken or match.end() in broken:
            continue
        if not _is_in_address(text, match.start()):
            yield Edit(match.start() + place, match.start() + place, " ")


def _only_split(word: str, lexicon: _Lexicon) -> int | None:
    """Where to part a word in two common ones, if there is one place only."""
    if word.endswith(lexicon.name_endings) or len(word) > _LONGEST_WORD or _is_word(word, lexicon):
        return None
    places = [
        place
        for place in range(1, len(word))
        if _stands_alone(word[:place], lexicon)
        and _stands_alone(word[place:], lexicon)
        and word[:place] not in lexicon.beginnings
    ]
    return places[0] if len(places) == 1 else None


def _stands_alone(word: str, lexicon: _Lexicon) -> bool:
    return word in lexicon.short or (len(word) > 3 and word in lexicon.common)


def _is_word(word: str, lexicon: _Lexicon) -> bool:
    """Whether a word is known, or made from a known one: `snowing` of `de-snowing`."""
    if word in lexicon.known:
        return True
    stems = [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)]
    return any(len(stem) > 2 and (stem in lexicon.known or f"{stem}e" in lexicon.known) for stem in stems)


def _is_in_address(text: str, position: int) -> bool:
    """Whether the chunk between spaces that holds `position` looks like a path or an address."""
    start = text.rfind(" ", 0, position) + 1
    end = text.find(" ", position)
    chunk = text[start : end if end >= 0 else None]
    return "/" in chunk or "@" in chunk or "\\" in chunk or "_" in chunk


def _apart(edits: list[Edit]) -> list[Edit]:
    """The edits without those that reach into the one before."""
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit.start > kept[-1].end or (edit.start == kept[-1].end and edit.end > edit.start):
            kept.append(edit)
    return kept
