"""Judges runs. Every evaluator is called with the rows of a run and returns named figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from evaluation.calibration import brier, expected_error
from evaluation.dataset import Behavior
from evaluation.facts import FigureKind, Records, unsupported
from evaluation.intervals import Proportion
from evaluation.runs import ReplyRow, RunRow


class Decision(StrEnum):
    """What a reply does, seen from outside."""

    ANSWER = "answer"
    ASK = "ask"
    LIST = "list"
    DECLINE = "decline"
    CONVERSE = "converse"
    ERROR = "error"


_DECISIONS: Final[Mapping[str, Decision]] = MappingProxyType(
    {
        "answer": Decision.ANSWER,
        "clarify": Decision.ASK,
        "list": Decision.LIST,
        "out_of_scope": Decision.DECLINE,
        "refused": Decision.DECLINE,
        "handoff": Decision.DECLINE,
        "smalltalk": Decision.CONVERSE,
        "help": Decision.CONVERSE,
        "feedback": Decision.CONVERSE,
        "error": Decision.ERROR,
    }
)

_WANTED: Final[Mapping[Behavior, frozenset[Decision]]] = MappingProxyType(
    {
        Behavior.ANSWER: frozenset({Decision.ANSWER}),
        Behavior.ANSWER_ALL: frozenset({Decision.ANSWER}),
        Behavior.CLARIFY: frozenset({Decision.ASK}),
        Behavior.LIST: frozenset({Decision.LIST}),
        Behavior.NOT_KNOWN: frozenset({Decision.DECLINE}),
        Behavior.REFUSE_OOS: frozenset({Decision.DECLINE}),
        Behavior.REFUSE_ACTION: frozenset({Decision.DECLINE}),
        Behavior.REFUSE_INJECTION: frozenset({Decision.DECLINE, Decision.CONVERSE, Decision.ASK}),
        Behavior.SMALLTALK: frozenset({Decision.CONVERSE}),
        Behavior.WARN: frozenset({Decision.DECLINE}),
    }
)

_KINDS: Final[Mapping[Behavior, frozenset[str]]] = MappingProxyType(
    {
        Behavior.WARN: frozenset({"handoff"}),
        Behavior.REFUSE_ACTION: frozenset({"refused", "handoff"}),
    }
)
"""Kinds of reply that alone will do, where the decision says too little."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one row comes to. None: the question does not ask for it.

    Attributes:
        decision: What the reply does.
        decided_well: Whether that was wanted.
        procedure: Whether the right procedure was answered (all of them where several are asked).
        among_three: Whether a right procedure is among the first three candidates.
        aspects_exact: Whether exactly the aspects asked were answered; only for right procedures.
        aspects_contained: Whether at least they were answered; only for right procedures.
        correct: End to end: wanted decision, right procedure, at least the aspects asked.
        helped: Correct, or asked back with a right procedure among the choices.
    """

    decision: Decision
    decided_well: bool
    procedure: bool | None
    among_three: bool | None
    aspects_exact: bool | None
    aspects_contained: bool | None
    correct: bool
    helped: bool


def judge(row: RunRow) -> Verdict:
    """Judges the last reply of a conversation."""
    question, reply = row.question, row.reply
    behavior = question.expected
    decision = decision_of(reply)
    well = decision in _WANTED[behavior] and reply.kind in _KINDS.get(behavior, {reply.kind})
    asks_procedure = behavior in {Behavior.ANSWER, Behavior.ANSWER_ALL} and bool(question.gold)
    if not asks_procedure:
        return Verdict(decision, well, None, None, None, None, well, well)
    gold = set(question.gold)
    several = behavior is Behavior.ANSWER_ALL
    if several:
        right = decision is Decision.ANSWER and gold <= set(reply.candidates[: len(gold)])
        near = gold <= set(reply.candidates[: len(gold) + 1])
    else:
        right = decision is Decision.ANSWER and reply.procedure in gold
        near = bool(gold & set(reply.candidates[:3]))
    wanted = {aspect.value for aspect in question.aspects}
    exact = contained = None
    if right and wanted:
        answered = set(reply.aspects) or {"overview"}
        exact = answered == wanted
        contained = wanted <= answered or wanted == {"overview"}
    correct = right and contained is not False
    offered = any(code in choice.id for choice in reply.choices for code in gold)
    helped = correct or (decision is Decision.ASK and offered)
    return Verdict(decision, well, right, near, exact, contained, correct, helped)


def decision_of(reply: ReplyRow) -> Decision:
    """Classes a reply by what it does."""
    return _DECISIONS.get(reply.kind, Decision.ERROR)


Evaluator = Callable[[Sequence[RunRow]], dict[str, float]]


def evaluate_procedures(rows: Sequence[RunRow]) -> dict[str, float]:
    """Measures whether the right procedure was answered, and whether it was near."""
    verdicts = [judge(row) for row in rows]
    return {
        **_shares("procedure", [v.procedure for v in verdicts]),
        **_shares("among_three", [v.among_three for v in verdicts]),
    }


def evaluate_aspects(rows: Sequence[RunRow]) -> dict[str, float]:
    """Measures aspects where the procedure was right."""
    verdicts = [judge(row) for row in rows]
    return {
        **_shares("aspects_exact", [v.aspects_exact for v in verdicts]),
        **_shares("aspects_contained", [v.aspects_contained for v in verdicts]),
    }


def evaluate_decisions(rows: Sequence[RunRow]) -> dict[str, float]:
    """Measures answering, asking back and declining against what was wanted.

    ``good_declined`` and ``good_asked`` are shares of the questions that should be answered;
    ``oos_declined`` and ``lacking_declined`` of those that should not.
    """
    verdicts = [(row.question.expected, judge(row)) for row in rows]

    def share(behaviors: set[Behavior], decision: Decision) -> list[bool | None]:
        return [v.decision is decision if b in behaviors else None for b, v in verdicts]

    answerable = {Behavior.ANSWER, Behavior.ANSWER_ALL}
    return {
        **_shares("decision", [v.decided_well for _, v in verdicts]),
        **_shares("good_declined", share(answerable, Decision.DECLINE)),
        **_shares("good_asked", share(answerable, Decision.ASK)),
        **_shares("oos_declined", share({Behavior.REFUSE_OOS}, Decision.DECLINE)),
        **_shares("lacking_declined", share({Behavior.NOT_KNOWN}, Decision.DECLINE)),
        **_shares("unclear_asked", share({Behavior.CLARIFY}, Decision.ASK)),
    }


def evaluate_correctness(rows: Sequence[RunRow]) -> dict[str, float]:
    """Measures end to end: what a citizen gets is right."""
    verdicts = [judge(row) for row in rows]
    return {
        **_shares("correct", [v.correct for v in verdicts]),
        **_shares("helped", [v.helped for v in verdicts]),
    }


def evaluate_calibration(rows: Sequence[RunRow]) -> dict[str, float]:
    """Measures whether the confidence of answers is the share of them that is right."""
    pairs = confidences(rows)
    if not pairs:
        return {}
    chances, outcomes = [p for p, _ in pairs], [hit for _, hit in pairs]
    return {
        "calibration_ece": expected_error(chances, outcomes),
        "calibration_brier": brier(chances, outcomes),
        "calibration_n": float(len(pairs)),
    }


class FactsEvaluator:
    """Counts figures in replies that stand in no record the reply names."""

    def __init__(self, records: Records) -> None:
        """Takes the catalogue that the replies were composed from."""
        self._records = records

    def __call__(self, rows: Sequence[RunRow]) -> dict[str, float]:
        """Counts over every reply of every conversation."""
        replies = [reply for row in rows for reply in row.replies if reply.procedure]
        wrong = [unsupported(reply, self._records) for reply in replies]
        counts = {
            f"facts_wrong_{kind.value}": float(sum(f.kind is kind for w in wrong for f in w))
            for kind in FigureKind
        }
        return {
            **counts,
            "facts_wrong": sum(counts.values()),
            "facts_replies": float(len(replies)),
        }


EVALUATORS: Final[tuple[Evaluator, ...]] = (
    evaluate_procedures,
    evaluate_aspects,
    evaluate_decisions,
    evaluate_correctness,
    evaluate_calibration,
)
"""Those that need nothing but a run."""


def score(rows: Sequence[RunRow], records: Records | None = None) -> dict[str, float]:
    """Runs every evaluator.

    Args:
        rows: The run.
        records: The catalogue, for checking facts; None: facts are not checked.

    Returns:
        Figures by name; ``<name>_n`` is the number of questions a share rests on.
    """
    figures: dict[str, float] = {"questions": float(len(rows))}
    for evaluator in EVALUATORS:
        figures.update(evaluator(rows))
    if records is not None:
        figures.update(FactsEvaluator(records)(rows))
    return figures


def by_manner(rows: Sequence[RunRow]) -> dict[str, list[RunRow]]:
    """Splits a run by manner of writing, in the order of the names."""
    groups: dict[str, list[RunRow]] = {}
    for row in sorted(rows, key=lambda row: row.question.manner):
        groups.setdefault(row.question.manner, []).append(row)
    return groups


def confidences(rows: Sequence[RunRow]) -> list[tuple[float, bool]]:
    """Pairs the confidence of each single answer with whether its procedure is right.

    An answer to a question that should not be answered counts as wrong; comparisons and double
    questions have no single confidence and are left out.
    """
    pairs = []
    for row in rows:
        if row.reply.procedure is None or row.question.expected is Behavior.ANSWER_ALL:
            continue
        pairs.append((row.reply.confidence, row.reply.procedure in row.question.gold))
    return pairs


def confusion(rows: Sequence[RunRow]) -> dict[Decision, dict[Decision, int]]:
    """Counts wanted against actual decisions; wanted is the first that would do."""
    order = list(Decision)
    table: dict[Decision, dict[Decision, int]] = {}
    for row in rows:
        wanted = min(_WANTED[row.question.expected], key=order.index)
        if row.question.expected is Behavior.REFUSE_INJECTION:
            wanted = Decision.DECLINE
        counts = table.setdefault(wanted, dict.fromkeys(order, 0))
        counts[decision_of(row.reply)] += 1
    return {wanted: table[wanted] for wanted in order if wanted in table}


def share_of(rows: Sequence[RunRow], of: Callable[[Verdict], bool | None]) -> Proportion:
    """Takes one outcome of the verdicts as a proportion with its interval."""
    outcomes = [of(judge(row)) for row in rows]
    return Proportion.of([outcome for outcome in outcomes if outcome is not None])


def _shares(name: str, outcomes: Sequence[bool | None]) -> dict[str, float]:
    asked = [outcome for outcome in outcomes if outcome is not None]
    if not asked:
        return {}
    return {name: sum(asked) / len(asked), f"{name}_n": float(len(asked))}
