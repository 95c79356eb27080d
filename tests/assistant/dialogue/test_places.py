from __future__ import annotations

import pytest

from assistant.engine import Engine
from assistant.replies import wording
from connectors.message import Inbound, InboundKind

pytestmark = pytest.mark.slow


async def test_the_province_is_asked_for_only_when_the_answer_depends_on_it(engine: Engine) -> None:
    (fees,) = await engine.answer(Inbound("test", "place-1", "làm khai sinh hết bao nhiêu tiền"))
    assert wording.ASK_PROVINCE in fees.text
    assert "Hà Nội" in [choice.title for choice in fees.choices]
    (papers,) = await engine.answer(Inbound("test", "place-1", "cần giấy tờ gì"))
    assert wording.ASK_PROVINCE not in papers.text


async def test_a_named_province_gives_its_own_figure_and_says_so(engine: Engine) -> None:
    await engine.answer(Inbound("test", "place-2", "làm khai sinh hết bao nhiêu tiền"))
    (local,) = await engine.answer(Inbound("test", "place-2", "tôi ở hà nội"))
    assert local.procedure == "1.001193"
    assert "của riêng Hà Nội" in local.text
    assert "5.000 đồng" in local.text
    assert "06/2020/NQ-HĐND" in local.text


async def test_a_province_can_be_tapped_and_is_remembered(engine: Engine) -> None:
    (fees,) = await engine.answer(Inbound("test", "place-3", "làm khai sinh hết bao nhiêu tiền"))
    choice = next(choice for choice in fees.choices if choice.title == "Hải Phòng")
    (local,) = await engine.answer(
        Inbound("test", "place-3", choice=choice.id, kind=InboundKind.CHOICE)
    )
    assert "của riêng Hải Phòng" in local.text
    (again,) = await engine.answer(Inbound("test", "place-3", "khai tử bao nhiêu tiền"))
    assert "của riêng Hải Phòng" in again.text


async def test_an_unknown_province_is_admitted(engine: Engine) -> None:
    (reply,) = await engine.answer(
        Inbound("test", "place-4", "ở cà mau làm khai sinh hết bao nhiêu tiền")
    )
    assert "Cà Mau" in reply.text
    assert "5.000 đồng" not in reply.text
