from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from assistant.feedback import wording
from assistant.feedback.desk import FeedbackDesk
from assistant.feedback.items import Filter, Item
from assistant.feedback.seal import Seal
from assistant.feedback.tables import flows, ratings
from assistant.feedback.values import Kind, Origin, Reason, State
from connectors.message import Choice, Paragraph, Reply, ReplyKind

from .conftest import Citizen, Hands

THANKS = Reply(ReplyKind.SMALLTALK, (Paragraph("Không có gì ạ."),))
ANSWER = Reply(ReplyKind.ANSWER, (Paragraph("15.000 đồng"),), feedback="h9")


def _only(desk: FeedbackDesk, **wanted: object) -> Item:
    found, total = desk.items.find(Filter(**wanted))  # type: ignore[arg-type]
    assert total == 1
    return found[0]


def _code(reply: Reply | None) -> str:
    assert reply is not None
    match = re.search(r"MC-\w{4}-\w{4}", reply.text)
    assert match is not None
    return match.group()


# --- votes ------------------------------------------------------------------------------------


def test_one_tap_says_that_an_answer_was_of_use(citizen: Citizen, desk: FeedbackDesk) -> None:
    handle = citizen.answered()
    reply = citizen.tap(f"v:+:{handle}")
    assert reply is not None
    assert reply.kind is ReplyKind.FEEDBACK
    assert reply.choices == ()
    assert desk.items.find()[1] == 0


def test_a_vote_against_gives_a_code_asks_why_and_takes_a_comment(
    citizen: Citizen, desk: FeedbackDesk
) -> None:
    handle = citizen.answered()
    asked = citizen.tap(f"v:-:{handle}")
    code = _code(asked)
    assert asked is not None
    assert len(asked.choices) == len(Reason)
    why = citizen.tap(asked.choices[1].id)
    assert why is not None
    assert why.text == wording.ASK_COMMENT.format(skip=wording.SKIP)
    done = citizen.say("thiếu tờ khai CT01, gọi tôi số 0912 345 678")
    assert _code(done) == code
    item = _only(desk)
    assert item.code == code
    assert item.snapshot["vote_reason"] == "missing"
    assert "CT01" in item.snapshot["comment"]
    assert "0912" not in item.snapshot["comment"]
    assert citizen.say("câu khác") is None, "the dialogue is over"


def test_reasons_are_taken_by_number_and_by_name(citizen: Citizen, desk: FeedbackDesk) -> None:
    citizen.tap(f"v:-:{citizen.answered('h1')}")
    citizen.say("3")
    assert _only(desk, handle="h1").snapshot["vote_reason"] == "outdated"
    citizen.say("bỏ qua")
    citizen.tap(f"v:-:{citizen.answered('h2')}")
    citizen.say("khó hiểu")
    assert _only(desk, handle="h2").snapshot["vote_reason"] == "unclear"


def test_what_is_wrong_may_be_typed_instead_of_a_reason(
    citizen: Citizen, desk: FeedbackDesk
) -> None:
    citizen.tap(f"v:-:{citizen.answered()}")
    citizen.say("phí phải là 20.000 đồng mới đúng")
    item = _only(desk)
    assert item.snapshot["vote_reason"] == "other"
    assert item.snapshot["comment"] == "phí phải là 20.000 đồng mới đúng"


@pytest.mark.parametrize("text", ["đăng ký tạm trú", "đăng ký tạm trú cần gì", "cảm ơn", "/start"])
def test_a_question_instead_of_a_reason_is_answered(
    citizen: Citizen, desk: FeedbackDesk, text: str
) -> None:
    citizen.tap(f"v:-:{citizen.answered()}")
    assert citizen.say(text) is None
    assert citizen.last.aside == ""
    assert _only(desk).snapshot["comment"] == ""
    assert citizen.say("2") is None, "the dialogue is over"


def test_a_choice_of_an_answer_leaves_the_dialogue(citizen: Citizen) -> None:
    citizen.tap(f"v:-:{citizen.answered()}")
    assert citizen.say("Các bước", "p:1.004194:steps") is None
    assert citizen.say("2") is None


def test_a_reason_can_be_tapped_long_after(
    citizen: Citizen, desk: FeedbackDesk, clock: Hands
) -> None:
    citizen.tap(f"v:-:{citizen.answered()}")
    clock.now += timedelta(days=2)
    assert citizen.tap("w:wrong_procedure:h1") is not None
    assert _only(desk).snapshot["vote_reason"] == "wrong_procedure"


@pytest.mark.parametrize(("text", "useful"), [("đúng rồi cảm ơn", True), ("sai rồi", False)])
def test_typed_words_after_an_answer_are_a_vote(
    citizen: Citizen, desk: FeedbackDesk, text: str, useful: bool
) -> None:
    assert citizen.say(text) is None, "nothing was answered yet"
    citizen.answered()
    assert citizen.say(text) is not None
    vote = desk.votes.of("h1")
    assert vote is not None
    assert vote["useful"] is useful


def test_an_opinion_that_finds_fault_with_the_answer_is_a_vote_with_its_reason(
    citizen: Citizen, desk: FeedbackDesk, clock: Hands
) -> None:
    assert wording.ASK_KIND in citizen.open("thông tin này cũ rồi").text, "nothing was answered"
    citizen.say("thôi")
    citizen.answered()
    reply = citizen.open("thông tin này cũ rồi, phí mới là 20.000")
    item = _only(desk)
    assert _code(reply) == item.code
    assert item.kind is Kind.ANSWER
    assert item.snapshot["vote_reason"] == "outdated"
    assert "20.000" in item.snapshot["comment"]
    clock.now += timedelta(hours=1)
    assert wording.ASK_KIND in citizen.open("thông tin này cũ rồi").text


def test_typed_words_are_no_vote_on_a_question_back_or_an_old_answer(
    citizen: Citizen, desk: FeedbackDesk, clock: Hands
) -> None:
    citizen.answered("h1")
    clock.now += timedelta(minutes=31)
    assert citizen.say("đúng rồi") is None
    citizen.answered("h2", kind="clarify")
    assert citizen.say("đúng rồi") is None
    assert desk.votes.of("h1") is desk.votes.of("h2") is None


def test_nobody_votes_for_another(citizen: Citizen, desk: FeedbackDesk) -> None:
    handle = citizen.answered()
    citizen.conversation = "telegram:2"
    for choice in (f"v:-:{handle}", f"w:missing:{handle}", "v:-:", "w:x:y", "v:-:nonsense"):
        reply = citizen.tap(choice)
        assert reply is None or reply.text == wording.VOTE_UNKNOWN
    assert desk.items.find()[1] == 0


# --- suggestions and complaints ---------------------------------------------------------------


def test_a_complaint_from_first_word_to_code(citizen: Citizen, desk: FeedbackDesk) -> None:
    opened = citizen.open("góp ý")
    assert "Cổng chung" in opened.text
    assert [c.title for c in opened.choices][-1] == wording.STOP
    about = citizen.say("2")
    assert about is not None
    assert about.text == wording.ASK_ABOUT
    place = citizen.say("thái độ phục vụ")
    assert place is not None
    assert place.text == wording.ASK_PLACE
    text = citizen.say("UBND phường Đông Hà")
    assert text is not None
    assert text.text == wording.ASK_TEXT
    short = citizen.say("tệ")
    assert short is not None
    assert short.text == wording.TEXT_TOO_SHORT
    done = citizen.say("Cán bộ quầy 3 to tiếng, số của tôi 0912345678")
    assert done is not None
    code = _code(done)
    item = _only(desk)
    assert item.code == code
    assert (item.kind, item.origin, item.about) == (Kind.COMPLAINT, Origin.FLOW, "attitude")
    assert item.place == "UBND phường Đông Hà"
    assert "0912345678" not in item.text
    assert item.contact == ""
    assert item.consent_at is None
    end = citizen.say("không cần")
    assert _code(end) == code


def test_buttons_lead_the_same_way(citizen: Citizen, desk: FeedbackDesk) -> None:
    opened = citizen.open()
    about = citizen.tap(opened.choices[0].id)
    assert about is not None
    text = citizen.tap("g:about:assistant")
    assert text is not None
    assert text.text == wording.ASK_TEXT, "the assistant has no place"
    done = citizen.say("Nên trả lời ngắn hơn nữa")
    assert done is not None
    citizen.tap(done.choices[1].id)
    item = _only(desk)
    assert (item.kind, item.about, item.place) == (Kind.SUGGESTION, "assistant", "")


def test_a_message_that_says_it_all_is_not_asked_for_again(
    citizen: Citizen, desk: FeedbackDesk
) -> None:
    text = "tôi phản ánh cán bộ quầy 2 bắt đi lại nhiều lần vì thiếu giấy"
    about = citizen.open(text)
    assert about.text.startswith(wording.NOTED)
    assert wording.ASK_ABOUT in about.text
    citizen.say("1")
    done = citizen.say("bỏ qua")
    assert _code(done)
    assert _only(desk).text == text
    assert _only(desk).kind is Kind.COMPLAINT


def test_words_in_the_place_of_a_choice_are_the_matter(
    citizen: Citizen, desk: FeedbackDesk
) -> None:
    citizen.open("góp ý")
    about = citizen.say("chờ từ sáng tới trưa ở quầy số ba mà không ai gọi tên")
    assert about is not None
    again = citizen.say("1")
    assert again is not None
    citizen.say("2")
    citizen.say("bỏ qua")
    assert _only(desk).text == "chờ từ sáng tới trưa ở quầy số ba mà không ai gọi tên"


def test_a_contact_is_stored_only_with_consent_and_encrypted(
    citizen: Citizen, desk: FeedbackDesk, store: Engine, clock: Hands
) -> None:
    citizen.open("tôi muốn kiến nghị")
    citizen.tap("g:about:facility")
    citizen.tap("g:skip")
    citizen.say("Nên có thêm ghế ngồi chờ")
    asked = citizen.say("gọi tôi theo số 0912 345 678")
    assert asked is not None
    assert asked.text == wording.CONFIRM_CONTACT
    with store.connect() as connection:
        assert "0912" not in str(connection.execute(select(flows.c.data)).all())
    assert _only(desk).contact == ""
    citizen.say("đồng ý")
    item = _only(desk)
    assert item.consent_at == clock.now
    assert "0912" not in item.contact
    assert Seal(b"secret").open(item.contact) == "gọi tôi theo số 0912 345 678"


def test_a_contact_that_nobody_consented_to_goes(
    citizen: Citizen, desk: FeedbackDesk, store: Engine, clock: Hands
) -> None:
    citizen.open("tôi muốn kiến nghị")
    citizen.tap("g:about:website")
    citizen.say("Trang web nên có chữ to hơn")
    citizen.say("0912 345 678")
    clock.now += timedelta(minutes=31)
    desk.clean_up()
    with store.connect() as connection:
        assert connection.execute(select(flows.c.data)).scalars().all() == [{}]
    assert _only(desk).contact == ""


def test_a_contact_is_asked_for_until_it_is_one(citizen: Citizen, desk: FeedbackDesk) -> None:
    citizen.open("tôi muốn kiến nghị")
    citizen.tap("g:about:website")
    citizen.say("Trang web nên có chữ to hơn")
    citizen.tap("g:contact:yes")
    wrong = citizen.say("gọi tôi nhé")
    assert wrong is not None
    assert wrong.text == wording.CONTACT_UNREADABLE.format(no=wording.NO_CONTACT)
    citizen.say("lan@example.vn")
    assert Seal(b"secret").open(_only(desk).contact) == "lan@example.vn"


@pytest.mark.parametrize("word", ["thôi", "hủy", "Thôi không gửi nữa", "huy"])
@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_one_word_ends_it_at_every_step(
    citizen: Citizen, desk: FeedbackDesk, word: str, steps: int
) -> None:
    citizen.open("góp ý")
    for said in ("1", "1", "UBND phường")[:steps]:
        citizen.say(said)
    reply = citizen.say(word)
    assert reply is not None
    assert reply.text == wording.STOPPED
    assert desk.items.find()[1] == 0
    assert citizen.say("1") is None


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_a_real_question_leaves_it_at_every_step(
    citizen: Citizen, desk: FeedbackDesk, steps: int
) -> None:
    citizen.open("góp ý")
    for said in ("1", "1", "UBND phường")[:steps]:
        citizen.say(said)
    assert citizen.say("đăng ký tạm trú cần gì") is None
    assert citizen.last.aside == wording.LEFT
    assert citizen.say("1") is None
    assert desk.items.find()[1] == 0


def test_asking_for_it_again_begins_anew(citizen: Citizen, desk: FeedbackDesk) -> None:
    citizen.tap(f"v:-:{citizen.answered()}")
    opened = citizen.open("tôi muốn góp ý")
    assert wording.ASK_KIND in opened.text
    assert _only(desk).snapshot["comment"] == ""
    citizen.say("tôi phản ánh cán bộ quầy 2 bắt đi lại nhiều lần vì thiếu giấy")
    again = citizen.open("góp ý")
    code = _only(desk, kinds=[Kind.COMPLAINT]).code
    assert code is not None
    assert code in again.text, "what was written is sent, and its code told"


def test_a_reproach_about_a_procedure_is_no_question(citizen: Citizen, desk: FeedbackDesk) -> None:
    citizen.open("tôi muốn phản ánh")
    citizen.say("3")
    citizen.say("bỏ qua")
    citizen.say("sao đăng ký tạm trú lâu thế?")
    assert _only(desk).text == "sao đăng ký tạm trú lâu thế?"


def test_what_was_written_is_sent_when_the_citizen_goes_on_to_something_else(
    citizen: Citizen, desk: FeedbackDesk
) -> None:
    citizen.open("tôi phản ánh cán bộ quầy 2 bắt đi lại nhiều lần vì thiếu giấy")
    assert citizen.say("đăng ký tạm trú cần gì") is None
    assert _only(desk).code in citizen.last.aside


def test_what_was_written_is_sent_when_the_citizen_goes_away(
    citizen: Citizen, desk: FeedbackDesk, clock: Hands
) -> None:
    citizen.open("tôi phản ánh cán bộ quầy 2 bắt đi lại nhiều lần vì thiếu giấy")
    desk.clean_up()
    assert desk.items.find()[1] == 0
    clock.now += timedelta(minutes=31)
    desk.clean_up()
    desk.clean_up()
    assert _only(desk).kind is Kind.COMPLAINT


def test_it_is_forgotten_after_half_an_hour(citizen: Citizen, clock: Hands) -> None:
    citizen.open("góp ý")
    clock.now += timedelta(minutes=31)
    assert citizen.say("1") is None
    reply = citizen.tap("g:kind:complaint")
    assert reply is not None
    assert wording.ASK_KIND in reply.text, "an old button begins anew"
    clock.now += timedelta(minutes=31)
    reply = citizen.tap("g:skip")
    assert reply is not None
    assert reply.text == wording.SKIPPED


def test_an_alarm_is_pointed_to_the_right_body_and_recorded(
    citizen: Citizen, desk: FeedbackDesk
) -> None:
    citizen.open("tôi muốn phản ánh")
    citizen.say("2")
    citizen.say("bỏ qua")
    reply = citizen.say("cán bộ đòi phong bì mới cho nộp")
    assert reply is not None
    assert "Gọi 113" in reply.text
    assert _only(desk).code in reply.text


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_danger_ends_every_dialogue_at_once(
    citizen: Citizen, desk: FeedbackDesk, steps: int
) -> None:
    citizen.open("góp ý")
    for said in ("1", "1")[:steps]:
        citizen.say(said)
    assert citizen.say("cứu tôi với") is None, "the assistant itself gives the numbers"
    citizen.tap(f"v:-:{citizen.answered()}")
    assert citizen.say("cứu tôi với") is None
    assert _only(desk).snapshot["comment"] == ""


def test_too_many_suggestions_have_to_wait(citizen: Citizen, desk: FeedbackDesk) -> None:
    replies = []
    for number in range(6):
        citizen.open("tôi muốn kiến nghị")
        citizen.tap("g:about:website")
        replies.append(citizen.say(f"Trang web nên có chữ to hơn, lần {number}"))
        citizen.say("không cần")
    assert replies[-1] is not None
    assert replies[-1].text == wording.TOO_MANY
    assert desk.items.find()[1] == 5


# --- satisfaction -----------------------------------------------------------------------------


def _scores(store: Engine) -> list[tuple[int, str]]:
    with store.connect() as connection:
        return [
            tuple(row) for row in connection.execute(select(ratings.c.score, ratings.c.comment))
        ]


def test_a_rating_is_asked_for_once_after_an_answer(
    citizen: Citizen, store: Engine, clock: Hands
) -> None:
    assert citizen.hear("cảm ơn", "thank", THANKS) == THANKS, "nothing was answered"
    citizen.answered()
    asked = citizen.hear("cảm ơn", "thank", THANKS)
    assert [choice.id for choice in asked.choices] == [f"s:{n}" for n in range(1, 6)]
    done = citizen.say("4")
    assert done is not None
    assert done.text == wording.RATED
    assert _scores(store) == [(4, "")]
    citizen.answered("h2")
    assert citizen.hear("cảm ơn", "thank", THANKS) == THANKS, "never twice in a week"
    clock.now += timedelta(days=8)
    citizen.answered("h3")
    assert citizen.hear("tạm biệt", "goodbye", THANKS).choices


def test_a_rating_that_is_not_given_is_not_asked_for_again(citizen: Citizen) -> None:
    citizen.answered()
    citizen.hear("cảm ơn", "thank", THANKS)
    assert citizen.say("đăng ký tạm trú cần gì") is None
    citizen.answered("h2")
    assert citizen.hear("cảm ơn", "thank", THANKS) == THANKS


@pytest.mark.parametrize("channel", ["api", "terminal", "test"])
def test_programs_are_never_asked(citizen: Citizen, channel: str) -> None:
    citizen.conversation = f"{channel}:1"
    citizen.answered()
    assert citizen.hear("cảm ơn", "thank", THANKS) == THANKS
    assert citizen.hear("phí", "ask_procedure", ANSWER) == ANSWER


def test_a_low_rating_asks_what_was_wrong_and_goes_into_the_queue(
    citizen: Citizen, desk: FeedbackDesk, store: Engine
) -> None:
    citizen.answered()
    citizen.hear("cảm ơn", "thank", THANKS)
    asked = citizen.tap("s:1")
    assert asked is not None
    assert asked.text == wording.ASK_RATING_COMMENT
    assert _code(citizen.say("Trả lời dài quá, đọc mãi không ra"))
    assert _scores(store) == [(1, "Trả lời dài quá, đọc mãi không ra")]
    item = _only(desk)
    assert (item.kind, item.about) == (Kind.COMPLAINT, "assistant")


def test_a_rating_can_be_changed(citizen: Citizen, store: Engine) -> None:
    citizen.tap("s:5")
    citizen.tap("s:3")
    assert _scores(store) == [(3, "")]


# --- asking for a vote in words ---------------------------------------------------------------


@pytest.mark.parametrize("channel", ["zalo", "zalo-bot"])
def test_a_vote_is_asked_for_in_words_at_most_every_half_hour(
    citizen: Citizen, clock: Hands, channel: str
) -> None:
    citizen.conversation = f"{channel}:1"
    assert citizen.hear("phí", "ask_procedure", ANSWER).invite
    assert not citizen.hear("nơi nộp", "ask_procedure", ANSWER).invite
    clock.now += timedelta(minutes=31)
    assert citizen.hear("phí", "ask_procedure", ANSWER).invite
    clarify = Reply(ReplyKind.CLARIFY, ())
    clock.now += timedelta(minutes=31)
    assert not citizen.hear("giấy", "ask_procedure", clarify).invite


@pytest.mark.parametrize("channel", ["telegram", "web", "api"])
def test_channels_with_buttons_and_programs_are_not_asked_in_words(
    citizen: Citizen, channel: str
) -> None:
    citizen.conversation = f"{channel}:1"
    assert not citizen.hear("phí", "ask_procedure", ANSWER).invite


# --- looking up -------------------------------------------------------------------------------


def test_a_code_shows_the_state_and_the_reply(citizen: Citizen, desk: FeedbackDesk) -> None:
    citizen.tap(f"v:-:{citizen.answered()}")
    item = _only(desk)
    assert item.code is not None
    new = citizen.say(f"tra {item.code.lower().replace('-', ' ')} giúp tôi")
    assert new is not None
    assert "Đã tiếp nhận" in new.text
    assert wording.NO_REPLY_YET in new.text
    desk.items.update(item.id, None, {"state": State.DONE, "reply": "Đã sửa mức phí"}, "lan")
    citizen.conversation = "zalo:7"
    done = citizen.say(item.code)
    assert done is not None
    assert "Đã xử lý" in done.text
    assert "Đã sửa mức phí" in done.text
    assert "tạm trú" not in done.text, "what was asked is not shown"


def test_codes_cannot_be_tried_until_one_fits(citizen: Citizen, desk: FeedbackDesk) -> None:
    citizen.tap(f"v:-:{citizen.answered()}")
    item = _only(desk)
    citizen.conversation = "telegram:2"
    said = [citizen.say(f"MC-0000-00{n}A") for n in range(10)]
    assert all(reply is not None and "không tìm thấy mã" in reply.text for reply in said)
    for text in ("MC-0000-0A00", item.code or ""):
        blocked = citizen.say(text)
        assert blocked is not None
        assert blocked.text == wording.LOOKED_TOO_OFTEN
    citizen.conversation = "telegram:1"
    own = citizen.say(item.code or "")
    assert own is not None
    assert "Đã tiếp nhận" in own.text


def test_guessing_from_many_conversations_is_stopped_too(
    citizen: Citizen, desk: FeedbackDesk
) -> None:
    citizen.tap(f"v:-:{citizen.answered()}")
    code = _only(desk).code or ""
    for number in range(500):
        citizen.conversation = f"web:{number}"
        citizen.say("MC-0000-000A")
    citizen.conversation = "web:new"
    blocked = citizen.say(code)
    assert blocked is not None
    assert blocked.text == wording.LOOKED_TOO_OFTEN


def test_a_code_within_a_complaint_is_part_of_it(citizen: Citizen, desk: FeedbackDesk) -> None:
    citizen.open("tôi muốn phản ánh")
    citizen.say("3")
    citizen.say("bỏ qua")
    citizen.say("Góp ý MC-12A4-5678 của tôi đã hai tháng mà không có ai trả lời gì cả")
    assert "MC-12A4-5678" in _only(desk).text


def test_choices_have_names_of_their_own(citizen: Citizen) -> None:
    opened = citizen.open()
    assert len({choice.id for choice in opened.choices}) == len(opened.choices)
    assert all(isinstance(c, Choice) and len(c.id.encode()) <= 62 for c in opened.choices)
