"""The encoder: how much every stretch of a text looks like a mention, and of what.

Takes cleaned text and a model folder (`model.onnx`, `tokenizer.json`, `meta.json`), gives `Candidates`.
Knows nothing of spaCy, and decides nothing: `spans` does.

Each window of a text is a run of its own. The int8 graph takes the scale of its activations from the
whole batch, so that in a batch the scores of a text would depend on its neighbours; and a whole abstract
fills the cache, so that batches gain nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from kg.errors import ReadError
from kg.vocab import EntityType, Role

FILES: Final = ("meta.json", "model.onnx", "tokenizer.json")
"""What a model folder holds."""
PACKAGED: Final = Path(__file__).parent / "model"
"""The folder of the model that comes with this package."""

SHAPES: Final = (
    "mark",  # of the model's own: where a window begins and ends
    "lower",
    "Title",
    "UPPER",
    "miXed",
    "digits",
    "lower1",
    "Upper1",
    "punctuation",
    "unknown",
    "X",
)
"""How words are spelt; the encoder does not know case, so it is told the index here."""

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_WORD = re.compile(r"\w+|[^\w\s]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_UNKNOWN = SHAPES.index("unknown")
# Scores are kept to three digits, so that the last bits of a sum do not decide.
_DIGITS = 3
# Candidates this far below the lowest threshold cannot come back into play.
_MARGIN = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What the graph does not say of itself.

    `types` and `roles` in the order of its outputs; `shapes` as it was trained on. A window holds `length`
    word pieces, two marks included, and shares `overlap` with the next one; a mention has at most as many
    pieces as `width_bias` has rows, each with a term for every type. A span of a type is a mention where its
    score reaches `thresholds`; how often it is one is `sigmoid(scale * (score - threshold) + shift)` with
    `calibration` = (scale, shift). `checksums` are SHA-256 of the other files.
    """

    version: str
    types: tuple[EntityType, ...]
    roles: tuple[Role, ...]
    shapes: tuple[str, ...]
    length: int
    overlap: int
    width_bias: tuple[tuple[float, ...], ...]
    thresholds: tuple[float, ...]
    calibration: tuple[float, float]
    checksums: Mapping[str, str]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Meta:
        """From the object in `meta.json`. Raises ValueError for one that does not fit this version."""
        try:
            meta = cls(
                version=str(record["version"]),
                types=tuple(EntityType(name) for name in record["types"]),
                roles=tuple(Role(name) for name in record["roles"]),
                shapes=tuple(record["shapes"]),
                length=int(record["length"]),
                overlap=int(record["overlap"]),
                width_bias=tuple(tuple(float(term) for term in row) for row in record["width_bias"]),
                thresholds=tuple(float(threshold) for threshold in record["thresholds"]),
                calibration=(float(record["calibration"][0]), float(record["calibration"][1])),
                checksums=dict(record["checksums"]),
            )
        except (KeyError, IndexError, TypeError) as error:
            raise ValueError(f"missing or of the wrong kind: {error}") from error
        if meta.shapes != SHAPES:
            raise ValueError(f"trained on the spellings {meta.shapes}, but this version tells apart {SHAPES}")
        rows = (meta.thresholds, *meta.width_bias)
        if any(len(row) != len(meta.types) for row in rows) or not 0 < meta.overlap < meta.length - 2:
            raise ValueError("its parts do not fit each other")
        return meta

    def to_record(self) -> dict[str, Any]:
        """For `meta.json`."""
        return asdict(self)


class Pieces(NamedTuple):
    """The word pieces of a text: ids, the shape of their word, characters, and which begin or end a word.

    Those in web addresses do neither, since no mention stands there.
    """

    ids: Integers
    shapes: Integers
    starts: Integers
    ends: Integers
    opens: Flags
    closes: Flags


class Window(NamedTuple):
    """Pieces `first` to `last` (excluded) of a text; spans that start in `own_first` to `own_last` count.

    The parts of several windows that count meet in the middle of what they share, and cover the text.
    """

    first: int
    last: int
    own_first: int
    own_last: int


class Candidates(NamedTuple):
    """Spans of a text that may be mentions, in order of start and end, in characters.

    `scores` has a column for each type, `roles` the logarithm of the probability of each role. `windows` is
    in how many pieces the text was read.
    """

    starts: Integers
    ends: Integers
    scores: Floats
    roles: Floats
    windows: int


class Encoder:
    """A model, loaded from its folder or from what the files of one hold, by name.

    Raises ReadError where that is no model, or one that this version cannot run.
    """

    def __init__(self, source: Path | Mapping[str, bytes] = PACKAGED, *, threads: int = 1) -> None:
        import onnxruntime

        self._source = source
        self.threads = threads
        shown = str(source) if isinstance(source, Path) else "model"
        files = self.files()
        try:
            self.meta = Meta.from_record(json.loads(files["meta.json"]))
        except ValueError as error:
            raise ReadError(f"{shown}/meta.json", f"not a description of a model: {error}") from error
        for name, expected in sorted(self.meta.checksums.items()):
            if hashlib.sha256(files[name]).hexdigest() != expected:
                raise ReadError(
                    f"{shown}/{name}", "not the file its meta.json was written for: checksums differ"
                )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Higher levels fuse layer norms into a node that is slower when quantised.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        # Texts differ in length, and a plan for each length is kept for good.
        options.enable_mem_pattern = False
        try:
            self._tokenizer = load_tokenizer(files["tokenizer.json"])
            self._session = onnxruntime.InferenceSession(
                files["model.onnx"], options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise their own kinds, down to bare Exception
            raise ReadError(shown, f"not a model that can be run: {error}") from error
        self._opening, self._closing = self._tokenizer.encode("").ids
        self._positions = np.arange(self.meta.length)
        self._width_bias = np.array(self.meta.width_bias, np.float32)
        self._highest_bias = self._width_bias.max(axis=1)
        self._floor = min(self.meta.thresholds) - _MARGIN

    def __reduce__(self) -> tuple[Any, ...]:
        # A session cannot be sent to another process, which loads the model again.
        return partial(Encoder, threads=self.threads), (self._source,)

    def files(self) -> Mapping[str, bytes]:
        """What the files of the folder hold, by name."""
        if isinstance(self._source, Path):
            return {name: _read(self._source / name) for name in FILES}
        return self._source

    def pieces(self, text: str) -> Pieces:
        """The word pieces of a text, all of them."""
        return pieces_of(self._tokenizer, text)

    def read(self, text: str) -> Candidates:
        """The spans of a text that may be mentions."""
        pieces = self.pieces(text)
        read = [
            self._read_window(pieces, window)
            for window in windows(len(pieces.ids), self.meta.length - 2, self.meta.overlap)
        ]
        starts, ends, scores, roles = (
            (np.concatenate(column) for column in zip(*read, strict=True)) if len(read) > 1 else read[0]
        )
        return Candidates(pieces.starts[starts], pieces.ends[ends], scores, roles, len(read))

    def inputs(self, pieces: Pieces, window: Window) -> dict[str, Integers]:
        """What the graph takes."""
        part = slice(window.first, window.last)
        length = window.last - window.first + 2
        ids, shapes = np.empty((1, length), np.int64), np.zeros((1, length), np.int64)
        ids[0, 0], ids[0, 1:-1], ids[0, -1] = self._opening, pieces.ids[part], self._closing
        shapes[0, 1:-1] = pieces.shapes[part]
        return {"ids": ids, "shapes": shapes, "positions": self._positions[:length]}

    def run(self, inputs: Mapping[str, Integers]) -> tuple[Floats, Floats]:
        """What the graph gives: scores of pairs of pieces, and terms of single ones."""
        pairs, edges = self._session.run(["pairs", "edges"], dict(inputs))
        return pairs[0, 1:-1, 1:-1], edges[0, 1:-1]

    def _read_window(self, pieces: Pieces, window: Window) -> tuple[Integers, Integers, Floats, Floats]:
        """First and last piece of each candidate, scores by type, log-probabilities by role."""
        pairs, edges = self.run(self.inputs(pieces, window))
        types, roles = len(self.meta.types), len(self.meta.roles)
        opening, closing, opening_role, closing_role = np.split(
            edges, [types, 2 * types, 2 * types + roles], axis=1
        )
        owned = pieces.opens[window.own_first : window.own_last]
        first = np.flatnonzero(owned) + (window.own_first - window.first)
        last = np.flatnonzero(pieces.closes[window.first : window.last])
        width = last[None, :] - first[:, None]
        near = np.nonzero((width >= 0) & (width < len(self._width_bias)))
        left, right, width = first[near[0]], last[near[1]], width[near]
        pair = pairs[left, right]
        # No type scores higher than this; most spans are out already.
        highest = pair + opening.max(axis=1)[left] + closing.max(axis=1)[right] + self._highest_bias[width]
        possible = np.flatnonzero(highest > self._floor)
        left, right = left[possible], right[possible]
        scores = pair[possible, None] + opening[left] + closing[right] + self._width_bias[width[possible]]
        scores = np.round(scores, _DIGITS)
        kept = np.flatnonzero(scores.max(axis=1) > self._floor)
        left, right = left[kept], right[kept]
        logits = opening_role[left] + closing_role[right]
        logits -= logits.max(axis=1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return left + window.first, right + window.first, scores[kept], np.round(logits, _DIGITS)


def windows(count: int, limit: int, overlap: int) -> list[Window]:
    """The windows of at most `limit` pieces in which a text of `count` pieces is read, about equally long.

    >>> [tuple(window) for window in windows(10, 6, 2)]
    [(0, 6, 0, 5), (4, 10, 5, 10)]
    """
    number = max(1, -(-(count - overlap) // (limit - overlap)))
    length = -(-(count + (number - 1) * overlap) // number)
    firsts = [index * (length - overlap) for index in range(number)]
    meets = [0, *(first + overlap // 2 for first in firsts[1:]), count]
    return [
        Window(first, min(first + length, count), meets[index], meets[index + 1])
        for index, first in enumerate(firsts)
    ]


def load_tokenizer(content: bytes) -> Any:
    """The tokenizer in a `tokenizer.json`, set neither to cut texts nor to fill them up."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(content)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def pieces_of(tokenizer: Any, text: str) -> Pieces:
    """The word pieces of a text as a tokenizer cuts it; what a window is marked with is not among them."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    spans = np.array(encoding.offsets, np.int64).reshape(-1, 2)
    starts, ends = spans[:, 0], spans[:, 1]
    words = [(match.start(), match.end(), shape_of(match[0])) for match in _WORD.finditer(text)]
    # The first is none, for pieces outside of words.
    table = np.array([(-1, -1, _UNKNOWN), *words], np.int64)
    index = np.searchsorted(table[:, 0], starts, side="right") - 1
    index[starts >= table[index, 1]] = 0
    changes = index[1:] != index[:-1]
    edge = np.ones(min(1, len(index)), np.bool_)
    inside = index > 0
    for address in _ADDRESS.finditer(text):
        inside &= (ends <= address.start()) | (starts >= address.end())
    return Pieces(
        ids=np.array(encoding.ids, np.int64),
        shapes=table[index, 2],
        starts=starts,
        ends=ends,
        opens=np.concatenate([edge, changes]) & inside,
        closes=np.concatenate([changes, edge]) & inside,
    )


@lru_cache(maxsize=1 << 16)
def shape_of(word: str) -> int:
    """How a word of letters and digits, or a single mark, is spelt: an index into `SHAPES`.

    >>> [SHAPES[shape_of(word)] for word in ("soft", "Soft", "SOFT", "DeiT", "101", "v2", "B24", "-", "K")]
    ['lower', 'Title', 'UPPER', 'miXed', 'digits', 'lower1', 'Upper1', 'punctuation', 'X']
    """
    digit = alpha = upper = lower = False
    for character in word:
        digit = digit or character.isdigit()
        alpha = alpha or character.isalpha()
        upper = upper or character.isupper()
        lower = lower or character.islower()
    if digit:
        name = ("Upper1" if upper else "lower1") if alpha else "digits"
    elif not any(map(str.isalnum, word)):
        name = "punctuation"
    elif not upper:
        name = "lower"
    elif not lower:
        name = "X" if len(word) == 1 else "UPPER"
    else:
        name = "Title" if word[0].isupper() and not any(map(str.isupper, word[1:])) else "miXed"
    return SHAPES.index(name)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReadError(str(path), f"{reason}; expected a model folder with {', '.join(FILES)}") from error
