"""The network in torch: weights as plain tensors by name, and functions over them.

An encoder of BERT's form (Devlin et al. 2019, post-norm) with one embedding more, for the spelling of the
word each piece stands in. Heads over its output: a span's score for a type is a product of projections of
its first and last piece, plus a term of each for the type, plus one for its width (after Su et al. 2022,
"Global Pointer", whose per-type products cost more and gained nothing here); a role's score is a sum of
two terms. `export` writes the same as a graph.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import ReadError
from kg.extract.encoder import SHAPES
from kg.vocab import EntityType, Role

if TYPE_CHECKING:
    from torch import Tensor

Weights = dict[str, "Tensor"]

HEAD_SIZE = 32
"""Width of one attention head, the same in all MiniLM encoders."""
EPSILON = 1e-12
WEIGHT = "weight "
"""What stands before the names of weights in a checkpoint."""
_DEVIATION = 0.02

# Our names for those of a BERT checkpoint.
_EMBEDDINGS = {
    "word": "embeddings.word_embeddings.weight",
    "position": "embeddings.position_embeddings.weight",
    "norm.weight": "embeddings.LayerNorm.weight",
    "norm.bias": "embeddings.LayerNorm.bias",
}
_SEGMENT = "embeddings.token_type_embeddings.weight"
_LAYER = {
    "out": "attention.output.dense",
    "norm_1": "attention.output.LayerNorm",
    "in": "intermediate.dense",
    "down": "output.dense",
    "norm_2": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a network is: its encoder, the projections of a span's ends (`pair`), the widest span."""

    vocabulary: int
    positions: int = 512
    hidden: int = 384
    layers: int = 6
    inner: int = 1536
    pair: int = 64
    width: int = 24
    types: int = len(EntityType)
    roles: int = len(Role)


def layers_of(weights: Mapping[str, Tensor]) -> int:
    """How many layers an encoder has."""
    return sum(name.startswith("layer.") and name.endswith(".qkv.weight") for name in weights)


def new_weights(size: Size, seed: int) -> Weights:
    """Random weights."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    hidden, inner = size.hidden, size.inner
    shapes = {
        "word": (size.vocabulary, hidden),
        "position": (size.positions, hidden),
        "shape": (len(SHAPES), hidden),
        **_norm("norm", hidden),
        **_linear("pair", 2 * size.pair, hidden),
        **_linear("edge", 2 * (size.types + size.roles), hidden),
        "width": (size.width, size.types),
    }
    for index in range(size.layers):
        layer = f"layer.{index}"
        shapes |= _linear(f"{layer}.qkv", 3 * hidden, hidden) | _linear(f"{layer}.out", hidden, hidden)
        shapes |= _linear(f"{layer}.in", inner, hidden) | _linear(f"{layer}.down", hidden, inner)
        shapes |= _norm(f"{layer}.norm_1", hidden) | _norm(f"{layer}.norm_2", hidden)
    weights = {}
    for name, shape in shapes.items():
        if name.endswith("bias") or name == "width":
            weights[name] = torch.zeros(shape)
        elif "norm" in name:
            weights[name] = torch.ones(shape)
        else:
            weights[name] = torch.randn(shape, generator=generator) * _DEVIATION
    return weights


def load_encoder(path: Path, layers: int, width: int, seed: int) -> Weights:
    """Random heads on the first layers of a BERT checkpoint.

    The segment embedding of a first sentence, the only one there is here, goes into the positions. Raises
    ReadError for a file that is no such checkpoint.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        given = {name.removeprefix("bert."): tensor for name, tensor in load_file(path).items()}
        loaded = {name: given[theirs] for name, theirs in _EMBEDDINGS.items()}
        loaded["position"] = loaded["position"] + given[_SEGMENT][0]
        for index in range(layers):
            theirs = f"encoder.layer.{index}"
            for kind in ("weight", "bias"):
                projections = [
                    given[f"{theirs}.attention.self.{name}.{kind}"] for name in ("query", "key", "value")
                ]
                loaded[f"layer.{index}.qkv.{kind}"] = torch.cat(projections)
                for ours, name in _LAYER.items():
                    loaded[f"layer.{index}.{ours}.{kind}"] = given[f"{theirs}.{name}.{kind}"]
    except (OSError, KeyError, SafetensorError) as error:
        raise ReadError(str(path), f"not a BERT checkpoint of {layers} layers or more: {error}") from error
    size = Size(
        vocabulary=loaded["word"].shape[0],
        positions=loaded["position"].shape[0],
        hidden=loaded["word"].shape[1],
        layers=layers,
        inner=loaded["layer.0.in.weight"].shape[0],
        width=width,
    )
    return new_weights(size, seed) | loaded


def load_weights(path: Path) -> Weights:
    """The weights in the checkpoint of a run. Raises ReadError for a file that is none."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ReadError(str(path), f"not a checkpoint: {error}") from error
    weights = {name.removeprefix(WEIGHT): given for name, given in tensors.items() if name.startswith(WEIGHT)}
    if not weights:
        raise ReadError(str(path), "not a checkpoint of `kg train`: no weights in it")
    return weights


def encode(
    weights: Mapping[str, Tensor], ids: Tensor, shapes: Tensor, mask: Tensor, dropout: float = 0.0
) -> Tensor:
    """The encoder's output for each piece: batch × length × hidden. `mask` is false where a row is padded."""
    from torch.nn import functional

    batch, length = ids.shape
    hidden = weights["word"].shape[1]

    def norm(x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(
            x, (hidden,), weights[f"{name}.weight"], weights[f"{name}.bias"], EPSILON
        )

    def linear(x: Tensor, name: str) -> Tensor:
        return functional.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])

    def drop(x: Tensor) -> Tensor:
        return functional.dropout(x, dropout) if dropout else x

    x = weights["word"][ids] + weights["position"][:length] + weights["shape"][shapes]
    x = drop(norm(x, "norm"))
    visible = mask[:, None, None, :]
    for index in range(layers_of(weights)):
        layer = f"layer.{index}"
        query, key, value = (
            part.view(batch, length, -1, HEAD_SIZE).transpose(1, 2)
            for part in linear(x, f"{layer}.qkv").split(hidden, -1)
        )
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=visible)
        seen = seen.transpose(1, 2).reshape(batch, length, hidden)
        x = norm(x + drop(linear(seen, f"{layer}.out")), f"{layer}.norm_1")
        inner = functional.gelu(linear(x, f"{layer}.in"))
        x = norm(x + drop(linear(inner, f"{layer}.down")), f"{layer}.norm_2")
    return x


def score_spans(weights: Mapping[str, Tensor], encoded: Tensor) -> Tensor:
    """Scores of all spans: batch × first piece × number of further pieces × type."""
    import torch
    from torch.nn import functional

    length = encoded.shape[1]
    width, types = weights["width"].shape
    query, key = functional.linear(encoded, weights["pair.weight"], weights["pair.bias"]).chunk(2, -1)
    pairs = query @ key.transpose(1, 2) / math.sqrt(query.shape[-1])
    opening, closing = _edges(weights, encoded)[..., : 2 * types].chunk(2, -1)
    first = torch.arange(length, device=encoded.device)
    last = (first[:, None] + torch.arange(width, device=encoded.device)).clamp(max=length - 1)
    band = pairs.gather(2, last.expand(len(encoded), -1, -1))
    return band[..., None] + opening[:, :, None] + closing[:, last] + weights["width"]


def score_roles(
    weights: Mapping[str, Tensor], encoded: Tensor, rows: Tensor, first: Tensor, last: Tensor
) -> Tensor:
    """Scores of the roles of some spans: span × role."""
    types = weights["width"].shape[1]
    opening, closing = _edges(weights, encoded)[..., 2 * types :].chunk(2, -1)
    return opening[rows, first] + closing[rows, last]


def _edges(weights: Mapping[str, Tensor], encoded: Tensor) -> Tensor:
    """Terms of single pieces: of types where a span begins, where it ends; of roles, the same."""
    from torch.nn import functional

    return functional.linear(encoded, weights["edge.weight"], weights["edge.bias"])


def _linear(name: str, outputs: int, inputs: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def _norm(name: str, width: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}
