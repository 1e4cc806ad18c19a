"""One self-contained page that shows the graph, drawn by pyvis on our own template.

pyvis's own template fetches Bootstrap from outside and, when any title holds the word `href`, writes all
titles as HTML. Ours asks for nothing, forbids the browser to, and runs only the scripts whose digests it
names; every text of a paper is data to it.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path

from kg.files import write_text
from kg.graph import KnowledgeGraph
from kg.ids import DEFAULT_BASE
from kg.network import legal_text
from kg.view.content import content

DEFAULT_TITLE = "Knowledge graph"

_STYLES = ("panel.css", "frame.css")
# Each part relies only on those before it.
_SCRIPTS = ("model.js", "text.js", "canvas.js", "panel.js", "tools.js", "main.js")
_VIS_NETWORK = "lib/vis-9.1.2/vis-network.min.js"
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"shape": "custom", "font": {"size": 0}},
    "edges": {
        "smooth": False,
        "arrows": {"to": {"enabled": False}},
        "selectionWidth": 0,
        "width": 1.6,
    },
    "interaction": {
        "selectConnectedEdges": False,
        # Would take the focus from the search box whenever the pointer moves over the picture.
        "keyboard": {"enabled": True, "bindToWindow": False, "autoFocus": False},
    },
}


def write_page(
    graph: KnowledgeGraph, path: Path, *, title: str = DEFAULT_TITLE, base: str = DEFAULT_BASE
) -> None:
    """Write the page of the graph, whole or not at all. Raises OutputError."""
    write_text(path, render(graph, title=title, base=base))


def render(graph: KnowledgeGraph, *, title: str = DEFAULT_TITLE, base: str = DEFAULT_BASE) -> str:
    """The page of the graph as one HTML text, the same for the same graph."""
    from pyvis.network import Network

    shown = content(graph, title=legal_text(title), base=base)
    network = Network(cdn_resources="in_line", directed=True)
    # Filled at once: add_node and add_edge look through all nodes and edges each time.
    network.nodes = shown.nodes
    network.edges = shown.edges
    network.node_map = {node["id"]: node for node in shown.nodes}
    network.node_ids = list(network.node_map)
    network.set_options(json.dumps(_OPTIONS))
    scripts = [_vis_network(), _program()]
    style = _together("style", _STYLES)
    with as_file(files("kg.view") / "template.html") as template:
        network.set_template_dir(str(template.parent), template.name)
        network.templateEnv.autoescape = True
        network.templateEnv.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
        network.templateEnv.globals.update(
            page=shown.page, scripts=scripts, style=style, policy=_policy(scripts, style)
        )
        html: str = network.generate_html()
    return html


def _vis_network() -> str:
    """The drawing library that pyvis brings, without the line that names a file beside it."""
    library = (files("pyvis") / _VIS_NETWORK).read_text("utf-8")
    return library.partition("\n//# sourceMappingURL")[0]


def _program() -> str:
    return f'(() => {{\n"use strict";\n{_together("script", _SCRIPTS)}}})();'


def _together(folder: str, names: Iterable[str]) -> str:
    return "\n".join((files("kg.view") / folder / name).read_text("utf-8") for name in names)


def _policy(scripts: list[str], style: str) -> str:
    """The Content-Security-Policy under which nothing is fetched and only these scripts and styles count."""
    script_sources = " ".join(map(_digest, scripts))
    return (
        f"default-src 'none'; script-src {script_sources}; style-src {_digest(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(source: str) -> str:
    return f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'"
