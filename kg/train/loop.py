"""Learning: weights and examples into better weights.

The same settings give the same weights on the same device, also where a run was interrupted and taken up
again: every epoch draws from a seed of its own.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.train.network import WEIGHT, Weights, encode, score_roles, score_spans

if TYPE_CHECKING:
    from torch import Tensor

    from kg.train.data import Example
    from kg.train.settings import Settings

_LONGEST_STEP = 1.0
# Examples of a batch are alike in length, up to this many word pieces.
_JITTER = 60
_OUT = -1e9

_log = logging.getLogger(__name__)


def fit(weights: Weights, examples: Sequence[Example], settings: Settings, checkpoint: Path) -> Weights:
    """Train, and return the weights on the processor.

    What is learnt so far is kept in `checkpoint` after every epoch; a run with the same settings and
    examples goes on from there.
    """
    import torch

    cuda = settings.device == "cuda" or (settings.device == "auto" and torch.cuda.is_available())
    device = torch.device("cuda" if cuda else "cpu")
    if settings.threads:
        torch.set_num_threads(settings.threads)
    weights = {name: tensor.to(device).requires_grad_() for name, tensor in weights.items()}
    new = [name for name in weights if name.startswith(("shape", "pair.", "edge.", "width"))]
    groups = [
        {
            "params": [weight for name, weight in weights.items() if name not in new],
            "rate": settings.learning_rate,
        },
        {"params": [weights[name] for name in new], "rate": settings.head_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=settings.weight_decay)
    size = sum(len(example.ids) + len(example.spans) for example in examples)
    run = _Run(f"{settings.digest()} {len(examples)} {size}", weights, optimiser)
    run.resume(checkpoint)
    per_epoch = math.ceil(len(examples) / settings.batch_size)
    steps = settings.epochs * per_epoch
    while run.epochs < settings.epochs:
        seed = settings.seed * 10_000 + run.epochs
        torch.manual_seed(seed)
        total = 0.0
        for step, batch in enumerate(
            _batches(examples, settings.batch_size, seed), start=run.epochs * per_epoch
        ):
            pace = min(1.0, (step + 1) / max(1.0, settings.warm_up * steps)) * (1 - step / steps)
            for group in optimiser.param_groups:
                group["lr"] = group["rate"] * pace
            loss = _loss(weights, _tensors(batch, device), settings, device.type)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights.values(), _LONGEST_STEP)
            optimiser.step()
            total += loss.item()
        run.epochs += 1
        _log.info("epoch %d of %d: loss %.3f", run.epochs, settings.epochs, total / per_epoch)
        run.save(checkpoint)
    return {name: tensor.detach().cpu() for name, tensor in weights.items()}


@dataclass(slots=True)
class _Run:
    """A run with what it has learnt in some epochs; `name` tells it apart from others."""

    name: str
    weights: Weights
    optimiser: Any
    epochs: int = 0

    def save(self, checkpoint: Path) -> None:
        from safetensors.torch import save_file

        tensors = {f"{WEIGHT}{name}": weight.detach().contiguous() for name, weight in self.weights.items()}
        for name, weight in self.weights.items():
            tensors |= {f"{kind} {name}": value for kind, value in self.optimiser.state[weight].items()}
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        partial = checkpoint.with_name(f"{checkpoint.name}.part")
        save_file(tensors, partial, metadata={"name": self.name, "epochs": str(self.epochs)})
        partial.replace(checkpoint)

    def resume(self, checkpoint: Path) -> None:
        """Take up what this run left in a file, if it did."""
        import torch
        from safetensors import safe_open

        if not checkpoint.exists():
            return
        with safe_open(checkpoint, framework="pt") as left, torch.no_grad():
            metadata = left.metadata()
            if metadata["name"] != self.name:
                _log.info("%s is of another run; starting anew", checkpoint)
                return
            self.epochs = int(metadata["epochs"])
            for key in left.keys():  # noqa: SIM118 - not a mapping
                kind, _, name = key.partition(" ")
                weight, tensor = self.weights[name], left.get_tensor(key)
                if key.startswith(WEIGHT):
                    weight.copy_(tensor)
                else:
                    # Steps are counted on the processor, whatever device the rest is on.
                    place = tensor.device if kind == "step" else weight.device
                    self.optimiser.state[weight][kind] = tensor.to(place)


def _batches(examples: Sequence[Example], size: int, seed: int) -> Iterator[Sequence[Example]]:
    """The examples in batches of about one length, in random order."""
    chance = np.random.default_rng(seed)
    lengths = np.array([len(example.ids) for example in examples])
    order = np.argsort(lengths + _JITTER * chance.random(len(examples)), kind="stable")
    starts = np.arange(0, len(examples), size)
    for start in chance.permutation(starts):
        yield [examples[index] for index in order[start : start + size]]


def _tensors(batch: Sequence[Example], device: Any) -> dict[str, Tensor]:
    """A batch, padded, and its spans as one table: row, first piece, further pieces, type, role."""
    import torch

    length = max(len(example.ids) for example in batch)

    def padded(name: str) -> Tensor:
        rows = [np.pad(getattr(example, name), (0, length - len(example.ids))) for example in batch]
        return torch.from_numpy(np.stack(rows)).to(device)

    spans = [(row, *span) for row, example in enumerate(batch) for span in example.spans]
    sizes = torch.tensor([len(example.ids) for example in batch], device=device)
    return {
        **{name: padded(name) for name in ("ids", "shapes", "opens", "closes")},
        "mask": torch.arange(length, device=device)[None, :] < sizes[:, None],
        "spans": torch.tensor(spans, dtype=torch.long, device=device).reshape(-1, 5),
    }


def _loss(weights: Weights, batch: Mapping[str, Tensor], settings: Settings, device: str) -> Tensor:
    import torch
    from torch.nn import functional

    with torch.autocast(device, torch.bfloat16, enabled=settings.precision == "bf16"):
        encoded = encode(weights, batch["ids"], batch["shapes"], batch["mask"], settings.dropout)
    encoded = encoded.float()
    row, first, further, entity_type, role = batch["spans"].unbind(1)
    scores = score_spans(weights, encoded)
    truth = torch.zeros_like(scores, dtype=torch.bool)
    truth[row, first, further, entity_type] = True
    length, width = scores.shape[1:3]
    last = torch.arange(length, device=scores.device)[:, None] + torch.arange(width, device=scores.device)
    closes = functional.pad(batch["closes"], (0, width))
    counted = (batch["opens"][:, :, None] & closes[:, last])[..., None]
    loss = _span_loss(scores, truth, counted)
    if len(row):
        logits = score_roles(weights, encoded, row, first, first + further)
        loss = loss + settings.role_weight * functional.cross_entropy(logits, role)
    return loss


def _span_loss(scores: Tensor, truth: Tensor, counted: Tensor) -> Tensor:
    """How far right spans score below 0 and wrong ones above, for each text and type.

    The multi-label loss of Su et al. (2022), arXiv:2208.02955, for which 0 is the threshold.
    """
    import torch

    def soft_maximum(values: Tensor, where: Tensor) -> Tensor:
        flat = torch.where(where, values, _OUT).permute(0, 3, 1, 2).flatten(2)
        return torch.logsumexp(torch.nn.functional.pad(flat, (0, 1)), -1)

    return (soft_maximum(-scores, truth & counted) + soft_maximum(scores, ~truth & counted)).mean(1).mean()
