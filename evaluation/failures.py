"""Sorts what went wrong into classes, so that a report shows where to work next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from evaluation.dataset import Behavior
from evaluation.facts import Records
from evaluation.runs import RunRow
from evaluation.scoring import Decision, decision_of, judge


class Failure(StrEnum):
    """How a reply went wrong, as the report words it."""

    SIBLING = "another procedure of the same field was answered"
    ELSEWHERE = "a procedure of another field was answered"
    ONE_OF_TWO = "only part of a double question or comparison was answered"
    ASPECTS = "right procedure, an aspect asked was left out"
    ASKED = "asked back where an answer was wanted, the right one among the choices"
    ASKED_ASIDE = "asked back where an answer was wanted, the right one not among the choices"
    DECLINED = "declined a question that it could answer"
    TALKED = "took a question for small talk or a request for a list"
    NOT_ASKED = "answered where it should have asked back"
    GUESSED = "answered or asked back about what the catalogue lacks"
    STRAYED = "did not decline what is out of scope"
    UNHELPED = "did not refuse, or did not send to a person, where it should have"
    OTHER = "other"


def classify(row: RunRow, records: Records) -> Failure | None:
    """Names how a reply went wrong; None when it is right."""
    verdict = judge(row)
    if verdict.correct:
        return None
    behavior, decision = row.question.expected, decision_of(row.reply)
    if behavior in {Behavior.ANSWER, Behavior.ANSWER_ALL}:
        return _of_answerable(row, decision, records, helped=verdict.helped)
    match behavior:
        case Behavior.CLARIFY:
            return Failure.NOT_ASKED if decision is Decision.ANSWER else Failure.OTHER
        case Behavior.NOT_KNOWN:
            known = {Decision.ANSWER, Decision.ASK}
            return Failure.GUESSED if decision in known else Failure.OTHER
        case Behavior.REFUSE_OOS:
            return Failure.STRAYED
        case Behavior.WARN | Behavior.REFUSE_ACTION | Behavior.REFUSE_INJECTION:
            return Failure.UNHELPED
    return Failure.OTHER


def _of_answerable(row: RunRow, decision: Decision, records: Records, *, helped: bool) -> Failure:
    match decision:
        case Decision.ASK:
            return Failure.ASKED if helped else Failure.ASKED_ASIDE
        case Decision.DECLINE:
            return Failure.DECLINED
        case Decision.CONVERSE | Decision.LIST:
            return Failure.TALKED
        case Decision.ANSWER:
            gold = set(row.question.gold)
            if row.question.expected is Behavior.ANSWER_ALL and row.reply.procedure in gold:
                several = gold <= set(row.reply.candidates[: len(gold)])
                return Failure.ASPECTS if several else Failure.ONE_OF_TWO
            if row.reply.procedure in gold:
                return Failure.ASPECTS
            answered = records.get(row.reply.procedure or "")
            fields = {record.field for code in gold if (record := records.get(code))}
            same = answered is not None and answered.field in fields
            return Failure.SIBLING if same else Failure.ELSEWHERE
    return Failure.OTHER


def count(rows: Sequence[RunRow], records: Records) -> Counter[Failure]:
    """Counts the classes over a run."""
    found = (classify(row, records) for row in rows)
    return Counter(failure for failure in found if failure is not None)
