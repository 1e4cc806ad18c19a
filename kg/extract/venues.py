"""Conferences, journals and workshops: where a text names a known one, and what an unknown one is called.

The known ones stand in `venues.txt` beside this module: add a venue there, one line each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[&*@]")

YEAR = r"(?:19|20)\d\d"
ANY_YEAR = re.compile(rf"(?<![\d.,/])({YEAR})(?![\d/-]|[.,]\d)")

_ACRONYM = r"[A-Z][\w&+-]*[A-Z][\w&+]*"
# `QUALICO 2025`, `CAIS'26`, `(IAAI-26)`
_ACRONYM_YEAR = re.compile(rf"\b({_ACRONYM}?)(?:[\s,(-]*['’‘]?({YEAR})|\s?['’‘](\d\d)|-(\d\d)(?=\)))(?!\d)")
_ACRONYM_IN_BRACKETS = re.compile(rf"\s*\(({_ACRONYM})\)")
_MEETING = re.compile(
    rf"\b(?:Conference|Symposium|Workshop|Congress)\b[^()]{{0,150}}"
    rf"\(({_ACRONYM})(?:[\s,'’-]*(?:{YEAR}|\d\d))?\)"
)
# What stands between a word of acceptance and a name.
_LEAD = re.compile(
    r"""(?:\s | [,:] | \d+(?:st|nd|rd|th)\b | (?:19|20)\d\d\b
    | \b(?:by|at|to|in|for|with|the|an?|as|of|on|and|our|be|will|next
        |publication|presentation|published|presented|inclusion
        |special\ issue|meeting|annual|edition|proceedings|proc
        |oral|poster|spotlight|main\ track|main\ conference|regular|full|short|long|paper|book
        |(?-i:journal|conference))\b
    )+""",
    re.I | re.X,
)
_NAME = re.compile(
    r"[A-Z][\w&'’/.+*-]*(?:(?::?\s(?:of|on|in|for|and|the|de|to|with|&))*:?\s[A-Z][\w&'’/.+*-]*)*"
)
_TAIL = re.compile(
    r"(?:\s(?:At|In|On|Conference|(?:on|in)\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*))?"
    rf"[\s,'’-]*(?:{YEAR})?$"
)
_JOINED_YEAR = re.compile(r"([A-Z][A-Za-z]*[A-Z])(2\d|3\d)")
# Words with a capital that are no venue: publishers, parts of a paper, dates, beginnings of sentences.
_NO_NAME = re.compile(
    r"""IEEE | ACM | IET | Springer(?:\ Nature)? | Elsevier | Wiley | MDPI | arXiv | LNCS | Lecture\ Notes.*
    | Cambridge.* | Oxford.* | CRC.*
    | Main | Oral | Spotlight | Poster | Findings | Track | Conference | Journal | Workshop | Press
    | Version | PhD | Ph | MSc | Sec(?:tion)? | Fig(?:ure)? | Table | Appendix | Code | Project | Git[hH]ub
    | English | COVID.* | AIME | IMO
    | CC | BY | We | It | This | I+ | V | A | An | In | On
    | (?:Jan|Febr)(?:uary)? | Feb | Mar(?:ch)? | Apr(?:il)? | May | June? | July? | Aug(?:ust)?
    | (?:Sept?|Oct|Nov|Dec)(?:em|o)?(?:ber)?
    | [A-Z]\.\s.*""",
    re.X,
)
_CHUNK_BREAK = re.compile(r"[,;()|]|\.\s|\s[-–—]\s")
_ORGANISER = re.compile(r"^\s*(?:IEEE|ACM)\s+")


class VenueKind(StrEnum):
    """What comes out: proceedings, a journal, or a meeting beside a conference."""

    CONFERENCE = "c"
    JOURNAL = "j"
    WORKSHOP = "w"


class Venue(NamedTuple):
    """A place of publication, by the name the graph uses."""

    name: str
    kind: VenueKind


class VenueMention(NamedTuple):
    """A known venue in a text, at half-open character offsets.

    `is_workshop`: the name says so (`CVPRW`). `is_generic`: the name, such as Machine Learning, may mean
    something else.
    """

    start: int
    end: int
    venue: Venue
    is_workshop: bool
    is_generic: bool


class _Name(NamedTuple):
    tokens: tuple[str, ...]
    venue: Venue
    is_acronym: bool


# --- known venues ------------------------------------------------------------------------------------


def find_venues(text: str) -> list[VenueMention]:
    """The known venues a text names, from left to right, the longest name at each place.

    >>> [mention.venue.name for mention in find_venues("ACM Multimedia 2021 and IEEE-TIP, CVPRW'22")]
    ['ACM MM', 'IEEE TIP', 'CVPR']
    """
    tokens = list(_TOKEN.finditer(text))
    found: list[VenueMention] = []
    index = 0
    while index < len(tokens):
        mention, width = _at(tokens, index)
        if mention is not None:
            found.append(mention)
        index += width
    return found


def closest_venue(name: str) -> Venue | None:
    """The venue whose full name is this one but for one misspelt word.

    >>> closest_venue("IEEE Transcations on Image Processing")
    Venue(name='IEEE TIP', kind=<VenueKind.JOURNAL: 'j'>)
    """
    words = name.casefold().split()
    for known, venue in _full_names():
        if len(known) == len(words) > 2:
            wrong = [pair for pair in zip(words, known, strict=True) if pair[0] != pair[1]]
            if len(wrong) == 1 and SequenceMatcher(None, *wrong[0]).ratio() > 0.75:
                return venue
    return None


def _at(tokens: list[re.Match[str]], index: int) -> tuple[VenueMention | None, int]:
    """The venue whose name starts at a token, and how many tokens to go on."""
    word = tokens[index][0]
    for name in _index().get(word.casefold(), ()):
        width = len(name.tokens)
        part = tokens[index : index + width]
        if [token[0].casefold() for token in part] == [token.casefold() for token in name.tokens] and (
            _is_written_so(name, part, tokens[index + width : index + width + 1])
        ):
            is_generic = not name.is_acronym and width <= 2 and name.venue.kind is VenueKind.JOURNAL
            return VenueMention(part[0].start(), part[-1].end(), name.venue, False, is_generic), width
    for name in _index().get(word[:-1].casefold(), ()) if word.endswith("W") else ():
        if name.is_acronym and name.tokens == (word[:-1],) and name.venue.kind is VenueKind.CONFERENCE:
            return VenueMention(tokens[index].start(), tokens[index].end(), name.venue, True, False), 1
    return None, 1


def _is_written_so(name: _Name, part: list[re.Match[str]], following: list[re.Match[str]]) -> bool:
    """Whether upper and lower case are as in the name: of words only the first letter counts."""
    written = tuple(token[0] for token in part)
    if not name.is_acronym:
        return written[0][0].isupper() or written[0][0] == name.tokens[0][0]
    has_year = bool(following) and following[0][0].isdigit()
    return written == name.tokens or (has_year and sum(map(len, name.tokens)) >= 4)


@cache
def _index() -> Mapping[str, list[_Name]]:
    index: defaultdict[str, list[_Name]] = defaultdict(list)
    for venue, spelling in _spellings():
        tokens = tuple(_TOKEN.findall(spelling))
        is_acronym = " " not in spelling and sum(character.isupper() for character in spelling) > 1
        index[tokens[0].casefold()].append(_Name(tokens, venue, is_acronym))
    for names in index.values():
        names.sort(key=lambda name: (-len(name.tokens), name.tokens))
    return index


@cache
def _full_names() -> list[tuple[list[str], Venue]]:
    return [(spelling.casefold().split(), venue) for venue, spelling in _spellings()]


def _spellings() -> Iterator[tuple[Venue, str]]:
    text = files(__package__).joinpath("venues.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, kind, others = (part.strip() for part in line.split("|"))
            venue = Venue(name, VenueKind(kind))
            yield from (
                (venue, spelling.strip()) for spelling in [name, *others.split(";")] if spelling.strip()
            )


# --- venues that no list knows -----------------------------------------------------------------------


def venue_after(text: str) -> str | None:
    """What a text that follows a word of acceptance names as the venue, with its year.

    >>> venue_after("by the 13th International Quantitative Linguistics Conference QUALICO 2025")
    'QUALICO 2025'
    >>> venue_after("for publication in Philosophy of Science, 2024")
    'Philosophy of Science 2024'
    """
    if name := _acronym_and_year(text) or _meeting(text):
        return name
    lead = _LEAD.match(text)
    found = _NAME.match(text, lead.end()) if lead else None
    if found is None:
        return None
    name = found[0].rstrip(" .,:-")
    if (venue := closest_venue(name)) is not None:
        name = venue.name
    elif acronym := _ACRONYM_IN_BRACKETS.match(text, found.end()):
        name = acronym[1]
    name = _TAIL.sub("", name)
    if _NO_NAME.fullmatch(name) or len(name) < 2:
        return None
    if joined := _JOINED_YEAR.fullmatch(name):
        return f"{joined[1]} 20{joined[2]}"
    return _with_year(name, text[: found.end() + 60])


def venue_alone(text: str, *, accepted: bool = False) -> str | None:
    """A venue named without a word of acceptance before it: a meeting with its acronym, or `ACRONYM 2025`.

    Where an acceptance comes after, more may follow on the acronym: `CVSports2026 accepted`.

    >>> venue_alone("12 pages, IEEE ICSEC 2025")
    'ICSEC 2025'
    """
    if name := _meeting(text):
        return name
    for chunk in _CHUNK_BREAK.split(text):
        stripped = _ORGANISER.sub("", chunk).strip()
        match = _ACRONYM_YEAR.match(stripped) if accepted else _ACRONYM_YEAR.fullmatch(stripped)
        if match and not _NO_NAME.fullmatch(match[1]):
            return _named(match)
    return None


def four_digits(year: str) -> str:
    """A year from its last two digits.

    >>> four_digits("21"), four_digits("99"), four_digits("2021")
    ('2021', '1999', '2021')
    """
    if len(year) == 4:
        return year
    return f"20{year}" if int(year) < 50 else f"19{year}"


def _acronym_and_year(text: str) -> str | None:
    matches = (match for match in _ACRONYM_YEAR.finditer(text) if not _NO_NAME.fullmatch(match[1]))
    return next(map(_named, matches), None)


def _meeting(text: str) -> str | None:
    """The acronym in brackets after the name of a meeting, with the first year."""
    meeting = _MEETING.search(text)
    return _with_year(meeting[1], text) if meeting and not _NO_NAME.fullmatch(meeting[1]) else None


def _with_year(name: str, text: str) -> str:
    year = ANY_YEAR.search(text)
    return f"{name} {year[1]}" if year else name


def _named(match: re.Match[str]) -> str:
    return f"{match[1]} {four_digits(match[2] or match[3] or match[4])}"
