"""The command line: one thin function per command, heavy imports inside it.

Exit codes: 0 all in; 1 `kg check` found violations; 2 usage; 3 finished, some records
rejected; 4 an input is unreadable; 5 disk or output; 130 interrupted. Results go to
standard output, progress and errors to standard error.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import __version__
from kg.errors import InvalidGraph, KGError, UsageError

if TYPE_CHECKING:
    from kg.pipeline import BuildReport
    from kg.read import Intake

T = TypeVar("T")

_INTERRUPTED = 130
_STANDARD = Path("-")
_PATH = click.Path(path_type=Path)

_INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
_INPUT_FORMAT = click.option(
    "--input-format", metavar="NAME", help="Format of the inputs; told by content and name if not given."
)
_BASE = click.option("--base-iri", metavar="IRI", help="Begin every IRI of the graph with this.")
_GRAPH = click.argument("graph", type=_PATH, default=Path("exports"))


class _Settings:
    """What the options common to all commands ask for."""

    quiet = False
    debug = False


def _set_quiet(_context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    _Settings.quiet = _Settings.quiet or value


def _set_debug(_context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    _Settings.debug = _Settings.debug or value


def _set_verbose(_context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    logging.basicConfig(level=logging.INFO if value else logging.WARNING, format="kg: %(message)s")


class _Group(click.Group):
    """Gives every command the options common to all."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, with `--quiet`, `--verbose` and `--debug`."""
        common: Mapping[tuple[str, ...], tuple[Callable[..., None], str]] = {
            ("-q", "--quiet"): (_set_quiet, "No progress, no summary."),
            ("-v", "--verbose"): (_set_verbose, "Log what each stage does."),
            ("--debug",): (_set_debug, "Show the traceback of an error."),
        }
        cmd.params += [
            click.Option(names, is_flag=True, expose_value=False, callback=callback, help=text)
            for names, (callback, text) in common.items()
        ]
        super().add_command(cmd, name)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kg")
def kg() -> None:
    """Turn paper abstracts into a knowledge graph.

    Begin with `kg build PAPERS... -o FOLDER`, then open FOLDER/graph.html or ask FOLDER/graph.ttl.
    """


@kg.command()
@_INPUTS
@click.option("-o", "--output", type=_PATH, default=Path("exports"), show_default=True, metavar="FOLDER")
@_INPUT_FORMAT
@_BASE
def build(inputs: tuple[str, ...], output: Path, input_format: str | None, base_iri: str | None) -> int:
    """Read abstracts and write graph, page and tables into a folder.

    An INPUT is a file, a folder, or `-` for standard input; compressed or not.

    Example: kg build examples/*.txt -o exports
    """
    from kg import pipeline
    from kg.ids import DEFAULT_BASE

    report = pipeline.build(
        inputs, output, input_format=input_format, base=base_iri or DEFAULT_BASE, progress=_progress
    )
    _report_losses(report.intake)
    if not _Settings.quiet:
        _print_summary(report, output)
    return report.intake.exit_code


@kg.command()
@_INPUTS
@click.option("-o", "--output", type=_PATH, default=_STANDARD, metavar="FILE", help="`-`: standard output.")
@_INPUT_FORMAT
def read(inputs: tuple[str, ...], output: Path, input_format: str | None) -> int:
    """Convert papers of any known format to JSON Lines.

    Example: kg read listing.txt -o papers.jsonl
    """
    from kg.records import paper_to_record

    intake = _gather(inputs, input_format)
    _write_lines(output, map(paper_to_record, intake.papers))
    return intake.exit_code


@kg.command()
@_INPUTS
@click.option("-o", "--output", type=_PATH, default=_STANDARD, metavar="FILE", help="`-`: standard output.")
@_INPUT_FORMAT
def extract(inputs: tuple[str, ...], output: Path, input_format: str | None) -> int:
    """Write what each paper's text says, paper by paper, without relating papers.

    Example: kg extract listing.txt -o annotations.jsonl
    """
    from kg import pipeline
    from kg.extract import extract as extracted

    intake = _gather(inputs, input_format)
    extractions = _progress(extracted(intake.papers), "extract", len(intake.papers))
    _write_lines(output, pipeline.annotation_records(extractions))
    return intake.exit_code


@kg.command()
@_GRAPH
@click.option("-o", "--output", type=_PATH, required=True, metavar="FILE")
@click.option("--format", "format_", metavar="NAME", help="Told by the end of FILE if not given.")
@_BASE
def export(graph: Path, output: Path, format_: str | None, base_iri: str | None) -> None:
    """Write a graph in another format.

    GRAPH is a build folder or a Turtle file.

    Example: kg export exports -o graph.graphml
    """
    from kg.export import export as write
    from kg.ids import DEFAULT_BASE
    from kg.rdf import read_graph

    write(read_graph(graph), output, format=format_, base=base_iri or DEFAULT_BASE)


@kg.command()
@_GRAPH
@click.option("-o", "--output", type=_PATH, required=True, metavar="FILE")
@click.option("--title", metavar="TEXT", help="The heading of the page.")
def view(graph: Path, output: Path, title: str | None) -> None:
    """Write a graph as one page to browse, which needs no network.

    GRAPH is a build folder or a Turtle file.

    Example: kg view exports -o graph.html --title "Our reading list"
    """
    from kg.rdf import read_graph
    from kg.view import DEFAULT_TITLE, write_page

    write_page(read_graph(graph), output, title=title or DEFAULT_TITLE)


@kg.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", required=False, metavar="NAME|FILE|-")
@click.argument("values", nargs=-1, type=click.UNPROCESSED, metavar="[--PARAMETER VALUE]...")
@click.option("-g", "--graph", type=_PATH, default=Path("exports"), show_default=True, metavar="GRAPH")
@click.option("--format", "format_", type=click.Choice(["table", "csv", "json", "ttl"]))
@click.option("--list", "list_", is_flag=True, help="List the named questions.")
@click.option("--explain", is_flag=True, help="Print the SPARQL instead of running it.")
def query(
    name: str | None, values: tuple[str, ...], graph: Path, format_: str | None, list_: bool, explain: bool
) -> None:
    """Ask a graph a named question, or any SPARQL from a file or standard input.

    GRAPH is a build folder or a Turtle file.

    Example: kg query methods-on-dataset --dataset ImageNet
    """
    from kg import query as asking

    if list_:
        _print_questions(asking.questions())
        return
    if name is None:
        raise UsageError("say what to ask: the name of a question (see --list), a file, or -")
    asked = (
        asking.Question.from_sparql("standard input", sys.stdin.buffer.read().decode("utf-8", "replace"))
        if name == "-"
        else asking.question(name)
    )
    given = _parameters(values)
    if explain:
        click.echo(asked.with_values(given), nl=False)
        return
    _print_answer(asking.run(asking.load(graph), asked, given), format_)


@kg.command()
@_GRAPH
def check(graph: Path) -> None:
    """Hold a graph against its shapes and checks; exit code 1 if it breaks one.

    Example: kg check exports
    """
    from kg import check as checking

    report = checking.check(graph)
    if report.violations:
        raise InvalidGraph(map(str, report.violations))
    if not _Settings.quiet:
        click.echo(f"{report.triples} triples, {report.rules} shapes and checks, no violation")


@kg.command()
@click.argument("gold", type=_PATH)
@click.option(
    "--pred", type=_PATH, metavar="FILE", help="Annotations to score; made on the spot if not given."
)
@click.option("--input", "inputs", multiple=True, metavar="INPUT",
              help="The papers, where GOLD holds annotations without texts.")  # fmt: skip
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
def evaluate(gold: Path, pred: Path | None, inputs: tuple[str, ...], format_: str) -> None:
    """Score annotations against gold ones, entity by entity, result by result.

    Example: kg evaluate gold.jsonl --pred exports/annotations.jsonl
    """
    import json

    from kg import evaluate as scoring
    from kg.terminal import print_table

    evaluation = scoring.evaluate(gold, pred, inputs=inputs)
    if format_ == "json":
        click.echo(json.dumps(evaluation.to_record(), ensure_ascii=False, indent=2))
    else:
        print_table(scoring.COLUMNS, evaluation.to_table_rows())


@kg.command()
@click.argument("settings", type=_PATH)
def train(settings: Path) -> None:
    """Learn to find entities from annotated papers, as a settings file says; needs the extra `train`.

    Writes a model folder; what it reaches on held-out papers stands in its evaluation.json. A run that was
    interrupted goes on where it stopped.

    Example: kg train training/settings.toml
    """
    from kg.train import train as run

    folder = run(settings)
    if not _Settings.quiet:
        click.echo(str(folder))


# --- what commands share -----------------------------------------------------------------------------


def _progress(items: Iterable[T], stage: str, total: int, /) -> Iterable[T]:
    if _Settings.quiet or not sys.stderr.isatty():
        return items
    from kg.terminal import progress

    return progress(items, stage, total)


def _gather(inputs: Sequence[str], input_format: str | None) -> Intake:
    from kg.read import gather

    intake = gather(inputs, format=input_format, progress=_progress)
    if not intake.papers and intake.failures:
        raise intake.failures[0]
    _report_losses(intake)
    return intake


def _report_losses(intake: Intake) -> None:
    """One line for each record and each file that could not be taken in."""
    from kg.errors import place

    for reject in intake.rejects:
        _complain(f"{place(reject.file, reject.line, reject.record, reject.id)}: {reject.reason}")
    for failure in intake.failures:
        _complain(str(failure))


def _complain(text: str) -> None:
    from kg.terminal import printable

    click.echo(f"kg: {printable(text)}", err=True)


def _write_lines(output: Path, records: Iterable[Mapping[str, object]]) -> None:
    from kg.pipeline import write_lines
    from kg.records import dump_line

    if output == _STANDARD:
        for record in records:
            sys.stdout.buffer.write(dump_line(record))
    else:
        write_lines(output, records)


def _print_summary(report: BuildReport, output: Path) -> None:
    from kg.terminal import print_table

    intake = report.intake
    rows: list[tuple[str, object]] = [
        ("records read", intake.read),
        ("accepted", intake.accepted),
        ("rejected", intake.rejected),
        ("duplicate", intake.duplicate),
        ("mentions", report.mentions),
        ("entities", sum(report.entities.values())),
        *((f"  {kind}", count) for kind, count in report.entities.items()),
        ("results", report.results),
        ("relations", report.relations),
        ("triples", report.triples),
        *((f"seconds to {stage}", round(seconds, 2)) for stage, seconds in report.seconds.items()),
    ]
    print_table(("", str(output)), rows)


def _print_questions(questions: Iterable[Any]) -> None:
    from kg.terminal import print_table

    rows = [(one.name, one.title, " ".join(f"--{p.name}" for p in one.parameters)) for one in questions]
    print_table(("name", "question", "parameters"), rows)


def _print_answer(answer: Any, format_: str | None) -> None:
    from kg import query as asking
    from kg.terminal import print_table

    if format_ is None:
        format_ = "ttl" if answer.form is asking.Form.CONSTRUCT else "table"
    match format_:
        case "csv":
            click.echo(asking.to_csv(answer), nl=False)
        case "json":
            click.echo(asking.to_json(answer), nl=False)
        case "ttl":
            click.echo(asking.to_turtle(answer), nl=False)
        case _:
            print_table(answer.columns, answer.rows)


def _parameters(words: Sequence[str]) -> dict[str, str]:
    """`--name value` and `--name=value` as a mapping. Raises UsageError."""
    values: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not name or not (equals or rest):
            raise UsageError(f"{word!r} is no parameter; expected --NAME VALUE")
        values[name] = value if equals else rest.pop(0)
    return values


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    _Settings.quiet = _Settings.debug = False
    try:
        code = kg.main(arguments, prog_name="kg", standalone_mode=False) or 0
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except KGError as error:
        if _Settings.debug:
            raise
        _complain(str(error))
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _complain("interrupted")
        code = _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`kg query … | head`): no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)
