"""The figures of an evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.model import EntityType, RelationType

COLUMNS = ("", "gold", "predicted", "precision", "recall", "F1", "accuracy")
"""Names of the columns of `Evaluation.to_table_rows`."""

TableRow = tuple[str | int | None, ...]
Figures = dict[str, int | float | None]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over papers: `found` of `gold` required items, `right` of `predicted` ones.

    What is matched to an optional gold item is not among `predicted`. `found` and `right` differ for
    Dataset and Benchmark alone, which are matched as one type and counted as two.
    """

    gold: int = 0
    found: int = 0
    predicted: int = 0
    right: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.gold + other.gold,
            self.found + other.found,
            self.predicted + other.predicted,
            self.right + other.right,
        )

    @property
    def precision(self) -> float | None:
        """The share of predictions that are right; None where nothing was predicted."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """The share of gold that was found; None where there is none."""
        return self.found / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both, 0 where one of them is missing; None where there is nothing at all."""
        if not self.gold and not self.predicted:
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def to_record(self) -> Figures:
        """Counts and figures, for JSON."""
        return {
            "gold": self.gold,
            "predicted": self.predicted,
            "found": self.found,
            "right": self.right,
            "precision": _rounded(self.precision),
            "recall": _rounded(self.recall),
            "f1": _rounded(self.f1),
        }


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many of `total` answers are right; `invented` were given where gold has none, and are not in it."""

    total: int = 0
    right: int = 0
    invented: int = 0

    def __add__(self, other: Accuracy) -> Accuracy:
        return Accuracy(self.total + other.total, self.right + other.right, self.invented + other.invented)

    @property
    def accuracy(self) -> float | None:
        """The share of right answers; None where there is no question."""
        return self.right / self.total if self.total else None

    def to_record(self) -> Figures:
        """Counts and figure, for JSON."""
        return {
            "total": self.total,
            "right": self.right,
            "invented": self.invented,
            "accuracy": _rounded(self.accuracy),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How well predictions meet the gold, at document level, all papers counted together.

    `papers` is the number of gold papers; the `missing` of them, which the predictions do not have,
    count as found empty. `unscored` is the number of predicted papers that are not in the gold.
    `roles` is about matched entities of all types but Concept. `values` compares results by number and
    kind, `results` by data set and metric, too. `metadata` is about papers whose gold has the field.
    """

    papers: int
    missing: tuple[str, ...]
    unscored: int
    entities: Mapping[EntityType, Score] = field(repr=False)
    roles: Accuracy = field(repr=False)
    values: Score = field(repr=False)
    results: Score = field(repr=False)
    relations: Mapping[RelationType, Score] = field(repr=False)
    metadata: Mapping[str, Accuracy] = field(repr=False)

    @property
    def dataset_or_benchmark(self) -> Score:
        """Both as the one type they are matched as."""
        return self.entities[EntityType.DATASET] + self.entities[EntityType.BENCHMARK]

    @property
    def all_but_concept(self) -> Score:
        """Entities of all types but Concept, which few papers are annotated with."""
        return total(score for type_, score in self.entities.items() if type_ is not EntityType.CONCEPT)

    @property
    def all_relations(self) -> Score:
        """Relations of all types."""
        return total(self.relations.values())

    def to_table_rows(self) -> list[TableRow]:
        """The rows of a table for people, under `COLUMNS`: counts, and figures with three digits."""
        scores = {
            "entities, all types but Concept": self.all_but_concept,
            **{f"  {type_}": score for type_, score in self.entities.items()},
            "  Dataset or Benchmark": self.dataset_or_benchmark,
        }
        numbers = {
            "results: value": self.values,
            "results: value, dataset, metric": self.results,
            "relations": self.all_relations,
            **{f"  {type_}": score for type_, score in self.relations.items()},
        }
        return [
            ("papers", self.papers, self.papers - len(self.missing), None, None, None, None),
            *((f"  not predicted: {paper}", 1, 0, None, None, None, None) for paper in self.missing),
            *(_score_row(name, score) for name, score in scores.items()),
            _accuracy_row("roles of matched entities", self.roles),
            *(_score_row(name, score) for name, score in numbers.items()),
            *(_accuracy_row(f"metadata: {name}", answers) for name, answers in self.metadata.items()),
        ]

    def to_record(self) -> dict[str, object]:
        """Everything, for JSON."""
        return {
            "papers": self.papers,
            "missing": list(self.missing),
            "unscored": self.unscored,
            "entities": {
                "all_but_concept": self.all_but_concept.to_record(),
                "dataset_or_benchmark": self.dataset_or_benchmark.to_record(),
                "by_type": {type_.value: score.to_record() for type_, score in self.entities.items()},
            },
            "roles": self.roles.to_record(),
            "results": {
                "value": self.values.to_record(),
                "value_dataset_metric": self.results.to_record(),
            },
            "relations": {
                "all": self.all_relations.to_record(),
                "by_type": {type_.value: score.to_record() for type_, score in self.relations.items()},
            },
            "metadata": {name: answers.to_record() for name, answers in self.metadata.items()},
        }


def total(scores: Iterable[Score]) -> Score:
    """Their counts together."""
    return sum(scores, start=Score())


def _score_row(name: str, score: Score) -> TableRow:
    figures = (_shown(figure) for figure in (score.precision, score.recall, score.f1))
    return (name, score.gold, score.predicted, *figures, None)


def _accuracy_row(name: str, answers: Accuracy) -> TableRow:
    return (name, answers.total, None, None, None, None, _shown(answers.accuracy))


def _shown(figure: float | None) -> str | None:
    return None if figure is None else f"{figure:.3f}"


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)
