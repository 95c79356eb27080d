"""Verdicts on the fixed set and on regression questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.message import Inbound, Paragraph, Reply, ReplyKind
from evaluation.dataset import QuestionError
from evaluation.fixed import Regression, in_full, passes, read_regressions
from evaluation.runs import ReplyRow, RunRow

ROW = {
    "id": "r1", "manner": "regression", "turns": ["xin giấy lá sen ở đâu"], "gold": ["1.004194"],
    "aspects": ["where"], "behavior": "answer", "in_catalogue": True,
}  # fmt: skip


def played(text: str, procedure: str = "1.004194") -> RunRow:
    reply = ReplyRow(
        kind="answer", text=text, procedure=procedure, candidates=(procedure,), aspects=("where",)
    )
    question = Regression.model_validate(ROW)
    return RunRow.model_construct(question=question, replies=(reply,))


def test_a_regression_question_needs_the_procedure_and_the_words() -> None:
    def wanted(*contains: str, lacks: tuple[str, ...] = ()) -> Regression:
        return Regression.model_validate({**ROW, "contains": contains, "lacks": lacks})

    text = "Lệ phí: 15.000 đồng\nNộp ở Công an cấp xã"
    assert passes(played(text), wanted())
    assert passes(played(text), wanted("Công an cấp xã"))
    assert not passes(played(text), wanted("Công an cấp xã", "20.000 đồng"))
    assert not passes(played(text, "1.001193"), wanted())
    assert passes(played(text), wanted(lacks=("Lệ phí: 5.000 đồng", "5.000 đồng")))
    assert not passes(played(text), wanted(lacks=("Lệ phí: 15.000 đồng",)))
    assert passes(played("Bản rút gọn"), wanted("Công an cấp xã"), text)
    assert not passes(played("Bản rút gọn"), wanted(lacks=("Lệ phí: 15.000 đồng",)), text)


class Full:
    """An assistant that says everything when it is asked to."""

    async def answer(self, message: Inbound) -> list[Reply]:
        assert message.choice == "p:1.004194:where:full"
        return [Reply(ReplyKind.ANSWER, (Paragraph("Toàn bộ"),))]


async def test_the_whole_answer_is_asked_for_where_words_are_looked_for() -> None:
    engine: Any = Full()
    plain = Regression.model_validate(ROW)
    worded = Regression.model_validate({**ROW, "contains": ["Toàn"]})
    assert await in_full(engine, plain, "1.004194") == ""
    assert await in_full(engine, worded, None) == ""
    assert await in_full(engine, worded, "1.004194") == "Toàn bộ"


def test_regression_questions_are_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    assert read_regressions(path) == []
    path.write_text(f"{json.dumps({**ROW, 'contains': ['5.000 đồng']})}\n\n", "utf-8")
    (found,) = read_regressions(path)
    assert found.contains == ("5.000 đồng",)
    path.write_text(f"{json.dumps(ROW)}\n{json.dumps(ROW)}\n", "utf-8")
    with pytest.raises(QuestionError, match=":2: id 'r1' comes twice"):
        read_regressions(path)
    path.write_text(f"{json.dumps({**ROW, 'behavior': 'fly'})}\n", "utf-8")
    with pytest.raises(QuestionError, match=":1: behavior"):
        read_regressions(path)
