from __future__ import annotations

import pytest

from assistant.dialogue.places import without_province
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


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ("hải dương", "Thành phố Hải Phòng (trước khi sắp xếp là Hải Dương)"),
        ("Hai Duong", "Thành phố Hải Phòng (trước khi sắp xếp là Hải Dương)"),
        (
            "phường bến nghé quận 1",
            "Phường Sài Gòn, Thành phố Hồ Chí Minh (trước khi sắp xếp là Phường Bến Nghé, Quận 1)",
        ),
        (
            "tôi ở thị trấn Vĩnh Bảo",
            "Xã Vĩnh Bảo, Thành phố Hải Phòng (trước khi sắp xếp là Thị trấn Vĩnh Bảo",
        ),
        ("cầu giấy", "Thành phố Hà Nội (trước khi sắp xếp là Quận Cầu Giấy)"),
        ("xã Vĩnh Bảo", "Tôi hiểu bạn ở Xã Vĩnh Bảo, Thành phố Hải Phòng."),
    ],
)
async def test_an_old_name_or_a_commune_is_understood_as_an_answer(
    engine: Engine, answer: str, place: str
) -> None:
    name = f"place-old-{len(answer)}-{answer[:3]}"
    await engine.answer(Inbound("test", name, "làm khai sinh hết bao nhiêu tiền"))
    (reply,) = await engine.answer(Inbound("test", name, answer))
    assert reply.procedure == "1.001193"
    assert reply.aspects == ("fees",)
    assert place in reply.text


async def test_an_old_name_within_a_question_is_understood(engine: Engine) -> None:
    await engine.answer(Inbound("test", "place-5", "làm khai sinh cần giấy tờ gì"))
    (reply,) = await engine.answer(
        Inbound("test", "place-5", "thế ở hải dương thì hết bao nhiêu tiền")
    )
    assert reply.aspects == ("fees",)
    assert "Thành phố Hải Phòng (trước khi sắp xếp là Hải Dương)" in reply.text


@pytest.mark.parametrize("answer", ["xã Tân Lập", "huyện Châu Thành", "tan lap"])
async def test_a_name_of_several_provinces_is_asked_back(engine: Engine, answer: str) -> None:
    name = f"place-several-{answer}"
    await engine.answer(Inbound("test", name, "làm khai sinh hết bao nhiêu tiền"))
    (reply,) = await engine.answer(Inbound("test", name, answer))
    assert reply.procedure == "1.001193"
    assert wording.ASK_WHICH_PROVINCE in reply.text
    offered = [choice.title for choice in reply.choices]
    assert "Tây Ninh" in offered
    (local,) = await engine.answer(Inbound("test", name, "Tây Ninh"))
    assert "Tây Ninh" in local.text
    assert local.aspects == ("fees",)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("làm khai sinh ở hải dương hết bao nhiêu tiền", "làm khai sinh hết bao nhiêu tiền"),
        ("dang ky tam tru o tphcm ton bao nhieu", "dang ky tam tru ton bao nhieu"),
        ("khai tử ở xã vĩnh bảo, hải phòng cần gì", "khai tử cần gì"),
        ("ra xã làm khai sinh ở nghệ an", "ra xã làm khai sinh"),
        ("lam ho chieu o tinh thanh hoa", "lam ho chieu"),
        ("hà nội", "hà nội"),
        ("đăng ký kết hôn cần gì", "đăng ký kết hôn cần gì"),
    ],
)
def test_a_province_is_not_searched_for(text: str, left: str) -> None:
    assert without_province(text) == left
