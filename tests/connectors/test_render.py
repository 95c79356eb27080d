"""From replies to the messages of a channel."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.channel import Button, Capabilities, Outgoing, Unit
from connectors.message import (
    Choice,
    Fact,
    Heading,
    Item,
    ItemList,
    Link,
    Paragraph,
    Reply,
    ReplyKind,
    Source,
)
from connectors.render import CHOOSE_BY_NUMBER, render, token_of, without_buttons
from connectors.votes import NOT_USEFUL, USEFUL, read_vote, vote_choices

ZALO = Capabilities(1900, buttons=5, button_title=100, button_payload=1000, titles_as_text=True)
BOT = Capabilities(1900)
TELEGRAM = Capabilities(
    4000, unit=Unit.HTML, buttons=10, button_title=50, button_payload=64, html=True
)
REPLY = Reply(
    ReplyKind.ANSWER,
    (
        Heading("Đăng ký khai sinh"),
        Fact("Lệ phí", "Miễn phí", "đúng hạn"),
        ItemList((Item("Tờ khai", "theo mẫu"), Item("Giấy chứng sinh")), "checklist", "Giấy tờ"),
        Source("Căn cứ: 123/2015/NĐ-CP.", (Link("Trang chính thức", "https://a.vn/?a=1&b=2"),)),
    ),
    (Choice("p:1.001193:fees", "Phí & lệ phí"), Choice("p:1.001193:steps", "Các bước")),
)


def data_of(choice: Choice) -> str:
    return choice.title


def test_plain_text_keeps_every_fact() -> None:
    (message,) = render(REPLY, BOT, data_of).messages
    assert message.text == (
        "Đăng ký khai sinh\n\nLệ phí: Miễn phí\nđúng hạn\n\n"
        "Giấy tờ\n☐ Tờ khai\n   theo mẫu\n☐ Giấy chứng sinh\n\n"
        "Căn cứ: 123/2015/NĐ-CP.\nTrang chính thức: https://a.vn/?a=1&b=2\n\n"
        f"{CHOOSE_BY_NUMBER}\n1. Phí & lệ phí\n2. Các bước"
    )
    assert message.buttons == ()


def test_markup_is_made_of_data() -> None:
    (message,) = render(REPLY, TELEGRAM, data_of).messages
    assert "<b>Đăng ký khai sinh</b>" in message.html
    assert '<a href="https://a.vn/?a=1&amp;b=2">Trang chính thức</a>' in message.html
    assert "https://a.vn/?a=1&b=2" in message.text, "the plain form keeps the address"
    assert message.buttons == (
        Button("Phí & lệ phí", "Phí & lệ phí"),
        Button("Các bước", "Các bước"),
    )


def test_refused_buttons_become_numbers() -> None:
    (message,) = render(REPLY, ZALO, data_of).messages
    assert len(message.buttons) == 2
    assert CHOOSE_BY_NUMBER not in message.text
    (again,) = without_buttons(message, 1900)
    assert again.text.endswith(f"{CHOOSE_BY_NUMBER}\n1. Phí & lệ phí\n2. Các bước")
    assert again.buttons == ()


def test_numbers_that_do_not_fit_come_in_a_message_of_their_own() -> None:
    message = Outgoing("a" * 1890, "", (Button("Một", "1"),), "1. Một\n2. Hai")
    assert [part.text for part in without_buttons(message, 1900)] == ["a" * 1890, "1. Một\n2. Hai"]


@pytest.mark.parametrize("count", [6, 10])
def test_too_many_choices_become_numbers(count: int) -> None:
    choices = tuple(Choice(str(n), f"Lựa chọn {n}") for n in range(1, count + 1))
    (message,) = render(
        Reply(ReplyKind.CLARIFY, (Paragraph("?"),), choices), ZALO, data_of
    ).messages
    assert message.buttons == ()
    assert f"\n{count}. Lựa chọn {count}" in message.text


def test_one_title_that_is_too_long_drops_the_whole_block() -> None:
    choices = (Choice("1", "Ngắn"), Choice("2", "Dài " * 40))
    (message,) = render(
        Reply(ReplyKind.CLARIFY, (Paragraph("?"),), choices), ZALO, data_of
    ).messages
    assert message.buttons == ()
    assert "1. Ngắn" in message.text


def test_long_titles_are_listed_and_the_buttons_bear_their_numbers() -> None:
    choices = (Choice("1", "Ngắn"), Choice("2", "Thủ tục có tên rất dài " * 4))
    reply = Reply(ReplyKind.CLARIFY, (Paragraph("?"),), choices)
    (message,) = render(reply, TELEGRAM, lambda c: f"c:{c.id}").messages
    assert message.buttons == (Button("1", "c:1"), Button("2", "c:2"))
    assert "2. Thủ tục có tên" in message.text


def test_choices_without_words_are_offered_all_the_same() -> None:
    reply = Reply(ReplyKind.LIST, (), (Choice("1", "Một"),))
    assert render(reply, TELEGRAM, data_of).messages[0].buttons == (Button("Một", "Một"),)
    assert render(reply, BOT, data_of).messages[0].text == f"{CHOOSE_BY_NUMBER}\n1. Một"


def test_text_is_in_form_c() -> None:
    reply = Reply(ReplyKind.ANSWER, (Paragraph("Lo\u0302\u0300"),))
    assert render(reply, BOT, data_of).messages[0].text == "L\u1ed3"


def test_tokens_are_short_and_the_same_for_the_same_choice() -> None:
    assert token_of("f:Đất đai") == token_of("f:Đất đai")
    assert token_of("f:Đất đai") != token_of("f:Hộ tịch")
    assert len(token_of("x" * 500)) == 20


def test_messages_survive_the_queue() -> None:
    (message,) = render(REPLY, TELEGRAM, data_of).messages
    assert Outgoing.from_json(message.as_json()) == message


VOTED = replace(REPLY, feedback="h1", invite=True)
ROW = replace(TELEGRAM, vote_row=True)


def test_a_vote_has_a_row_of_its_own_where_there_is_one() -> None:
    rendered = render(VOTED, ROW, lambda choice: f"c:{choice.id}")
    message = rendered.messages[-1]
    assert [b.title for b in message.votes] == [USEFUL, NOT_USEFUL]
    assert [b.data for b in message.votes] == ["c:v:+:h1", "c:v:-:h1"]
    assert len(message.buttons) == 2
    assert rendered.choices == REPLY.choices
    assert "đúng ý bạn" not in message.text
    assert Outgoing.from_json(message.as_json()) == message


def test_a_vote_takes_the_room_among_the_buttons() -> None:
    rendered = render(VOTED, ZALO, data_of)
    assert [b.title for b in rendered.messages[-1].buttons][2:] == [USEFUL, NOT_USEFUL]
    assert rendered.choices == (*REPLY.choices, *vote_choices(VOTED))
    alone = render(replace(VOTED, choices=()), ZALO, data_of)
    assert [b.title for b in alone.messages[-1].buttons] == [USEFUL, NOT_USEFUL]


def test_without_room_a_vote_is_asked_for_in_words_and_only_where_invited() -> None:
    full = replace(VOTED, choices=tuple(Choice(f"p:{n}", f"Mục {n}") for n in range(5)))
    rendered = render(full, ZALO, data_of)
    assert len(rendered.messages[-1].buttons) == 5
    assert rendered.messages[-1].text.endswith("Bạn trả lời: đúng / chưa đúng.")
    quiet = render(replace(full, invite=False), ZALO, data_of)
    assert "đúng ý" not in quiet.messages[-1].text
    assert quiet.choices == full.choices


@pytest.mark.parametrize("count", [0, 2, 7])
def test_numbers_of_a_vote_follow_those_of_the_choices(count: int) -> None:
    reply = replace(VOTED, choices=tuple(Choice(f"p:{n}", f"Mục {n}") for n in range(count)))
    rendered = render(reply, BOT, data_of)
    last = rendered.messages[-1].text.splitlines()[-1]
    assert f"Trả lời {count + 1} nếu đúng, {count + 2} nếu chưa đúng" in last
    assert [c.id for c in rendered.choices[count:]] == ["v:+:h1", "v:-:h1"]
    assert render(replace(reply, invite=False), BOT, data_of).choices == reply.choices


@pytest.mark.parametrize("kind", [kind for kind in ReplyKind if kind is not ReplyKind.ANSWER])
def test_only_an_answer_is_voted_on(kind: ReplyKind) -> None:
    assert vote_choices(replace(VOTED, kind=kind)) == ()
    assert render(replace(VOTED, kind=kind), ROW, data_of).messages[-1].votes == ()


@pytest.mark.parametrize("identifier", ["", "v", "v:+", "v:+:", "v:?:h1", "w:+:h1", "p:1.001193"])
def test_what_is_no_vote_is_not_read_as_one(identifier: str) -> None:
    assert read_vote(identifier) is None
    assert read_vote("v:-:h1") == (False, "h1")


def test_a_message_that_waited_since_before_there_were_votes_is_still_read() -> None:
    old = {"text": "a", "html": "", "buttons": [["Một", "1"]], "numbered": ""}
    assert Outgoing.from_json(old) == Outgoing("a", "", (Button("Một", "1"),))


@given(
    st.lists(st.text(min_size=1, max_size=120).filter(str.strip), max_size=10),
    st.sampled_from([ROW, TELEGRAM, ZALO, replace(ZALO, buttons=0), BOT]),
    st.booleans(),
    st.text(min_size=1, max_size=4_000).filter(str.strip),
)
def test_a_vote_never_breaks_the_limits_and_is_never_asked_for_twice(
    titles: list[str], capabilities: Capabilities, invite: bool, words: str
) -> None:
    choices = tuple(Choice(f"p:{n}", title) for n, title in enumerate(titles))
    reply = Reply(ReplyKind.ANSWER, (Paragraph(words),), choices, feedback="h1", invite=invite)
    rendered = render(reply, capabilities, lambda choice: choice.id)
    for message in rendered.messages:
        assert len(message.text.encode("utf-16-le")) // 2 <= capabilities.text_limit
        assert len(message.buttons) <= capabilities.buttons
        assert message.votes == () or capabilities.vote_row
    last = rendered.messages[-1]
    in_row = bool(last.votes)
    in_buttons = [b.data for b in last.buttons if b.data.startswith("v:")] != []
    in_words = "Câu trả lời có đúng ý bạn không?" in last.text and not words.count("đúng ý")
    assert in_row + in_buttons + in_words <= 1
    assert in_row or in_buttons or not invite or rendered.choices[-1].id == "v:-:h1"
