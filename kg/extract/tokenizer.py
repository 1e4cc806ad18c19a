"""The tokenizer: spaCy's English one, with the spelling of abstracts and a guard against long words.

spaCy peels brackets and marks off a word one at a time and copies the rest each time, so a run of
16,000 `(` takes it half a minute. Words longer than `LONGEST_WORD` are cut into pieces of that
length first; the Doc's text stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

LONGEST_WORD = 256
_LONG_WORD = re.compile(rf"(?<!\S)\S{{{LONGEST_WORD + 1}}}\S*")

# Unlike spaCy's own, linear in the length of the word.
_URL = re.compile(
    r"(?:(?:https?|ftp)://\S+"
    r"|www\.\S+"
    r"|(?:[\w-]+\.)+(?:com|org|net|io|ai|edu|gov|dev|info|co|cn|de|eu|fr|uk|jp|kr|ch|it|in)(?:/\S*)?)$",
    re.I,
)

_INFIXES = (
    r"[()\[\]{}]",
    r"(?<=[0-9%])/(?=[0-9])",  # Kinetics-400/600, 82.9%/85.2%
    r"(?<=\w),(?=[^\W\d])",
    r"(?<=\w);(?=\w)",
    r"(?<=\w)\+(?=[A-Za-z])",
    r"(?<=[0-9])\.(?=[A-Z][a-z])",  # a missing space: "by 3.2.Code is available"
)
_SUFFIXES = (r"(?<=[0-9])%", r"(?<=[-0-9a-z][A-Z])\.")  # "DeiT-B."


class PaperTokenizer(Tokenizer):  # type: ignore[misc]  # spaCy compiles it without types
    """spaCy's tokenizer, in time linear in the length of any text."""

    def __call__(self, text: str) -> Doc:
        """The Doc of a text."""
        if _LONG_WORD.search(text) is None:
            doc: Doc = super().__call__(text)
            return doc
        pieces = [super(PaperTokenizer, self).__call__(piece) for piece in _pieces(text)]
        words = [token.text for piece in pieces for token in piece]
        spaces = [bool(token.whitespace_) for piece in pieces for token in piece]
        return Doc(self.vocab, words=words, spaces=spaces)


def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """The function spaCy builds this pipeline's tokenizer with; takes the nlp object."""

    def build(nlp: Language) -> Tokenizer:
        defaults = nlp.Defaults
        # spaCy splits units off numbers, and with them the K of ImageNet-1K.
        suffixes = [rule for rule in defaults.suffixes or () if "km²" not in str(rule)]
        return PaperTokenizer(
            nlp.vocab,
            rules=defaults.tokenizer_exceptions,
            prefix_search=compile_prefix_regex(defaults.prefixes or ()).search,
            suffix_search=compile_suffix_regex([*suffixes, *_SUFFIXES]).search,
            infix_finditer=compile_infix_regex([*(defaults.infixes or ()), *_INFIXES]).finditer,
            url_match=_URL.match,
        )

    return build


registry.tokenizers.register("kg.Tokenizer.v1", func=make_tokenizer)


def count_long_words(text: str) -> int:
    """How many words of a text are cut into pieces.

    >>> count_long_words("(" * 300 + " short " + "x" * 256)
    1
    """
    return sum(1 for _ in _LONG_WORD.finditer(text))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for match in _LONG_WORD.finditer(text):
        if start < match.start():
            yield text[start : match.start()]
        for cut in range(match.start(), match.end(), LONGEST_WORD):
            yield text[cut : min(cut + LONGEST_WORD, match.end())]
        start = match.end()
    if start < len(text):
        yield text[start:]
