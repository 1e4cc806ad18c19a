"""The page in a real browser: it draws, answers the reader, fetches nothing, and runs no text of a paper."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

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
from kg.view import write_page
from kg.vocab import KG

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path")

FIRST, SECOND = "arXiv:2110.00001", "arXiv:2110.00002"
PROPOSAL = "We propose TinyNet for image classification 🙂 and train it on ImageNet."
REPORT = "TinyNet reaches 71.5% accuracy."
ABSTRACT = f"Networks are large. {PROPOSAL} {REPORT}"


def said(text: str, sentence: str, score: float = 0.9, paper_id: str = FIRST) -> Evidence:
    start = ABSTRACT.index(text)
    span = TextSpan(Section.ABSTRACT, start, start + len(text), text)
    return Evidence(paper_id=paper_id, span=span, sentence=sentence, score=score, extractor="kg_test 1")


def stated(subject: str, term: str, object_: str, *evidence: Evidence) -> Assertion:
    return Assertion(subject=subject, predicate=term, object=object_, evidence=evidence)


TINY = KnowledgeGraph(
    papers=(
        Paper(
            id=FIRST,
            abstract=ABSTRACT,
            created="2021-10-22",
            venue="NeurIPS 2021",
            presentation="Spotlight",
            comment="12 pages",
            links=(Link("https://example.org/code", LinkKind.CODE),),
        ),
        Paper(id=SECOND, title="A second look at TinyNet", abstract=ABSTRACT, created="2022-01-01"),
    ),
    entities=(
        Entity(id="dataset/imagenet", type=EntityType.DATASET, name="ImageNet", papers=(FIRST, SECOND)),
        Entity(
            id="method/tinynet",
            type=EntityType.METHOD,
            name="TinyNet",
            aliases=("minute network",),
            papers=(FIRST,),
            merges=(Merge(names=("TinyNet", "minute network"), reason="long form", score=0.97),),
        ),
        Entity(id="metric/accuracy", type=EntityType.METRIC, name="accuracy", papers=(FIRST,)),
        Entity(id="task/image-classification", type=EntityType.TASK, name="image classification"),
    ),
    assertions=(
        stated(FIRST, KG.addresses, "task/image-classification", said("image classification", PROPOSAL)),
        stated(FIRST, KG.measures, "metric/accuracy", said("accuracy", REPORT)),
        stated(FIRST, KG.proposes, "method/tinynet", said("TinyNet", PROPOSAL)),
        stated(FIRST, KG.trainsOn, "dataset/imagenet", said("ImageNet", PROPOSAL, 0.81)),
        stated(SECOND, KG.evaluatesOn, "dataset/imagenet", said("ImageNet", PROPOSAL, 0.6, SECOND)),
        stated("method/tinynet", KG.trainedOn, "dataset/imagenet", said(PROPOSAL, PROPOSAL, 0.7)),
    ),
    results=(
        Result(
            id="result/1",
            paper_id=FIRST,
            value=71.5,
            unit="%",
            kind=ResultKind.ABSOLUTE,
            method="method/tinynet",
            metric="metric/accuracy",
            evidence=(said("71.5%", REPORT),),
        ),
    ),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens the page of a graph; at the end no page may have fetched, complained or opened a dialog."""
    seen: list[str] = []
    contexts = []

    def shown(graph: KnowledgeGraph, **context: Any) -> Any:
        path = tmp_path / "graph.html"
        write_page(graph, path)
        contexts.append(
            browser.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce", **context)
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: request.url == path.as_uri() or seen.append(request.url))
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        until(page, "() => Boolean(window.kgView)")
        return page

    yield shown
    for context in contexts:
        context.close()
    assert seen == []


def until(page: Any, predicate: str, argument: object = None) -> None:
    """Waits for a predicate; playwright's own wait compiles text, which the policy of the page forbids."""
    deadline = monotonic() + 10
    while not page.evaluate(predicate, argument):
        assert monotonic() < deadline, predicate
        page.wait_for_timeout(20)


def ask(page: Any, what: str, *arguments: str) -> Any:
    return page.evaluate("([what, given]) => kgView[what](...given)", [what, list(arguments)])


def middle(page: Any, one: str, other: str) -> tuple[float, float]:
    a, b = ask(page, "position", one), ask(page, "position", other)
    return (a["x"] + b["x"]) / 2, (a["y"] + b["y"]) / 2


def click(page: Any, name: str) -> None:
    at = ask(page, "position", name)
    page.mouse.click(at["x"], at["y"])
    until(page, "name => kgView.selected() === name", name)


def search(page: Any, words: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words)


def test_everything_is_drawn_inside_the_picture(show: Callable[..., Any], graph: KnowledgeGraph) -> None:
    page = show(graph)
    names = ask(page, "shown")
    assert names == [thing.id for thing in (*graph.papers, *graph.entities)]
    assert page.inner_text("#shown") == f"{len(names)} of {len(names)} shown"
    picture = page.locator("#canvas").bounding_box()
    for name in names:
        at = ask(page, "position", name)
        assert picture["x"] < at["x"] < picture["x"] + picture["width"]
        assert picture["y"] < at["y"] < picture["y"] + picture["height"]
    assert len(ask(page, "labelled")) >= 10


def test_the_legend_counts_and_hides_a_kind(show: Callable[..., Any]) -> None:
    page = show(TINY)
    click(page, "dataset/imagenet")
    assert page.inner_text("#legend").split("\n") == [
        *("Papers", "2", "Methods", "1", "Datasets", "1", "Tasks", "1", "Metrics", "1")
    ]
    page.get_by_label("Datasets").focus()
    page.keyboard.press("Space")
    assert "dataset/imagenet" not in ask(page, "shown")
    assert page.inner_text("#shown") == "5 of 6 shown"
    assert ask(page, "selected") is None
    assert not [line for line in ask(page, "lines") if "dataset/imagenet" in line]
    page.keyboard.press("Space")
    assert len(ask(page, "shown")) == 6


def test_search_completes_by_name_and_alias_and_flies_there(show: Callable[..., Any]) -> None:
    page = show(TINY)
    search(page, "minute")
    assert page.locator("#hits [role=option]").all_inner_texts() == ["TinyNet\n1 paper"]
    page.keyboard.press("Enter")
    assert ask(page, "selected") == "method/tinynet"
    picture = page.locator("#canvas").bounding_box()
    until(
        page,
        "([left, top]) => { const { x, y } = kgView.position('method/tinynet');"
        " return Math.hypot(x - left, y - top) < 2; }",
        [picture["x"] + picture["width"] / 2, picture["y"] + picture["height"] / 2],
    )
    search(page, "tinynet")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert ask(page, "selected") == FIRST
    page.keyboard.press("Escape")
    assert ask(page, "selected") is None


def test_search_for_what_is_hidden_shows_it_again(show: Callable[..., Any]) -> None:
    page = show(TINY)
    page.get_by_label("Tasks").uncheck()
    search(page, "image cl")
    page.keyboard.press("Enter")
    assert "task/image-classification" in ask(page, "shown")
    assert page.get_by_label("Tasks").is_checked()


def test_search_says_when_there_is_nothing(show: Callable[..., Any]) -> None:
    page = show(TINY)
    search(page, "zzz")
    assert page.inner_text("#hits") == "Nothing of that name"
    page.keyboard.press("Enter")
    assert ask(page, "selected") is None


def test_a_paper_shows_its_record_its_marked_text_and_what_it_names(show: Callable[..., Any]) -> None:
    page = show(TINY)
    click(page, FIRST)
    panel = page.locator("#panel")
    assert panel.locator("h2").inner_text() == "TinyNet (2021)"
    text = panel.inner_text()
    for expected in (PROPOSAL, FIRST, "NeurIPS 2021, Spotlight", "2021-10-22", "12 pages", "71.5%"):
        assert expected in text
    assert panel.locator("mark").all_inner_texts() == [
        *("TinyNet", "image classification", "ImageNet", "71.5%", "accuracy")
    ]
    assert [link.get_attribute("href") for link in panel.locator("a").all()] == [
        "https://arxiv.org/abs/2110.00001",
        "https://example.org/code",
    ]
    assert {link.get_attribute("rel") for link in panel.locator("a").all()} == {"noopener noreferrer"}
    headings = [heading.lower() for heading in panel.locator("h3").all_inner_texts()]
    assert headings == [
        *("abstract", "comment", "proposes", "trains on", "addresses", "measures", "results", "identifier")
    ]
    panel.locator("mark", has_text="ImageNet").click()
    assert ask(page, "selected") == "dataset/imagenet"


def test_an_entity_shows_its_names_why_they_are_one_its_neighbours_and_results(
    show: Callable[..., Any],
) -> None:
    page = show(TINY)
    click(page, "method/tinynet")
    panel = page.locator("#panel")
    assert panel.locator("h2").inner_text() == "TinyNet"
    text = panel.inner_text()
    for expected in ("Also minute network", "TinyNet = minute network: long form (97%)", "1 paper"):
        assert expected in text
    headings = [heading.lower() for heading in panel.locator("h3").all_inner_texts()]
    assert headings == ["proposed by", "trained on", "results", "why these names are one", "identifier"]
    assert panel.locator("td").all_inner_texts() == ["71.5%", "accuracy", "TinyNet (2021)"]
    assert panel.locator("code").inner_text() == "https://w3id.org/abstractkg/method/tinynet"
    panel.get_by_role("button", name="ImageNet").click()
    assert ask(page, "selected") == "dataset/imagenet"


def test_the_iri_is_copied(show: Callable[..., Any]) -> None:
    page = show(TINY, permissions=["clipboard-read", "clipboard-write"])
    click(page, "method/tinynet")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "https://w3id.org/abstractkg/method/tinynet"


def test_a_line_shows_its_evidence_under_the_pointer_and_all_of_it_when_clicked(
    show: Callable[..., Any],
) -> None:
    page = show(TINY)
    at = middle(page, FIRST, "dataset/imagenet")
    page.mouse.move(*at)
    tip = page.locator("#tip").inner_text()
    assert "TinyNet (2021) trains on ImageNet" in tip
    assert PROPOSAL in tip
    assert "confidence 81%" in tip
    page.mouse.click(*at)
    page.locator("#panel blockquote").wait_for()
    assert page.inner_text("#panel blockquote") == f"{PROPOSAL}\nTinyNet (2021) · confidence 81%"
    assert page.locator("#tip").is_hidden()


def test_a_selection_leaves_its_neighbourhood_bright_and_escape_ends_it(show: Callable[..., Any]) -> None:
    page = show(TINY)
    click(page, "metric/accuracy")
    until(page, "() => kgView.labelled().length === 2")
    assert set(ask(page, "labelled")) == {"metric/accuracy", FIRST}
    page.keyboard.press("Escape")
    until(page, "() => kgView.labelled().includes('dataset/imagenet')")


def test_the_page_is_dark_where_the_reader_likes_it_dark(show: Callable[..., Any]) -> None:
    page = show(TINY, color_scheme="dark")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in ground.removeprefix("rgb(").rstrip(")").split(",")) < 60


@pytest.mark.parametrize("papers", [(), (Paper(id="x:1"),)])
def test_a_page_of_nothing_or_of_one_paper_works(show: Callable[..., Any], papers: tuple[Paper, ...]) -> None:
    page = show(KnowledgeGraph(papers=papers, entities=(), assertions=(), results=()))
    assert ask(page, "shown") == [paper.id for paper in papers]
    for paper in papers:
        click(page, paper.id)


PWN = "document.documentElement.dataset.pwn=1"
ATTACKS = [
    f"<img src=x onerror={PWN}>",
    f"<svg onload={PWN}>",
    f"<a href='javascript:{PWN}'>href</a>",
    f"</script><script>{PWN}</script>",
    f"<!--<script>{PWN}",
    f'"><iframe srcdoc="<script>parent.{PWN}</script>">',
    f"';{PWN};'",
    f"\u2028{PWN}\u2029",
    f"{{{{constructor.constructor('{PWN}')()}}}}",
    f"javascript:{PWN}",
    "\x00]]><style>*{display:none}</style>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "\u202eevil\u2066",
]


def attacked() -> KnowledgeGraph:
    """Every attack in every place that shows text, and the word that makes pyvis's template unsafe."""
    papers = tuple(
        Paper(
            id=f"x:{number} {attack}",
            title=attack if number % 2 else None,
            abstract=f"{attack} href",
            comment=attack,
            authors=(attack,),
            venue=attack,
            presentation=attack,
            journal_ref=attack,
            doi=attack,
            links=(Link(attack, LinkKind.CODE), Link(f"https://example.org/{attack}", LinkKind.DATA)),
        )
        for number, attack in enumerate(ATTACKS)
    )
    entities = tuple(
        Entity(
            id=f"method/{number:02}",
            type=EntityType.METHOD,
            name=attack,
            aliases=(f"{attack} href",),
            papers=(papers[number].id,),
            same_as=(attack,),
            merges=(Merge(names=(attack, "href"), reason=attack, score=0.5),),
        )
        for number, attack in enumerate(ATTACKS)
    )
    evidence = [
        Evidence(
            paper_id=paper.id,
            span=TextSpan(Section.ABSTRACT, 0, len(attack), attack),
            sentence=f"{attack} href",
            score=0.5,
            extractor=attack,
        )
        for paper, attack in zip(papers, ATTACKS, strict=True)
    ]
    return KnowledgeGraph(
        papers=papers,
        entities=entities,
        assertions=tuple(
            stated(paper.id, KG.proposes, entity.id, piece)
            for paper, entity, piece in zip(papers, entities, evidence, strict=True)
        ),
        results=tuple(
            Result(
                id=f"result/{number}",
                paper_id=papers[number].id,
                value=1.0,
                unit=attack,
                kind=ResultKind.ABSOLUTE,
                method=entities[number].id,
                evidence=(evidence[number],),
            )
            for number, attack in enumerate(ATTACKS)
        ),
    )


def test_no_text_of_a_paper_runs_or_fetches_or_becomes_markup(show: Callable[..., Any]) -> None:
    graph = attacked()
    page = show(graph)
    names = ask(page, "shown")
    assert len(names) == 2 * len(ATTACKS)
    for number in range(len(ATTACKS)):
        paper, entity = names[number], names[number + len(ATTACKS)]
        page.keyboard.press("Escape")
        page.mouse.move(*middle(page, paper, entity))
        assert ATTACKS[number][-9:] in page.inner_text("#tip")
        page.mouse.click(*middle(page, paper, entity))
        for name in (paper, entity):
            at = ask(page, "position", name)
            page.mouse.move(at["x"], at["y"])
            page.mouse.click(at["x"], at["y"])
            until(page, "name => kgView.selected() === name", name)
            addresses = [link.get_attribute("href") for link in page.locator("#panel a").all()]
            assert all(address.startswith("https://") for address in addresses)
    search(page, "href")
    assert page.locator("#hits [role=option]").count() > 0
    assert page.evaluate("document.documentElement.dataset.pwn") is None
    assert page.locator("img, iframe, body style, body link, [onerror], [onload]").count() == 0
    assert page.locator("script").count() == 6


def test_the_policy_stops_a_script_that_gets_in_all_the_same(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "graph.html"
    write_page(TINY, path)
    path.write_text(path.read_text("utf-8").replace("<body>", f"<body><script>{PWN}</script>"), "utf-8")
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path.as_uri())
    until(page, "() => Boolean(window.kgView)")
    assert page.evaluate("document.documentElement.dataset.pwn") is None
    assert any("Content Security Policy" in complaint for complaint in complaints)
    page.close()
