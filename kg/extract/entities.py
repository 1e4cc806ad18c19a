"""kg_entities: finds mentions and their roles with a trained model.

Takes a Doc with sentences and abbreviations, sets `doc.spans["kg"]` and `doc.ents`, with name, role, full
form and score of each mention. Runs without torch: see `encoder` for what a model folder holds. The same
text gives the same mentions whatever stands beside it in a batch.
"""

from __future__ import annotations

import logging
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import SimpleFrozenList

from kg.extract.encoder import PACKAGED, Encoder
from kg.extract.extensions import SPANS_KEY, register
from kg.extract.spans import Found, find_mentions

NAME = "kg_entities"

_log = logging.getLogger(__name__)


@Language.factory(
    NAME,
    default_config={"model": None, "threads": 1},
    requires=["doc.sents", "doc._.kg_abbreviations"],
    assigns=[
        "doc.spans",
        "doc.ents",
        "span._.kg_name",
        "span._.kg_role",
        "span._.kg_score",
        "span._.kg_long_form",
        "span._.kg_extractor",
    ],
)
def make_entities(nlp: Language, name: str, model: str | None, threads: int) -> Entities:  # noqa: ARG001
    """The component for a pipeline: `model` is the folder of one, without which the packaged one is used."""
    register()
    return Entities(Encoder(PACKAGED if model is None else Path(model), threads=threads))


class Entities:
    """Finds mentions."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc.spans["kg"]` and `doc.ents`."""
        if self._annotate(doc) > 1:
            self._warn(1)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:  # noqa: ARG002
        """The Docs with their mentions, one by one."""
        windowed = 0
        try:
            for doc in stream:
                windowed += self._annotate(doc) > 1
                yield doc
        finally:
            self._warn(windowed)

    def _annotate(self, doc: Doc) -> int:
        """Set the mentions of a Doc, and return in how many windows it was read."""
        text = doc.text
        candidates = self.encoder.read(text)
        abbreviations = [(text[a:b], text[c:d]) for a, b, c, d in doc._.kg_abbreviations]
        found = find_mentions(text, candidates, abbreviations, self.encoder.meta)
        spans = _spans(doc, found)
        doc.spans[SPANS_KEY] = SpanGroup(doc, name=SPANS_KEY, spans=spans)
        doc.set_ents(spans)
        return candidates.windows

    def _warn(self, windowed: int) -> None:
        if windowed:
            _log.warning(
                "%d texts have more than %d word pieces and were read in overlapping windows",
                windowed,
                self.encoder.meta.length - 2,
            )

    # --- serialisation -------------------------------------------------------------------------------

    def to_bytes(self, *, exclude: Iterable[str] = SimpleFrozenList()) -> bytes:  # noqa: ARG002
        """The files of the model, packed."""
        packed: bytes = srsly.msgpack_dumps(dict(self.encoder.files()))
        return packed

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = SimpleFrozenList()) -> Entities:  # noqa: ARG002
        """Load what `to_bytes` gave."""
        self.encoder = Encoder(srsly.msgpack_loads(data), threads=self.encoder.threads)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = SimpleFrozenList()) -> None:  # noqa: ARG002
        """Write the files of the model into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.encoder.files().items():
            (folder / name).write_bytes(content)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = SimpleFrozenList()) -> Entities:  # noqa: ARG002
        """Load the model in a folder."""
        self.encoder = Encoder(Path(path), threads=self.encoder.threads)
        return self


def _spans(doc: Doc, found: Sequence[Found]) -> list[Span]:
    spans = _aligned(doc, found)
    if len(spans) < len(found):
        _split_tokens(doc, found)
        spans = _aligned(doc, found)
    for span, mention in zip(spans, found, strict=True):
        if mention.name != span.text:
            span._.kg_name = mention.name
        span._.kg_role = mention.role.value
        span._.kg_score = mention.score
        span._.kg_long_form = mention.long_form
        span._.kg_extractor = NAME
    return spans


def _aligned(doc: Doc, found: Iterable[Found]) -> list[Span]:
    """The mentions that begin and end with tokens."""
    spans = (doc.char_span(mention.start, mention.end, label=mention.type.value) for mention in found)
    return [span for span in spans if span is not None]


def _split_tokens(doc: Doc, found: Iterable[Found]) -> None:
    """Cut tokens that a mention begins or ends in: `AUC` in `AUC=0.95`."""
    places = sorted({place for mention in found for place in (mention.start, mention.end)})
    with doc.retokenize() as retokenizer:
        for token in doc:
            start, end = token.idx, token.idx + len(token)
            cuts = places[bisect_right(places, start) : bisect_left(places, end)]
            if cuts:
                parts = [
                    token.text[first - start : last - start] for first, last in pairwise([start, *cuts, end])
                ]
                retokenizer.split(token, parts, heads=[(token, index) for index in range(len(parts))])
