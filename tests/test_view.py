"""The page as text: one file that asks for nothing, holds everything, and lets no name be markup."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from math import dist
from pathlib import Path
from typing import Any

import pytest

import kg.view.content
from kg.errors import OutputError
from kg.graph import KnowledgeGraph
from kg.model import (
    Assertion,
    Entity,
    EntityType,
    Evidence,
    Link,
    LinkKind,
    Merge,
    Paper,
    Result,
    ResultKind,
    Section,
    TextSpan,
)
from kg.view import page as page_module
from kg.view import render, write_page
from kg.view.layout import place
from kg.view.palette import styles
from kg.view.records import entity_record, paper_record, segments
from kg.vocab import KG

BASE = "https://example.org/"
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "a\u2028b\u2029c",
    "&lt;b&gt; & \"quotes' `ticks` ${x} {{ 7 * 7 }} {% raw %}",
    "\x00\x0b\ud800",
    "javascript:alert(1)",
]


def evidence(paper: Paper, text: str, score: float = 0.9) -> Evidence:
    start = paper.abstract.index(text)
    span = TextSpan(Section.ABSTRACT, start, start + len(text), text)
    return Evidence(paper_id=paper.id, span=span, sentence=paper.abstract, score=score, extractor="kg_test 1")


def graph_of(*names: str, **known: Any) -> KnowledgeGraph:
    """A paper that proposes the first of the names and uses the others."""
    paper = Paper(id="x:1", abstract=" ".join(names), created="2021-10-22", **known)
    entities = tuple(
        Entity(id=f"method/{number}", type=EntityType.METHOD, name=name, papers=("x:1",))
        for number, name in enumerate(names)
    )
    return KnowledgeGraph(
        papers=(paper,),
        entities=entities,
        assertions=tuple(
            Assertion(
                subject=paper.id,
                predicate=KG.proposes if entity.id == "method/0" else KG.uses,
                object=entity.id,
                evidence=(evidence(paper, entity.name),),
            )
            for entity in entities
        ),
        results=(),
    )


class Page(HTMLParser):
    """What a browser would find: elements with their attributes, and the text of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] in {"script", "style"} and data.strip():
            tag, attributes = self.elements[-1]
            self.raw.append((tag, attributes, data))

    def json(self, name: str) -> Any:
        return next(json.loads(text) for _, known, text in self.raw if known.get("id") == f"kg-{name}")

    def programs(self) -> list[str]:
        return [text for tag, known, text in self.raw if tag == "script" and "type" not in known]


def test_the_page_names_no_file_and_no_address_to_fetch(graph: KnowledgeGraph) -> None:
    page = Page(render(graph))
    addresses = [
        value
        for tag, known in page.elements
        for name, value in known.items()
        if name in {"src", "href", "action", "data", "poster", "srcset"}
    ]
    assert addresses == ["data:,"]
    style = next(text for tag, _, text in page.raw if tag == "style")
    assert "@import" not in style
    assert "url(" not in style
    assert not any("sourceMappingURL" in program for program in page.programs())


def test_the_policy_forbids_all_but_the_scripts_and_the_style_of_the_page(graph: KnowledgeGraph) -> None:
    page = Page(render(graph))
    policy = next(
        known["content"]
        for tag, known in page.elements
        if known.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    programs = page.programs()
    assert len(programs) == 2
    assert rules["script-src"].split() == [digest(program) for program in programs]
    assert rules["style-src"] == digest(next(text for tag, _, text in page.raw if tag == "style"))


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_every_paper_and_entity_is_drawn_and_every_statement_told(graph: KnowledgeGraph) -> None:
    page = Page(render(graph))
    nodes, content = page.json("nodes"), page.json("page")
    ids = [thing.id for thing in (*graph.papers, *graph.entities)]
    assert len(ids) > 50
    assert [node["name"] for node in nodes] == ids
    told = {(ids[row[0]], ids[row[2]]) for row in content["statements"]}
    assert {(assertion.subject, assertion.object) for assertion in graph.assertions} <= told
    listed = sorted(number for edge in page.json("edges") for number in edge["statements"])
    assert listed == list(range(len(content["statements"])))
    assert len(content["results"]) == len(graph.results)


def test_the_same_graph_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    program = (
        "import sys; from pathlib import Path; from hashlib import sha256\n"
        "sys.path.insert(0, str(Path(sys.argv[1])))\n"
        "from test_view import graph_of; from kg.view import render\n"
        "names = [f'Name{i} of {i % 7}' for i in range(60)]\n"
        "print(sha256(render(graph_of(*names)).encode()).hexdigest())\n"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_paper_can_end_the_data_it_stands_in(text: str) -> None:
    graph = graph_of(text, "other", title=text, comment=text, venue=text, authors=(text,))
    html = render(graph, title=text)
    page = Page(html)
    assert [tag for tag, _ in page.elements].count("script") == 6
    assert "img" not in [tag for tag, _ in page.elements]
    data = [block for _, known, block in page.raw if known.get("type") == "application/json"]
    assert len(data) == 4
    assert not set("<>&\u2028\u2029\x00") & set("".join(data))
    assert page.json("page")["papers"]["0"]["comment"] == [text]
    html.encode()


def test_all_statements_between_two_things_are_one_line() -> None:
    paper = Paper(id="x:1", abstract="A uses B")
    both = (evidence(paper, "A uses B", 0.4), evidence(paper, "B", 0.8))
    graph = KnowledgeGraph(
        papers=(paper,),
        entities=tuple(Entity(id=f"method/{n}", type=EntityType.METHOD, name=n.upper()) for n in "ab"),
        assertions=(
            Assertion(subject="method/a", predicate=KG.usesMethod, object="method/b", evidence=both),
            Assertion(subject="method/b", predicate=KG.extends, object="method/a", evidence=both[:1]),
        ),
        results=(),
    )
    page = Page(render(graph))
    assert page.json("edges") == [{"id": 0, "from": 1, "to": 2, "statements": [0, 1]}]
    content = page.json("page")
    (a, uses, b, both_pieces), (c, extends, d, one_piece) = content["statements"]
    assert (a, b, c, d) == (1, 2, 2, 1)
    assert both_pieces == [[0, 0, 0.8], [0, 0, 0.4]]
    assert one_piece == [[0, 0, 0.4]]
    assert content["properties"][uses] == {"name": "uses method", "inverse": "used in"}
    assert content["properties"][extends] == {"name": "extends", "inverse": "extended by"}
    assert content["sentences"] == ["A uses B"]


def test_a_graph_too_large_is_drawn_in_part_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kg.view.content, "MOST_NODES", 3)
    page = Page(render(graph_of("A", "B", "C", "D")))
    assert [node["name"] for node in page.json("nodes")] == ["x:1", "method/0", "method/1"]
    assert page.json("page")["total"] == 5
    abstract = page.json("page")["papers"]["0"]["abstract"]
    assert [part for part in abstract if part != " "] == [["A", 1], ["B", 2], ["C", None], ["D", None]]


@pytest.mark.parametrize("papers", [(), (Paper(id="x:1"),)])
def test_a_graph_of_nothing_or_of_one_paper_is_a_page_too(papers: tuple[Paper, ...]) -> None:
    page = Page(render(KnowledgeGraph(papers=papers, entities=(), assertions=(), results=())))
    assert len(page.json("nodes")) == len(papers)


def test_results_name_what_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of("A", "B")
    result = Result(
        id="result/1",
        paper_id="x:1",
        value=1.2,
        unit="%",
        kind=ResultKind.DELTA,
        method="method/0",
        baseline="method/1",
        evidence=(evidence(graph.papers[0], "A"),),
    )
    monkeypatch.setattr(kg.view.content, "MOST_NODES", 2)
    graph = KnowledgeGraph(
        papers=graph.papers, entities=graph.entities, assertions=graph.assertions, results=(result,)
    )
    (row,) = Page(render(graph)).json("page")["results"]
    assert (row["method"], row["baseline"], row["value"]) == (1, "B", "+1.2%")


def test_writing_to_a_place_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        write_page(graph_of("A"), tmp_path / "file" / "graph.html")


# --- records


def headline(paper: Paper, *proposing: Evidence) -> str:
    found = paper_record(paper, (), proposing, BASE)["headline"]
    assert isinstance(found, str)
    return found


def test_the_headline_is_the_title_or_what_is_proposed_or_the_first_sentence() -> None:
    text = "Nets are large, e.g. v1.5 of it. We propose TinyNet!"
    paper = Paper(id="x:1", abstract=text)
    proposes = Evidence(
        paper_id="x:1",
        span=TextSpan(Section.ABSTRACT, 44, 51, "TinyNet"),
        sentence="We propose TinyNet!",
        score=1,
        extractor="kg_test 1",
    )
    assert headline(Paper(id="x:1", title=" A\n title ", abstract=text), proposes) == "A title"
    assert headline(paper, proposes) == "We propose TinyNet!"
    assert headline(paper).startswith("Nets are large, e.g.")
    assert headline(Paper(id="x:1")) == "x:1"


def test_only_web_addresses_become_links() -> None:
    paper = Paper(
        id="arXiv:2110.11945",
        doi="10.1000/a<b>",
        links=(
            Link("https://example.org/code", LinkKind.CODE),
            Link("javascript:alert(1)", LinkKind.PROJECT),
            Link("https://[", LinkKind.DATA),
        ),
    )
    assert paper_record(paper, (), (), BASE)["links"] == [
        ["arXiv", "https://arxiv.org/abs/2110.11945"],
        ["DOI", "https://doi.org/10.1000/a%3Cb%3E"],
        ["Code", "https://example.org/code"],
    ]
    entity = Entity(
        id="method/a",
        type=EntityType.METHOD,
        name="A",
        same_as=("http://example.org/a", "data:text/html,x"),
        merges=(Merge(names=("A", "Alpha"), reason="long form", score=0.987),),
    )
    assert entity_record(entity, BASE) == {
        "iri": "https://example.org/method/a",
        "aliases": [],
        "merges": [{"names": ["A", "Alpha"], "reason": "long form", "confidence": 0.99}],
        "links": [["http://example.org/a", "http://example.org/a"]],
    }


def test_marks_stand_where_they_should_behind_characters_that_javascript_counts_twice() -> None:
    paper = Paper(id="x:1", abstract="𝒪(n) with 🙂 and SOFT.")
    marks = [(evidence(paper, "SOFT"), 3)]
    assert paper_record(paper, marks, (), BASE)["abstract"] == ["𝒪(n) with 🙂 and ", ["SOFT", 3], "."]


def test_a_mark_that_does_not_fit_its_text_is_left_out() -> None:
    paper = Paper(id="x:1", abstract="SOFT.")
    wrong = Evidence(
        paper_id="x:1",
        span=TextSpan(Section.ABSTRACT, 1, 5, "SOFT"),
        sentence="SOFT.",
        score=1,
        extractor="kg_test 1",
    )
    assert paper_record(paper, [(wrong, 1)], (), BASE)["abstract"] == ["SOFT."]


def test_segments_put_together_are_the_text() -> None:
    text = "abcdefghij"
    marks = [(0, 2, 1), (1, 4, 2), (4, 5, None), (8, 10, 3), (8, 10, 3)]
    cut = segments(text, marks)
    assert cut == ["a", ["bcd", 2], ["e", None], "fgh", ["ij", 3]]
    assert "".join(part if isinstance(part, str) else str(part[0]) for part in cut) == text


# --- layout and palette


def ring(count: int, start: int = 0) -> dict[tuple[int, int], float]:
    return {tuple(sorted((start + i, start + (i + 1) % count))): 1.0 for i in range(count)}  # type: ignore[misc]


def test_no_two_nodes_overlap() -> None:
    sizes = [5.0 + i % 4 * 5 for i in range(120)]
    links = {(i % 6, i): 1.0 for i in range(6, 110)} | ring(6)
    points = place(sizes, links).positions
    overlaps = [
        (a, b) for a in range(120) for b in range(a) if dist(points[a], points[b]) < sizes[a] + sizes[b]
    ]
    assert overlaps == []


def test_what_is_linked_is_one_community_and_what_is_not_waits_below() -> None:
    layout = place([5.0] * 12, ring(6) | ring(4, start=6))
    assert layout.communities == (0,) * 6 + (1,) * 4 + (None,) * 2
    lowest = max(y for _, y in layout.positions[:10])
    assert all(y > lowest for _, y in layout.positions[10:])


def test_a_layout_does_not_depend_on_the_order_of_the_links() -> None:
    links = ring(30) | {(0, 15): 2.0, (3, 20): 1.0}
    assert place([5.0] * 30, links) == place([5.0] * 30, dict(reversed(links.items())))


def test_nothing_and_one_node_can_be_laid_out() -> None:
    assert place([], {}).positions == ()
    assert len(place([5.0], {}).positions) == 1


def test_every_kind_has_a_look_of_its_own() -> None:
    kinds = ["Paper", *EntityType, "Theorem", "Organism"]
    looks = styles(kinds)
    assert len(looks) == len(kinds)
    assert len({(style.colour, style.shape) for style in looks.values()}) == len(kinds)


# --- package data


def test_every_script_and_style_of_the_package_is_in_the_page() -> None:
    found = {
        folder: {part.name for part in (files("kg.view") / folder).iterdir()}
        for folder in ("script", "style")
    }
    assert found == {"script": set(page_module._SCRIPTS), "style": set(page_module._STYLES)}


def test_no_script_of_ours_makes_markup_or_code_from_text() -> None:
    for name in page_module._SCRIPTS:
        program = (files("kg.view") / "script" / name).read_text("utf-8")
        for word in (
            "innerHTML",
            "outerHTML",
            "AdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
        ):
            assert word not in program, name
