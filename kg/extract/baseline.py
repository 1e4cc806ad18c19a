"""kg_baseline: finds mentions by rules and word lists.

Takes a Doc with sentences and abbreviations, sets `doc.spans["kg"]` and `doc.ents`. Three kinds of
evidence: names (words written like names, typed by what stands around them), terms (phrases whose last
word tells what they are), and well-known names. Each guess has a score, how often guesses of its kind
hold; guesses under `threshold` are dropped. A thing named once is then found everywhere in the text.
Knows nothing of roles or measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from spacy.util import filter_spans
from spacy.vocab import Vocab

from kg.extract.candidates import read
from kg.extract.context import type_of_full_form
from kg.extract.extensions import SPANS_KEY, register
from kg.extract.gazetteer import Gazetteer, Known
from kg.extract.names import find_names, find_short_names, find_variants
from kg.extract.phrases import find_phrases
from kg.extract.things import Things

NAME = "kg_baseline"


@Language.factory(
    NAME,
    default_config={"threshold": 0.45},
    requires=["doc.sents", "doc._.kg_abbreviations"],
    assigns=[
        "doc.spans",
        "doc.ents",
        "span._.kg_name",
        "span._.kg_score",
        "span._.kg_long_form",
        "span._.kg_extractor",
    ],
)
def make_baseline(nlp: Language, name: str, threshold: float) -> Baseline:  # noqa: ARG001
    """The component for a pipeline."""
    register()
    return Baseline(nlp.vocab, nlp.tokenizer, threshold)


class Baseline:
    """Finds mentions."""

    def __init__(self, vocab: Vocab, tokenize: Callable[[str], Doc], threshold: float) -> None:
        self.threshold = threshold
        self._gazetteer = Gazetteer(vocab, tokenize)

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc.spans["kg"]` and `doc.ents`."""
        text = doc.text
        abbreviations = [(text[a:b], text[c:d]) for a, b, c, d in doc._.kg_abbreviations]
        full_forms = dict(reversed(abbreviations))  # of two definitions the first counts
        known = [entry for entry in self._gazetteer.find(doc) if not _is_redefined(text, entry, full_forms)]
        reading = read(text, [sentence.start_char for sentence in doc.sents], known)
        short_names = dict(find_short_names(reading))
        full_forms = {**short_names, **full_forms}
        things = Things(reading, [*abbreviations, *short_names.items()])
        names = find_names(reading)
        for name in names:
            things.add_name(name)
        for candidate in find_phrases(reading, names, self.threshold):
            things.add(candidate)
        for start, end, variant, entity_type in find_variants(reading, names):
            things.add_place(start, end, variant, entity_type, 0.7)
        for entry in reading.stems:
            things.add_place(entry.start, entry.end, text[entry.start : entry.end], entry.type, 0.6)
        spans = []
        for found in things.found(self.threshold):
            span = doc.char_span(found.start, found.end, label=found.type)
            if span is None:
                continue
            if found.name != span.text:
                span._.kg_name = found.name
            span._.kg_score = round(found.score, 4)
            span._.kg_extractor = NAME
            span._.kg_long_form = full_forms.get(span.text, "")
            spans.append(span)
        doc.spans[SPANS_KEY] = SpanGroup(doc, name=SPANS_KEY, spans=spans)
        doc.set_ents(filter_spans(spans))
        return doc


def _is_redefined(text: str, known: Known, full_forms: Mapping[str, str]) -> bool:
    """Whether the paper gives a well-known short form a full form of another type."""
    full = full_forms.get(text[known.start : known.end])
    return full is not None and type_of_full_form(full) not in {None, known.type}
