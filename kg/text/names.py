"""The key under which two spellings of one name meet."""

from __future__ import annotations

import re
import unicodedata

from kg.text.offsets import apply

_QUOTES = dict.fromkeys(map(ord, "'\"`´‘’‚‛“”„‟′″«»‹›ʼ"))
# White space, underscores, ties, and every kind of hyphen, dash and minus.
_SEPARATORS = re.compile(
    r"[\s_~\u058a\u05be\u2010-\u2015\u2043\u2053\u207b\u208b\u2212\u301c\ufe58\ufe63\uff0d-]+"
)
_WITHOUT_WIDTH = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_LATEX = re.compile(r"[\\${]")
# `F_1`, `π_0`: an index of a single letter, whereas `ODAL_score` has two words.
_INDEX = re.compile(r"(?<![^\W_])([^\W\d_])_(?=\d)")
_MARKS = re.compile(r"[\\${}^]")
_EDGES = re.compile(r"^[,;:.]+\s|[,;:.]+$")

# Words that end as plurals do, and plurals that do not just take -s after a word that could not lose it.
_UNCHANGED = (
    "series species means news lens bayes stokes chaos cosmos kubernetes diabetes always yes bias atlas alias"
    " canvas pandas gas keras texas pancreas christmas"
)
_LOSE_S = (
    "metric topic heuristic characteristic critic mosaic comic logic clinic fabric basic gpu cpu tpu npu imu"
    " gru relu gelu menu api gui kpi mri roi poi emoji movie cookie selfie calorie zombie cache niche"
)
_LOSE_ES = "bias lens gas virus bus atlas alias canvas status focus"
_IS_TO_ES = "analys hypothes synthes thes diagnos prognos ax parenthes metamorphos"
_SINGULAR = {
    **{word: word for word in _UNCHANGED.split()},
    **{f"{word}s": word for word in _LOSE_S.split()},
    **{f"{word}es": word for word in _LOSE_ES.split()},
    **{f"{stem}es": f"{stem}is" for stem in _IS_TO_ES.split()},
    "matrices": "matrix",
    "vertices": "vertex",
    "indices": "index",
}
_NO_PLURAL = ("ss", "us", "is", "ics")
_PLURAL_IN_ES = ("sses", "xes", "ches", "shes")


def normal_form(name: str) -> str:
    """The key under which two spellings of one name meet.

    Case, hyphens, spacing, plural -s and LaTeX marks do not count; digits and
    `+` do, since ResNet-50 and ResNet-101 are two networks and `C` is not `C++`.

    Words stand apart by one space. Only the last word is made singular, and only where it ends in a letter
    and -s and has four characters or more: `GPS` is not the plural of `GP`. Taking it twice changes nothing.

    >>> normal_form("Convolutional neural-networks")
    'convolutional neural network'
    >>> normal_form("ResNet-50") == normal_form("ResNet-101")
    False
    >>> normal_form("EuCd$_2$As$_2$"), normal_form("EuCd₂As₂"), normal_form("top-1 accuracies")
    ('eucd2as2', 'eucd2as2', 'top 1 accuracy')
    >>> normal_form("ViTs"), normal_form("triplet loss"), normal_form("data analysis"), normal_form("A*")
    ('vit', 'triplet loss', 'data analysis', 'a*')
    """
    key = _fold(name)
    # A mark taken away may let its neighbours compose; twice is enough for all but contrived names.
    for _ in range(4):
        if (again := _fold(key)) == key:
            break
        key = again
    return key


def _fold(name: str) -> str:
    text = unicodedata.normalize("NFKC", name.translate(_QUOTES))
    if _LATEX.search(text):
        from kg.text import latex

        text = apply(text, latex.edits(text)).translate(_QUOTES)
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _MARKS.sub("", _INDEX.sub(r"\1", _WITHOUT_WIDTH.sub("", text)))
    text = _EDGES.sub("", _SEPARATORS.sub(" ", text).strip()).strip()
    head, space, last = text.rpartition(" ")
    return unicodedata.normalize("NFKC", f"{head}{space}{_singular(last)}")


def _singular(word: str) -> str:
    if word in _SINGULAR:
        return _SINGULAR[word]
    if len(word) < 4 or word[-1] != "s" or not word[-2].isalpha() or word.endswith(_NO_PLURAL):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[: -2 if word.endswith(_PLURAL_IN_ES) else -1]
