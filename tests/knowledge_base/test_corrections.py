"""Corrections change one field, keep their source, and never undo what has changed since."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge_base.corrections import (
    Correction,
    CorrectionError,
    corrected,
    dump_corrections,
    load_corrections,
    value_at,
    with_value,
)
from knowledge_base.schema import Procedure
from knowledge_base.store import Catalogue

CARD = """
code: "1.000001"
name: Cấp giấy
field: Hộ tịch
levels: [commune]
fees:
  - {state: amount, amount: 8000, unit: bản}
  - {state: not_stated}
steps: [Nộp hồ sơ., Nhận kết quả.]
provenance: {source: "https://dichvucong.gov.vn/x", last_checked: 2026-11-20}
"""


def correction(field: str, value: Any, before: Any = None, **more: Any) -> Correction:
    return Correction.model_validate(
        {
            "code": "1.000001",
            "field": field,
            "before": before,
            "value": value,
            "source": "Nghị quyết 12/2026/NQ-HĐND",
            "link": "https://example.gov.vn/nq12",
            "last_checked": "2026-11-18",
            "by": "lan",
            **more,
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own" / "cards").mkdir(parents=True)
    (tmp_path / "own" / "cards" / "card.yml").write_text(CARD, "utf-8")
    return tmp_path


def record(folder: Path) -> Procedure:
    return Catalogue.load([folder / "own"])["1.000001"]


def lay(folder: Path, *rows: Correction) -> Catalogue:
    path = folder / "learned" / "corrections" / "office.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dump_corrections(rows), "utf-8")
    return Catalogue.load([folder / "own", folder / "learned"])


def test_a_correction_is_laid_over_with_its_source(folder: Path) -> None:
    catalogue = lay(folder, correction("fees.0.amount", 5000, 8000))
    found = catalogue["1.000001"]
    assert found.fees[0].amount == 5000
    assert found.fees[0].unit == "bản"
    (explained,) = found.explained
    assert explained.field == "fees.0.amount"
    assert "12/2026/NQ-HĐND" in explained.source
    assert "https://example.gov.vn/nq12" in explained.source
    assert "lan" not in explained.model_dump_json()
    assert catalogue.problems == ()
    assert catalogue.version != Catalogue.load([folder / "own"]).version


def test_a_newer_text_is_not_undone(folder: Path) -> None:
    catalogue = lay(folder, correction("fees.0.amount", 5000, 7000))
    assert catalogue["1.000001"].fees[0].amount == 8000
    (problem,) = catalogue.problems
    assert problem.field == "fees.0.amount"
    assert "8000" in problem.reason


def test_what_the_record_says_already_leaves_it_alone(folder: Path) -> None:
    plain = record(folder)
    assert corrected(plain, correction("fees.0.amount", 8000, 5000)) is plain
    assert corrected(plain, correction("steps.-", "Nộp hồ sơ.")) is plain
    same = {"state": "amount", "amount": 8000, "unit": "bản", "currency": "VND"}
    assert corrected(plain, correction("fees.0", same)) is plain


def test_several_corrections_build_on_each_other(folder: Path) -> None:
    catalogue = lay(
        folder,
        correction("fees.0.amount", 5000, 8000),
        correction("fees.0.amount", 6000, 5000),
        correction("steps.-", "Đóng lệ phí."),
        correction("steps.0", None, "Nộp hồ sơ."),
    )
    assert catalogue.problems == ()
    found = catalogue["1.000001"]
    assert found.fees[0].amount == 6000
    assert found.steps == ("Nhận kết quả.", "Đóng lệ phí.")
    assert len(found.explained) == 4


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("fees.0.amount", -1, "fees.0.amount"),
        ("fees.9.amount", 1, "fees.9.amount"),
        ("fees.x", {"state": "not_stated"}, "fees.x"),
        ("fees.0.colour", "đỏ", "fees.0.colour"),
        ("purpose.words", "x", "purpose.words"),
        ("levels", [], "levels"),
    ],
)
def test_what_makes_no_sound_record_is_refused(
    folder: Path, field: str, value: Any, where: str
) -> None:
    plain = record(folder)
    with pytest.raises(CorrectionError) as caught:
        corrected(plain, correction(field, value))
    assert caught.value.field.startswith(where.split(".")[0])


@pytest.mark.parametrize("field", ["code", "kind", "provenance.source", "aliases.-", "explained"])
def test_bookkeeping_cannot_be_corrected(field: str) -> None:
    with pytest.raises(ValidationError, match="can be corrected"):
        correction(field, "x")


@pytest.mark.parametrize("missing", ["source", "link", "by", "last_checked"])
def test_a_correction_needs_its_source(missing: str) -> None:
    with pytest.raises(ValidationError):
        correction("purpose", "x", **{missing: ""})


def test_an_unknown_code_and_a_broken_file_are_reported(folder: Path) -> None:
    catalogue = lay(folder, correction("purpose", "Để làm gì.", code="1.999999"))
    assert [p.record for p in catalogue.problems] == ["1.999999"]
    path = folder / "learned" / "corrections" / "other.yml"
    path.write_text("- {code: x}\n- [", "utf-8")
    assert "cannot be read" in load_corrections([path])[1][0].reason
    path.write_text("- {code: x}\n", "utf-8")
    found, problems = load_corrections([path])
    assert found == []
    assert {"code", "field", "source"} <= {p.field for p in problems}
    path.write_text("code: x\n", "utf-8")
    assert load_corrections([path])[1][0].reason == "is not a list of corrections"


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60
).filter(lambda text: text.strip() == text)


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(TEXTS, min_size=1, max_size=4), note=TEXTS)
def test_files_give_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], note: str
) -> None:
    made = correction("steps", steps, ["Nộp hồ sơ."], note=note)
    path = tmp_path_factory.mktemp("corrections") / "office.yml"
    path.write_text(dump_corrections([made]), "utf-8")
    assert load_corrections([path]) == ([made], [])


def test_values_are_read_and_written_by_path(folder: Path) -> None:
    plain = record(folder)
    assert value_at(plain, "fees.0.amount") == 8000
    assert value_at(plain, "steps.1") == "Nhận kết quả."
    assert value_at(plain, "steps.-") is None
    assert with_value(plain, "fees.0.unit", None).fees[0].unit == ""
    assert with_value(plain, "fees.0.amount", 8000) == plain
    assert date(2026, 11, 18) == correction("purpose", "x").last_checked
