"""Words of a text and the runs of words a term can be cut from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.extract.lexicon import lexicon

# Letters and digits of any script, joined by hyphens, and by `.`, `'`, `&`, `@` inside names.
_WORD = re.compile(
    r"[^\W_](?:[^\W_]|[-‐‑–_](?=[^\W_])|[.'’](?=\d)|\.(?=[^\W\d_]\.|[^\W\d_]\b(?!\w))|['’](?=[^\W\d_]{2})"
    r"|(?<=[A-Z])&(?=[A-Z])|@(?=[^\W_])|\++(?!\w)|\*(?!\w))*"
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:com|org|io|net|edu)(?:/\S*)?"
)
# Capitalised inside a sentence, these still open a clause and no name: "1) We", "Results: The".
_OPENERS = frozenset(
    (
        "a",
        "an",
        "the",
        "this",
        "these",
        "that",
        "we",
        "our",
        "it",
        "its",
        "in",
        "on",
        "by",
        "to",
        "for",
        "with",
        "and",
        "or",
        "if",
    )
    + (
        "is",
        "are",
        "as",
        "at",
        "from",
        "of",
        "using",
        "when",
        "where",
        "how",
        "what",
        "which",
        "why",
        "can",
        "both",
        "each",
        "all",
    )
)
_NUMBER = re.compile(r"[\d.,]+(?:[kKmMbB×x]|st|nd|rd|th)?")


@dataclass(slots=True)
class Word:
    """A word of a text: characters from `start` to `end`.

    `joined` says that only a blank parts it from the word before; `bound` that it is no part of a term;
    `opening` that it is the first of its sentence.
    """

    text: str
    lower: str
    start: int
    end: int
    joined: bool
    bound: bool
    number: bool
    opening: bool
    named: bool


def read_words(text: str, sentence_starts: Sequence[int], title_end: int) -> list[Word]:
    """The words of a text, addresses left out. In a title that capitalises every word, capitals say nothing."""
    words: list[Word] = []
    starts = iter([*sorted(sentence_starts), len(text) + 1])
    next_start = next(starts)
    masked = _ADDRESS.sub(lambda match: "\n" * len(match[0]), text)
    bounds, not_names = lexicon().bounds, lexicon().sections["not-name"]
    end, previous, opening = 0, "", False
    capitals = [match[0][0].isupper() for match in _WORD.finditer(masked, 0, title_end) if len(match[0]) > 3]
    shouting = sum(capitals) > 0.5 * len(capitals)
    for match in _WORD.finditer(masked):
        form, start = match[0], match.start()
        lower = form.lower()
        gap = masked[end:start]
        joined = gap == " " or (gap == "\n" and start > title_end + 2)
        opening = not words or next_start <= start
        while next_start <= start:
            next_start = next(starts)
        plain_name = not form.islower() and (lower in not_names or lower.removesuffix("s") in not_names)
        mixed = has_name_shape(form) and not plain_name
        number = not mixed and _NUMBER.fullmatch(form) is not None
        plain = opening or (start < title_end and shouting)
        named = mixed or (form[0].isupper() and len(form) > 1 and not plain and not plain_name)
        bound = (
            not mixed and not plain_name and bounds(lower, previous) and not (named and lower not in _OPENERS)
        )
        words.append(
            Word(
                form,
                lower,
                start,
                match.end(),
                joined and not opening,
                bound,
                number,
                opening,
                named and not bound,
            )
        )
        end, previous = match.end(), lower
    return words


@lru_cache(maxsize=1 << 15)
def has_name_shape(form: str) -> bool:
    """Whether a word is written like a name: capitals inside, or letters with digits, `+` or `@`.

    >>> [word for word in ("SOFT", "iFormer", "DeiT-B", "PSGAN++", "ResNet-18", "pass@1", "Network", "text-based",
    ... "3D", "Transformer-based", "2-stage", "Non-Local", "x-ray", "1st") if has_name_shape(word)]
    ['SOFT', 'iFormer', 'DeiT-B', 'PSGAN++', 'ResNet-18', 'pass@1', '3D']
    """
    if form.islower() and form.isalpha():
        return False
    parts = re.split(r"[-‐‑–_]", form)
    # A tail in lower case makes an adjective of it: "GPU-based", "LLM-driven", "3D-aware".
    if len(parts) > 1 and len(parts[-1]) > 2 and parts[-1].islower() and parts[-1].isalpha():
        return bool(re.search(r"\d$", parts[0])) and parts[-1] in {
            "mini",
            "base",
            "large",
            "small",
            "tiny",
            "turbo",
            "instruct",
            "bench",
        }
    letters = any(part[:1].isalpha() or part[1:2].isalpha() for part in parts)
    if not letters:
        return False
    if any(character.isupper() for part in parts for character in part[1:]):
        return True
    if re.search(r"[+@]|\*$", form):
        return True
    if re.fullmatch(
        r"[A-Z][a-z]*[-‐‑–_]?\d[\w.]*|[A-Z][\w]*[-‐‑–]\d[\w.]*(?:[-‐‑–]\w+)*|[A-Z][a-z]+[-‐‑–][A-Z]", form
    ):
        return True
    # "wav2vec", "word2vec", "o1-mini"
    return bool(re.fullmatch(r"[a-z]+\d+[a-z]+|[a-z]\d(?:-[a-z]+)?|[a-z]+\d+(?:\.\d+)?", form))


def runs(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Stretches of words, as half-open indices, that no mark or bounding word parts."""
    start = -1
    for index, word in enumerate(words):
        if start >= 0 and (not word.joined or word.bound):
            yield start, index
            start = -1
        if start < 0 and not word.bound:
            start = index
    if start >= 0:
        yield start, len(words)
