"""What is decided about whole conversations, with the trained assistant."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from assistant.engine import Engine
from connectors.message import Inbound, Reply, ReplyKind

_numbers = itertools.count()


def _talk(engine: Engine, *turns: str) -> list[Reply]:
    name = f"decide-{next(_numbers)}"

    async def play() -> list[Reply]:
        return [(await engine.answer(Inbound("test", name, turn)))[0] for turn in turns]

    return asyncio.run(play())


def test_a_short_question_stays_with_the_procedure(engine: Engine) -> None:
    replies = _talk(engine, "quán nhà tôi muốn tạm ngừng kinh doanh", "báo trước mấy ngày")
    assert replies[1].procedure == replies[0].procedure


def test_a_lost_paper_moves_on_to_the_sister_that_replaces_it(engine: Engine) -> None:
    replies = _talk(engine, "xin giấy xác nhận khuyết tật cần giấy tờ gì", "giấy đó bị mất thì sao")
    assert replies[0].procedure == "1.001699"
    assert replies[1].procedure == "1.001653"


def test_another_procedure_replaces_the_one_before(engine: Engine) -> None:
    replies = _talk(engine, "đăng ký tạm trú cần gì", "đăng ký khai sinh bao nhiêu tiền")
    assert replies[1].procedure == "1.001193"


@pytest.mark.parametrize("topic", ["giám hộ", "căn cước", "cho hỏi về căn cước"])
def test_a_bare_topic_is_asked_about(engine: Engine, topic: str) -> None:
    (reply,) = _talk(engine, topic)
    assert reply.kind is ReplyKind.CLARIFY
    assert 2 <= len(reply.choices) <= 5


def test_a_bare_name_that_means_one_procedure_is_answered(engine: Engine) -> None:
    (reply,) = _talk(engine, "đăng ký khai tử")
    assert (reply.kind, reply.procedure) == (ReplyKind.ANSWER, "1.000656")


def test_two_questions_in_one_message_get_two_answers(engine: Engine) -> None:
    (reply,) = _talk(
        engine, "Làm khai sinh cho con cần giấy tờ gì? Đăng ký tạm trú mất bao nhiêu tiền?"
    )
    assert "khai sinh" in reply.text.lower()
    assert "tạm trú" in reply.text.lower()
    assert reply.candidates[0] == "1.001193"


def test_one_question_in_two_parts_is_one_answer(engine: Engine) -> None:
    (reply,) = _talk(engine, "Đăng ký tạm trú cần giấy tờ gì, và mất bao lâu?")
    assert reply.procedure == "1.004194"
    assert {"documents", "processing_time"} <= set(reply.aspects)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("làm khai sinh ở hải dương hết bao nhiêu tiền", "1.001193"),
        ("dang ky tam tru o tp hcm can giay to gi", "1.004194"),
        ("đăng ký kết hôn tại hà nội nộp ở đâu", "1.000894"),
    ],
)
def test_a_place_in_a_question_does_not_hide_the_procedure(
    engine: Engine, question: str, code: str
) -> None:
    (reply,) = _talk(engine, question)
    assert (reply.kind, reply.procedure) == (ReplyKind.ANSWER, code)


def test_a_procedure_that_nobody_has_is_no_field(engine: Engine) -> None:
    (reply,) = _talk(engine, "thủ tục xin phép nuôi voi")
    assert reply.kind in {ReplyKind.HANDOFF, ReplyKind.OUT_OF_SCOPE}


def test_a_field_is_listed(engine: Engine) -> None:
    (reply,) = _talk(engine, "có những thủ tục nào về đất đai")
    assert reply.kind is ReplyKind.LIST
