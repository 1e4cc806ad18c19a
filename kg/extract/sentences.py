"""kg_sentences: where sentences start.

Takes a Doc, sets `is_sent_start` of every token by rules. A title and the abstract after it (parted
by an empty line) never share a sentence, and an address is never cut.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from spacy.language import Language
from spacy.tokens import Doc

_END = re.compile(r"(?:\.{1,3}|[!?…]+)[)\]\"'”’»]*")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>{}]+")
_OPEN_TO_CLOSE = {"(": ")", "[": "]", "“": "”"}
_LONGEST_ASIDE = 400
_LONGEST_WORD = 40

# A full stop after these ends no sentence, whatever follows.
_NEVER_LAST = frozenset(
    "e.g i.e eg ie cf vs viz fig figs eq eqs eqn sec secs ref refs tab tabs thm def prop lem alg approx ca resp "
    "incl esp dr prof mr mrs ms st vol pp ch dept univ".split()
)
# These end a sentence only where the next word is one that usually begins one.
_SELDOM_LAST = frozenset("al i.i.d w.r.t s.t a.k.a u.s u.k e.u ph.d no inc jr".split())
_OPENERS = frozenset(
    "We Our The This These Those It In To For However Here There Their They Such As At By On With While When Where "
    "Moreover Furthermore Finally First Firstly Second Secondly Then Thus Hence Therefore Although Though Despite Unlike "
    "Experiments Extensive Results Experimental Code Codes Source Inspired Motivated Based Using Specifically Additionally "
    "Recently Existing Most Many Some Several Both Each All One From Compared Instead Meanwhile Nevertheless Since "
    "Because If An A".split()
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
        for token in doc:
            first = token.idx + len(token) > next_start
            token.is_sent_start = first
            while token.idx + len(token) > next_start:
                next_start = next(starts)
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
    if opening[:1].islower() and not re.match(r"[a-z]{1,3}[A-Z0-9]", opening):
        return False
    if not opening and text[following] not in "\"'“‘([$\\*-–—•":
        return False
    if match[0][0] != "." or match[0].startswith("..."):
        return not text.startswith(_NAMES_WITH_MARK, max(match.start() - len(word), 0))
    plain = word.lower()
    if plain in _NEVER_LAST:
        return False
    if plain in _SELDOM_LAST or re.fullmatch(r"[A-Z]", word):
        return opening in _OPENERS
    # "1. First, we …": the number opens the sentence it stands in.
    return not (word.isdigit() and match.start() - len(word) == sentence)


def _word_at(text: str, offset: int) -> str:
    found = re.compile(r"[\"'“‘(\[$]*([^\W_]+)").match(text, offset, offset + _LONGEST_WORD)
    return found[1] if found else ""


def _word_before(text: str, offset: int) -> str:
    """The word that ends at an offset, with inner full stops (`i.e`), without brackets."""
    found = re.search(r"[^\W_](?:[^\W_]|[.-](?=[^\W_]))*$", text[max(offset - _LONGEST_WORD, 0) : offset])
    return found[0] if found else ""
