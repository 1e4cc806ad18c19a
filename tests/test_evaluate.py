"""Scoring, on examples counted by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kg.errors import ReadError, UsageError
from kg.evaluate import COLUMNS, Accuracy, Evaluation, Score, evaluate
from kg.model import EntityType, RelationType

Row = dict[str, Any]


def _entity(kind: str, name: str, *aliases: str, role: str = "mentioned", must: bool = True) -> Row:
    return {"type": kind, "name": name, "aliases": list(aliases), "role": role, "must": must}


def _result(value: float, unit: str | None = "%", *, must: bool = True, **names: str) -> Row:
    return {"kind": "absolute", "value": value, "unit": unit, "must": must} | names


def _relation(kind: str, head: str, tail: str, *, must: bool = True) -> Row:
    return {"type": kind, "head": head, "tail": tail, "must": must}


def _row(identifier: str = "arXiv:2101.00001", **fields: object) -> Row:
    return {"id": identifier, "entities": [], "results": [], "relations": []} | fields


def _entities(gold: list[Row], predicted: list[Row]) -> Evaluation:
    return evaluate([_row(entities=gold)], [_row(entities=predicted)])


# --- entities ----------------------------------------------------------------------------------------


def test_hits_misses_and_extras_are_counted() -> None:
    gold = [_entity("Method", "Fern"), _entity("Method", "Moss"), _entity("Task", "leaf counting")]
    predicted = [_entity("Method", "fern"), _entity("Method", "Oak"), _entity("Method", "Elm")]
    found = _entities(gold, predicted)
    assert found.entities[EntityType.METHOD] == Score(gold=2, found=1, predicted=3, right=1)
    assert found.entities[EntityType.TASK] == Score(gold=1)
    assert found.all_but_concept == Score(gold=3, found=1, predicted=3, right=1)
    assert found.all_but_concept.precision == pytest.approx(1 / 3)
    assert found.all_but_concept.f1 == pytest.approx(1 / 3)


def test_names_meet_by_any_alias() -> None:
    gold = [_entity("Method", "CWT", "Classifier Weight Transformer")]
    found = _entities(gold, [_entity("Method", "classifier-weight transformers")])
    assert found.entities[EntityType.METHOD] == Score(1, 1, 1, 1)


def test_types_must_agree() -> None:
    found = _entities([_entity("Task", "pruning")], [_entity("Method", "pruning")])
    assert found.all_but_concept == Score(gold=1, predicted=1)


def test_concepts_count_apart() -> None:
    found = _entities([_entity("Concept", "drift")], [_entity("Concept", "drift")])
    assert found.entities[EntityType.CONCEPT] == Score(1, 1, 1, 1)
    assert found.all_but_concept == Score()


def test_matching_is_one_to_one() -> None:
    predicted = [_entity("Method", "Fern"), _entity("Method", "FERN")]
    assert _entities([_entity("Method", "Fern")], predicted).all_but_concept == Score(1, 1, 2, 1)


def test_matching_finds_the_most_pairs() -> None:
    # First come, first served would give the short form to the first and leave nothing to the second.
    gold = [_entity("Method", "graph net", "GN"), _entity("Method", "GN")]
    predicted = [_entity("Method", "GN"), _entity("Method", "graph net")]
    assert _entities(gold, predicted).all_but_concept == Score(2, 2, 2, 2)


def test_benchmark_and_data_set_are_one_type_and_two_counts() -> None:
    gold = [_entity("Dataset", "LeafNet"), _entity("Benchmark", "PlantBench"), _entity("Dataset", "Roots")]
    predicted = [_entity("Benchmark", "LeafNet"), _entity("Benchmark", "PlantBench")]
    found = _entities(gold, predicted)
    assert found.dataset_or_benchmark == Score(gold=3, found=2, predicted=2, right=2)
    assert found.entities[EntityType.DATASET] == Score(gold=2, found=1)
    assert found.entities[EntityType.BENCHMARK] == Score(gold=1, found=1, predicted=2, right=2)


def test_an_optional_entity_may_be_found_and_need_not_be() -> None:
    gold = [
        _entity("Method", "Fern"),
        _entity("Method", "Moss", must=False),
        _entity("Method", "Ivy", must=False),
    ]
    found = _entities(gold, [_entity("Method", "Fern"), _entity("Method", "Moss")])
    assert found.all_but_concept == Score(1, 1, 1, 1)


def test_a_required_entity_goes_before_an_optional_one() -> None:
    gold = [_entity("Method", "net", must=False), _entity("Method", "graph net", "net")]
    assert _entities(gold, [_entity("Method", "net")]).all_but_concept == Score(1, 1, 1, 1)


def test_an_optional_entity_takes_what_the_required_one_leaves() -> None:
    gold = [_entity("Method", "graph net", "GN"), _entity("Method", "GN", must=False)]
    predicted = [_entity("Method", "GN"), _entity("Method", "graph net")]
    assert _entities(gold, predicted).all_but_concept == Score(1, 1, 1, 1)


def test_roles_are_asked_of_matched_entities_alone() -> None:
    gold = [
        _entity("Method", "Fern", role="proposed"),
        _entity("Method", "Moss", role="used"),
        _entity("Method", "Ivy", role="compared"),
        _entity("Concept", "drift", role="studied"),
    ]
    predicted = [
        _entity("Method", "Fern", role="proposed"),
        _entity("Method", "Moss", role="compared"),
        _entity("Concept", "drift", role="mentioned"),
    ]
    assert _entities(gold, predicted).roles == Accuracy(total=2, right=1)


# --- results and relations ---------------------------------------------------------------------------

NAMED = [_entity("Dataset", "LeafNet", "LN"), _entity("Metric", "accuracy"), _entity("Method", "Fern")]


def _results(gold: list[Row], predicted: list[Row]) -> Evaluation:
    return evaluate([_row(entities=NAMED, results=gold)], [_row(entities=NAMED, results=predicted)])


def test_a_value_counts_without_and_with_data_set_and_metric() -> None:
    gold = [_result(81.5, dataset="LeafNet", metric="accuracy"), _result(3.1, dataset="LeafNet")]
    predicted = [_result(81.5, dataset="LN", metric="accuracy"), _result(3.1), _result(9.9)]
    found = _results(gold, predicted)
    assert found.values == Score(gold=2, found=2, predicted=3, right=2)
    assert found.results == Score(gold=2, found=1, predicted=3, right=1)


@pytest.mark.parametrize(
    ("gold", "predicted", "same"),
    [
        (_result(3.1, "%"), _result(3.1, None), True),
        (_result(3.1, "%"), _result(3.1, "percentage points"), True),
        (_result(17.5, "ms"), _result(17.5, "milliseconds"), True),
        (_result(3.1, "%"), _result(3.1, "x"), False),
        (_result(3.1), _result(-3.1), False),
        (_result(3.1), _result(3.1) | {"kind": "delta"}, False),
        (_result(0.30000000000000004), _result(0.3), True),
    ],
)
def test_values_agree_in_number_sign_and_kind_and_units_do_not_contradict(
    gold: Row, predicted: Row, same: bool
) -> None:
    assert _results([gold], [predicted]).values.found == int(same)


def test_one_prediction_answers_one_result() -> None:
    gold = [_result(50.0, dataset="LeafNet"), _result(50.0, metric="accuracy")]
    assert _results(gold, [_result(50.0, dataset="LeafNet")]).values == Score(2, 1, 1, 1)


def test_optional_results_ask_nothing() -> None:
    gold = [_result(50.0, must=False), _result(60.0, must=False)]
    assert _results(gold, [_result(50.0), _result(70.0)]).values == Score(predicted=1)


def test_relations_match_through_their_entities() -> None:
    gold = _row(
        entities=[
            _entity("Method", "Fern", "frond network"),
            _entity("Dataset", "LeafNet"),
            _entity("Task", "counting"),
        ],
        relations=[
            _relation("EVALUATED_ON", "Fern", "LeafNet"),
            _relation("ADDRESSES", "Fern", "counting"),
            _relation("TRAINED_ON", "Fern", "LeafNet", must=False),
        ],
    )
    predicted = _row(
        entities=[
            _entity("Method", "frond network"),
            _entity("Benchmark", "LeafNet"),
            _entity("Method", "counting"),
        ],
        relations=[
            _relation("EVALUATED_ON", "frond network", "LeafNet"),
            _relation("ADDRESSES", "frond network", "counting"),
            _relation("TRAINED_ON", "frond network", "LeafNet"),
            _relation("EVALUATED_ON", "LeafNet", "frond network"),
        ],
    )
    found = evaluate([gold], [predicted])
    assert found.relations[RelationType.EVALUATED_ON] == Score(gold=1, found=1, predicted=2, right=1)
    # `counting` was found as a method, so nothing predicted is the task.
    assert found.relations[RelationType.ADDRESSES] == Score(gold=1, predicted=1)
    assert found.relations[RelationType.TRAINED_ON] == Score()
    assert found.all_relations == Score(gold=2, found=1, predicted=3, right=1)


# --- papers and metadata -----------------------------------------------------------------------------


def test_a_paper_without_prediction_is_missed_and_named() -> None:
    gold = [
        _row("arXiv:2101.00001", entities=[_entity("Method", "Fern")], venue="CVPR 2021"),
        _row("arXiv:2101.00002"),
    ]
    found = evaluate(gold, [_row("2101.00002v3"), _row("arXiv:2101.00003")])
    assert found.papers == 2
    assert found.missing == ("arXiv:2101.00001",)
    assert found.unscored == 1
    assert found.to_table_rows()[:2] == [
        ("papers", 2, 1, None, None, None, None),
        ("  not predicted: arXiv:2101.00001", 1, 0, None, None, None, None),
    ]
    assert found.all_but_concept == Score(gold=1)
    assert found.metadata["venue"] == Accuracy(total=1)


def test_metadata_is_asked_where_the_gold_has_it() -> None:
    gold = _row(
        created="2021-01-03",
        doi="10.1000/ABC",
        venue="CVPR 2021",
        venue_alternatives=["IEEE CVPR 2021"],
        presentation=None,
        journal_ref="",
        links={"code": ["https://github.com/a/fern"], "project": []},
        related=["arXiv:2012.00001", "2012.00002"],
    )
    predicted = _row(
        created="2021-01-04",
        doi="10.1000/abc",
        venue="ieee cvpr 2021",
        presentation="Oral",
        journal_ref="J. Plants 3",
        links={"code": ["https://github.com/a/fern.git"], "project": ["https://fern.example"], "data": []},
        related=["arXiv:2012.00001"],
    )
    assert evaluate([gold], [predicted]).metadata == {
        "created": Accuracy(total=1),
        "doi": Accuracy(total=1, right=1),
        "journal_ref": Accuracy(invented=1),
        "venue": Accuracy(total=1, right=1),
        "presentation": Accuracy(invented=1),
        "code": Accuracy(total=1, right=1),
        "project": Accuracy(invented=1),
        "related": Accuracy(total=1),
    }


def test_gold_without_metadata_asks_for_none() -> None:
    found = evaluate([_row()], [_row(venue="CVPR 2021", links={"code": ["https://a.example"]})])
    assert set(found.metadata.values()) == {Accuracy()}


def test_nothing_at_all_has_no_figures() -> None:
    score = evaluate([_row()], [_row()]).all_but_concept
    assert (score.precision, score.recall, score.f1) == (None, None, None)
    assert Score(gold=1, predicted=1).f1 == 0.0


# --- reports -----------------------------------------------------------------------------------------


def test_table_and_record_say_the_same() -> None:
    gold = [
        _row(
            entities=[_entity("Method", "Fern", role="used"), _entity("Task", "counting")], venue="CVPR 2021"
        )
    ]
    found = evaluate(gold, [_row(entities=[_entity("Method", "Fern", role="used")], venue="ICCV 2021")])
    rows = found.to_table_rows()
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert rows[0] == ("papers", 1, 1, None, None, None, None)
    assert rows[1] == ("entities, all types but Concept", 2, 1, "1.000", "0.500", "0.667", None)
    assert ("metadata: venue", 1, None, None, None, None, "0.000") in rows
    record = json.loads(json.dumps(found.to_record()))
    assert record["entities"]["all_but_concept"]["f1"] == pytest.approx(0.6667)
    assert record["roles"] == {"total": 1, "right": 1, "invented": 0, "accuracy": 1.0}
    assert record["missing"] == []


def test_the_order_of_rows_and_the_hash_seed_do_not_matter(tmp_path: Path) -> None:
    gold = [
        _row(
            f"arXiv:2101.0000{number}",
            entities=[_entity("Method", name, "GN", role=role) for name, role in names],
        )
        for number, names in enumerate(
            [[("a", "used"), ("b", "compared")], [("c", "proposed"), ("d", "used")]], start=1
        )
    ]
    predicted = [row | {"entities": [_entity("Method", "GN", role="used")]} for row in gold]
    for name, rows in {"gold": gold, "predicted": predicted[::-1]}.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    expected = evaluate(gold, predicted).to_record()
    assert evaluate(gold[::-1], predicted).to_record() == expected
    program = (
        "import json, sys; from pathlib import Path; from kg.evaluate import evaluate;"
        "print(json.dumps(evaluate(Path(sys.argv[1]), Path(sys.argv[2])).to_record()))"
    )
    for seed in ("0", "1"):
        paths = [str(tmp_path / "gold.jsonl"), str(tmp_path / "predicted.jsonl")]
        done = subprocess.run(
            [sys.executable, "-c", program, *paths],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == expected


# --- inputs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ("{}", "no id"),
        ('{"id": "a", "entities": [{"type": "Gene", "name": "x"}]}', "'Gene' is unknown; known: Benchmark"),
        ('{"id": "a", "entities": [{"type": ["Task"], "name": "x"}]}', "is unknown; known: Benchmark"),
        ('{"id": "a", "entities": [{"type": "Task"}]}', "name: missing"),
        (
            '{"id": "a", "entities": {}, "results": [{"kind": "delta", "value": "3"}]}',
            "value: expected a finite number, found '3'",
        ),
        ('{"id": "a", "results": [{"kind": "delta", "value": NaN}]}', "value: expected a finite number"),
        ('{"id": "a", "relations": ["x"]}', "relations: expected a list of objects"),
        ('{"id": "first"}', "a second annotation of first"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(f'{{"id": "first"}}\n\n{line}\n', encoding="utf-8")
    with pytest.raises(ReadError) as raised:
        evaluate(gold, [])
    assert str(raised.value).startswith(f"{gold}:3: ")
    assert reason in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"gold\.jsonl"):
        evaluate(tmp_path / "gold.jsonl", [])


def test_gold_without_texts_says_what_to_pass(tmp_path: Path) -> None:
    gold = tmp_path / "annotations" / "gold.jsonl"
    gold.parent.mkdir()
    gold.write_text(json.dumps(_row(seed="a.txt")) + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"no text of arXiv:2101.00001 .*a\.txt; .*--pred.*--input"):
        evaluate(gold)


FERN = "We propose FernNet for leaf counting. FernNet reaches an accuracy of 81.5% on ImageNet."


def test_abstracts_in_the_gold_are_extracted_first() -> None:
    gold = _row(abstract=FERN, entities=[_entity("Method", "FernNet")], results=[_result(81.5)])
    found = evaluate([gold])
    assert found.missing == ()
    assert found.entities[EntityType.METHOD].found == 1
    assert found.values == Score(1, 1, 1, 1)


def test_what_the_gold_says_of_a_paper_is_not_handed_to_the_pipeline() -> None:
    found = evaluate([_row(abstract=FERN, venue="CVPR 2021", presentation="Oral")])
    assert found.metadata["venue"] == Accuracy(total=1)
    assert found.metadata["presentation"] == Accuracy(total=1)


def test_inputs_give_the_texts_and_papers_not_in_them_are_missed(tmp_path: Path) -> None:
    papers = tmp_path / "papers.jsonl"
    papers.write_text(json.dumps({"id": "2101.00001", "abstract": FERN}) + "\n", encoding="utf-8")
    gold = [_row(results=[_result(81.5)]), _row("arXiv:2101.00009")]
    found = evaluate(gold, inputs=[papers])
    assert found.missing == ("arXiv:2101.00009",)
    assert found.values == Score(1, 1, 1, 1)


def test_listings_beside_the_gold_give_the_texts(tmp_path: Path) -> None:
    for folder in ("annotations", "seeds"):
        (tmp_path / folder).mkdir()
    gold = tmp_path / "annotations" / "gold.jsonl"
    gold.write_text(json.dumps(_row(seed="a.jsonl", results=[_result(81.5)])) + "\n", encoding="utf-8")
    listing = tmp_path / "seeds" / "a.jsonl"
    listing.write_text(json.dumps({"id": "2101.00001", "abstract": FERN}) + "\n", encoding="utf-8")
    assert evaluate(gold).values == Score(1, 1, 1, 1)
