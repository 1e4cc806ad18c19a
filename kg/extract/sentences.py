"""kg_sentences: where sentences start.

Takes a Doc, sets `is_sent_start` of every token by rules. A title and the abstract after it (parted
by an empty line) never share a sentence, and an address is never cut.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

import numpy
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

_END = re.compile(r"(?:\.{1,3}|[!?…]+)[)\]\"'”’»]*")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>{}]+")
_OPEN_TO_CLOSE = {"(": ")", "[": "]", "“": "”"}
_LONGEST_ASIDE = 400
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-Z]")
_NAME_IN_LOWER_CASE = re.compile(r"[a-z]{1,3}[A-Z0-9]")
_LONGEST_WORD = 40

# A full stop after these ends no sentence, whatever follows.
_NEVER_LAST = frozenset(
    """
    alg approx ca cf ch def dept dr e.g eg eq eqn eqs esp fig figs i.e ie incl lem mr mrs ms pp
    prof prop ref refs resp sec secs st tab tabs thm univ viz vol vs
    """.split()
)
# These end a sentence only where the next word is one that usually begins one.
_SELDOM_LAST = frozenset("a.k.a al e.u i.i.d inc jr no ph.d s.t u.k u.s w.r.t".split())
_OPENERS = frozenset(
    """
    A Additionally All Although An As At Based Because Both By Code Codes Compared Despite Each
    Existing Experimental Experiments Extensive Finally First Firstly For From Furthermore Hence
    Here However If In Inspired Instead It Many Meanwhile Moreover Most Motivated Nevertheless On
    One Our Recently Results Second Secondly Several Since Some Source Specifically Such The Their
    Then There Therefore These They This Those Though Thus To Unlike Using We When Where While With
    """.split()
)
_NAMES_WITH_MARK = ("Yahoo!", "Jeopardy!", "Yum!")


@Language.factory("kg_sentences", assigns=["token.is_sent_start", "doc.sents"])
def make_sentences(nlp: Language, name: str) -> Sentences:  # noqa: ARG001
    """The component for a pipeline."""
    return Sentences()


class Sentences:
    """Sets sentence starts."""

    def __call__(self, doc: Doc) -> Doc:
        """Mark the first token of every sentence, and no other."""
        starts = iter([*sentence_starts(doc.text), len(doc.text) + 1])
        next_start = next(starts)
        # Setting `token.is_sent_start` looks at the whole Doc each time.
        marks: Any = numpy.full((len(doc), 1), -1, dtype="int64")
        for token in doc:
            end = token.idx + len(token)
            if end > next_start:
                marks[token.i] = 1
                while end > next_start:
                    next_start = next(starts)
        doc.from_array([SENT_START], marks.view("uint64"))
        return doc


def sentence_starts(text: str) -> list[int]:
    """The offsets at which sentences start, in order; the first word's offset is one of them.

    >>> text = "It beats GPT-3.5, e.g. on COCO (Fig. 2). Code is out."
    >>> [text[start:start + 6] for start in sentence_starts(text)]
    ['It bea', 'Code i']
    """
    begin = len(text) - len(text.lstrip())
    starts = {begin} if begin < len(text) else set()
    starts.update(match.end() for match in _BLANK_LINE.finditer(text) if begin < match.end() < len(text))
    kept = _Stretches(_addresses(text) + _asides(text))
    last = begin
    for match in _END.finditer(text, begin):
        following = match.end()
        while following < len(text) and text[following].isspace():
            following += 1
        if (
            following < len(text)
            and not kept.holds(match.start())
            and _ends_sentence(text, last, match, following)
        ):
            starts.add(following)
            last = following
    return sorted(starts)


class _Stretches:
    """Stretches of a text inside which no sentence ends."""

    def __init__(self, stretches: list[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(stretches):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def holds(self, offset: int) -> bool:
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self._ends[index]


def _addresses(text: str) -> list[tuple[int, int]]:
    return [
        (match.start(), match.start() + len(match[0].rstrip(".,;:!?)]'\"”")))
        for match in _ADDRESS.finditer(text)
    ]


def _asides(text: str) -> list[tuple[int, int]]:
    """Brackets and quotations that close again soon."""
    asides = []
    pending: list[tuple[str, int]] = []
    for match in re.finditer(r"[()\[\]“”]", text):
        character, offset = match[0], match.start()
        if character in _OPEN_TO_CLOSE:
            pending.append((_OPEN_TO_CLOSE[character], offset))
        elif pending and pending[-1][0] == character:
            start = pending.pop()[1]
            # The closing mark itself is left out, so that `).` and `."` can end a sentence.
            if offset - start <= _LONGEST_ASIDE:
                asides.append((start, offset - 1 if text[offset - 1] in ".!?" else offset))
        elif len(pending) > 1 and pending[-2][0] == character:
            del pending[-2:]
    return asides


def _ends_sentence(text: str, sentence: int, match: re.Match[str], following: int) -> bool:
    opening = _word_at(text, following)
    word = _word_before(text, match.start())
    if following == match.end():
        # No space: "margin.Code is available", but not "Node.js", "3.5" or "v1.Final".
        return bool(re.fullmatch(r"[a-z]{2,}", word) and re.fullmatch(r"[A-Z][a-z]+|A|I", opening))
    if not _may_open(text, following, opening):
        return False
    if match[0][0] != "." or match[0].startswith("..."):
        return not text.startswith(_NAMES_WITH_MARK, max(match.start() - len(word), 0))
    if word.lower() in _SELDOM_LAST or _INITIALS.fullmatch(word):
        return opening in _OPENERS
    # "1. First, we …": the number opens the sentence it stands in.
    opens_list = word.isdigit() and match.start() - len(word) == sentence
    return word.lower() not in _NEVER_LAST and not opens_list


def _may_open(text: str, offset: int, word: str) -> bool:
    """Whether a sentence can start here: no plain word in lower case, no stray mark."""
    if word[:1].islower():
        return _NAME_IN_LOWER_CASE.match(word) is not None
    return bool(word) or text[offset] in "\"'“‘([$\\*-–—•"


def _word_at(text: str, offset: int) -> str:
    found = re.compile(r"[\"'“‘(\[$]*([^\W_]+)").match(text, offset, offset + _LONGEST_WORD)
    return found[1] if found else ""


def _word_before(text: str, offset: int) -> str:
    """The word that ends at an offset, with inner full stops (`i.e`), without brackets."""
    found = re.search(r"[^\W_](?:[^\W_]|[.-](?=[^\W_]))*$", text[max(offset - _LONGEST_WORD, 0) : offset])
    return found[0] if found else ""
