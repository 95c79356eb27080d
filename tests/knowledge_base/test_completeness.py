"""Records are graded by what they answer."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge_base.completeness import Grade, completeness
from knowledge_base.schema import Aspect, Procedure

FULL: dict[str, Any] = {
    "code": "1.000001",
    "name": "Cấp giấy",
    "field": "Hộ tịch",
    "levels": ["commune"],
    "documents": [{"documents": [{"name": "Tờ khai"}]}],
    "fees": [{"state": "amount", "amount": 8000}],
    "steps": ["Nộp hồ sơ."],
    "processing_times": [{"value": 3, "unit": "day"}],
    "submissions": [{"method": "online"}],
    "legal_basis": [{"number": "60/2014/QH13"}],
    "result": ["Giấy"],
    "provenance": {"source": "https://dichvucong.gov.vn", "last_checked": "2026-11-20"},
}


def graded(**more: Any) -> tuple[Grade, tuple[Aspect, ...]]:
    found = completeness(Procedure.model_validate(FULL | more))
    return found.grade, found.missing


def test_a_full_record() -> None:
    assert graded() == (Grade.A, ())
    assert completeness(Procedure.model_validate(FULL)).score == 1


@pytest.mark.parametrize(
    ("more", "grade"),
    [
        ({"result": []}, Grade.B),
        ({"fees": [{"state": "not_stated"}]}, Grade.B),
        ({"fees": []}, Grade.C),
        ({"fees": [{"state": "not_stated"}], "steps": []}, Grade.C),
        ({"fees": [], "steps": [], "documents": []}, Grade.D),
    ],
)
def test_grades(more: dict[str, Any], grade: Grade) -> None:
    assert graded(**more)[0] is grade


def test_what_is_missing_is_named_essential_first() -> None:
    _, missing = graded(result=[], steps=[])
    assert missing == (Aspect.STEPS, Aspect.RESULT)
    lacking = completeness(Procedure.model_validate(FULL | {"result": [], "steps": []}))
    assert lacking.score == pytest.approx(1 - 3 / 14, abs=0.001)
