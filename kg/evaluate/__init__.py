"""Evaluate: how much of what papers say is in the annotations of a pipeline.

Takes gold annotations and predictions in the form of `annotations.jsonl`, or gold and texts, which are
then extracted; gives one `Evaluation`. Looks at documents, not at single mentions. Must not change
what it compares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from kg.errors import UsageError
from kg.evaluate.annotations import AnnotatedPaper, AnnotatedResult, Row, parse, read_annotations
from kg.evaluate.matching import (
    Names,
    Pairs,
    match_entities,
    match_relations,
    match_results,
    match_values,
)
from kg.evaluate.metadata import FIELDS, compare
from kg.evaluate.scores import COLUMNS, Accuracy, Evaluation, Score
from kg.model import EntityType, Paper, RelationType
from kg.read import gather
from kg.records import extraction_to_record
from kg.resolve import group_mentions

__all__ = ["COLUMNS", "Accuracy", "Evaluation", "Score", "evaluate"]

_T = TypeVar("_T", EntityType, RelationType)
_T_co = TypeVar("_T_co", EntityType, RelationType, covariant=True)


class _Typed(Protocol[_T_co]):
    @property
    def type(self) -> _T_co: ...
    @property
    def required(self) -> bool: ...


def evaluate(
    gold: Path | Sequence[Row],
    predictions: Path | Iterable[Row] | None = None,
    *,
    inputs: Sequence[str | Path] = (),
) -> Evaluation:
    """Compare predictions with gold; without predictions, extract the papers of the gold first.

    Texts then come from `inputs`, or from the abstracts in the gold, or from the listings its rows name
    in `seed`, which lie in `../seeds` beside the gold file. Gold papers without prediction count as
    missed. Raises ReadError for what cannot be read, UsageError where there are no texts.
    """
    annotated = read_annotations(gold, "gold")
    if predictions is not None:
        predicted = read_annotations(predictions, "predictions")
    else:
        folder = gold.parent if isinstance(gold, Path) else None
        predicted = _extracted(_texts(annotated.values(), folder, inputs))
    return _compare(annotated, predicted)


# --- texts -------------------------------------------------------------------------------------------


def _extracted(papers: Iterable[Paper]) -> dict[str, AnnotatedPaper]:
    # Here, since comparing files needs no spaCy.
    from kg.extract import extract

    found = {}
    for extraction in extract(papers):
        found[extraction.paper.id] = parse(extraction_to_record(extraction, group_mentions(extraction)))
    return found


def _texts(
    annotated: Iterable[AnnotatedPaper], folder: Path | None, inputs: Sequence[str | Path]
) -> list[Paper]:
    annotated = list(annotated)
    wanted = {paper.id for paper in annotated}
    if inputs:
        return [paper for paper in _gathered(inputs) if paper.id in wanted]
    own = [paper for paper in annotated if _field(paper, "abstract")]
    listings = {
        paper.id: folder / ".." / "seeds" / Path(seed).name
        for paper in annotated
        if folder and not _field(paper, "abstract") and (seed := _field(paper, "seed"))
    }
    files = sorted({path for path in listings.values() if path.is_file()})
    texts = {paper.id: paper for paper in _gathered(files)} | {paper.id: _text_alone(paper) for paper in own}
    for paper in annotated:
        if paper.id not in texts:
            place = f", nor is it in {listings[paper.id]}" if paper.id in listings else ""
            raise UsageError(
                f"no text of {paper.id} in the gold{place}; pass the annotations to compare (--pred) or the"
                " papers (--input)"
            )
    return [texts[identifier] for identifier in sorted(wanted)]


def _gathered(inputs: Sequence[str | Path]) -> tuple[Paper, ...]:
    intake = gather(inputs)
    if intake.failures:
        raise intake.failures[0]
    return intake.papers


def _field(paper: AnnotatedPaper, key: str) -> str | None:
    value = paper.row.get(key) if paper.row else None
    return value if isinstance(value, str) and value.strip() else None


def _text_alone(paper: AnnotatedPaper) -> Paper:
    """The paper without what the gold says of it."""
    texts = {key: _field(paper, key) for key in ("title", "abstract", "comment")}
    return Paper(
        id=paper.id, title=texts["title"], abstract=texts["abstract"] or "", comment=texts["comment"]
    )


# --- comparison --------------------------------------------------------------------------------------


def _compare(gold: Mapping[str, AnnotatedPaper], predicted: Mapping[str, AnnotatedPaper]) -> Evaluation:
    entities = dict.fromkeys(EntityType, Score())
    relations = dict.fromkeys(RelationType, Score())
    metadata = dict.fromkeys(FIELDS, Accuracy())
    roles, values, results = Accuracy(), Score(), Score()
    for identifier in sorted(gold):
        ours = gold[identifier]
        theirs = predicted.get(identifier) or AnnotatedPaper(identifier)
        pairs = match_entities(ours.entities, theirs.entities)
        names = Names(ours, theirs, pairs)
        _add(entities, _by_type(ours.entities, theirs.entities, pairs))
        roles += _roles(ours, theirs, pairs)
        values += _score(ours.results, theirs.results, match_values(ours.results, theirs.results))
        results += _score(ours.results, theirs.results, match_results(ours.results, theirs.results, names))
        related = match_relations(ours.relations, theirs.relations, names)
        _add(relations, _by_type(ours.relations, theirs.relations, related))
        for field in FIELDS:
            metadata[field] += compare(field, ours.row or {}, theirs.row or {})
    return Evaluation(
        papers=len(gold),
        missing=tuple(sorted(gold.keys() - predicted.keys())),
        unscored=len(predicted.keys() - gold.keys()),
        entities=entities,
        roles=roles,
        values=values,
        results=results,
        relations=relations,
        metadata=metadata,
    )


def _add(scores: dict[_T, Score], more: Mapping[_T, Score]) -> None:
    for type_, score in more.items():
        scores[type_] += score


def _by_type(gold: Sequence[_Typed[_T]], predicted: Sequence[_Typed[_T]], pairs: Pairs) -> dict[_T, Score]:
    """Scores by type: gold by the gold's type, predictions by their own."""
    owners = {other: position for position, other in pairs.items()}
    scores: dict[_T, Score] = defaultdict(Score)
    for position, item in enumerate(gold):
        if item.required:
            scores[item.type] += Score(gold=1, found=int(position in pairs))
    for other, item in enumerate(predicted):
        owner = owners.get(other)
        if owner is None or gold[owner].required:
            scores[item.type] += Score(predicted=1, right=int(owner is not None))
    return scores


def _score(gold: Sequence[AnnotatedResult], predicted: Sequence[AnnotatedResult], pairs: Pairs) -> Score:
    required = [position for position, result in enumerate(gold) if result.required]
    found = sum(position in pairs for position in required)
    optional = len(pairs) - found
    return Score(gold=len(required), found=found, predicted=len(predicted) - optional, right=found)


def _roles(gold: AnnotatedPaper, predicted: AnnotatedPaper, pairs: Pairs) -> Accuracy:
    found = Accuracy()
    for position, other in pairs.items():
        entity = gold.entities[position]
        if entity.required and entity.role and entity.type is not EntityType.CONCEPT:
            found += Accuracy(total=1, right=int(entity.role == predicted.entities[other].role))
    return found
