"""Known conferences, journals and workshops, and where a text names them.

The list is `venues.txt` beside this module: add a venue there, one line each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[&*@]")
_ORGANISERS = re.compile(
    r"\b(?:IEEE|ACM|CVF|RSJ|IAPR|AAAI|USENIX|SIAM|Proceedings|Proc|of|the|Annual|in|In|The)\b"
)


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
    """A known venue in a text, at half-open character offsets."""

    start: int
    end: int
    venue: Venue
    is_workshop: bool  # of that conference: `CVPRW`
    is_generic: bool  # a name such as Machine Learning, which a text may mean otherwise


class _Name(NamedTuple):
    tokens: tuple[str, ...]
    venue: Venue
    is_acronym: bool


def find_venues(text: str) -> list[VenueMention]:
    """The venues a text names, from left to right, the longest name at each place.

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
    """The journal or conference whose full name is spelt nearly like this one.

    >>> closest_venue("IEEE Transcations on Image Processing")
    Venue(name='IEEE TIP', kind=<VenueKind.JOURNAL: 'j'>)
    """
    full_names = _full_names()
    if name.count(" ") < 2:
        return None
    close = get_close_matches(_key(name), full_names, n=1, cutoff=0.92)
    return full_names[close[0]] if close else None


def _at(tokens: list[re.Match[str]], index: int) -> tuple[VenueMention | None, int]:
    """The venue whose name starts at a token, and how many tokens to go on."""
    word = tokens[index][0]
    for name in _index().get(word.casefold(), ()):
        width = len(name.tokens)
        part = tokens[index : index + width]
        if tuple(token[0].casefold() for token in part) == tuple(
            token.casefold() for token in name.tokens
        ) and (_fits(name, part, tokens[index + width : index + width + 1])):
            generic = not name.is_acronym and width <= 2 and name.venue.kind is VenueKind.JOURNAL
            return VenueMention(part[0].start(), part[-1].end(), name.venue, False, generic), width
    for name in _index().get(word[:-1].casefold(), ()) if word.endswith("W") else ():
        if name.is_acronym and name.tokens == (word[:-1],) and name.venue.kind is VenueKind.CONFERENCE:
            return VenueMention(tokens[index].start(), tokens[index].end(), name.venue, True, False), 1
    return None, 1


def _fits(name: _Name, part: list[re.Match[str]], following: list[re.Match[str]]) -> bool:
    """Whether the letters' case is right: any for words that begin with a capital, as written for acronyms."""
    written = tuple(token[0] for token in part)
    if not name.is_acronym:
        return written[0][0].isupper() or written[0][0].isdigit()
    if written == name.tokens:
        return True
    has_year = bool(following) and following[0][0].isdigit()
    return has_year and sum(len(token) for token in name.tokens) >= 4


@cache
def _index() -> Mapping[str, list[_Name]]:
    index: defaultdict[str, list[_Name]] = defaultdict(list)
    for venue, spelling in _spellings():
        tokens = tuple(_TOKEN.findall(spelling))
        index[tokens[0].casefold()].append(_Name(tokens, venue, _is_acronym(spelling)))
    for names in index.values():
        names.sort(key=lambda name: (-len(name.tokens), name.tokens))
    return index


@cache
def _full_names() -> Mapping[str, Venue]:
    return {_key(spelling): venue for venue, spelling in _spellings() if spelling.count(" ") > 1}


def _key(name: str) -> str:
    return " ".join(_TOKEN.findall(name)).casefold()


def _is_acronym(spelling: str) -> bool:
    return " " not in spelling and sum(character.isupper() for character in spelling) > 1


def _spellings() -> Iterator[tuple[Venue, str]]:
    text = files(__package__).joinpath("venues.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, kind, others = (part.strip() for part in line.split("|"))
            venue = Venue(name, VenueKind(kind))
            yield from (
                (venue, spelling.strip()) for spelling in [name, *others.split(";")] if spelling.strip()
            )
