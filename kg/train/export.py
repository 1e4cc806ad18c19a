"""Weights into a model folder that `kg.extract.encoder` runs without torch.

The graph is written by hand: attention as onnxruntime's own fused node, layer norms as plain nodes, since
the fused ones are slow when quantised. Weights become int8 with a scale for each channel; heads stay in
float, since their outputs are compared with thresholds.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from kg.extract.encoder import SHAPES, Meta
from kg.train.network import EPSILON, HEAD_SIZE, layers_of
from kg.vocab import EntityType, Role

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from torch import Tensor

_OPSET, _IR = 17, 8
_HEADS = ("head", "pairs")


def write_model(
    weights: Mapping[str, Tensor],
    tokenizer: Path,
    folder: Path,
    *,
    version: str,
    length: int = 512,
    overlap: int = 128,
    quantised: bool = True,
) -> Path:
    """Write a model folder, with all thresholds at 0, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary:
        graph = Path(temporary) / "model.onnx"
        _write_graph(weights, graph, len(EntityType), len(Role))
        if quantised:
            _quantise(graph, folder / "model.onnx")
        else:
            (folder / "model.onnx").write_bytes(graph.read_bytes())
    (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    meta = Meta(
        version=version,
        types=tuple(EntityType),
        roles=tuple(Role),
        shapes=SHAPES,
        length=length,
        overlap=overlap,
        width_bias=tuple(tuple(round(term, 6) for term in row) for row in weights["width"].tolist()),
        thresholds=(0.0,) * len(EntityType),
        calibration=(1.0, 0.0),
        checksums={},
    )
    write_meta(meta, folder)
    return folder


def write_meta(meta: Meta, folder: Path) -> None:
    """Write `meta.json`, with the checksums of what lies beside it."""
    names = ("model.onnx", "tokenizer.json")
    checksums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    record = replace(meta, checksums=checksums).to_record()
    (folder / "meta.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8", newline="\n")


def _quantise(graph: Path, target: Path) -> None:
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        graph,
        target,
        per_channel=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=list(_HEADS),
        op_types_to_quantize=["MatMul", "Attention", "Gather"],
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


def _write_graph(weights: Mapping[str, Tensor], path: Path, types: int, roles: int) -> None:
    import numpy as np
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph({name: tensor.detach().float().cpu().numpy() for name, tensor in weights.items()})
    embedded = [
        graph.node("Gather", [graph.constant(name), index], f"{name}.of")
        for name, index in (("word", "ids"), ("shape", "shapes"), ("position", "positions"))
    ]
    x = graph.node("Add", [graph.node("Add", embedded[:2], "embedded.1"), embedded[2]], "embedded.2")
    x = graph.norm(x, "norm")
    heads = weights["word"].shape[1] // HEAD_SIZE
    for index in range(layers_of(weights)):
        layer = f"layer.{index}"
        attention = [x, graph.matrix(f"{layer}.qkv"), graph.constant(f"{layer}.qkv.bias")]
        seen = graph.node("Attention", attention, f"{layer}.seen", domain="com.microsoft", num_heads=heads)
        x = graph.norm(
            graph.node("Add", [graph.linear(seen, f"{layer}.out"), x], f"{layer}.1"), f"{layer}.norm_1"
        )
        inner = graph.node("Gelu", [graph.linear(x, f"{layer}.in")], f"{layer}.gelu", domain="com.microsoft")
        x = graph.norm(
            graph.node("Add", [graph.linear(inner, f"{layer}.down"), x], f"{layer}.2"), f"{layer}.norm_2"
        )
    pair = weights["pair.weight"].shape[0] // 2
    scale = np.repeat(np.array([1 / math.sqrt(pair), 1.0], np.float32), pair)
    graph.weights |= {
        "head.weight": np.concatenate(
            [graph.weights["pair.weight"] * scale[:, None], graph.weights["edge.weight"]]
        ),
        "head.bias": np.concatenate([graph.weights["pair.bias"] * scale, graph.weights["edge.bias"]]),
    }
    x = graph.linear(x, "head")
    sizes = graph.value("head.sizes", np.array([pair, pair, 2 * (types + roles)], np.int64))
    graph.nodes.append(
        helper.make_node("Split", [x, sizes], ["query", "key", "edges"], name="split", axis=-1)
    )
    graph.node("Transpose", ["key"], "key.T", perm=[0, 2, 1])
    graph.node("MatMul", ["query", "key.T"], "pairs")

    def described(name: str, kind: int, *shape: str | int) -> Any:
        return helper.make_tensor_value_info(name, kind, shape)

    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "kg_entities",
            [
                described("ids", TensorProto.INT64, "batch", "length"),
                described("shapes", TensorProto.INT64, "batch", "length"),
                described("positions", TensorProto.INT64, "length"),
            ],
            [
                described("pairs", TensorProto.FLOAT, "batch", "length", "length"),
                described("edges", TensorProto.FLOAT, "batch", "length", 2 * (types + roles)),
            ],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)],
        ir_version=_IR,
    )
    onnx.save(model, path)


class _Graph:
    """Nodes and constants as they are added; every node has the name of its output."""

    def __init__(self, weights: dict[str, npt.NDArray[np.float32]]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def value(self, name: str, value: npt.NDArray[Any]) -> str:
        import numpy as np
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def constant(self, name: str) -> str:
        return self.value(name, self.weights[name])

    def matrix(self, name: str) -> str:
        """The weights of a linear layer, inputs × outputs."""
        return self.value(f"{name}.weight", self.weights[f"{name}.weight"].T)

    def node(
        self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any
    ) -> str:
        from onnx import helper

        self.nodes.append(
            helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes)
        )
        return output

    def linear(self, x: str, name: str) -> str:
        product = self.node("MatMul", [x, self.matrix(name)], name)
        return self.node("Add", [product, self.constant(f"{name}.bias")], f"{name}.sum")

    def norm(self, x: str, name: str) -> str:
        terms = [self.constant(f"{name}.weight"), self.constant(f"{name}.bias")]
        return self.node("LayerNormalization", [x, *terms], f"{name}.of", epsilon=EPSILON, axis=-1)
