from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.staff.fields import new_entry
from knowledge_base.schema import Fee, FeeState, ProcessingTime, TimeUnit


@given(st.integers(0, 10**9), st.sampled_from(["", " đồng", "đ", " VND"]), st.booleans())
def test_amounts_become_fees(amount: int, currency: str, dots: bool) -> None:
    typed = f"{amount:,}".replace(",", ".") if dots else str(amount)
    fee = Fee.model_validate(yaml.safe_load(new_entry("fees.-", typed + currency, "TT 1/2026")))
    assert (fee.state, fee.amount, fee.source) == (FeeState.AMOUNT, amount, "TT 1/2026")


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("3 ngày làm việc", 3, TimeUnit.WORKING_DAY),
        ("03  Ngày  làm việc", 3, TimeUnit.WORKING_DAY),
        ("1,5 giờ", 1.5, TimeUnit.HOUR),
        ("15 ngày", 15, TimeUnit.DAY),
        ("Giải quyết ngay", None, TimeUnit.IMMEDIATE),
    ],
)
def test_times_are_read(typed: str, value: float | None, unit: TimeUnit) -> None:
    time = ProcessingTime.model_validate(yaml.safe_load(new_entry("processing_times.-", typed)))
    assert (time.value, time.unit) == (value, unit)


def test_papers_and_laws_become_entries() -> None:
    assert yaml.safe_load(new_entry("documents.0.documents.-", "Tờ khai:  mẫu 1")) == {
        "name": "Tờ khai: mẫu 1"
    }
    assert yaml.safe_load(new_entry("legal_basis.-", "123/2015/NĐ-CP")) == {
        "number": "123/2015/NĐ-CP"
    }


@given(st.text(max_size=60))
def test_everything_else_stays_as_it_is(text: str) -> None:
    for path in ("steps.-", "fees.0.amount", "purpose", "legal_basis.0.number"):
        assert new_entry(path, text) == text


@pytest.mark.parametrize("typed", ["state: free", "miễn phí", "20k", "-5", "1.00"])
def test_what_is_no_amount_is_left_to_the_correction(typed: str) -> None:
    assert new_entry("fees.-", typed) == typed
