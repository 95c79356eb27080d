"""Measures everything and writes ``docs/evaluation.md`` with its plots."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evaluation import failures, plots
from evaluation.dataset import (
    ROOT,
    Question,
    QuestionSet,
    Variant,
    change_all,
    own_questions,
    shared_questions,
)
from evaluation.generate import Tell, evaluated_engine, generate, silent
from evaluation.intervals import Proportion
from evaluation.retrieval import (
    Finder,
    OurFinder,
    Ranked,
    baselines,
    chances,
    evaluate_chances,
    evaluate_ranks,
    rank,
    ranks_by_manner,
    within,
)
from evaluation.runs import RunRow
from evaluation.scoring import (
    by_manner,
    confidences,
    confusion,
    evaluate_calibration,
    score,
    share_of,
)
from knowledge_base.schema import RecordKind
from knowledge_base.search import Searcher
from knowledge_base.store import Catalogue

if TYPE_CHECKING:
    from assistant.engine import Engine

OURS: Final = "Một Cửa"
NOTES: Final = ROOT / "notes.md"
"""Hand-written remarks, for example on labels; they become a section of the report."""

COST: Final = "message.json"
"""What the benchmark of messages wrote, beside the plots."""

_VARIANTS: Final = tuple(Variant)
_WORDS: Final = frozenset({"", "set", "written", "method", "manner", "probability"})
"""Heads of columns that hold words; the others hold numbers."""

_RETOLD: Final = "A hit is an accepted code. Intervals are Wilson's, 95 %."


@dataclass(frozen=True, slots=True)
class Measured:
    """One question set, measured in every variant.

    Attributes:
        name: The set.
        ranked: Ranks by variant and finder.
        runs: Conversations by variant.
        first: Stated probability of the first candidate and whether it was right.
        inside: Stated probability of being in the catalogue and whether it was.
        search_figures: Calibration figures of the search.
    """

    name: str
    ranked: dict[Variant, dict[str, list[Ranked]]]
    runs: dict[Variant, list[RunRow]]
    first: tuple[Sequence[float], Sequence[bool]]
    inside: tuple[Sequence[float], Sequence[bool]]
    search_figures: dict[str, float]


def all_finders(*, compare: bool = True, transformer: str = "") -> dict[str, Finder]:
    """Loads the search in use and, when wanted, the baselines over the same catalogue.

    Args:
        compare: Whether to make the baselines.
        transformer: Hub name or folder of a sentence-transformers model to compare with.
    """
    from assistant.knowledge import Knowledge
    from assistant.settings import get_settings

    knowledge = Knowledge.load(get_settings())
    return _finders(knowledge.catalogue, knowledge.searcher, compare, transformer)


def write_report(
    output: Path, *, transformer: str = "", seed: int = 1, tell: Tell = silent
) -> None:
    """Measures and writes.

    Args:
        output: The Markdown file; plots go into a folder of its name beside it.
        transformer: Hub name or folder of a sentence-transformers model to compare with.
        seed: Of the typing errors.
        tell: Told how far it is.
    """
    sets = [QuestionSet("own", tuple(own_questions()))]
    shared = shared_questions()
    if shared is not None:
        sets.append(QuestionSet("shared", tuple(shared)))
    with evaluated_engine() as engine:
        catalogue = engine.knowledge.catalogue
        finders = _finders(catalogue, engine.knowledge.searcher, True, transformer)
        measured = [_measure(engine, finders, of, seed, tell) for of in sets]
    folder = output.with_suffix("")
    output.parent.mkdir(parents=True, exist_ok=True)
    parts = [_opening(catalogue, sets), _reproduce(transformer)]
    for one in measured:
        parts.extend(_sections(one, catalogue, folder))
    if shared is None:
        parts.append(
            "## Shared development set\n\nNot measured: it needs the reference data "
            "(`../shared`, or the folder that `MOTCUA_SHARED` names), which is absent here.\n"
        )
    parts.append(_cost(folder / COST))
    if NOTES.exists():
        parts.append(NOTES.read_text(encoding="utf-8"))
    output.write_text("\n".join(part.rstrip() + "\n" for part in parts), encoding="utf-8")


def _finders(
    catalogue: Catalogue, searcher: Searcher, compare: bool, transformer: str
) -> dict[str, Finder]:
    from vietnamese.reader import Reader

    finders: dict[str, Finder] = {OURS: OurFinder(searcher, Reader.load())}
    if compare:
        finders |= baselines(tuple(catalogue), transformer)
    return finders


def _measure(
    engine: Engine, finders: dict[str, Finder], of: QuestionSet, seed: int, tell: Tell
) -> Measured:
    ranked: dict[Variant, dict[str, list[Ranked]]] = {}
    runs: dict[Variant, list[RunRow]] = {}
    for variant in _VARIANTS:
        asked: list[Question] = change_all(of.questions, variant, seed)
        ranked[variant] = {
            name: rank(finder, asked, tell, f"{of.name}, {variant}: {name}")
            for name, finder in finders.items()
        }
        runs[variant] = generate(engine, asked, tell, f"{of.name}, {variant}: conversations")
    ours = finders[OURS]
    assert isinstance(ours, OurFinder)  # noqa: S101 - made in `_finders`
    stated = chances(ours, of.questions)
    return Measured(
        of.name,
        ranked,
        runs,
        (stated.first, stated.first_right),
        (stated.inside, stated.inside_right),
        evaluate_chances(stated),
    )


# --- sections ----------------------------------------------------------------------------------


def _opening(catalogue: Catalogue, sets: Sequence[QuestionSet]) -> str:
    cards = sum(record.kind is RecordKind.CARD for record in catalogue)
    rows = []
    for of in sets:
        codes = {code for question in of.questions for code in question.gold}
        findable = sum(question.findable for question in of.questions)
        rows.append((_title(of.name), len(of.questions), findable, len(codes)))
    table = _table(("set", "conversations", "for finding", "codes"), rows)
    return (
        "# Evaluation\n\n"
        "Written by `motcua evaluate report`; do not edit by hand.\n\n"
        f"Catalogue `{catalogue.version}`: {len(catalogue):,} records, {cards} of them cards. "
        "The questions were never trained on. Our own were written by hand without looking at the "
        "lexicon of everyday names, but from the list of official names, so they are easier than "
        "what citizens send: of the two sets the shared one says more. How they are labelled and "
        "scored stands in `evaluation/questions/README.md`.\n\n"
        f"{table}\n"
        "Each set is asked three times: as written, with all diacritics stripped, and with one "
        "typing error in each turn. What helps a citizen is *correct* (right decision, right "
        "procedure, at least the aspects asked) or one question back with the right choice in it "
        "(*helped*).\n"
    )


def _reproduce(transformer: str) -> str:
    extra = f" --transformer {transformer}" if transformer else ""
    return (
        "## How to repeat it\n\n"
        "```\n"
        f"motcua evaluate report{extra}\n"
        "```\n\n"
        "Sections on the shared development set need the reference data beside the checkout "
        "(`../shared`) or where `MOTCUA_SHARED` points; all others need this repository only. "
        "`motcua evaluate generate`, `score` and `retrieval` measure any file of questions.\n"
    )


def _sections(of: Measured, catalogue: Catalogue, folder: Path) -> list[str]:
    title = _title(of.name)
    return [
        f"## {title}\n",
        _retrieval(of, folder),
        _retrieval_by_manner(of),
        _end_to_end(of, folder),
        _decisions(of, folder),
        _calibration(of, folder),
        _facts(of, catalogue),
        _failures(of, catalogue),
    ]


def _retrieval(of: Measured, folder: Path) -> str:
    rows = []
    for variant, finders in of.ranked.items():
        for name, ranked in finders.items():
            figures = evaluate_ranks(ranked)
            shares = [within(ranked, top) for top in (1, 3, 10)]
            rows.append((variant, name, *map(str, shares), f"{figures['mrr@10']:.3f}"))
    picture = folder / f"{of.name}-retrieval.svg"
    names = list(next(iter(of.ranked.values())))
    plots.plot_bars(
        names,
        {v.value: [within(of.ranked[v][name], 1) for name in names] for v in _VARIANTS},
        "right procedure first",
        picture,
    )
    asked = len(next(iter(of.ranked[Variant.AS_ASKED].values())))
    table = _table(("written", "method", "Acc@1", "Acc@3", "Acc@10", "MRR@10"), rows)
    return (
        "### Finding\n\n"
        f"{asked} single questions whose procedure has a record. {_RETOLD} The baselines see the "
        "official names (BM25: and fields) and the question as typed; ours reads it first and "
        "knows everyday names.\n\n"
        f"{table}\n![Right procedure first]({_link(picture)})\n"
    )


def _retrieval_by_manner(of: Measured) -> str:
    stripped = ranks_by_manner(of.ranked[Variant.STRIPPED][OURS])
    mistyped = ranks_by_manner(of.ranked[Variant.ONE_TYPO][OURS])
    rows = [
        (
            manner,
            len(ranked),
            within(ranked, 1),
            within(ranked, 3),
            within(stripped[manner], 1),
            within(mistyped[manner], 1),
        )
        for manner, ranked in ranks_by_manner(of.ranked[Variant.AS_ASKED][OURS]).items()
    ]
    heads = ("manner", "n", "first", "among three", "first, stripped", "first, one typo")
    return f"By manner of writing:\n\n{_table(heads, rows)}"


def _end_to_end(of: Measured, folder: Path) -> str:
    whole = [
        (
            variant,
            len(rows),
            share_of(rows, lambda v: v.procedure),
            share_of(rows, lambda v: v.aspects_contained),
            share_of(rows, lambda v: v.aspects_exact),
            share_of(rows, lambda v: v.decided_well),
            share_of(rows, lambda v: v.correct),
            share_of(rows, lambda v: v.helped),
        )
        for variant, rows in of.runs.items()
    ]
    heads = (
        "n",
        "right procedure",
        "aspects contained",
        "aspects exact",
        "right decision",
        "correct",
        "helped",
    )
    groups = by_manner(of.runs[Variant.AS_ASKED])
    manners = [
        (
            manner,
            len(rows),
            share_of(rows, lambda v: v.procedure),
            share_of(rows, lambda v: v.aspects_contained),
            share_of(rows, lambda v: v.aspects_exact),
            share_of(rows, lambda v: v.decided_well),
            share_of(rows, lambda v: v.correct),
            share_of(rows, lambda v: v.helped),
        )
        for manner, rows in groups.items()
    ]
    picture = folder / f"{of.name}-correct.svg"
    plots.plot_bars(
        list(groups),
        {"correct": [share_of(rows, lambda v: v.correct) for rows in groups.values()]},
        "correct end to end, as asked",
        picture,
    )
    return (
        "### End to end\n\n"
        "Aspects are measured where the procedure is right: *contained* when all that was asked "
        "is answered, *exact* when nothing more is.\n\n"
        f"{_table(('written', *heads), whole)}\n"
        f"By manner of writing, as asked:\n\n{_table(('manner', *heads), manners)}\n"
        f"![Correct end to end]({_link(picture)})\n"
    )


def _decisions(of: Measured, folder: Path) -> str:
    names = {
        "good_declined": "good questions declined",
        "good_asked": "good questions asked back",
        "oos_declined": "out of scope declined",
        "lacking_declined": "lacking in the catalogue, said so",
        "unclear_asked": "unclear questions asked back",
    }
    scored = {variant: score(rows) for variant, rows in of.runs.items()}
    rows = []
    for key, name in names.items():
        shares = [
            Proportion(round(f[key] * f[f"{key}_n"]), int(f[f"{key}_n"])) if key in f else "–"
            for f in scored.values()
        ]
        rows.append((name, *shares))
    picture = folder / f"{of.name}-decisions.svg"
    plots.plot_confusion(confusion(of.runs[Variant.AS_ASKED]), picture)
    return (
        "### Answer, ask back, or decline\n\n"
        f"{_table(('', *(variant.value for variant in of.runs)), rows)}\n"
        f"![Wanted against actual decisions]({_link(picture)})\n"
    )


def _calibration(of: Measured, folder: Path) -> str:
    pairs = confidences(of.runs[Variant.AS_ASKED])
    figures = evaluate_calibration(of.runs[Variant.AS_ASKED])
    series = {
        "confidence of answers": ([p for p, _ in pairs], [hit for _, hit in pairs]),
        "search: first candidate": of.first,
        "search: in the catalogue": of.inside,
    }
    picture = folder / f"{of.name}-reliability.svg"
    plots.plot_reliability({k: v for k, v in series.items() if v[0]}, picture)
    found = of.search_figures
    rows = [
        (
            "confidence of answers",
            int(figures["calibration_n"]),
            f"{figures['calibration_ece']:.3f}",
            f"{figures['calibration_brier']:.3f}",
        )
    ]
    for key, name in (("first", "search: first candidate"), ("in_catalogue", "search: in scope")):
        if f"{key}_n" in found:
            ece, mean = found[f"{key}_ece"], found[f"{key}_brier"]
            rows.append((name, int(found[f"{key}_n"]), f"{ece:.3f}", f"{mean:.3f}"))
    return (
        "### Calibration\n\n"
        "ECE is the mean gap between stated probability and share right, in ten bins; 0 is "
        "perfect. An answer to a question that should not be answered counts as wrong.\n\n"
        f"{_table(('probability', 'n', 'ECE', 'Brier'), rows)}\n"
        f"![Reliability]({_link(picture)})\n"
    )


def _facts(of: Measured, catalogue: Catalogue) -> str:
    rows = []
    for variant, run in of.runs.items():
        figures = score(run, catalogue)
        wrong = [figures[f"facts_wrong_{kind}"] for kind in ("money", "time", "law")]
        rows.append((variant, int(figures["facts_replies"]), *(int(count) for count in wrong)))
    heads = ("written", "replies with a procedure", "amounts", "lengths of time", "legal numbers")
    return (
        "### Figures in replies\n\n"
        "Amounts of money, lengths of time and legal numbers printed in replies that stand in no "
        "record the reply names:\n\n"
        f"{_table(heads, rows)}"
    )


def _failures(of: Measured, catalogue: Catalogue) -> str:
    counts = {variant: failures.count(rows, catalogue) for variant, rows in of.runs.items()}
    order = sorted(
        failures.Failure, key=lambda failure: (-counts[Variant.AS_ASKED][failure], failure.value)
    )
    rows = [
        (failure.value, *(counts[variant][failure] for variant in of.runs))
        for failure in order
        if any(counts[variant][failure] for variant in of.runs)
    ]
    return f"### What goes wrong\n\n{_table(('', *(variant.value for variant in of.runs)), rows)}"


def _cost(path: Path) -> str:
    command = f"python -m evaluation.benchmarks.message --output docs/evaluation/{COST}"
    opening = (
        "## What a message costs\n\n"
        "One message answered in full, beside a greeting of the bot that `rasa init` makes, on the "
        f"same machine in the same run, warm, on one core. Measured apart, by `{command}`.\n\n"
    )
    if not path.exists():
        return f"{opening}Not measured yet.\n"
    found = json.loads(path.read_text(encoding="utf-8"))
    rows: list[Sequence[object]] = [
        tuple(bot[key] for key in ("bot", "p50_ms", "p95_ms", "cpu_ms", "start_s", "memory_mb"))
        for bot in found["bots"]
    ]
    rows.append(("ours / starter", *found["ratios"].values()))
    heads = ("", "p50, ms", "p95, ms", "processor, ms", "start, s", "memory, MB")
    return f"{opening}{_table(heads, rows)}"


# --- writing -----------------------------------------------------------------------------------


def _title(name: str) -> str:
    return {"own": "Our own questions", "shared": "Shared development set"}[name]


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [
        "| " + " | ".join(heads) + " |",
        "| " + " | ".join("---" if head in _WORDS else "---:" for head in heads) + " |",
    ]
    lines.extend("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)
    return "\n".join(lines) + "\n"


def _link(picture: Path) -> str:
    return f"{picture.parent.name}/{picture.name}"
