"""Training: from annotated papers to a model folder that the pipeline runs."""

from __future__ import annotations

import json
import string
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy

from kg.errors import ReadError, UsageError
from kg.evaluate import evaluate
from kg.evaluate.annotations import parse
from kg.extract import extract
from kg.extract.encoder import Encoder, load_tokenizer, windows
from kg.extract.entities import NAME
from kg.model import EntityType, Paper, Role
from kg.records import extraction_to_record
from kg.resolve import group_mentions
from kg.train import Settings, read_settings, train
from kg.train.data import TYPES, AnnotatedText, load_texts, project, to_examples, without_near

PAPERS = [
    {
        "id": "2101.00001",
        "title": "Zug: faster rails",
        "abstract": "We propose Zug, a train, for rail planning. Zug beats Bahn on Gleis by accuracy.",
        "entities": [
            {"type": "Method", "name": "Zug", "aliases": [], "role": "proposed"},
            {"type": "Method", "name": "Bahn", "aliases": [], "role": "compared"},
            {"type": "Dataset", "name": "Gleis", "aliases": [], "role": "evaluated_on"},
            {"type": "Task", "name": "rail planning", "aliases": [], "role": "addressed"},
            {"type": "Metric", "name": "accuracy", "aliases": [], "role": "measured"},
        ],
    },
    {
        "id": "2101.00002",
        "title": None,
        "abstract": "Tulip bulbs are sorted with Spaten. Results on FlowerBench improve in recall.",
        "entities": [
            {"type": "Method", "name": "Spaten", "aliases": [], "role": "used"},
            {"type": "Benchmark", "name": "FlowerBench", "aliases": [], "role": "evaluated_on"},
            {"type": "Metric", "name": "recall", "aliases": [], "role": "measured"},
        ],
    },
    {
        "id": "2101.00003",
        "title": "Cooling of honey",
        "abstract": "We measure viscosity in cold honey and find slow flow of cold honey.",
        "entities": [
            {"type": "Concept", "name": "viscosity", "aliases": [], "role": "studied"},
            {"type": "Material", "name": "honey", "aliases": [], "role": "studied"},
        ],
    },
]


@pytest.fixture(scope="module")
def annotations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("annotations") / "gold.jsonl"
    path.write_text("".join(json.dumps(paper) + "\n" for paper in PAPERS))
    return path


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny encoder of random weights, in the form of a published one."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    torch = pytest.importorskip("torch", reason="training needs torch")
    pytest.importorskip("onnx", reason="training needs onnx")
    safetensors = pytest.importorskip("safetensors.torch", reason="training needs safetensors")
    folder = tmp_path_factory.mktemp("start")
    letters = string.ascii_lowercase + string.digits + string.punctuation
    text = " ".join(f"{paper['title'] or ''} {paper['abstract']}" for paper in PAPERS)
    known = sorted({word.strip(".,:") for word in text.lower().split()} - set(letters))
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{letter}" for letter in letters), *known]
    vocabulary = {word: index for index, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=words[1]))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))

    generator = torch.Generator().manual_seed(3)
    hidden, inner = 64, 128

    def random(*shape: int) -> Any:
        return torch.randn(shape, generator=generator) * 0.1

    weights = {
        "embeddings.word_embeddings.weight": random(len(words), hidden),
        "embeddings.position_embeddings.weight": random(128, hidden),
        "embeddings.token_type_embeddings.weight": random(2, hidden),
        "embeddings.LayerNorm.weight": torch.ones(hidden),
        "embeddings.LayerNorm.bias": torch.zeros(hidden),
    }
    linear = {
        "attention.self.query": (hidden, hidden),
        "attention.self.key": (hidden, hidden),
        "attention.self.value": (hidden, hidden),
        "attention.output.dense": (hidden, hidden),
        "intermediate.dense": (inner, hidden),
        "output.dense": (hidden, inner),
    }
    for layer in range(2):
        for name, shape in linear.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = random(*shape)
            weights[f"encoder.layer.{layer}.{name}.bias"] = torch.zeros(shape[0])
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            weights[f"encoder.layer.{layer}.{name}.weight"] = torch.ones(hidden)
            weights[f"encoder.layer.{layer}.{name}.bias"] = torch.zeros(hidden)
    safetensors.save_file(weights, folder / "model.safetensors")
    return folder


def settings_for(folder: Path, annotations: Path, start: Path, **changes: Any) -> Settings:
    settings = Settings(
        output=folder / "model",
        annotations=(annotations,),
        encoder=start,
        layers=2,
        epochs=60,
        batch_size=3,
        learning_rate=2e-3,
        head_rate=4e-3,
        dropout=0.0,
        device="cpu",
        precision="fp32",
        threads=1,
        length=128,
        overlap=100,
    )
    return replace(settings, **changes)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, annotations: Path, start: Path) -> Path:
    """A model that knows the three papers by heart."""
    folder = tmp_path_factory.mktemp("run")
    settings = settings_for(folder, annotations, start)
    return train(settings)


def predictions(model: Path) -> list[dict[str, Any]]:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg.Tokenizer.v1"}}})
    nlp.add_pipe("kg_sentences")
    nlp.add_pipe("kg_abbreviations")
    nlp.add_pipe(NAME, config={"model": str(model)})
    papers = [Paper(id=f"arXiv:{row['id']}", title=row["title"], abstract=row["abstract"]) for row in PAPERS]
    return [
        extraction_to_record(extraction, group_mentions(extraction))
        for extraction in extract(papers, nlp=nlp)
    ]


# --- the whole way -----------------------------------------------------------------------------------


def test_three_papers_learnt_by_heart_come_back_through_the_pipeline(model: Path) -> None:
    rows = predictions(model)
    evaluation = evaluate([dict(paper) for paper in PAPERS], rows)
    assert sum(score.gold for score in evaluation.entities.values()) == 10
    for score in evaluation.entities.values():
        assert (score.found, score.right) == (score.gold, score.predicted)
    assert evaluation.roles.accuracy == 1
    mentions = {entity["name"]: len(entity["mentions"]) for entity in rows[0]["entities"]}
    assert mentions == {"Zug": 3, "Bahn": 1, "Gleis": 1, "rail planning": 1, "accuracy": 1}


def test_the_graph_says_what_the_network_says(annotations: Path, start: Path, tmp_path: Path) -> None:
    import torch

    from kg.train.export import write_model
    from kg.train.network import encode, load_encoder, score_roles, score_spans

    weights = load_encoder(start / "model.safetensors", 2, 24, seed=1)
    write_model(
        weights, start / "tokenizer.json", tmp_path, version="1", length=128, overlap=100, quantised=False
    )
    encoder = Encoder(tmp_path)
    text = load_texts([annotations], [])[0].text
    pieces = encoder.pieces(text)
    (window,) = windows(len(pieces.ids), 126, 100)
    inputs = encoder.inputs(pieces, window)
    ids, shapes = torch.from_numpy(inputs["ids"]), torch.from_numpy(inputs["shapes"])
    encoded = encode(weights, ids, shapes, torch.ones_like(ids, dtype=torch.bool))
    spans = score_spans(weights, encoded)[0, 1:-1].numpy()
    pairs, edges = encoder.run(inputs)
    types = len(TYPES)
    for first, last in ((0, 0), (2, 5), (7, 20)):
        score = pairs[first, last] + edges[first, :types] + edges[last, types : 2 * types]
        assert np.allclose(score, spans[first, last - first], atol=1e-4)
        row, begin, end = torch.tensor([0]), torch.tensor([first + 1]), torch.tensor([last + 1])
        roles = score_roles(weights, encoded, row, begin, end)[0].numpy()
        opening, closing = np.split(edges[:, 2 * types :], 2, axis=1)
        assert np.allclose(opening[first] + closing[last], roles, atol=1e-4)


def test_weights_of_a_model_are_eight_bits_and_need_no_pickle(model: Path) -> None:
    import onnx
    from onnx import TensorProto

    graph = onnx.load(model / "model.onnx").graph
    sizes: dict[int, int] = {}
    for tensor in graph.initializer:
        sizes[tensor.data_type] = sizes.get(tensor.data_type, 0) + int(np.prod(tensor.dims))
    assert sizes[TensorProto.INT8] > 10 * 64 * 64
    assert sizes[TensorProto.INT8] > 4 * sizes[TensorProto.FLOAT]
    assert {node.op_type for node in graph.node} >= {"LayerNormalization", "QAttention"}
    assert sorted(path.name for path in model.iterdir()) == ["meta.json", "model.onnx", "tokenizer.json"]


def test_a_run_that_was_interrupted_ends_with_the_same_weights(
    annotations: Path, start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.train import loop

    whole = settings_for(tmp_path / "whole", annotations, start, epochs=4, dropout=0.1)
    train(whole)
    save = loop._Run.save

    def stop_after_two(run: Any, checkpoint: Path) -> None:
        save(run, checkpoint)
        if run.epochs == 2:
            raise KeyboardInterrupt

    parted = replace(whole, output=tmp_path / "parted" / "model")
    monkeypatch.setattr(loop._Run, "save", stop_after_two)
    with pytest.raises(KeyboardInterrupt):
        train(parted)
    assert not parted.output.exists()
    monkeypatch.setattr(loop._Run, "save", save)
    train(parted)
    assert (parted.output / "model.onnx").read_bytes() == (whole.output / "model.onnx").read_bytes()


def test_a_run_can_go_on_from_the_weights_of_another(
    annotations: Path, start: Path, model: Path, tmp_path: Path
) -> None:
    learnt = model.with_name("model.checkpoint")
    settings = settings_for(
        tmp_path, annotations, start, weights=learnt, epochs=1, head_rate=0.0, learning_rate=0.0
    )
    assert (train(settings) / "model.onnx").read_bytes() == (model / "model.onnx").read_bytes()
    (tmp_path / "broken").write_bytes(b"no tensors")
    for wrong in (tmp_path / "broken", start / "model.safetensors"):
        with pytest.raises(ReadError, match="not a checkpoint"):
            train(replace(settings, weights=wrong))


def test_thresholds_are_tuned_and_scores_calibrated_on_dev(
    annotations: Path, start: Path, model: Path, tmp_path: Path
) -> None:
    from kg.train.tune import LEVELS, tune

    meta, evaluation = tune(Encoder(model), load_texts([annotations], []))
    assert evaluation.all_but_concept.f1 == 1
    assert set(meta.thresholds) <= set(LEVELS)
    assert meta.calibration != (1.0, 0.0)

    other = tmp_path / "other.jsonl"
    other.write_text(
        json.dumps({**PAPERS[1], "id": "2202.00002", "abstract": "Another text on Zug.", "title": None})
    )
    settings = settings_for(tmp_path, annotations, start, epochs=1, dev=other)
    folder = train(settings)
    assert json.loads((folder / "evaluation.json").read_text())["papers"] == 1
    assert Encoder(folder).meta.version == settings.version


# --- examples ----------------------------------------------------------------------------------------


def annotated(text: str, *entities: tuple[str, str, list[str]]) -> AnnotatedText:
    rows = [
        {"type": type_, "name": name, "aliases": aliases, "role": "used"} for type_, name, aliases in entities
    ]
    return AnnotatedText(text, parse({"id": "x", "abstract": text, "entities": rows}))


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("GNNs: a GNN, gnn", [("Method", "GNN", [])], ["GNNs", "GNN"]),
        (
            "Graph neural networks (GNN) and the graph neural-network",
            [("Method", "GNN", ["graph neural network"])],
            ["Graph neural networks", "GNN", "graph neural-network"],
        ),
        (
            "COCO detection on COCO",
            [("Task", "COCO detection", []), ("Dataset", "COCO", [])],
            ["COCO detection", "COCO"],
        ),
        (
            "COCO detection",
            [("Task", "COCO detection", []), ("Dataset", "COCO", [])],
            ["COCO", "COCO detection"],
        ),
        ("nothing of it", [("Method", "GNN", [])], []),
    ],
)
def test_every_place_of_a_name_is_a_mention(
    text: str, entities: list[tuple[str, str, list[str]]], expected: list[str]
) -> None:
    paper = annotated(text, *entities)
    assert [text[start:end] for start, end, _, _ in project(paper.annotation, text)] == expected


def test_examples_of_a_long_text_hold_each_mention_once(start: Path) -> None:
    text = "we use Zug on Gleis now . " * 60
    paper = annotated(text, ("Method", "Zug", []), ("Dataset", "Gleis", []))
    tokenizer = load_tokenizer((start / "tokenizer.json").read_bytes())
    examples = list(to_examples(paper, tokenizer, 128, 64, 24))
    assert len(examples) > 2
    assert sum(len(example.spans) for example in examples) == 120
    for example in examples:
        assert len(example.ids) <= 128
        assert (example.ids[0], example.ids[-1]) == (2, 3)
        for first, further, entity_type, role in example.spans:
            assert example.opens[first] and example.closes[first + further]
            assert TYPES[entity_type] in {EntityType.METHOD, EntityType.DATASET}
            assert tuple(Role)[role] is Role.USED


def test_a_mention_wider_than_the_network_can_tell_is_left_out(start: Path) -> None:
    paper = annotated("we use " + "x" * 30 + " now", ("Method", "x" * 30, []))
    tokenizer = load_tokenizer((start / "tokenizer.json").read_bytes())
    assert [example.spans for example in to_examples(paper, tokenizer, 128, 64, 24)] == [()]
    assert [len(example.spans) for example in to_examples(paper, tokenizer, 128, 64, 30)] == [1]


# --- data --------------------------------------------------------------------------------------------


def test_annotations_without_text_are_joined_with_it_by_id(tmp_path: Path) -> None:
    rows = [{"id": paper["id"], "entities": paper["entities"]} for paper in PAPERS]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    texts = [{"id": paper["id"], "title": paper["title"], "abstract": paper["abstract"]} for paper in PAPERS]
    (tmp_path / "texts.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in [*texts[::-1], {"id": "x", "abstract": "y"}])
    )
    joined = load_texts([tmp_path / "rows.jsonl"], [tmp_path / "texts.jsonl"])
    assert [paper.annotation.id for paper in joined] == [f"arXiv:{paper['id']}" for paper in PAPERS]
    assert joined[0].text.startswith("Zug: faster rails\n\nWe propose")


def test_annotations_whose_text_is_nowhere_are_named(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps({"id": "2101.00009", "entities": []}) + "\n")
    with pytest.raises(UsageError, match=r"no text for 1 annotated papers \(arXiv:2101\.00009 …\)"):
        load_texts([tmp_path / "rows.jsonl"], [])


def test_papers_held_out_or_near_to_one_are_not_learnt_from() -> None:
    words = [f"word{number}" for number in range(15)]
    held_out = [Paper(id="a", abstract=" ".join(words)), Paper(id="b", abstract="something else")]
    same_id = AnnotatedText("unlike all others", parse({"id": "b", "entities": []}))
    near = AnnotatedText("New opening. " + " ".join(words[3:]).upper(), parse({"id": "c", "entities": []}))
    far = AnnotatedText(" ".join(reversed(words)), parse({"id": "d", "entities": []}))
    assert without_near([same_id, near, far], held_out) == [far]


# --- settings ----------------------------------------------------------------------------------------


def test_settings_are_read_with_paths_beside_their_file(tmp_path: Path) -> None:
    path = tmp_path / "train.toml"
    path.write_text('output = "out"\nannotations = ["a.jsonl", "/b.jsonl"]\nepochs = 3\nlearning_rate = 1\n')
    settings = read_settings(path)
    assert settings == Settings(
        output=tmp_path / "out",
        annotations=(tmp_path / "a.jsonl", Path("/b.jsonl")),
        epochs=3,
        learning_rate=1.0,
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("output = 'x'", "missing: annotations; known: output, "),
        ("output = 'x'\nannotations = ['a']\nepoch = 3", "unknown: epoch; known: .*epochs"),
        ("output = 'x'\nannotations = 'a'", "annotations: expected a list, found 'a'"),
        ("output = 'x'\nannotations = ['a']\nepochs = 'many'", "epochs: expected int, found 'many'"),
        ("output = 'x'\nannotations = ['a']\nepochs = true", "epochs: expected int, found True"),
        ("output = 'x'\nannotations = ['a']\ndevice = 'tpu'", "device: expected one of auto, cpu, cuda"),
    ],
)
def test_settings_that_cannot_be_used_say_what_can(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "train.toml"
    path.write_text(content)
    with pytest.raises(UsageError, match=reason):
        read_settings(path)


@pytest.mark.parametrize("content", [None, "output = "])
def test_settings_that_cannot_be_read_name_the_file(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "train.toml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ReadError, match=r"train\.toml: (No such file|not TOML)"):
        read_settings(path)


def test_training_without_its_libraries_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, annotations: Path
) -> None:
    import kg.train

    monkeypatch.setattr(kg.train, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(UsageError, match=r"not installed: torch; run: pip install 'abstractkg\[train\]'"):
        train(Settings(output=tmp_path, annotations=(annotations,)))


@pytest.mark.parametrize("content", [b"", b"no tensors"])
def test_an_encoder_that_is_none_is_named(
    start: Path, tmp_path: Path, content: bytes, annotations: Path
) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    (tmp_path / "tokenizer.json").write_bytes((start / "tokenizer.json").read_bytes())
    with pytest.raises(ReadError, match=r"model\.safetensors: not a BERT checkpoint of 6 layers"):
        train(Settings(output=tmp_path / "out", annotations=(annotations,), encoder=tmp_path))
