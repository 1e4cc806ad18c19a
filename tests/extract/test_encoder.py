"""What the encoder makes of texts, and of folders that hold no model."""

from __future__ import annotations

import json
import pickle
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.extract.encoder import FILES, SHAPES, Encoder, Meta, load_tokenizer, pieces_of, windows

TEXT = (
    "We propose PlaneFormer, evaluated on KITTI-360 (a data set) and reported at https://example.org/Plane-X."
)


@pytest.fixture(scope="module")
def encoder(model: Path) -> Encoder:
    return Encoder(model)


@pytest.fixture
def copy(model: Path, tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).write_bytes((model / name).read_bytes())
    return tmp_path


# --- windows -----------------------------------------------------------------------------------------


@given(st.integers(0, 3000), st.integers(10, 500), st.data())
def test_windows_cover_a_text_and_each_piece_counts_once(count: int, limit: int, data: st.DataObject) -> None:
    overlap = data.draw(st.integers(1, limit - 1))
    found = windows(count, limit, overlap)
    counted = Counter(piece for window in found for piece in range(window.own_first, window.own_last))
    assert counted == Counter(range(count))
    for window in found:
        assert 0 <= window.first <= window.own_first <= window.own_last <= window.last <= count
        assert window.last - window.first <= limit


def test_a_text_that_fits_is_one_window() -> None:
    assert [tuple(window) for window in windows(510, 510, 128)] == [(0, 510, 0, 510)]


def test_windows_of_a_text_share_at_least_the_overlap() -> None:
    found = windows(4000, 510, 128)
    assert len(found) == 11
    for left, right in pairwise(found):
        assert left.last - right.first >= 128


# --- word pieces -------------------------------------------------------------------------------------


def test_a_tokenizer_set_to_cut_and_fill_up_gives_the_whole_text(tiny_tokenizer: Path) -> None:
    pieces = pieces_of(load_tokenizer(tiny_tokenizer.read_bytes()), "abcd " * 20)
    assert len(pieces.ids) == 80
    assert pieces.ends[-1] == 99


def test_pieces_know_where_words_begin_and_end(tiny_tokenizer: Path) -> None:
    text = "An RNN-T, v2"
    pieces = pieces_of(load_tokenizer(tiny_tokenizer.read_bytes()), text)
    opened = [text[start:] for start in pieces.starts[pieces.opens]]
    closed = [text[:end] for end in pieces.ends[pieces.closes]]
    assert opened == ["An RNN-T, v2", "RNN-T, v2", "-T, v2", "T, v2", ", v2", "v2"]
    assert closed == ["An", "An RNN", "An RNN-", "An RNN-T", "An RNN-T,", "An RNN-T, v2"]
    shapes = [SHAPES[index] for index in pieces.shapes[pieces.opens]]
    assert shapes == ["Title", "UPPER", "punctuation", "X", "punctuation", "lower1"]


def test_no_word_begins_or_ends_in_a_web_address(tiny_tokenizer: Path) -> None:
    text = "code: https://example.org/Plane-X and www.example.org, too"
    pieces = pieces_of(load_tokenizer(tiny_tokenizer.read_bytes()), text)
    words = [text[start:].split(maxsplit=1)[0] for start in pieces.starts[pieces.opens]]
    assert words == ["code:", ":", "and", "too"]
    assert len(pieces.ids) == sum(not character.isspace() for character in text)


@given(st.text(max_size=80))
def test_pieces_of_any_text_stand_in_order_inside_it(tiny_tokenizer: Path, text: str) -> None:
    pieces = pieces_of(load_tokenizer(tiny_tokenizer.read_bytes()), text)
    assert (pieces.starts <= pieces.ends).all()
    assert (np.diff(pieces.starts) >= 0).all()
    assert (pieces.ends <= len(text)).all()
    assert pieces.opens.sum() == pieces.closes.sum()


# --- reading -----------------------------------------------------------------------------------------


def test_candidates_are_words_of_the_text(encoder: Encoder) -> None:
    found = encoder.read(TEXT)
    assert len(found.starts) > 1
    assert found.scores.shape == (len(found.starts), len(encoder.meta.types))
    assert found.roles.shape == (len(found.starts), len(encoder.meta.roles))
    assert np.allclose(np.exp(found.roles).sum(axis=1), 1, atol=0.02)
    for start, end in zip(found.starts, found.ends, strict=True):
        assert start < end
        assert not TEXT[start].isspace() and not TEXT[end - 1].isspace()
        assert not (TEXT[start - 1 : start + 1].isalnum() and len(TEXT[start - 1 : start + 1]) == 2)
        assert not (TEXT[end - 1 : end + 1].isalnum() and len(TEXT[end - 1 : end + 1]) == 2)


def test_scores_are_those_of_all_spans_worked_out_one_by_one(encoder: Encoder) -> None:
    text = "We propose PlaneFormer for it."
    pieces = encoder.pieces(text)
    (window,) = windows(len(pieces.ids), encoder.meta.length - 2, encoder.meta.overlap)
    pairs, edges = encoder.run(encoder.inputs(pieces, window))
    types = len(encoder.meta.types)
    expected = {}
    for first in np.flatnonzero(pieces.opens):
        for last in np.flatnonzero(pieces.closes):
            if 0 <= last - first < len(encoder.meta.width_bias):
                score = pairs[first, last] + edges[first, :types] + edges[last, types : 2 * types]
                score = score + np.array(encoder.meta.width_bias[last - first])
                if score.max() > min(encoder.meta.thresholds):
                    expected[int(pieces.starts[first]), int(pieces.ends[last])] = score
    found = encoder.read(text)
    given = {
        (int(start), int(end)): score
        for start, end, score in zip(found.starts, found.ends, found.scores, strict=True)
        if score.max() > min(encoder.meta.thresholds)
    }
    assert given.keys() == expected.keys()
    assert given
    for place, score in given.items():
        assert np.allclose(score, expected[place], atol=0.01)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "x", "😀", "مرحبا بالعالم", "$$", "\x00"])
def test_odd_texts_are_read(encoder: Encoder, text: str) -> None:
    found = encoder.read(text)
    assert found.windows == 1
    assert (found.ends <= len(text)).all()


def test_a_long_text_is_read_to_its_end(encoder: Encoder) -> None:
    filler = "the model is trained on data . " * 400
    found = encoder.read(filler + TEXT)
    places = list(zip(found.starts.tolist(), found.ends.tolist(), strict=True))
    assert found.windows > 4
    assert encoder.read(TEXT).windows == 1
    assert places[-1][0] >= len(filler)
    assert places == sorted(set(places))


@pytest.mark.parametrize("text", ["(" * 16_000, "x" * 60_000, "word " * 4_000])
def test_attacks_are_read_in_seconds(encoder: Encoder, text: str) -> None:
    begun = time.process_time()
    found = encoder.read(text)
    assert found.windows >= 1
    assert time.process_time() - begun < 30


def test_threads_change_nothing(model: Path, encoder: Encoder) -> None:
    one, two = encoder.read(TEXT), Encoder(model, threads=2).read(TEXT)
    for left, right in zip(one, two, strict=True):
        assert np.array_equal(left, right)


def test_a_model_loads_within_a_second(model: Path) -> None:
    Encoder(model)
    begun = time.process_time()
    Encoder(model)
    assert time.process_time() - begun < 1


# --- folders -----------------------------------------------------------------------------------------


def test_a_model_can_be_sent_to_another_process(encoder: Encoder) -> None:
    for sent in (encoder, Encoder(encoder.files())):
        arrived = pickle.loads(pickle.dumps(sent))  # noqa: S301 - our own bytes
        assert np.array_equal(arrived.read(TEXT).scores, encoder.read(TEXT).scores)


def test_a_folder_without_model_is_named_with_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(
        ReadError, match=r"meta\.json: No such file.*expected a model folder with .*model\.onnx"
    ):
        Encoder(tmp_path)


def test_a_changed_file_is_refused(copy: Path) -> None:
    with (copy / "tokenizer.json").open("ab") as file:
        file.write(b" ")
    with pytest.raises(ReadError, match=r"tokenizer\.json: .*checksums differ"):
        Encoder(copy)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": "1"}'])
def test_a_description_that_is_none_is_refused(copy: Path, content: str) -> None:
    (copy / "meta.json").write_text(content)
    with pytest.raises(ReadError, match=r"meta\.json: not a description of a model"):
        Encoder(copy)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("shapes", ["lower"], "trained on the spellings"),
        ("types", ["Planet"], "'Planet' is not a valid EntityType"),
        ("thresholds", [0.0], "do not fit each other"),
        ("overlap", 10_000, "do not fit each other"),
        ("calibration", [1.0], "missing or of the wrong kind"),
    ],
)
def test_a_description_that_does_not_fit_is_refused_with_the_reason(
    copy: Path, field: str, value: object, reason: str
) -> None:
    record = json.loads((copy / "meta.json").read_text())
    (copy / "meta.json").write_text(json.dumps({**record, field: value}))
    with pytest.raises(ReadError, match=reason):
        Encoder(copy)


def test_a_graph_that_is_none_is_refused(copy: Path) -> None:
    (copy / "model.onnx").write_bytes(b"no graph")
    record = json.loads((copy / "meta.json").read_text())
    (copy / "meta.json").write_text(json.dumps({**record, "checksums": {}}))
    with pytest.raises(ReadError, match="not a model that can be run"):
        Encoder(copy)


def test_a_description_survives_its_file(encoder: Encoder) -> None:
    record = json.loads(json.dumps(encoder.meta.to_record()))
    assert Meta.from_record(record) == encoder.meta
