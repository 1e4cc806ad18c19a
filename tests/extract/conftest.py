"""A model for tests of what runs models: the packaged one, or a tiny one that knows nothing."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from kg.extract.encoder import PACKAGED


@pytest.fixture(scope="session")
def trained() -> Path:
    """The packaged model; tests of what it finds skip where there is none."""
    if not (PACKAGED / "meta.json").is_file():
        pytest.skip("no model is packaged here")
    return PACKAGED


@pytest.fixture(scope="session")
def tiny_tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer of BERT's kind whose pieces are letters, set to cut and fill up as published ones are."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    letters = string.ascii_lowercase + string.digits + string.punctuation
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{letter}" for letter in letters)]
    vocabulary = {word: index for index, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=words[1]))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.enable_truncation(16)
    tokenizer.enable_padding(length=16)
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    tokenizer.save(str(path))
    return path


@pytest.fixture(scope="session")
def model(tiny_tokenizer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model that can be run: the packaged one, else one of random weights."""
    if (PACKAGED / "meta.json").is_file():
        return PACKAGED
    for library in ("torch", "onnx"):
        pytest.importorskip(library, reason="no model is packaged here, and none can be made without")
    from kg.train.export import write_model
    from kg.train.network import Size, new_weights

    weights = new_weights(Size(vocabulary=140, positions=128, hidden=64, layers=1, inner=64), seed=1)
    # Large enough that some spans score above 0.
    weights["edge.weight"] *= 20
    folder = tmp_path_factory.mktemp("models") / "tiny"
    return write_model(weights, tiny_tokenizer, folder, version="0", length=128, overlap=100)
