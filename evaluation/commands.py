"""The commands `motcua evaluate …`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from evaluation.dataset import (
    Question,
    QuestionError,
    Variant,
    change_all,
    own_questions,
    read_questions,
    smoke_questions,
)
from evaluation.generate import Tell

REPORT: Final = Path("docs") / "evaluation.md"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)

console = Console(stderr=True)


@click.group()
def evaluate() -> None:
    """Measure the assistant: generate a run, score it, report, and guard against regressions."""


@evaluate.command("generate")
@click.option(
    "--questions",
    "files",
    type=_FILE,
    multiple=True,
    help="Question file; may be given several times. Without it: our own sets.",
)
@click.option("--output", required=True, type=_OUT, help="Where to write the run, JSON lines.")
@click.option("--strip", is_flag=True, help="Ask without any diacritic.")
@click.option("--typos", type=int, metavar="SEED", help="Ask with one typing error a turn.")
def generate_command(files: tuple[Path, ...], output: Path, strip: bool, typos: int | None) -> None:
    """Play questions through the assistant and write what it said."""
    from evaluation.generate import evaluated_engine, generate
    from evaluation.runs import write_run

    questions = _questions(files)
    if typos is not None:
        questions = change_all(questions, Variant.ONE_TYPO, typos)
    if strip:
        questions = change_all(questions, Variant.STRIPPED)
    with evaluated_engine() as engine, progress() as tell:
        rows = generate(engine, questions, tell)
    write_run(rows, output)
    click.echo(f"{len(rows)} conversations -> {output}")


@evaluate.command("score")
@click.argument("run", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print machine-readable figures.")
def score_command(run: Path, as_json: bool) -> None:
    """Score RUN, a file that `generate` wrote.

    Facts are checked against the catalogue in use, which should be the one of the run.
    """
    from assistant.settings import get_settings
    from evaluation.runs import read_run
    from evaluation.scoring import by_manner, score
    from knowledge_base.store import Catalogue

    rows = read_run(run)
    catalogue = Catalogue.load(get_settings().catalogue_folders)
    figures = {"all": score(rows, catalogue)}
    figures |= {manner: score(group) for manner, group in by_manner(rows).items()}
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    _print_table(figures, _SCORED)
    _print_figures(figures["all"])


@evaluate.command("retrieval")
@click.option(
    "--questions", "files", type=_FILE, multiple=True, help="Question file; default: our own."
)
@click.option("--strip", is_flag=True, help="Ask without any diacritic.")
@click.option("--typos", type=int, metavar="SEED", help="Ask with one typing error.")
@click.option("--baselines/--no-baselines", "compare", default=True, show_default=True)
@click.option("--transformer", default="", help="Name or folder of a sentence-transformers model.")
@click.option("--json", "as_json", is_flag=True, help="Print machine-readable figures.")
def retrieval_command(
    files: tuple[Path, ...],
    strip: bool,
    typos: int | None,
    compare: bool,
    transformer: str,
    as_json: bool,
) -> None:
    """Measure finding alone, beside the baselines."""
    from evaluation.report import all_finders
    from evaluation.retrieval import evaluate_ranks, rank, ranks_by_manner

    questions = _questions(files)
    if typos is not None:
        questions = change_all(questions, Variant.ONE_TYPO, typos)
    if strip:
        questions = change_all(questions, Variant.STRIPPED)
    finders = all_finders(compare=compare, transformer=transformer)
    figures: dict[str, dict[str, float]] = {}
    with progress() as tell:
        for name, finder in finders.items():
            ranked = rank(finder, questions, tell, name)
            figures[name] = evaluate_ranks(ranked)
            if name == next(iter(finders)):
                figures |= {
                    f"  {manner}": evaluate_ranks(group)
                    for manner, group in ranks_by_manner(ranked).items()
                }
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    _print_table(figures, ("n", "acc@1", "acc@3", "acc@10", "mrr@10"))


@evaluate.command("report")
@click.option("--output", type=_OUT, default=REPORT, show_default=True)
@click.option("--transformer", default="", help="Name or folder of a sentence-transformers model.")
@click.option("--seed", default=1, show_default=True, help="Seed of the typing errors.")
def report_command(output: Path, transformer: str, seed: int) -> None:
    """Measure everything and write the report with its plots."""
    from evaluation.report import write_report

    with progress() as tell:
        write_report(output, transformer=transformer, seed=seed, tell=tell)
    click.echo(f"-> {output}")


@evaluate.command("gate")
@click.option("--update", is_flag=True, help="Take the figures of this run as the new baseline.")
@click.option("--tolerance", default=0.04, show_default=True, help="With --update: allowed fall.")
def gate_command(update: bool, tolerance: float) -> None:
    """Fail when the figures of the small fixed set have fallen.

    Fails as well when any amount, length of time or legal number in a reply stands in no record
    that the reply names.
    """
    from evaluation.fixed import measure
    from evaluation.gate import BASELINE, FORBIDDEN, Baseline, compare, take
    from evaluation.generate import evaluated_engine

    with evaluated_engine() as engine, progress() as tell:
        _, figures = measure(engine, smoke_questions(), tell)
    if update:
        if figures[FORBIDDEN]:
            raise click.ClickException("no baseline is taken while figures of replies are wrong")
        take(figures, tolerance).save()
        click.echo(f"-> {BASELINE}")
        return
    baseline = Baseline.load()
    checks = compare(figures, baseline)
    for check in checks:
        before = "must be 0" if check.before is None else f"was {check.before:.1%}"
        now = f"{check.now:g}" if check.before is None else f"{check.now:.1%}"
        click.echo(f"{'ok  ' if check.passed else 'FAIL'} {check.name:20} {now:>7}  ({before})")
    if not all(check.passed for check in checks):
        raise click.ClickException(
            f"figures fell by more than {baseline.tolerance:.0%}, or a reply states a figure "
            "that its record does not hold"
        )


@evaluate.command("fixed")
@click.option("--regressions", type=_OUT, help="Questions that once went wrong, JSON lines.")
@click.option("--output", required=True, type=_OUT, help="Where to write the verdicts, JSON.")
def fixed_command(regressions: Path | None, output: Path) -> None:
    """Play the small fixed set and regression questions, and say which are right.

    Compares with nothing: `motcua learn` runs it before and after, and compares.
    """
    from evaluation.fixed import read_regressions, report
    from evaluation.generate import evaluated_engine

    try:
        again = read_regressions(regressions) if regressions is not None else []
    except QuestionError as error:
        raise click.ClickException(str(error)) from error
    with evaluated_engine() as engine, progress() as tell:
        found = report(engine, smoke_questions(), again, tell)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    right = sum(row["correct"] for row in found["questions"].values())
    passed = sum(row["correct"] for row in found["regressions"].values())
    click.echo(
        f"fixed set: {right} of {len(found['questions'])} right, "
        f"regression questions: {passed} of {len(again)} -> {output}"
    )


COMMANDS: Final[list[click.Command]] = [evaluate]

_SCORED: Final = (
    "questions",
    "procedure",
    "among_three",
    "aspects_exact",
    "aspects_contained",
    "decision",
    "correct",
    "helped",
)


@contextmanager
def progress() -> Iterator[Tell]:
    """Shows a bar for everything that is told to the function it gives."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield tell


def _questions(files: tuple[Path, ...]) -> list[Question]:
    try:
        return read_questions(files) if files else own_questions()
    except QuestionError as error:
        raise click.ClickException(str(error)) from error


def _print_table(figures: Mapping[str, Mapping[str, float]], columns: tuple[str, ...]) -> None:
    table = Table()
    table.add_column("")
    for column in columns:
        table.add_column(column.replace("_", " "), justify="right")
    for name, row in figures.items():
        table.add_row(name, *(_cell(column, row.get(column)) for column in columns))
    Console().print(table)


def _print_figures(figures: Mapping[str, float]) -> None:
    for name, value in figures.items():
        if name not in _SCORED and not name.endswith("_n"):
            click.echo(f"{name:24} {value:.3f}")


def _cell(column: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if column in {"questions", "n"} else f"{value:.1%}"
