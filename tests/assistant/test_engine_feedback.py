"""Feedback within a conversation of the real assistant."""

from __future__ import annotations

import re
from itertools import count

import pytest

from assistant.engine import Engine
from assistant.feedback import wording
from assistant.feedback.items import Filter, Item
from assistant.replies import wording as replies
from connectors.message import Inbound, InboundKind, Reply, ReplyKind

pytestmark = pytest.mark.slow

_NAMES = count()


class Chat:
    """One conversation."""

    def __init__(self, engine: Engine, channel: str = "telegram") -> None:
        self.engine = engine
        self.channel = channel
        self.name = f"feedback-{next(_NAMES)}"

    async def say(self, text: str) -> Reply:
        (reply,) = await self.engine.answer(Inbound(self.channel, self.name, text))
        return reply

    async def tap(self, choice: str) -> Reply:
        tapped = Inbound(self.channel, self.name, choice=choice, kind=InboundKind.CHOICE)
        (reply,) = await self.engine.answer(tapped)
        return reply

    def items(self) -> list[Item]:
        wanted = Filter(conversation=f"{self.channel}:{self.name}")
        return self.engine.feedback.items.find(wanted)[0]


async def test_a_vote_against_an_answer_reaches_the_queue(engine: Engine) -> None:
    chat = Chat(engine)
    answer = await chat.say("đăng ký thường trú hết bao nhiêu tiền")
    asked = await chat.tap(f"v:-:{answer.feedback}")
    assert asked.kind is ReplyKind.FEEDBACK
    await chat.tap(asked.choices[2].id)
    await chat.say("phí mới là 25.000 đồng rồi")
    (item,) = chat.items()
    assert item.procedure == "1.004222"
    assert item.snapshot["question"] == "đăng ký thường trú hết bao nhiêu tiền"
    assert item.snapshot["reply"] == answer.text
    assert item.snapshot["vote_reason"] == "outdated"
    assert "25.000" in item.snapshot["comment"]


async def test_a_question_after_a_vote_is_answered(engine: Engine) -> None:
    chat = Chat(engine)
    answer = await chat.say("đăng ký thường trú hết bao nhiêu tiền")
    await chat.tap(f"v:-:{answer.feedback}")
    again = await chat.say("đăng ký tạm trú")
    assert again.kind is ReplyKind.ANSWER
    assert again.procedure == "1.004194"


async def test_typed_judgements_are_votes(engine: Engine) -> None:
    chat = Chat(engine)
    answer = await chat.say("đăng ký thường trú hết bao nhiêu tiền")
    assert (await chat.say("đúng rồi cảm ơn")).kind is ReplyKind.SMALLTALK
    vote = engine.feedback.votes.of(answer.feedback or "")
    assert vote is not None
    assert vote["useful"]
    assert (await chat.say("sai rồi")).kind is ReplyKind.FEEDBACK
    vote = engine.feedback.votes.of(answer.feedback or "")
    assert vote is not None
    assert not vote["useful"]


async def test_fault_found_with_an_answer_is_a_vote(engine: Engine) -> None:
    chat = Chat(engine)
    answer = await chat.say("đăng ký thường trú hết bao nhiêu tiền")
    reply = await chat.say("câu trả lời sai rồi")
    (item,) = chat.items()
    assert item.handle == answer.feedback
    assert (item.code or "-") in reply.text


async def test_an_opinion_becomes_an_item_with_a_code_that_can_be_looked_up(
    engine: Engine,
) -> None:
    chat = Chat(engine)
    opened = await chat.say("tôi muốn phản ánh")
    assert opened.kind is ReplyKind.FEEDBACK
    assert opened.choices
    await chat.say("thái độ phục vụ")
    await chat.say("UBND phường Đông Hà")
    done = await chat.say("Cán bộ quầy 3 to tiếng với người già")
    match = re.search(r"MC-\w{4}-\w{4}", done.text)
    assert match is not None
    await chat.say("không cần")
    status = await Chat(engine, "zalo").say(match.group().lower())
    assert "Đã tiếp nhận" in status.text
    assert chat.items()[0].place == "UBND phường Đông Hà"


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
async def test_a_real_question_leaves_the_dialogue(engine: Engine, steps: int) -> None:
    chat = Chat(engine)
    await chat.say("góp ý")
    for said in ("1", "1", "UBND phường Đông Hà")[:steps]:
        await chat.say(said)
    reply = await chat.say("làm khai sinh cho con cần giấy tờ gì")
    assert reply.kind is ReplyKind.ANSWER
    assert reply.procedure == "1.001193"
    assert wording.LEFT in reply.text
    assert chat.items() == []


@pytest.mark.parametrize(
    "text",
    [
        "Làm khai sinh cho con mà phải đi lại ba lần, lần nào cũng thiếu giấy",
        "Nên niêm yết phí đăng ký tạm trú ở cửa ra vào cho dân biết",
        "Sao làm căn cước lâu thế, tôi chờ cả buổi sáng",
        "Đề nghị cho nộp hồ sơ kết hôn vào sáng thứ bảy",
        "Hôm qua tôi đến chứng thực, cán bộ nói hết giờ dù mới 4 giờ",
        "Sao phải nộp lại sổ hộ khẩu trong khi đã có VNeID?",
        "Hồ sơ đất của tôi quá hạn hai tháng chưa có kết quả",
        "Nộp hồ sơ trực tuyến bị lỗi hoài không tải được giấy khai sinh",
    ],
)
async def test_an_opinion_about_a_procedure_is_not_taken_for_a_question(
    engine: Engine, text: str
) -> None:
    chat = Chat(engine)
    await chat.say("tôi muốn phản ánh")
    await chat.say("thời gian giải quyết")
    await chat.say("bỏ qua")
    await chat.say(text)
    assert [item.text for item in chat.items()] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "nộp hồ sơ khai sinh ở đâu",
        "xin giấy xác nhận độc thân cần giấy tờ gì",
        "co lam ho chieu online duoc khong",
        "sổ đỏ bị mất làm lại thế nào?",
    ],
)
async def test_a_question_where_a_text_is_asked_for_is_answered(engine: Engine, text: str) -> None:
    chat = Chat(engine)
    await chat.say("tôi muốn phản ánh")
    await chat.say("thời gian giải quyết")
    await chat.say("bỏ qua")
    assert wording.LEFT in (await chat.say(text)).text
    assert chat.items() == []


async def test_somebody_in_danger_is_given_numbers_in_the_middle_of_a_dialogue(
    engine: Engine,
) -> None:
    chat = Chat(engine)
    await chat.say("tôi muốn phản ánh")
    await chat.say("việc khác")
    await chat.say("bỏ qua")
    reply = await chat.say("chồng tôi đánh tôi")
    assert all(number in reply.text for number in ("113", "115", "111"))
    assert len(chat.items()) == 1


@pytest.mark.parametrize("steps", [0, 1, 2])
async def test_numbers_come_at_once_wherever_the_dialogue_is(engine: Engine, steps: int) -> None:
    chat = Chat(engine)
    await chat.say("tôi muốn phản ánh")
    for said in ("việc khác", "bỏ qua")[:steps]:
        await chat.say(said)
    reply = await chat.say("chồng tôi đánh tôi")
    assert all(number in reply.text for number in ("113", "115", "111"))


async def test_a_rating_is_asked_for_in_chat_and_never_by_programs(engine: Engine) -> None:
    for channel, asked in (("telegram", True), ("api", False)):
        chat = Chat(engine, channel)
        await chat.say("đăng ký thường trú hết bao nhiêu tiền")
        reply = await chat.say("cảm ơn bạn nhiều")
        assert reply.kind is ReplyKind.SMALLTALK
        assert bool(reply.choices) is asked
    assert (await chat.say("làm khai sinh cần gì")).kind is ReplyKind.ANSWER


async def test_the_contact_of_a_citizen_is_in_no_turn(engine: Engine) -> None:
    chat = Chat(engine)
    await chat.say("tôi có kiến nghị")
    await chat.say("cổng dịch vụ công, trang web")
    await chat.say("Trang web nên có chữ to hơn")
    await chat.tap("g:contact:yes")
    await chat.say("0912345678")
    assert chat.items()[0].contact
    rows = engine.turns.of_conversation(f"{chat.channel}:{chat.name}")
    assert "0912345678" not in str(rows)


async def test_questions_without_an_answer_enter_the_queue_by_themselves(engine: Engine) -> None:
    chat = Chat(engine, "zalo")
    unknown = [
        text
        for text in ("hàng xóm hát karaoke ồn", "lịch thu gom rác khu phố", "báo đèn đường hỏng")
        if replies.NOT_KNOWN in (await chat.say(text)).text
    ]
    assert unknown, "none of them is in the catalogue"
    await chat.say("đăng ký thường trú hết bao nhiêu tiền")
    engine.gather()
    found = {item.text: item for item in chat.items()}
    assert {text for text, item in found.items() if item.origin == "declined"} == set(unknown)
    assert "đăng ký thường trú hết bao nhiêu tiền" not in found
    assert all(item.group_id is not None for item in found.values())
