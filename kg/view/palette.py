"""How each kind of node looks: a colour that colour-blind eyes can tell from the others, and a shape.

Colours are those of Okabe and Ito (https://jfly.uni-koeln.de/color/). Shapes are SVG paths in the square
from -1 to 1, used for the canvas and the legend alike, and of about the same area.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle

DOCUMENT = "M-.72-.95H.3L.72-.53V.95H-.72Z"
CIRCLE = "M.9 0A.9.9 0 1 1-.9 0A.9.9 0 1 1 .9 0Z"
SQUARE = "M-.8-.8H.8V.8H-.8Z"
STAR = "M0-1.12L.29-.4 1.07-.35.47.15.66.91 0 .49-.66.91-.47.15-1.07-.35-.29-.4Z"
TRIANGLE = "M0-1.05L1.05.8H-1.05Z"
DIAMOND = "M0-1.12L1 0 0 1.12-1 0Z"
HEXAGON = "M1 0L.5.87H-.5L-1 0-.5-.87H.5Z"
TRIANGLE_DOWN = "M0 1.05L1.05-.8H-1.05Z"


@dataclass(frozen=True, slots=True)
class Style:
    """The colour (`#rrggbb`) and the shape (SVG path) of a kind of node."""

    colour: str
    shape: str


# In the order of the legend.
_KNOWN = {
    "Paper": Style("#7f8790", DOCUMENT),
    "Method": Style("#0072b2", CIRCLE),
    "Dataset": Style("#e69f00", SQUARE),
    "Benchmark": Style("#d55e00", STAR),
    "Task": Style("#009e73", TRIANGLE),
    "Metric": Style("#cc79a7", DIAMOND),
    "Material": Style("#f0e442", HEXAGON),
    "Concept": Style("#56b4e9", TRIANGLE_DOWN),
}
_SPARE = (
    Style("#56b4e9", SQUARE),
    Style("#d55e00", DIAMOND),
    Style("#009e73", HEXAGON),
    Style("#cc79a7", TRIANGLE),
    Style("#e69f00", TRIANGLE_DOWN),
)


def styles(kinds: Iterable[str]) -> dict[str, Style]:
    """The style of each kind, in the order of the legend; kinds new to the ontology take the spare ones.

    >>> list(styles({"Task", "Theorem", "Paper"}))
    ['Paper', 'Task', 'Theorem']
    """
    present = set(kinds)
    chosen = {kind: style for kind, style in _KNOWN.items() if kind in present}
    return chosen | dict(zip(sorted(present - chosen.keys()), cycle(_SPARE), strict=False))
