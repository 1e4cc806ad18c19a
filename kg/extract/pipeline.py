"""The spaCy pipeline, and the stream of papers through it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.extract.layout import Window, lay_out
from kg.model import Extraction, Paper

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_log = logging.getLogger(__name__)

COMPONENTS = (
    "kg_sentences",
    "kg_abbreviations",
    "kg_entities",
    "kg_measurements",
    "kg_relations",
)
# An abstract of this length does not exist; a longer text is read in windows, since some rules look at a
# whole Doc for every phrase of it.
LONGEST_DOC = 50_000


def load_pipeline() -> Language:
    """A new pipeline: tokenizer, sentences, abbreviations, mentions, roles, measurements, relations."""
    import spacy

    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg.Tokenizer.v1"}}})
    for component in COMPONENTS:
        nlp.add_pipe(component)
    nlp.meta["name"] = "abstractkg"
    return nlp


def extract(
    papers: Iterable[Paper], *, nlp: Language | None = None, batch_size: int = 64
) -> Iterator[Extraction]:
    """What each paper says, in the order of the papers, read as they come.

    Metadata that authors put into comment lines is added to each paper. A text too long for one Doc is
    read in windows cut between words; names are then related within their window only, and a warning
    says how many papers that concerned.
    """
    from kg.extract.convert import to_extraction
    from kg.extract.tokenizer import count_long_words

    nlp = load_pipeline() if nlp is None else nlp
    limit = min(nlp.max_length, LONGEST_DOC)
    read: list[tuple[Window, Doc]] = []
    windowed = capped = 0
    try:
        stream = nlp.pipe(_windows(papers, limit), as_tuples=True, batch_size=batch_size)
        for doc, window in stream:
            read.append((window, doc))
            if window.is_last:
                windowed += len(read) > 1
                capped += count_long_words(window.layout.text) > 0
                yield to_extraction(window.layout, read)
                read = []
    finally:
        if windowed:
            _log.warning("%d papers are longer than %d characters and were read in windows", windowed, limit)
        if capped:
            _log.warning("%d papers hold words longer than a word can be; they were read in pieces", capped)


def _windows(papers: Iterable[Paper], limit: int) -> Iterator[tuple[str, Window]]:
    from kg.extract.comments import with_metadata

    for paper in papers:
        layout = lay_out(with_metadata(paper))
        yield from layout.windows(limit)
