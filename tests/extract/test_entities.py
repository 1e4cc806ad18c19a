"""The trained extractor as a component of a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from kg.errors import ReadError
from kg.extract import extract
from kg.extract.encoder import Candidates, Encoder
from kg.extract.entities import NAME, Entities
from kg.files import InputFile
from kg.model import EntityType, Paper, Role, Section
from kg.read import read_file

TEXTS = [
    "PlaneFormer: plane detection with transformers\n\nWe propose PlaneFormer (PF), a vision transformer"
    " for plane detection. On ScanNet and KITTI-360 it reaches an F1 score of 91.2%, 3.1% over PlaneRCNN.",
    "Short text.",
    "",
    "We study the Josephson effect in twisted bilayer graphene by means of Monte Carlo simulation.",
    "Experiments on WMT14 En-De (AUC=0.95) show that LoRA-tuned models beat full fine-tuning; see"
    " https://example.org/code for the code.",
]


def pipeline(model: Path | None) -> Language:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg.Tokenizer.v1"}}})
    nlp.add_pipe("kg_sentences")
    nlp.add_pipe("kg_abbreviations")
    nlp.add_pipe(NAME, config={"model": None if model is None else str(model)})
    return nlp


@pytest.fixture(scope="module")
def nlp(model: Path) -> Language:
    return pipeline(model)


def seen(doc: Doc) -> list[tuple[object, ...]]:
    return [
        (
            span.start_char,
            span.end_char,
            span.label_,
            span._.kg_name,
            span._.kg_role,
            span._.kg_score,
            span._.kg_long_form,
            span._.kg_extractor,
        )
        for span in doc.spans["kg"]
    ]


# --- the contract ------------------------------------------------------------------------------------


@pytest.mark.warns
def test_mentions_have_everything_the_contract_names(nlp: Language) -> None:
    found = 0
    for doc in nlp.pipe(TEXTS):
        spans = list(doc.spans["kg"])
        found += len(spans)
        assert [(span.start, span.end) for span in spans] == sorted((span.start, span.end) for span in spans)
        assert [span.text for span in doc.ents] == [span.text for span in spans]
        for span in spans:
            assert span.text == span.text.strip() != ""
            assert EntityType(span.label_) and Role(span._.kg_role)
            assert 0 < span._.kg_score <= 1
            assert span._.kg_extractor == "kg_entities"
    assert found > 3


@pytest.mark.warns
@pytest.mark.parametrize("batch_size", [1, 2, 64])
def test_mentions_do_not_depend_on_the_batch(nlp: Language, batch_size: int) -> None:
    alone = [seen(nlp(text)) for text in TEXTS]
    assert [seen(doc) for doc in nlp.pipe(TEXTS, batch_size=batch_size)] == alone
    assert [seen(doc) for doc in nlp.pipe(TEXTS[::-1], batch_size=batch_size)] == alone[::-1]


def check_places(nlp: Language, papers: Iterable[Paper]) -> int:
    """The number of mentions, each of which stands at its place in the published text."""
    mentions = 0
    for extraction in extract(papers, nlp=nlp):
        for mention in extraction.mentions:
            mentions += 1
            section = extraction.paper.section(Section(mention.span.section))
            assert section[mention.span.start : mention.span.end] == mention.span.text != ""
    return mentions


@pytest.mark.warns
def test_what_is_reported_stands_at_its_place_in_the_published_text(
    nlp: Language, papers: tuple[Paper, ...]
) -> None:
    assert check_places(nlp, papers) > len(papers)


@pytest.mark.warns
def test_so_it_does_in_abstracts_that_others_wrote(nlp: Language, shared: Path) -> None:
    path = shared / "corpora" / "arxiv_2025_2026.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"{path.name} is not here")
    records = islice(read_file(InputFile(path, str(path), path.name)), 0, 2000, 20)
    papers = [record for record in records if isinstance(record, Paper)]
    assert check_places(nlp, papers) > len(papers) == 100


def test_documents_come_one_by_one(model: Path) -> None:
    entities = Entities(Encoder(model))
    vocab = spacy.blank("en").vocab
    asked = 0

    def docs() -> Iterator[Doc]:
        nonlocal asked
        for _ in range(3):
            asked += 1
            yield Doc(vocab, words=["Some", "words"])

    stream = entities.pipe(docs())
    next(stream)
    assert asked == 1


@pytest.mark.warns
def test_texts_longer_than_a_window_are_counted_in_one_warning(
    nlp: Language, caplog: pytest.LogCaptureFixture
) -> None:
    long = "We train the network on data. " * 200
    list(nlp.pipe([long, "Short.", long]))
    told = [record.getMessage() for record in caplog.records if "overlapping windows" in record.getMessage()]
    assert len(told) == 1
    assert told[0].startswith("2 texts have more than")


# --- tokens ------------------------------------------------------------------------------------------


class _Fixed:
    """An encoder that finds one method, wherever the tokens begin and end."""

    def __init__(self, encoder: Encoder, name: str) -> None:
        self.meta = replace(encoder.meta, thresholds=(0.0,) * len(encoder.meta.types))
        self._name = name

    def read(self, text: str) -> Candidates:
        start = text.index(self._name)
        scores = np.full((1, len(self.meta.types)), -9, np.float32)
        scores[0, self.meta.types.index(EntityType.METHOD)] = 2
        return Candidates(
            np.array([start]),
            np.array([start + len(self._name)]),
            scores,
            np.zeros((1, len(self.meta.roles)), np.float32),
            1,
        )


@pytest.mark.parametrize(
    ("text", "name", "tokens"),
    [
        ("It has AUC=0.95 here. It is new.", "AUC", ["AUC", "=0.95"]),
        ("It won at Foo@WMT21 there. It is new.", "WMT21", ["Foo@", "WMT21"]),
        ("It is x$Net$y here. It is new.", "Net", ["x$", "Net", "$y"]),
    ],
)
def test_tokens_are_cut_where_a_mention_begins_or_ends(
    model: Path, text: str, name: str, tokens: list[str]
) -> None:
    nlp = pipeline(model)
    whole = [token.text for token in nlp.make_doc(text)]
    nlp.get_pipe(NAME).encoder = _Fixed(Encoder(model), name)  # type: ignore[attr-defined]
    doc = nlp(text)
    assert doc.text == text
    assert [span.text for span in doc.spans["kg"]] == [name]
    assert "".join(tokens) in "".join(whole)
    assert set(tokens) <= {token.text for token in doc}
    assert [sentence.text[-4:] for sentence in doc.sents][-1] == "new."
    assert len(list(doc.sents)) == 2


# --- keeping -----------------------------------------------------------------------------------------


@pytest.mark.warns
def test_a_pipeline_on_disk_keeps_its_model(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    assert (tmp_path / "pipeline" / NAME / "model.onnx").is_file()
    loaded = spacy.load(tmp_path / "pipeline")
    assert seen(loaded(TEXTS[0])) == seen(nlp(TEXTS[0]))


@pytest.mark.warns
def test_a_pipeline_in_bytes_keeps_its_model(nlp: Language, model: Path) -> None:
    loaded = pipeline(model).from_bytes(nlp.to_bytes())
    assert seen(loaded(TEXTS[0])) == seen(nlp(TEXTS[0]))


@pytest.mark.warns
def test_mentions_survive_a_docbin(nlp: Language) -> None:
    docs = list(nlp.pipe(TEXTS))
    again = DocBin(docs=docs, store_user_data=True).get_docs(nlp.vocab)
    assert [seen(doc) for doc in again] == [seen(doc) for doc in docs]


def test_a_folder_without_model_is_refused_when_the_pipeline_is_made(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="expected a model folder"):
        pipeline(tmp_path)


# --- what the packaged model finds -------------------------------------------------------------------


def test_the_packaged_model_finds_what_a_reader_would(trained: Path) -> None:
    del trained
    doc = pipeline(None)(TEXTS[0])
    found = {(span.text, span.label_, span._.kg_role) for span in doc.spans["kg"]}
    assert found >= {
        ("PlaneFormer", "Method", "proposed"),
        ("plane detection", "Task", "addressed"),
        ("KITTI-360", "Dataset", "evaluated_on"),
        ("F1 score", "Metric", "measured"),
        ("PlaneRCNN", "Method", "compared"),
    }
