"""What of a prediction is what of the gold: pairs of one paper, one to one.

Pairs are chosen by maximum weight matching (Edmonds' blossom algorithm, through networkx): first as
many required gold items as possible, then as many of the others, then pairs alike in more than they
must be. The same rows give the same pairs, whatever the hash seed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from kg.evaluate.annotations import AnnotatedEntity, AnnotatedPaper, AnnotatedRelation, AnnotatedResult
from kg.model import EntityType
from kg.text import normal_form

Pairs = Mapping[int, int]
"""Positions in the gold, and in the prediction, of what is the same."""

_UNITS = {
    **dict.fromkeys(
        ["%", "percent", "points", "point", "percentage points", "percentage point", "pp", "pts"], "%"
    ),
    **dict.fromkeys(["x", "×", "times", "fold"], "x"),
    **dict.fromkeys(["ms", "millisecond", "milliseconds"], "ms"),
    **dict.fromkeys(["s", "sec", "second", "seconds"], "s"),
    **dict.fromkeys(["fps", "frames per second"], "fps"),
    **dict.fromkeys(["°", "deg", "degree", "degrees"], "°"),
}


class _Item(Protocol):
    @property
    def required(self) -> bool: ...


_I = TypeVar("_I", bound=_Item)


def group(entity_type: EntityType) -> EntityType:
    """The types that count as one: what one paper calls a benchmark is a data set to another."""
    return EntityType.DATASET if entity_type is EntityType.BENCHMARK else entity_type


def match_entities(gold: Sequence[AnnotatedEntity], predicted: Sequence[AnnotatedEntity]) -> Pairs:
    """Entities of one type (Benchmark and Dataset being one) that share the normal form of a name."""
    by_form: dict[tuple[EntityType, str], list[int]] = defaultdict(list)
    for position, entity in enumerate(predicted):
        for form in entity.forms:
            by_form[group(entity.type), form].append(position)
    likeness: dict[tuple[int, int], int] = {}
    for position, entity in enumerate(gold):
        candidates = {other for form in entity.forms for other in by_form[group(entity.type), form]}
        for other in sorted(candidates):
            same_type = entity.type is predicted[other].type
            same_name = normal_form(entity.name) == normal_form(predicted[other].name)
            likeness[position, other] = same_type + same_name
    return _best(gold, likeness)


class Names:
    """Which names of two annotations of one paper mean the same, by the matching of their entities."""

    def __init__(self, gold: AnnotatedPaper, predicted: AnnotatedPaper, pairs: Pairs) -> None:
        self._pairs = pairs
        self._gold = _by_form(gold.entities)
        self._predicted = _by_form(predicted.entities)

    def agree(self, gold: str | None, predicted: str | None) -> bool:
        """Whether both are missing, or name matched entities.

        A name the gold uses and does not list as an entity agrees with the same name.
        """
        if gold is None or predicted is None:
            return gold is predicted
        ours, theirs = normal_form(gold), normal_form(predicted)
        if ours not in self._gold:
            return ours == theirs
        right = self._predicted.get(theirs, [])
        return any(self._pairs.get(position) in right for position in self._gold[ours])


def match_values(gold: Sequence[AnnotatedResult], predicted: Sequence[AnnotatedResult]) -> Pairs:
    """Results of the same signed number and kind whose units do not contradict each other.

    A missing unit contradicts none; per cent and points are one, since authors and annotators use them
    for the same thing.
    """
    return _matching(gold, predicted, _same_value)


def match_results(
    gold: Sequence[AnnotatedResult], predicted: Sequence[AnnotatedResult], names: Names
) -> Pairs:
    """Results of the same value that agree in data set and metric, too, where both missing agrees."""

    def is_same(left: AnnotatedResult, right: AnnotatedResult) -> bool:
        return (
            _same_value(left, right)
            and names.agree(left.dataset, right.dataset)
            and names.agree(left.metric, right.metric)
        )

    return _matching(gold, predicted, is_same)


def match_relations(
    gold: Sequence[AnnotatedRelation], predicted: Sequence[AnnotatedRelation], names: Names
) -> Pairs:
    """Relations of one type between matched entities."""

    def is_same(left: AnnotatedRelation, right: AnnotatedRelation) -> bool:
        same_ends = names.agree(left.head, right.head) and names.agree(left.tail, right.tail)
        return left.type is right.type and same_ends

    return _matching(gold, predicted, is_same)


def _by_form(entities: Sequence[AnnotatedEntity]) -> dict[str, list[int]]:
    positions: dict[str, list[int]] = defaultdict(list)
    for position, entity in enumerate(entities):
        for form in entity.forms:
            positions[form].append(position)
    return dict(positions)


def _same_value(left: AnnotatedResult, right: AnnotatedResult) -> bool:
    return (
        left.kind is right.kind
        and math.isclose(left.value, right.value, rel_tol=1e-6)
        and (left.unit is None or right.unit is None or _unit(left.unit) == _unit(right.unit))
    )


def _unit(unit: str) -> str:
    plain = " ".join(unit.casefold().split())
    return _UNITS.get(plain, plain)


def _matching(gold: Sequence[_I], predicted: Sequence[_I], is_same: Callable[[_I, _I], bool]) -> Pairs:
    likeness = {
        (position, other): 0
        for position, item in enumerate(gold)
        for other, candidate in enumerate(predicted)
        if is_same(item, candidate)
    }
    return _best(gold, likeness)


def _best(gold: Sequence[_Item], likeness: Mapping[tuple[int, int], int]) -> Pairs:
    """The pairs of greatest weight; keys of `likeness` are those that may be paired, its values 0 to 2."""
    import networkx as nx

    # A pair outweighs all likeness together, and a required one all pairs together.
    size = len(gold) + 1
    pair, required = 3 * size, 3 * size * size
    graph = nx.Graph()
    for (position, other), alike in likeness.items():
        weight = alike + (required if gold[position].required else pair)
        graph.add_edge(("gold", position), ("predicted", other), weight=weight)
    chosen = nx.max_weight_matching(graph)
    return dict(sorted((dict(edge)["gold"], dict(edge)["predicted"]) for edge in chosen))
