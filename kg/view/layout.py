"""Where the nodes of a picture stand, worked out before the page is opened.

One force layout of a whole literature graph is a grey ball. So communities are found first, their
discs are placed by how strongly they are linked, each community is laid out inside its disc, and what
is linked to nothing waits in a strip below. Positions depend on the graph alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

SEED = 7
# A screen is wider than high: discs are pulled to the middle line more than to the middle column.
_PULL = (0.97, 0.95)
_ROUNDS = 120
_SPREAD = 0.8
_ROOM_AROUND_NODE = 13.0
_ROOM_AROUND_COMMUNITY = 6.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Position of each node in whole world units, y downwards, and the number of its community.

    Communities are numbered from the largest; nodes that are linked to nothing have none.
    """

    positions: tuple[tuple[int, int], ...]
    communities: tuple[int | None, ...]


def place(sizes: Sequence[float], links: Mapping[tuple[int, int], float]) -> Layout:
    """Lay out nodes `0 … len(sizes) - 1` of these radii, linked with these weights.

    The same arguments give the same layout, whatever the order of the links.
    """
    import networkx as nx
    import numpy as np

    network: nx.Graph[int] = nx.Graph()
    network.add_weighted_edges_from((a, b, weight) for (a, b), weight in sorted(links.items()))
    communities = _communities(network)
    number_of = {node: number for number, members in enumerate(communities) for node in members}
    radii = np.asarray(sizes, dtype=float) + _ROOM_AROUND_NODE
    points = np.zeros((len(sizes), 2))
    for members in communities:
        points[members] = _separate(_spring(network.subgraph(members), members), radii[members])
    discs = np.array([np.max(np.hypot(*points[members].T) + radii[members]) for members in communities])
    centres = _place_discs(discs + _ROOM_AROUND_COMMUNITY, _links_between(links, number_of))
    for number, members in enumerate(communities):
        pulls = [
            (points[node], centres[number_of[other]] - centres[number])
            for node in members
            for other in sorted(network[node])
            if number_of[other] != number
        ]
        points[members] = _turned(points[members], pulls) + centres[number]
    _park(points, radii, parked=[node for node in range(len(sizes)) if node not in number_of])
    return Layout(
        tuple((round(x), round(y)) for x, y in points.tolist()),
        tuple(number_of.get(node) for node in range(len(sizes))),
    )


def _communities(network: nx.Graph[int]) -> list[list[int]]:
    """Louvain communities, largest first, the members of each sorted."""
    import networkx as nx

    if not network:
        return []
    found = nx.community.louvain_communities(network, weight="weight", seed=SEED)
    return sorted((sorted(members) for members in found), key=lambda members: (-len(members), members))


def _links_between(
    links: Mapping[tuple[int, int], float], number_of: Mapping[int, int]
) -> dict[tuple[int, int], float]:
    """How strongly the communities are linked, by their numbers."""
    between: dict[tuple[int, int], float] = {}
    for (a, b), weight in sorted(links.items()):
        pair = (min(number_of[a], number_of[b]), max(number_of[a], number_of[b]))
        if pair[0] != pair[1]:
            between[pair] = between.get(pair, 0.0) + weight
    return between


def _spring(network: nx.Graph[int], order: Sequence[int]) -> Points:
    """Force-directed positions (Fruchterman and Reingold 1991) of the nodes, in the order given."""
    import numpy as np
    import rustworkx as rx

    row = {node: index for index, node in enumerate(order)}
    graph: rx.PyGraph[int, float] = rx.PyGraph()
    graph.add_nodes_from(list(order))
    graph.add_edges_from(
        sorted(
            (min(row[a], row[b]), max(row[a], row[b]), float(weight))
            for a, b, weight in network.edges(data="weight")
        )
    )
    positions = rx.spring_layout(graph, seed=SEED, num_iter=200, weight_fn=float)
    return np.asarray([positions[index] for index in range(len(order))], dtype=float)


def _separate(points: Points, radii: Points, *, pull: tuple[float, float] | None = None) -> Points:
    """Positions around the origin at which discs of these radii do not overlap.

    Grows the picture until it could hold the discs, then pushes apart those that overlap; with a `pull`
    everything is drawn to the middle in between, by these factors across and down.
    """
    import numpy as np

    if len(points) == 1:
        return points * 0.0
    points = points - points.mean(axis=0)
    mean_distance = max(float(np.hypot(*points.T).mean()), 1e-9)
    points *= _SPREAD * sqrt(float((radii**2).sum())) / mean_distance
    wanted = radii[:, None] + radii[None, :]
    np.fill_diagonal(wanted, 0.0)
    for step in range(_ROUNDS):
        pulling = pull is not None and step < _ROUNDS // 2
        if pulling:
            points = points * np.asarray(pull)
        gaps = points[:, None, :] - points[None, :, :]
        distances = np.maximum(np.hypot(gaps[..., 0], gaps[..., 1]), 1e-9)
        overlaps = np.maximum(wanted - distances, 0.0)
        if not pulling and not overlaps.any():
            break
        points = points + 0.4 * (gaps * (overlaps / distances)[..., None]).sum(axis=1)
    centred: Points = points - points.mean(axis=0)
    return centred


def _place_discs(radii: Points, links: Mapping[tuple[int, int], float]) -> Points:
    """Centres of the communities' discs: linked ones near each other, all of them close together."""
    import networkx as nx
    import numpy as np

    if not len(radii):
        return np.zeros((0, 2))
    network: nx.Graph[int] = nx.Graph()
    network.add_nodes_from(range(len(radii)))
    network.add_weighted_edges_from((a, b, weight) for (a, b), weight in links.items())
    return _separate(_spring(network, range(len(radii))), radii, pull=_PULL)


def _turned(points: Points, pulls: Sequence[tuple[Points, Points]]) -> Points:
    """A community turned about its middle so that nodes stand on the side of what they are linked to.

    Each pull is a position and the direction it is drawn to; the angle is the one at which the sum of
    their inner products is greatest.
    """
    import numpy as np

    across = sum(float(p[0] * d[1] - p[1] * d[0]) / float(np.hypot(*d)) for p, d in pulls)
    along = sum(float(p @ d) / float(np.hypot(*d)) for p, d in pulls)
    angle = atan2(across, along) if pulls else 0.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned: Points = points @ turn.T
    return turned


def _park(points: Points, radii: Points, *, parked: Sequence[int]) -> None:
    """Put what is linked to nothing into rows below the picture, as wide as the picture."""
    if not parked:
        return
    others = [index for index in range(len(points)) if index not in set(parked)]
    left, right, bottom = -400.0, 400.0, 0.0
    if others:
        left, right = float(points[others, 0].min()), float(points[others, 0].max())
        bottom = float((points[others, 1] + radii[others]).max()) + 4 * _ROOM_AROUND_COMMUNITY
    step = 2 * float(radii[list(parked)].max())
    columns = max(1, int((right - left) // step))
    for place_in_strip, node in enumerate(parked):
        row, column = divmod(place_in_strip, columns)
        points[node] = (left + (column + 0.5) * step, bottom + (row + 0.5) * step)
