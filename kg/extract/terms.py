"""Words of a text and the runs of words a term can be cut from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.lexicon import lexicon, word_set
from kg.extract.shapes import has_name_shape

# Letters and digits of any script, joined by hyphens, and by `.`, `'`, `&`, `@` inside names.
_WORD = re.compile(
    r"[^\W_](?:[^\W_]|[-‐‑–_](?=[^\W_])|[.'’](?=\d)|\.(?=[^\W\d_]\.|[^\W\d_]\b(?!\w))|['’](?=[^\W\d_]{2})"
    r"|(?<=[A-Z])&(?=[A-Z])|@(?=[^\W_])|\++(?!\w)|\*(?!\w))*"
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:com|org|io|net|edu)(?:/\S*)?"
)
# Capitalised inside a sentence, these still open a clause and no name: "1) We", "Results: The".
_OPENERS = word_set(
    "a all an and are as at both by can each for from how if in is it its of on or our that the these this "
    "to using "
    "we what when where which why with"
)
_NUMBER = re.compile(r"[\d.,]+(?:[kKmMbB×x]|st|nd|rd|th)?")


@dataclass(slots=True)
class Word:
    """A word of a text: characters from `start` to `end`.

    `joined` says that only a blank parts it from the word before, `bound` that it is no part of a term,
    `opening` that it is the first of its sentence, `named` that it is written like a name.
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
    """The words of a text, addresses left out; in a title of capitalised words, capitals say nothing."""
    found: list[Word] = []
    starts = iter([*sorted(sentence_starts), len(text) + 1])
    next_start = next(starts)
    masked = _ADDRESS.sub(lambda match: "\n" * len(match[0]), text)
    bounds, not_names = lexicon().bounds, lexicon().sections["not-name"]
    capitals = [match[0][0].isupper() for match in _WORD.finditer(masked, 0, title_end) if len(match[0]) > 3]
    shouting = sum(capitals) > 0.5 * len(capitals)
    end, previous = 0, ""
    for match in _WORD.finditer(masked):
        form, start = match[0], match.start()
        lower = form.lower()
        opening = not found or next_start <= start
        while next_start <= start:
            next_start = next(starts)
        no_name = not form.islower() and (lower in not_names or lower.removesuffix("s") in not_names)
        shaped = not no_name and has_name_shape(form)
        unexplained = (
            form[0].isupper() and len(form) > 1 and not (opening or (start < title_end and shouting))
        )
        named = shaped or (unexplained and not no_name)
        found.append(
            Word(
                text=form,
                lower=lower,
                start=start,
                end=match.end(),
                joined=not opening and start == end + 1 and masked[end].isspace(),
                bound=not (shaped or no_name)
                and bounds(lower, previous)
                and not (named and lower not in _OPENERS),
                number=not shaped and _NUMBER.fullmatch(form) is not None,
                opening=opening,
                named=named,
            )
        )
        # A word that bounds is no name, capital or not.
        found[-1].named = named and not found[-1].bound
        end, previous = match.end(), lower
    return found


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
