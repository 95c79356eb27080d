from __future__ import annotations

from collections.abc import Sequence

import pytest

from evaluation.dataset import Behavior, Question
from evaluation.failures import Failure, classify, count
from evaluation.runs import ChoiceRow, ReplyRow, RunRow
from evaluation.scoring import (
    Decision,
    by_manner,
    confidences,
    confusion,
    evaluate_aspects,
    evaluate_calibration,
    evaluate_correctness,
    evaluate_decisions,
    evaluate_procedures,
    judge,
    score,
)
from knowledge_base.schema import Aspect
from knowledge_base.store import Catalogue

BIRTH, DEATH, TAX = "1.001193", "1.000656", "1.008498"


def row(
    kind: str,
    procedure: str | None = None,
    *,
    gold: Sequence[str] = (BIRTH,),
    aspects: Sequence[Aspect] = (Aspect.FEES,),
    answered: Sequence[str] = ("fees",),
    behavior: Behavior = Behavior.ANSWER,
    candidates: Sequence[str] = (),
    choices: Sequence[str] = (),
    confidence: float = 0.9,
    manner: str = "full",
) -> RunRow:
    question = Question(
        id="q",
        manner=manner,
        turns=("…",),
        gold=tuple(gold),
        aspects=tuple(aspects),
        behavior=behavior,
        in_catalogue=bool(gold),
    )
    reply = ReplyRow(
        kind=kind,
        text="",
        procedure=procedure,
        candidates=tuple(candidates or ([procedure] if procedure else [])),
        aspects=tuple(answered) if kind == "answer" else (),
        confidence=confidence,
        choices=tuple(ChoiceRow(id=f"p:{code}", title=code) for code in choices),
    )
    return RunRow(question=question, replies=(reply,))


RIGHT = row("answer", BIRTH)
MORE = row("answer", BIRTH, answered=("fees", "where"))
LESS = row("answer", BIRTH, answered=("where",))
WRONG = row("answer", DEATH, candidates=(DEATH, BIRTH), confidence=0.6)
ASKED = row("clarify", choices=(DEATH, BIRTH), candidates=(DEATH, BIRTH))
ASKED_ASIDE = row("clarify", choices=(DEATH,), candidates=(DEATH,))
DECLINED = row("handoff")
UNKNOWN = row("handoff", gold=(), aspects=())
GUESSED = row("answer", TAX, gold=(), aspects=())
STRANGE = row("out_of_scope", gold=(), aspects=(), behavior=Behavior.REFUSE_OOS)
ALL = [RIGHT, MORE, LESS, WRONG, ASKED, ASKED_ASIDE, DECLINED, UNKNOWN, GUESSED, STRANGE]


def test_procedures_are_measured_where_one_is_to_be_answered() -> None:
    assert evaluate_procedures(ALL) == {
        "procedure": pytest.approx(3 / 7),
        "procedure_n": 7,
        "among_three": pytest.approx(5 / 7),
        "among_three_n": 7,
    }


def test_aspects_are_measured_where_the_procedure_is_right() -> None:
    assert evaluate_aspects(ALL) == {
        "aspects_exact": pytest.approx(1 / 3),
        "aspects_exact_n": 3,
        "aspects_contained": pytest.approx(2 / 3),
        "aspects_contained_n": 3,
    }


def test_decisions_are_measured_against_what_was_wanted() -> None:
    figures = evaluate_decisions(ALL)
    assert figures["decision"] == pytest.approx(6 / 10)
    assert figures["good_declined"] == pytest.approx(1 / 7)
    assert figures["good_asked"] == pytest.approx(2 / 7)
    assert figures["oos_declined"] == 1
    assert figures["lacking_declined"] == pytest.approx(1 / 2)
    assert "unclear_asked" not in figures


def test_what_helps_is_the_right_answer_or_one_good_question_back() -> None:
    figures = evaluate_correctness(ALL)
    assert figures["correct"] == pytest.approx(4 / 10)
    assert figures["helped"] == pytest.approx(5 / 10)


def test_confidence_is_compared_with_the_procedure_and_guesses_count_as_wrong() -> None:
    assert confidences(ALL) == [
        (0.9, True), (0.9, True), (0.9, True), (0.6, False), (0.9, False),
    ]  # fmt: skip
    figures = evaluate_calibration(ALL)
    assert figures["calibration_n"] == 5
    assert figures["calibration_ece"] == pytest.approx((4 * abs(0.9 - 0.75) + 0.6) / 5)
    assert evaluate_calibration([ASKED]) == {}


def test_all_of_two_questions_must_be_answered() -> None:
    both = {"gold": (BIRTH, DEATH), "behavior": Behavior.ANSWER_ALL}
    assert judge(row("answer", DEATH, candidates=(DEATH, BIRTH, TAX), **both)).correct  # type: ignore[arg-type]
    half = judge(row("answer", BIRTH, candidates=(BIRTH, TAX, DEATH), **both))  # type: ignore[arg-type]
    assert not half.procedure
    assert half.among_three


def test_any_aspect_does_for_an_overview_and_no_aspect_is_an_overview() -> None:
    wide = row("answer", BIRTH, aspects=(Aspect.OVERVIEW,), answered=("documents",))
    assert judge(wide).aspects_contained
    assert not judge(wide).aspects_exact
    assert judge(row("answer", BIRTH, aspects=(Aspect.OVERVIEW,), answered=())).aspects_exact
    assert judge(row("answer", BIRTH, aspects=(), answered=("fees",))).aspects_exact is None


@pytest.mark.parametrize(
    ("behavior", "kind", "well"),
    [
        (Behavior.CLARIFY, "clarify", True),
        (Behavior.CLARIFY, "answer", False),
        (Behavior.LIST, "list", True),
        (Behavior.SMALLTALK, "help", True),
        (Behavior.SMALLTALK, "answer", False),
        (Behavior.WARN, "handoff", True),
        (Behavior.WARN, "out_of_scope", False),
        (Behavior.REFUSE_ACTION, "refused", True),
        (Behavior.REFUSE_ACTION, "out_of_scope", False),
        (Behavior.REFUSE_INJECTION, "smalltalk", True),
        (Behavior.REFUSE_INJECTION, "answer", False),
        (Behavior.REFUSE_OOS, "error", False),
    ],
)
def test_other_behaviours_are_judged_by_what_is_done(
    behavior: Behavior, kind: str, well: bool
) -> None:
    procedure = BIRTH if kind == "answer" else None
    verdict = judge(row(kind, procedure, gold=(), aspects=(), behavior=behavior))
    assert (verdict.decided_well, verdict.correct) == (well, well)
    assert verdict.procedure is None


def test_the_confusion_counts_every_row_once() -> None:
    table = confusion(ALL)
    assert table[Decision.ANSWER][Decision.ANSWER] == 4
    assert table[Decision.ANSWER][Decision.ASK] == 2
    assert table[Decision.DECLINE][Decision.ANSWER] == 1
    assert sum(sum(counts.values()) for counts in table.values()) == len(ALL)


def test_a_run_is_split_by_manner() -> None:
    groups = by_manner([RIGHT, row("answer", BIRTH, manner="dialect"), WRONG])
    assert {manner: len(rows) for manner, rows in groups.items()} == {"dialect": 1, "full": 2}


def test_every_evaluator_contributes_and_facts_need_a_catalogue() -> None:
    figures = score(ALL)
    assert figures["questions"] == len(ALL)
    assert {"procedure", "aspects_exact", "decision", "correct", "calibration_ece"} <= set(figures)
    assert "facts_wrong" not in figures
    assert score(ALL, {})["facts_wrong"] == 0


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.mark.parametrize(
    ("one", "failure"),
    [
        (RIGHT, None),
        (MORE, None),
        (LESS, Failure.ASPECTS),
        (WRONG, Failure.SIBLING),
        (row("answer", TAX), Failure.ELSEWHERE),
        (ASKED, Failure.ASKED),
        (ASKED_ASIDE, Failure.ASKED_ASIDE),
        (DECLINED, Failure.DECLINED),
        (row("list"), Failure.TALKED),
        (GUESSED, Failure.GUESSED),
        (row("answer", TAX, gold=(), behavior=Behavior.REFUSE_OOS), Failure.STRAYED),
        (row("answer", BIRTH, behavior=Behavior.CLARIFY), Failure.NOT_ASKED),
        (row("answer", TAX, gold=(), behavior=Behavior.WARN), Failure.UNHELPED),
        (
            row("answer", BIRTH, gold=(BIRTH, DEATH), behavior=Behavior.ANSWER_ALL),
            Failure.ONE_OF_TWO,
        ),
        (row("error", gold=(), behavior=Behavior.SMALLTALK), Failure.OTHER),
    ],
)
def test_failures_are_classed(one: RunRow, failure: Failure | None, catalogue: Catalogue) -> None:
    assert classify(one, catalogue) is failure


def test_failures_are_counted(catalogue: Catalogue) -> None:
    counts = count(ALL, catalogue)
    assert counts[Failure.SIBLING] == 1
    assert sum(counts.values()) == 6
