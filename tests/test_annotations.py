"""The published annotations: their form, that nothing held out is in them, and that they find their texts."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.evaluate import evaluate
from kg.ids import paper_id
from kg.model import EntityType, RelationType
from kg.read import gather
from kg.vocab import RELATION_DOMAIN, RELATION_RANGE, ROLE_RANGE, Role

Row = dict[str, Any]

FOLDER = Path(__file__).parent.parent / "training" / "annotations"
PAPERS = {"arxiv": 1050, "second": 60, "train": 860, "dev": 100, "seeds": 20}
SETS = sorted(PAPERS)
LONGEST_TEXT = 120
MOST_SHARED = 0.05
ROW_KEYS = (
    *("id", "year", "group", "batch", "created", "doi", "journal_ref", "venue", "venue_alternatives"),
    *("presentation", "links", "related", "entities", "results", "relations", "text_sha256"),
)
ITEM_KEYS = {
    "entities": ("type", "name", "aliases", "role", "role_alternatives", "must"),
    "results": ("method", "dataset", "metric", "value", "unit", "kind", "baseline", "must"),
    "relations": ("type", "head", "tail", "must"),
}


def _load_join() -> ModuleType:
    spec = importlib.util.spec_from_file_location("annotations_join", FOLDER / "join.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module


join = _load_join()


def rows(name: str) -> list[Row]:
    return load(FOLDER / f"{name}.jsonl")


def load(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


# --- form --------------------------------------------------------------------------------------------


def test_every_set_is_there_and_nothing_else() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.jsonl")) == SETS
    assert {name: len(rows(name)) for name in SETS} == PAPERS


@pytest.mark.parametrize("name", SETS)
def test_rows_are_canonical_json_sorted_by_id(name: str) -> None:
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    ids = [row["id"] for row in found]
    assert ids == sorted(set(ids))
    assert ids == [paper_id(identifier) for identifier in ids]
    assert lines == [json.dumps(row, ensure_ascii=False) for row in found]
    for row in found:
        assert list(row) == [key for key in ROW_KEYS if key in row]
        for field, keys in ITEM_KEYS.items():
            for item in row[field]:
                assert list(item) == [key for key in keys if key in item]


@pytest.mark.parametrize("name", SETS)
def test_no_text_is_published(name: str) -> None:
    def texts(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for item in value:
                yield from texts(item)
        elif isinstance(value, dict):
            assert not {"title", "abstract", "comment", "text"} & value.keys()
            yield from texts(list(value.values()))

    for row in rows(name):
        assert max(map(len, texts(row))) <= LONGEST_TEXT
        for written in (name for entity in row["entities"] for name in (entity["name"], *entity["aliases"])):
            assert written == " ".join(written.split()) != ""
            assert len(written.split()) <= 12
            assert not re.search(r"[a-z]{3}[.!?;:]\s+[A-Z]|[a-z]{3}[.?;]$", written), "a sentence, not a name"


@pytest.mark.parametrize("name", SETS)
def test_entities_are_listed_once_and_results_and_relations_go_by_their_names(name: str) -> None:
    for row in rows(name):
        listed = [(entity["type"], entity["name"].lower()) for entity in row["entities"]]
        assert len(listed) == len(set(listed))
        known = {entity["name"] for entity in row["entities"]} | {None}
        for result in row["results"]:
            assert {result[slot] for slot in ("method", "dataset", "metric", "baseline")} <= known
        for relation in row["relations"]:
            # What was left out as too marginal may still be the end of what need not be found.
            assert {relation["head"], relation["tail"]} <= known or relation.get("must") is False


@pytest.mark.parametrize("name", SETS)
def test_roles_and_relations_are_those_of_the_ontology(name: str) -> None:
    wrong = []
    for row in rows(name):
        types: dict[str, set[EntityType]] = defaultdict(set)
        for entity in row["entities"]:
            assert EntityType(entity["type"]) in ROLE_RANGE[Role(entity["role"])]
            types[entity["name"]].add(EntityType(entity["type"]))
        for relation in row["relations"]:
            kind, head, tail = (relation[key] for key in ("type", "head", "tail"))
            ends = (
                types[head] & RELATION_DOMAIN[RelationType(kind)],
                types[tail] & RELATION_RANGE[RelationType(kind)],
            )
            if not all(ends) and relation.get("must", True):
                wrong.append((row["id"], kind))
    assert wrong == ([("arXiv:2603.04312", "EXTENDS")] if name == "train" else [])


# --- data card ---------------------------------------------------------------------------------------


def table_row(label: str, table: int) -> list[str]:
    """The cells of the row with this label in the nth table that has one."""
    card = (FOLDER / "README.md").read_text("utf-8")
    found = re.findall(rf"^\| {re.escape(label)} \|(.*)\|$", card, re.MULTILINE)
    return [cell.strip().replace(",", "") for cell in found[table].split("|")]


def test_the_data_card_counts_right() -> None:
    columns = [rows(name) for name in ("arxiv", "train", "dev", "seeds", "second")]

    def count(field: str, **wanted: str) -> list[str]:
        return [
            str(sum(wanted.items() <= item.items() for row in column for item in row[field]))
            for column in columns
        ]

    assert table_row("papers", 0) == [str(len(column)) for column in columns]
    assert table_row("entities", 0) == count("entities")
    assert table_row("results", 0) == count("results")
    assert table_row("relations", 0) == count("relations")
    for kind in EntityType:
        assert table_row(kind.value, 1) == count("entities", type=kind.value)
    for role in ("proposed", "compared", "used", "mentioned"):
        assert table_row(f"Method, `{role}`", 0) == count("entities", type="Method", role=role)
    for relation in RelationType:
        assert table_row(f"`{relation}`", 0) == count("relations", type=relation.value)


def test_the_data_card_states_the_agreement_that_is_measured() -> None:
    found = evaluate(FOLDER / "second.jsonl", FOLDER / "arxiv.jsonl")
    assert (found.papers, found.missing) == (60, ())
    stated = {
        "entities, all types but Concept": found.all_but_concept,
        "results: value": found.values,
        "results: value, data set and metric": found.results,
    }
    for label, score in stated.items():
        counts, shares = table_row(label, 0)[:2], table_row(label, 0)[2:]
        assert counts == [str(score.gold), str(score.predicted)]
        assert [float(share) for share in shares] == [
            pytest.approx(value, abs=5e-4) for value in (score.precision, score.recall, score.f1)
        ]
    assert f"agree in {found.roles.accuracy:.3f}".replace("0.", ".") in (FOLDER / "README.md").read_text(
        "utf-8"
    )


# --- leakage -----------------------------------------------------------------------------------------


def word_grams(text: str, length: int = 5) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def most_shared(texts: Sequence[str], held_out: Sequence[str]) -> float:
    """The largest share of its 5-grams that one of `texts` has in common with one that is held out."""
    owners: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for number, text in enumerate(held_out):
        for gram in word_grams(text):
            owners[gram].add(number)
    most = 0.0
    for text in texts:
        grams = word_grams(text)
        shared = Counter(owner for gram in grams for owner in owners.get(gram, ()))
        most = max([most, *(count / len(grams) for count in shared.values())])
    return most


def test_shared_word_grams_are_found() -> None:
    text = "one two three four five six"
    assert most_shared([text], ["zero one two three four five"]) == 0.5
    assert most_shared([text], ["six five four three two one"]) == 0


def test_nothing_held_out_is_in_a_training_set() -> None:
    held_out = [row for name in ("dev", "seeds") for row in rows(name)]
    training = [row for name in ("arxiv", "train") for row in rows(name)]
    for key in ("id", "text_sha256"):
        assert len({row[key] for row in held_out}) == 120
        assert len({row[key] for row in training}) == 1910
        assert not {row[key] for row in held_out} & {row[key] for row in training}


def test_second_annotations_are_of_the_same_texts() -> None:
    first = {row["id"]: row["text_sha256"] for row in rows("arxiv")}
    assert all(first[row["id"]] == row["text_sha256"] for row in rows("second"))


@pytest.fixture(scope="module")
def corpus(shared: Path) -> list[Row]:
    """The records that `arxiv.jsonl` was made on; the other lines are passed over unread, for speed."""
    wanted = {row["id"] for row in rows("arxiv")}
    key = re.compile(rb'\{"id": "([^"]+)"')
    found = []
    with gzip.open(shared / "corpora" / "arxiv_2025_2026.jsonl.gz") as lines:
        for line in lines:
            match = key.match(line)
            assert match is not None
            if paper_id(match[1].decode()) in wanted:
                found.append(json.loads(line))
    return found


def test_the_corpus_has_the_texts_of_arxiv(corpus: list[Row]) -> None:
    digests = {join.text_digest(record["title"], record["abstract"]) for record in corpus}
    assert digests == {row["text_sha256"] for row in rows("arxiv")}


def test_no_training_text_is_near_a_text_held_out(corpus: list[Row], shared: Path) -> None:
    given = {name: gather([shared / "annotations" / f"{name}.jsonl"]).papers for name in ("train", "dev")}
    seeds = gather([shared / "seeds"]).papers
    held_out = [f"{paper.title or ''} {paper.abstract}" for paper in (*given["dev"], *seeds)]
    assert len(held_out) == 149
    training = [f"{paper.title} {paper.abstract}" for paper in given["train"]]
    training += [f"{record['title']} {record['abstract']}" for record in corpus]
    assert len(training) == 1910
    assert most_shared(training, held_out) < MOST_SHARED


@pytest.mark.parametrize(
    ("name", "source"),
    [("train", "annotations/train.jsonl"), ("dev", "annotations/dev.jsonl"), ("seeds", "seeds")],
)
def test_given_sets_find_their_texts(name: str, source: str, shared: Path) -> None:
    joined = join.join(join.read_rows(FOLDER / f"{name}.jsonl"), gather([shared / source]).papers)
    assert (len(joined.rows), joined.missing, joined.changed) == (PAPERS[name], (), ())
    given = {paper_id(row["id"]): row for row in load(shared / "annotations" / f"{name}.jsonl")}
    for row in joined.rows:
        for key in ("entities", "results", "relations"):
            assert row[key] == given[row["id"]][key]


# --- joining -----------------------------------------------------------------------------------------

TITLE = "Ferns at Scale"
ABSTRACT = "We grow ferns.\nOur Fern reaches 81.5% on Moss-1."


def annotation(identifier: str, title: str | None, abstract: str) -> Row:
    return {
        "id": identifier,
        "entities": [{"type": "Method", "name": "Fern", "aliases": [], "role": "proposed"}],
        "results": [],
        "relations": [],
        "text_sha256": join.text_digest(title, abstract),
    }


def write(path: Path, records: Sequence[Row]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, FOLDER / "join.py", *arguments], capture_output=True, text=True, check=False
    )


def test_a_row_gets_its_text_as_published(tmp_path: Path) -> None:
    row = annotation("arXiv:2101.00001", TITLE, ABSTRACT)
    annotations = write(tmp_path / "rows.jsonl", [row])
    record = {"id": "2101.00001v2", "title": " Ferns  at Scale", "abstract": ABSTRACT + "\n"}
    texts = write(tmp_path / "texts.jsonl", [{"id": "2101.00009", "abstract": "Other."}, record])
    done = run(annotations, texts, "-o", tmp_path / "out.jsonl")
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 rows joined, 0 without a text, 0 with another text" in done.stderr
    (joined,) = load(tmp_path / "out.jsonl")
    assert joined == row | {"title": record["title"], "abstract": record["abstract"]}
    assert list(joined)[:3] == ["id", "title", "abstract"]
    assert gather([tmp_path / "out.jsonl"]).accepted == 1


def test_a_row_without_its_text_is_named_and_left_out(tmp_path: Path) -> None:
    given = [annotation(f"arXiv:2101.0000{number}", TITLE, f"{ABSTRACT} {number}") for number in (1, 2, 3)]
    annotations = write(tmp_path / "rows.jsonl", given)
    records = [
        {"id": "2101.00001", "title": TITLE, "abstract": f"{ABSTRACT} 1"},
        {"id": "2101.00002", "title": TITLE, "abstract": "Written anew."},
    ]
    texts = write(tmp_path / "texts.jsonl", records)
    done = run(annotations, texts, "-o", tmp_path / "out.jsonl")
    assert done.returncode == 3
    assert "arXiv:2101.00002: another text than the one annotated" in done.stderr
    assert "arXiv:2101.00003: no text in what was given" in done.stderr
    assert [row["id"] for row in load(tmp_path / "out.jsonl")] == ["arXiv:2101.00001"]

    done = run(annotations, texts, "-o", tmp_path / "out.jsonl", "--accept-changed")
    assert done.returncode == 3
    assert "another text" not in done.stderr.replace("with another text", "")
    found = load(tmp_path / "out.jsonl")
    assert [row["abstract"] for row in found] == [f"{ABSTRACT} 1", "Written anew."]


def test_the_version_annotated_counts_whatever_its_id_and_place(tmp_path: Path) -> None:
    rows_ = join.read_rows(write(tmp_path / "rows.jsonl", [annotation("cvpr2099:1", TITLE, ABSTRACT)]))
    records = [
        {"id": "cvpr2099:1", "title": TITLE, "abstract": "An earlier version."},
        {"id": "2101.00001", "title": TITLE, "abstract": ABSTRACT},
    ]
    for number, order in enumerate((records, records[::-1])):
        texts = write(tmp_path / f"texts-{number}.jsonl", order)
        for accept_changed in (False, True):
            found = join.join(rows_, join.read_papers([str(texts)]), accept_changed=accept_changed)
            assert [(row["id"], row["abstract"]) for row in found.rows] == [("cvpr2099:1", ABSTRACT)]
            assert (found.missing, found.changed) == ((), ())


def test_a_row_made_on_an_abstract_alone_gets_no_title(tmp_path: Path) -> None:
    rows_ = join.read_rows(write(tmp_path / "rows.jsonl", [annotation("arXiv:2101.00001", None, ABSTRACT)]))
    texts = write(tmp_path / "t.jsonl", [{"id": "2101.00001", "title": TITLE, "abstract": ABSTRACT}])
    (row,) = join.join(rows_, join.read_papers([str(texts)])).rows
    assert (row["title"], row["abstract"]) == (None, ABSTRACT)


def test_texts_may_come_as_a_folder_of_listings(tmp_path: Path) -> None:
    annotations = write(tmp_path / "rows.jsonl", [annotation("arXiv:2101.00001", None, "We grow ferns.")])
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(
        "We grow ferns.\n\narXiv:2101.00001\nCreated: 2021-01-01\n", "utf-8"
    )
    done = run(annotations, tmp_path / "texts", "-o", tmp_path / "out.jsonl")
    assert done.returncode == 0, done.stderr
    assert load(tmp_path / "out.jsonl")[0]["abstract"] == "We grow ferns."


@pytest.mark.parametrize(
    ("title", "abstract", "same"),
    [
        ("Ferns  at\nScale ", "We grow ferns. Our Fern reaches 81.5%\ton Moss-1.", True),
        (TITLE, ABSTRACT.replace("Moss", "moss"), False),
        (None, f"{TITLE} {ABSTRACT}", False),
    ],
)
def test_digests_see_text_and_not_white_space(title: str | None, abstract: str, same: bool) -> None:
    assert (join.text_digest(title, abstract) == join.text_digest(TITLE, ABSTRACT)) is same
    assert join.text_digest("Poincare\u0301", "") == join.text_digest("Poincar\u00e9", "")


def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path) -> None:
    texts = write(tmp_path / "texts.jsonl", [{"id": "2101.00001", "abstract": ABSTRACT}])
    bare = annotation("arXiv:2101.00001", None, ABSTRACT)
    del bare["text_sha256"]
    faults = {
        "no.jsonl": "No such file",
        write(tmp_path / "bare.jsonl", [bare]).name: "has no text_sha256",
        write(
            tmp_path / "typed.jsonl", [{**bare, "entities": [{"type": "Fern", "name": "x"}]}]
        ).name: "known:",
    }
    for name, reason in faults.items():
        done = run(tmp_path / name, texts, "-o", tmp_path / "out.jsonl")
        assert done.returncode == 4
        assert done.stderr.startswith("error: ")
        assert name in done.stderr
        assert reason in done.stderr
        assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out.jsonl").exists()
