"""Whether a number in a sentence is a value reached or a difference, and which way it goes.

Reads the words on both sides of a number (or of an enumeration of numbers) for the cues of English
result sentences: `improves X by 2.1`, `a 35% reduction`, `3 times faster`, `from 59 to 80`. Less of
something (fewer, lower, reduces) is a loss; `improves by`, `outperforms by` and `faster` are gains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

__all__ = ["Change", "carries_on", "change_after", "change_before"]


class Change(Enum):
    """What the words around a number say it is."""

    VALUE = "value"
    GAIN = "gain"
    LOSS = "loss"
    UNSIGNED = "difference whose direction stands elsewhere"


_GAIN = re.compile(
    r"(?:improv|gain|increas|boost|enhanc|outperform|surpass|exceed|accelerat|advantag|speed-?up|uplift|rais|excel|grow)"
    r"[\w’']*|rises?|lifts?|margins?|jumps?|beat|beats|beating|speeds|speeding"
)
_LOSS = re.compile(
    r"(?:reduc|decreas|declin|degrad|shorten|shrink|underperform|deteriorat|diminish|eliminat|difference)[\w’']*"
    r"|saves?|savings?|drop(?:s|ped|ping)?|lower(?:s|ed|ing)?|cuts?|cutting|falls?|falling|fell"
)
# Comparatives say what a number is when they stand beside it, and describe something else when not.
_MORE = re.compile(
    r"higher|better|more|faster|larger|greater|longer|quicker|stronger|bigger|superior|above|ahead|additional"
)
_LESS = re.compile(r"lower|fewer|less|smaller|cheaper|shorter|slower|worse|lighter|narrower|behind|below")
# Nouns whose size a bracket or `e.g.` after them gives: `an improvement in F1 (2.1)`.
_CHANGE = re.compile(r"improvements?|gains?|increases?|reductions?|drops?|degradation|decreases?|margin")
_THAN = re.compile(r"compared|than|over|to")
_REACHED = re.compile(r"(?:achiev|reach|obtain|attain|yield|maintain|retain|deliver|report|with)[\w’']*")

# Words that may stand between a cue and its number.
_HEDGE = re.compile(
    r"up|about|around|approximately|roughly|nearly|almost|over|under|more|less|than|at|least|most|as|much|high|low"
    r"|many|little|an?|the|average|averagely|on|only|just|absolute|relative|max|maximum|mean|even|another|further"
    r"|significant|large|additional|and|e|g|i"
)
# Words that end the noun phrase after a number.
_STOP = re.compile(
    r"on|in|for|with|while|and|compared|than|using|over|of|when|where|to|by|from|which|that|at|across|under|versus|vs"
    r"|respectively|is|are|was|were|but|without|as"
)
_WORD = re.compile(r"[Ss]peed-?ups?|[^\W\d_][\w'’]*")
_CLAUSE_END = re.compile(r"[,;:().]|\s[-–—]+\s|$")
_BRACKETS = re.compile(r"\([^()]*\)")
_REACH = 200


def change_before(text: str) -> Change | None:
    """What the words before a number say, None where they say nothing; `text` ends where it starts.

    >>> change_before("Our model reduces errors by up to "), change_before("an accuracy of ")
    (<Change.LOSS: 'loss'>, None)
    """
    near = text[-_REACH:]
    opened = _BRACKETS.sub(" ", near).rpartition("(")[2]
    words = _words(opened if _WORD.search(opened) else near)
    while words and (_HEDGE.fullmatch(words[-1]) or words[-2:] in (["up", "to"], ["close", "to"])):
        words.pop()
    if not words:
        return None
    link, earlier = words[-1], words[-2::-1]
    if link in {"to", "from", "vs", "versus"}:
        return Change.VALUE
    if link == "by":
        return _comparative(earlier[:1]) or _nearest(earlier[:14]) or Change.UNSIGNED
    if link in {"of", "is"}:
        return _nearest(earlier[:6], stop=_REACHED)
    if near.rstrip(" ~≈<>").endswith("("):
        nouns = (word for word in words[-1:-7:-1] if _CHANGE.fullmatch(word) or _THAN.fullmatch(word))
        return _nearest(nouns, stop=_THAN)
    return _nearest([link])


def change_after(text: str) -> Change | None:
    """What the words after a number say, up to the end of its noun phrase; `text` starts where it ends.

    >>> change_after(" higher top-1 accuracy than before"), change_after(" accuracy with fewer labels")
    (<Change.GAIN: 'gain'>, None)
    """
    near = text[:80]
    end = _CLAUSE_END.search(near)
    for word in _words(near[: end.start()] if end else near)[:6]:
        if _STOP.fullmatch(word):
            return None
        if change := _comparative([word]) or _nearest([word]):
            return change
    return None


def carries_on(text: str) -> bool:
    """Whether a number after `text` is said of in the same breath as the number before it.

    >>> carries_on(" on the first set and "), carries_on(" faster, reaching ")
    (True, False)
    """
    if len(text) > _REACH:
        return False
    plain = _BRACKETS.sub(" ", text)
    words = _words(plain)
    return len(words) <= 12 and not set(plain) & set("(:;") and not any(map(_REACHED.fullmatch, words))


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _nearest(words: Iterable[str], *, stop: re.Pattern[str] | None = None) -> Change | None:
    """The first verb or noun of change among the words, None if a word of `stop` comes before it."""
    for word in words:
        if stop and stop.fullmatch(word):
            return None
        if _LOSS.fullmatch(word):
            return Change.LOSS
        if _GAIN.fullmatch(word):
            return Change.GAIN
    return None


def _comparative(words: Iterable[str]) -> Change | None:
    for word in words:
        if _LESS.fullmatch(word):
            return Change.LOSS
        if _MORE.fullmatch(word):
            return Change.GAIN
    return None
