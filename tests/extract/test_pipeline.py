"""The pipeline as a whole: order, places, hostile input, and every way spaCy saves and ships it."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from kg.extract import extract, load_pipeline
from kg.extract.extensions import register
from kg.extract.pipeline import COMPONENTS, LONGEST_DOC
from kg.model import Extraction, Paper, Section

TITLE = "PondNet: Leaf Retrieval"
ABSTRACT = (
    "We propose PondNet, a graph neural network (GNN) for leaf retrieval. It is built on ResNet-50 and "
    "trained with contrastive learning. On Kinetics-400/600 and the Heron dataset it beats CLIP by 3.2% in "
    "accuracy."
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


def paper(number: int = 1, title: str | None = TITLE, abstract: str = ABSTRACT) -> Paper:
    return Paper(id=f"arXiv:2101.{number:05}", title=title, abstract=abstract)


def mentions(doc: Doc) -> list[tuple[str, str, str, str, float]]:
    return [
        (span.text, span.label_, span._.kg_name, span._.kg_role, span._.kg_score) for span in doc.spans["kg"]
    ]


def assert_places_are_published(extraction: Extraction) -> None:
    spans = [
        *(mention.span for mention in extraction.mentions),
        *extraction.sentences,
        *(relation.sentence for relation in extraction.relations),
        *(measurement.span for measurement in extraction.measurements),
    ]
    for span in spans:
        assert extraction.paper.section(span.section)[span.start : span.end] == span.text
        assert span.text.strip()


def test_pipeline_has_its_components_in_order(nlp: Language) -> None:
    assert tuple(nlp.pipe_names) == COMPONENTS
    assert nlp.analyze_pipes()["problems"] == {name: [] for name in COMPONENTS}


def test_a_paper_is_read_whole(nlp: Language) -> None:
    [extraction] = extract([paper()], nlp=nlp)
    found = {(mention.name, str(mention.type), str(mention.role)) for mention in extraction.mentions}
    assert found >= {
        ("PondNet", "Method", "proposed"),
        ("ResNet-50", "Method", "used"),
        ("CLIP", "Method", "compared"),
        ("Kinetics-400", "Dataset", "evaluated_on"),
        ("Kinetics-600", "Dataset", "evaluated_on"),
        ("leaf retrieval", "Task", "addressed"),
        ("accuracy", "Metric", "measured"),
    }
    [short] = [mention for mention in extraction.mentions if mention.name == "GNN"]
    assert short.long_form == "graph neural network"
    assert [sentence.section for sentence in extraction.sentences] == [Section.TITLE] + [Section.ABSTRACT] * 3
    assert_places_are_published(extraction)


def test_places_lie_in_the_published_text_with_its_latex(nlp: Language) -> None:
    abstract = (
        r"We propose {\textbf{PondNet}}~\cite{x} on Ima-geNet, \eg for \emph{leaf retrieval} at 5\% cost."
    )
    [extraction] = extract([paper(title=r"On $\alpha$-Ponds", abstract=abstract)], nlp=nlp)
    assert_places_are_published(extraction)
    by_name = {mention.name: mention.span.text for mention in extraction.mentions}
    assert by_name["ImageNet"] == "Ima-geNet"
    assert "PondNet" in by_name


def test_extractions_come_in_the_order_of_the_papers_and_as_a_stream(nlp: Language) -> None:
    taken = []

    def papers() -> list[Paper]:
        for number in range(1, 200):
            taken.append(number)
            yield paper(number, abstract=f"We propose Net{number}.")

    first = list(islice(extract(papers(), nlp=nlp, batch_size=8), 20))
    assert [extraction.paper.id for extraction in first] == [paper(number).id for number in range(1, 21)]
    assert len(taken) < 60


@pytest.mark.parametrize(
    ("title", "abstract"),
    [(None, ""), ("", ""), (None, "x"), ("Only a Title", ""), (None, "\n\n \n"), ("$", "\\")],
)
def test_papers_with_little_text_are_read(nlp: Language, title: str | None, abstract: str) -> None:
    [extraction] = extract([paper(title=title, abstract=abstract)], nlp=nlp)
    assert_places_are_published(extraction)


def test_a_sentence_never_spans_title_and_abstract(nlp: Language) -> None:
    [extraction] = extract([paper(title="a title without mark", abstract="and an abstract")], nlp=nlp)
    assert [sentence.text for sentence in extraction.sentences] == ["a title without mark", "and an abstract"]


@pytest.mark.warns
@pytest.mark.parametrize(
    "text",
    [
        "(" * 16_000,
        "x" * 60_000,
        "a-" * 30_000,
        "alpha beta (AB) " * 6_000,
        "NetX, " * 10_000,
        "A-1/2" * 12_000,
        "A" + "+" * 60_000,
        "\u202e\u0000\ufeff" * 1_000,
    ],
)
def test_hostile_texts_are_read_within_seconds(nlp: Language, text: str) -> None:
    start = time.process_time()
    [extraction] = extract([paper(abstract=text)], nlp=nlp)
    assert time.process_time() - start < 15
    assert_places_are_published(extraction)


@pytest.mark.warns
def test_long_texts_are_read_in_windows_and_nothing_is_cut(
    nlp: Language, caplog: pytest.LogCaptureFixture
) -> None:
    filler = "The pond is calm and the leaves are green on this day. " * (LONGEST_DOC // 50)
    end = "We propose LastNet, a network for image classification, and evaluate LastNet on ImageNet. "
    text = filler + end + "y" * 300
    [extraction] = extract([paper(title=None, abstract=text)], nlp=nlp)
    assert {"LastNet", "ImageNet"} <= {mention.name for mention in extraction.mentions}
    assert sum(len(sentence.text.split()) for sentence in extraction.sentences) == len(text.split())
    assert_places_are_published(extraction)
    assert "1 papers are longer" in caplog.text
    assert "1 papers hold words longer" in caplog.text


def test_registering_twice_changes_nothing() -> None:
    register()
    extension = Span.get_extension("kg_role"), Doc.get_extension("kg_relations")
    register()
    assert (Span.get_extension("kg_role"), Doc.get_extension("kg_relations")) == extension


def test_a_mention_is_named_by_its_text_until_told_otherwise(nlp: Language) -> None:
    register()
    span = nlp.make_doc("one two")[0:1]
    assert span._.kg_name == "one"
    span._.kg_name = "uno"
    assert span._.kg_name == "uno"


def test_saved_pipeline_loads_without_an_import_of_ours(nlp: Language, tmp_path: Path) -> None:
    text = f"{TITLE}\n\n{ABSTRACT}"
    nlp.to_disk(tmp_path / "pipeline")
    program = (
        "import json, spacy, sys\n"
        "nlp = spacy.load(sys.argv[1])\n"
        "doc = nlp(sys.stdin.read())\n"
        "print(json.dumps([[token.text for token in doc],"
        " [[s.text, s.label_, s._.kg_name, s._.kg_role, s._.kg_score] for s in doc.spans['kg']]]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "pipeline")],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        timeout=120,
    )
    doc = nlp(text)
    expected = [[token.text for token in doc], [list(mention) for mention in mentions(doc)]]
    assert json.loads(result.stdout) == expected


def test_pipeline_survives_bytes(nlp: Language) -> None:
    again = load_pipeline().from_bytes(nlp.to_bytes())
    assert mentions(again(ABSTRACT)) == mentions(nlp(ABSTRACT))


def test_doc_bin_keeps_the_results(nlp: Language) -> None:
    doc = nlp(f"{TITLE}\n\n{ABSTRACT}")
    assert doc._.kg_abbreviations
    stored = DocBin(docs=[doc], store_user_data=True).to_bytes()
    [again] = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert mentions(again) == mentions(doc)
    for name in ("kg_abbreviations", "kg_measurements", "kg_relations"):
        assert json.loads(json.dumps(again._.get(name))) == json.loads(json.dumps(doc._.get(name)))


def test_two_processes_give_what_one_gives(nlp: Language) -> None:
    texts = [f"Net{number}: A Pond\n\n{ABSTRACT}" for number in range(8)]
    one = [mentions(doc) for doc in nlp.pipe(texts)]
    two = [mentions(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=4)]
    assert one == two


def test_importing_the_package_does_not_import_spacy() -> None:
    program = "import sys, kg.extract; print('spacy' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.strip() == "False"


def test_places_hold_on_real_abstracts(nlp: Language, shared: Path) -> None:
    with gzip.open(shared / "corpora" / "arxiv_2025_2026.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in islice(file, 0, 60_000, 200)]
    assert len(records) == 300
    papers = [
        Paper(id=record["id"], title=record["title"], abstract=record["abstract"]) for record in records
    ]
    count = 0
    for extraction in extract(papers, nlp=nlp):
        assert_places_are_published(extraction)
        count += len(extraction.mentions)
    assert count > 3000
