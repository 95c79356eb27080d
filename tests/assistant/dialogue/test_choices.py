from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.choices import FieldChoice, ProcedureChoice, chosen, is_position
from connectors.message import Choice
from knowledge_base.schema import Aspect

OFFERED = (
    Choice("p:1.004222", "Đăng ký thường trú"),
    Choice("p:1.004194", "Đăng ký tạm trú (ở trọ, ở nhờ)"),
    Choice("p:1.003677", "Khai báo tạm vắng"),
)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("2", 1),
        ("số 2", 1),
        ("cái thứ hai", 1),
        ("chọn cái thứ 3 nhé", 2),
        ("cái đầu tiên", 0),
        ("thu nhat", 0),
        ("cái cuối cùng", 2),
        ("cho tôi số ba ạ", 2),
        ("đăng ký tạm trú", 1),
        ("khai bao tam vang", 2),
        ("Đăng ký thường trú", 0),
    ],
)
def test_takes_a_choice_by_number_ordinal_or_name(text: str, position: int) -> None:
    assert chosen(text, OFFERED) == OFFERED[position]


@pytest.mark.parametrize("text", ["9", "mất căn cước", "", "???", "làm hai bản sao", "0"])
def test_takes_none(text: str) -> None:
    assert chosen(text, OFFERED) is None


def test_a_number_beyond_the_list_is_still_a_position() -> None:
    assert is_position("7")
    assert not is_position("7 ngày làm việc")


def test_ids_read_back() -> None:
    choice = ProcedureChoice("1.004222", (Aspect.FEES, Aspect.WHERE))
    assert ProcedureChoice.parse(choice.id) == choice
    for whole in (replace(choice, whole=True), ProcedureChoice("1.004222", whole=True)):
        assert ProcedureChoice.parse(whole.id) == whole
    assert FieldChoice.parse(FieldChoice("Hộ tịch").id) == FieldChoice("Hộ tịch")


@given(st.text(max_size=60))
def test_no_text_breaks_an_id_or_a_choice(text: str) -> None:
    parsed = ProcedureChoice.parse(text)
    assert parsed is None or parsed.id == text
    assert chosen(text, OFFERED) in {None, *OFFERED}


@pytest.mark.parametrize("identifier", ["p:abc", "p:1.004222:nothing", "x:1.004222", "p:", "f:"])
def test_malformed_ids_are_refused(identifier: str) -> None:
    assert ProcedureChoice.parse(identifier) is None
    assert FieldChoice.parse(identifier) is None
