"""kg_abbreviations: short forms and the full forms a text gives for them.

Takes a Doc with sentences, sets `doc._.kg_abbreviations`: `[short_start, short_end, long_start,
long_end]` in characters, in order. A full form is one stretch inside one sentence.

After Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions in
biomedical text", with one change: of all places where the full form may begin, the one that lets most
letters open a word wins, not the shortest, so that `Mindful memoization (MM)` keeps both words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.extensions import register

_BRACKET = re.compile(r"[(\[]([^()\[\]\n]{2,200})[)\]]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Marks a full form may hold between its words.
_JOINT = re.compile(r"[\s\-–‐‑/&,'’.+\"“”]{0,5}")
_FILLERS = frozenset(
    """
    a across an and as at aware based between by driven for from guided in into is its like of on
    or over per style the through to under using via with within without
    """.split()
)
_LEAD_IN = re.compile(
    r"(?:i\.e\.|ie|or|also|abbreviated(?: as)?|abbr\.?|short for|aka|a\.k\.a\.|called|termed|dubbed|namely|"
    r"denoted(?: as| by)?|henceforth|hereafter|hereinafter|for short)[\s,:]+",
    re.I,
)
_NO_SHORT_FORM = re.compile(
    r"[ivxlc]{1,4}|\d.*|.*\b(?:19|20)\d\d\b.*"
    r"|(?:figs?|figure|tabs?|table|eqs?|eqn|equation|sec|section|row|ref|line|step|part)\.? ?\d*"
    r"|left|right|top|bottom|best|ours|both|see|etc|eg|ie|resp|cf",
    re.I,
)
_CITATION = re.compile(r"\bet al\b|,\s*(?:19|20)\d\d[a-z]?\s*$")
# Heads a writer puts between a full form and its bracket: "Social Media Crawling method (SMC)".
_HEADS = frozenset(
    """
    algorithm algorithms approach architecture area called classifier criterion data dataset
    datasets framework function functions layer layers loss mechanism method methods model models
    module named network networks operator peaks problem problems procedure scheme strategy system
    systems task tasks technique techniques training
    """.split()
)
_LONGEST_SHORT_FORM = 15
_FEWEST_OPENING = 0.66
_ALL_OPENING = 0.99
_NUMBER_WORDS = {"2": "to", "4": "for"}


@Language.factory("kg_abbreviations", requires=["doc.sents"], assigns=["doc._.kg_abbreviations"])
def make_abbreviations(nlp: Language, name: str) -> Abbreviations:  # noqa: ARG001
    """The component for a pipeline."""
    register()
    return Abbreviations()


class Abbreviations:
    """Finds short and full forms."""

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.kg_abbreviations`."""
        sentences = ((sentence.start_char, sentence.text) for sentence in doc.sents)
        doc._.kg_abbreviations = [
            [start + offset for offset in pair]
            for start, text in sentences
            if "(" in text or "[" in text
            for pair in find_abbreviations(text)
        ]
        return doc


def find_abbreviations(sentence: str) -> list[tuple[int, int, int, int]]:
    """The pairs one sentence defines: start and end of the short form, start and end of the full one.

    >>> sentence = "Vision Transformers (ViTs) and SBMA (spinal and bulbar muscular atrophy)."
    >>> [(sentence[a:b], sentence[c:d]) for a, b, c, d in find_abbreviations(sentence)]
    [('ViTs', 'Vision Transformers'), ('SBMA', 'spinal and bulbar muscular atrophy')]
    """
    pairs = []
    last_end = 0
    for bracket in _BRACKET.finditer(sentence):
        pair = _full_before(sentence, last_end, bracket) or _short_before(sentence, bracket)
        if pair:
            pairs.append(pair)
        last_end = bracket.end()
    return pairs


def is_short_form(text: str) -> bool:
    """Whether a text looks like an abbreviation: one or two words with a capital, no citation or list mark.

    >>> [word for word in ("GNNs", "iv", "left", "ICML 2021", "kNN", "1", "f(x)") if is_short_form(word)]
    ['GNNs', 'kNN']
    """
    return (
        2 <= len(text) <= _LONGEST_SHORT_FORM
        and re.fullmatch(r"[^\W_][\w+&/.@*’'-]*(?: [A-Z0-9][\w+-]*)?", text) is not None
        and any(character.isupper() for character in text)
        and not _NO_SHORT_FORM.fullmatch(text)
    )


def _full_before(sentence: str, begin: int, bracket: re.Match[str]) -> tuple[int, int, int, int] | None:
    """`full form (SHORT)`."""
    inside = bracket[1]
    start = bracket.start(1) + len(inside) - len(inside.lstrip(" \"'“‘"))
    while lead_in := _LEAD_IN.match(sentence, start, bracket.end(1)):
        start = lead_in.end()
    short = re.split(r"[,;:=]|\s[–-]\s", sentence[start : bracket.end(1)])[0].rstrip(" \"'”’.")
    plain = short.isalpha() and short.islower() and len(short) > 2
    if not (is_short_form(short) or plain) or _CITATION.search(inside.partition(";")[0]):
        return None
    words = _words_before(sentence, begin, bracket.start(), 2 * len(_letters(short)) + 4)
    best, best_score = (0, 0), 0.0
    ends = [len(words)]
    if len(words) > 2 and sentence[slice(*words[-1])] in _HEADS:
        ends.append(len(words) - 1)
    for end in ends:
        for index in range(end - 1, -1, -1):
            first = words[index][0]
            # A full form does not begin inside a hyphenated word: "Non-negative".
            inside_word = first > 0 and sentence[first - 1] in "-‐‑"
            score = _score(short, sentence, words[index:end]) - (0.1 if inside_word else 0.0)
            if score > best_score + 1e-9:
                best, best_score = (first, words[end - 1][1]), score
    # The short form alone may stand before its bracket: "BERT (BERT)".
    repeated = sentence[slice(*best)].casefold() == short.casefold()
    if repeated or best_score < (_ALL_OPENING if plain else _FEWEST_OPENING):
        return None
    return start, start + len(short), *best


def _short_before(sentence: str, bracket: re.Match[str]) -> tuple[int, int, int, int] | None:
    """`SHORT (full form)`."""
    found = re.search(
        r"[^\W_](?:[\w+&@*./-]*[\w+*])?$", sentence[max(bracket.start() - 30, 0) : bracket.start()].rstrip()
    )
    if not found or not is_short_form(found[0]) or len(_WORD.findall(bracket[1])) < 2:
        return None
    start = bracket.start(1) + len(bracket[1]) - len(bracket[1].lstrip(" \"'“‘"))
    while lead_in := _LEAD_IN.match(sentence, start, bracket.end(1)):
        start = lead_in.end()
    long = re.split(r"[;:]|, (?:see|e\.g\.|cf)", sentence[start : bracket.end(1)])[0].rstrip(" \"'”’.,")
    words = [(match.start(), match.end()) for match in _WORD.finditer(sentence, start, start + len(long))]
    if (
        not 2 <= len(words) <= 2 * len(_letters(found[0])) + 3
        or _score(found[0], sentence, words) < _FEWEST_OPENING + 0.1
    ):
        return None
    short_start = sentence.rindex(found[0], 0, bracket.start())
    return short_start, short_start + len(found[0]), start, start + len(long)


def _letters(short: str) -> str:
    """What of a short form has to be found again; `GNNs` without the plural."""
    if len(short) > 2 and short.endswith("s") and short[-2].isupper():
        short = short[:-1]
    return "".join(character for character in short if character.isalnum())


def _latin(text: str) -> str:
    """A text with Greek letters as the first letters of their names, in lower case."""
    if text.isascii():
        return text.casefold()
    names = (unicodedata.name(character, "") for character in text)
    return "".join(
        name.rpartition(" ")[2][0] if name.startswith("GREEK") else character
        for character, name in zip(text, names, strict=True)
    ).casefold()


def _words_before(sentence: str, begin: int, end: int, limit: int) -> list[tuple[int, int]]:
    """The last words of a stretch that only joints part, at most `limit`."""
    words: list[tuple[int, int]] = []
    window = max(begin, end - 30 * limit)
    following = end
    for match in reversed(list(_WORD.finditer(sentence, window, end))):
        if len(words) == limit or not _JOINT.fullmatch(sentence, match.end(), following):
            break
        words.append((match.start(), match.end()))
        following = match.start()
    return words[::-1]


def _score(short: str, sentence: str, words: list[tuple[int, int]]) -> float:
    """How well words spell a short form: 1 where each word gives its first letter, 0 where they do not."""
    texts = tuple(sentence[start:end] for start, end in words)
    return max(_spelt(letters, texts) for letters in _spellings(_letters(short)))


def _spellings(letters: str) -> Iterator[str]:
    """The short form with digits read as written, as words, and as repeated letters: A3C, AAAC."""
    yield letters
    if any(character.isdigit() for character in letters[1:]):
        yield re.sub(r"[24]", lambda digit: _NUMBER_WORDS[digit[0]][0], letters)
        yield re.sub(r"([A-Za-z])([234])", lambda found: found[1] * int(found[2]), letters)
        yield re.sub(r"([234])([A-Za-z])", lambda found: found[2] * int(found[1]), letters)


@lru_cache(maxsize=4096)
def _spelt(short: str, words: tuple[str, ...]) -> float:
    """The best alignment of a short form's letters with words, in order; see `_score`.

    A letter that opens a word counts 1, one that follows its neighbour .8 (`Vi` in Vision), one inside a word
    .4; every word of weight that gives no letter costs .2. The first letter must open the first word.
    """
    letters = _latin(short)
    lowered = [_latin(word) for word in words]
    inner_capitals = [
        {
            index
            for index, character in enumerate(word)
            if index and character.isupper() and not word[index - 1].isupper()
        }
        for word in words
    ]
    if not letters or not lowered or not _opens(letters[0], lowered[0]):
        return 0.0
    # best[(word, character)] = score of having matched the letters so far, the last of them there.
    best = {(0, 0): 1.0}
    for letter in letters[1:]:
        following: dict[tuple[int, int], float] = {}
        for (at_word, at_character), score in best.items():
            skipped = 0.0
            for word in range(at_word, len(lowered)):
                text = lowered[word]
                if word > at_word and _opens(letter, text):
                    _keep(following, (word, 0), score + 1.0 - skipped)
                first = at_character + 1 if word == at_word else 1
                place = text.find(letter, first)
                if place >= 0:
                    adjacent = place == first and (word == at_word)
                    gain = 0.9 if place in inner_capitals[word] else 0.8 if adjacent else 0.4
                    _keep(following, (word, place), score + gain - skipped)
                if word > at_word and text not in _FILLERS:
                    skipped += 0.2
        best = following
    weights = [0.0 if text in _FILLERS else 0.2 for text in lowered]
    total = max((score - sum(weights[word + 1 :]) for (word, _), score in best.items()), default=0.0)
    return total / len(letters)


def _opens(letter: str, word: str) -> bool:
    return word[0] == letter or (letter == "x" and word.startswith(("ex", "cross", "trans")))


def _keep(scores: dict[tuple[int, int], float], place: tuple[int, int], score: float) -> None:
    if score > scores.get(place, float("-inf")):
        scores[place] = score
