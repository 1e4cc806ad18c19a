"""Text: what a reader would write for what was published, and the key under which names meet.

Knows nothing of papers or entities. pylatexenc and ftfy do the tables, and are loaded when a text needs
them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from kg.text.names import normal_form
from kg.text.offsets import CleanText, Edit, Segment
from kg.text.words import repairs

__all__ = ["CleanText", "Segment", "clean", "normal_form"]

_LATEX = re.compile(r"[\\${~]")

# --- clean -------------------------------------------------------------------------------------------

# Every kind of line break, with the spaces around it; other white space; what has no width or turns the
# direction of writing; ligatures; other controls; what no text may hold.
_ODD = re.compile(
    r"(?P<space>(?<![ \t])[ \t]*[\n\r\x0b\x0c\x85\u2028\u2029]\s*"
    r"|[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000])"
    r"|(?P<ligature>[\ufb00-\ufb06])"
    r"|(?P<nothing>[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad"
    r"\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff])"
    r"|(?P<wrong>[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff])"
)
_LINE_END = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")
_CONJUNCTION = re.compile(r"(?:and|or|to|nor|vs)\b")
# UTF-8 read as Latin-1 or Windows-1252: a lead byte and a continuation byte, each as a character.
_CONTINUATION = (
    r"[\x80-\xbf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    r"\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
)
_MOJIBAKE = re.compile(rf"[\xc2-\xf4]{_CONTINUATION}")
# A character before those that may be its marks.
_MARKED = re.compile(r"[\x21-\x7e]?[^\x00-\x7f]+")
_CHUNK = re.compile(rf"(?:[\xc2-\xf4]{_CONTINUATION}{{1,3}})+")


def clean(raw: str) -> CleanText:
    r"""The text as a reader would write it, with a map back to what was published.

    LaTeX becomes text, encoding and composition of characters are mended, controls and characters
    without width go, line breaks become spaces, words broken by hyphenation become whole. Never raises,
    takes time linear in the length, and leaves alone what it does not understand.

    >>> text = clean(r"gains of 5\% on {\textbf{ViT}}~\cite{x} for Ima-geNet classifica-tion")
    >>> text.text
    'gains of 5% on ViT for ImageNet classification'
    >>> start = text.text.index("ImageNet")
    >>> begin, end = text.to_raw(start, start + len("ImageNet"))
    >>> text.raw[begin:end]
    'Ima-geNet'
    """
    text = CleanText(raw, raw)
    if not raw.isascii():
        text = text.edited(list(_encoding_edits(text.text)))
    if not (text.text.isascii() and text.text.isprintable()):
        text = text.edited(list(_odd_edits(text.text)))
    if _LATEX.search(text.text):
        from kg.text import latex

        text = text.edited(latex.edits(text.text))
    if not unicodedata.is_normalized("NFC", text.text):
        text = text.edited(list(_composition_edits(text.text)))
    text = text.edited(list(_margins(text.text)))
    return text.edited(repairs(text.text))


def _encoding_edits(text: str) -> Iterator[Edit]:
    if not _MOJIBAKE.search(text):
        return
    from ftfy import fix_encoding

    for match in _CHUNK.finditer(text):
        mended = fix_encoding(match[0])
        if mended != match[0]:
            yield Edit(match.start(), match.end(), mended)


def _odd_edits(text: str) -> Iterator[Edit]:
    for match in _ODD.finditer(text):
        match match.lastgroup:
            case "space":
                replacement = "" if _is_within_word(text, match) else " "
            case "ligature":
                replacement = unicodedata.normalize("NFKC", match[0])
            case "nothing":
                replacement = ""
            case _:
                replacement = "\ufffd"
        yield Edit(match.start(), match.end(), replacement)


def _is_within_word(text: str, line_break: re.Match[str]) -> bool:
    """Whether a line ends in a hyphen that stands within a word, and not as in `short-` and `long-term`."""
    start, end = line_break.span()
    return (
        start > 1
        and text[start - 1] == "-"
        and text[start - 2].isalpha()
        and text[end : end + 1].isalpha()
        and _LINE_END.search(line_break[0]) is not None
        and not _CONJUNCTION.match(text, end)
    )


def _composition_edits(text: str) -> Iterator[Edit]:
    """Compose letters with their marks: each for itself, or the whole run where letters join as in Hangul."""
    for run in _MARKED.finditer(text):
        composed = unicodedata.normalize("NFC", run[0])
        if composed == run[0]:
            continue
        starts = [i for i, character in enumerate(run[0]) if i == 0 or not unicodedata.combining(character)]
        letters = [
            Edit(run.start() + start, run.start() + end, unicodedata.normalize("NFC", run[0][start:end]))
            for start, end in pairwise([*starts, len(run[0])])
        ]
        if "".join(letter.replacement for letter in letters) == composed:
            yield from (letter for letter in letters if text[letter.start : letter.end] != letter.replacement)
        else:
            yield Edit(run.start(), run.end(), composed)


def _margins(text: str) -> Iterator[Edit]:
    """White space around the whole text, which no reader sees."""
    inner = text.strip()
    start = text.index(inner) if inner else len(text)
    if start:
        yield Edit(0, start, "")
    if start + len(inner) < len(text):
        yield Edit(start + len(inner), len(text), "")
