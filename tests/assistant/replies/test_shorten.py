"""Every card of the catalogue, said of every aspect: short, whole on request, and true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import pytest

from assistant.dialogue.choices import ProcedureChoice
from assistant.dialogue.decisions import Answer, Found
from assistant.replies import wording
from assistant.replies.aspects import by_case, describe
from assistant.replies.compose import Composer
from assistant.replies.contacts import Office
from assistant.replies.phrases import without_examples
from assistant.replies.shorten import CHAT_LIMIT, versions
from connectors.message import Block, Fact, Item, ItemList, Link, Paragraph, Reply, plain_text
from evaluation.facts import figures_in, figures_of
from knowledge_base.schema import Aspect, Procedure, RecordKind
from knowledge_base.store import Catalogue

WITHIN_LIMIT = 0.98
"""The share of replies about cards below the limit; papers that everyone needs are all named."""

CLUMSY = re.compile(
    r"\.\.|,,|;;|::|: :|\( | \)|\(\)|,\.|;\.|\.;|\?\.|[,;]$|  (?! )|None|\{|\}", re.MULTILINE
)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    return Catalogue.load()


@lru_cache(maxsize=1)
def composer() -> Composer:
    return Composer(catalogue(), Office("UBND phường Thử"))


def cards() -> Iterator[Procedure]:
    return (record for record in catalogue() if record.kind is RecordKind.CARD)


def answer(record: Procedure, aspect: Aspect, *, whole: bool = False) -> Reply:
    found = Found(record.code, (aspect,), whole=whole)
    return composer().compose(Answer(found=(found,)))


def was_shortened(reply: Reply) -> bool:
    return wording.SHORTENED in reply.text


def lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case ItemList(items=items):
                assert items
                yield from (item.text for item in items)
            case Fact(value=value):
                yield value
            case _:
                yield plain_text((block,))


@pytest.mark.parametrize("aspect", Aspect)
def test_every_record_renders_and_states_nothing_of_its_own(aspect: Aspect) -> None:
    for record in catalogue():
        reply = answer(record, aspect)
        assert all(line.strip() for line in lines(reply.blocks)), (record.code, aspect)
        if record.kind is not RecordKind.CARD:
            continue
        known = figures_of(record)
        for text in (reply.text, answer(record, aspect, whole=True).text):
            assert figures_in(text) <= known, (record.code, aspect)
            assert not CLUMSY.search(text.replace("   ", "")), (record.code, aspect, text)


def test_replies_are_short() -> None:
    lengths = [len(answer(card, aspect).text) for card in cards() for aspect in Aspect]
    assert sum(length < CHAT_LIMIT for length in lengths) / len(lengths) >= WITHIN_LIMIT


@pytest.mark.parametrize("aspect", Aspect)
def test_what_was_left_out_is_one_tap_away(aspect: Aspect) -> None:
    for card in cards():
        reply = answer(card, aspect)
        whole = answer(card, aspect, whole=True)
        assert not was_shortened(whole)
        for block in describe(card, aspect):
            assert block in whole.blocks
        choice = ProcedureChoice(card.code, (aspect,), whole=True)
        offered = [ProcedureChoice.parse(c.id) for c in reply.choices]
        assert (choice in offered) is was_shortened(reply), card.code
        if not was_shortened(reply):
            assert reply.blocks == whole.blocks
        assert len(reply.choices) <= 5


def test_no_paper_that_everyone_needs_is_dropped() -> None:
    for card in cards():
        text = answer(card, Aspect.DOCUMENTS).text.casefold()
        common, cases = by_case(card.documents)
        for document in (d for group in common for d in group.documents if d.required):
            assert without_examples(document.name).casefold() in text, card.code
        shown = [rf"(?:^(?:• )?|khác: |; ){re.escape(group.case.casefold())}" for group in cases]
        missing = len(cases) - sum(bool(re.search(case, text, re.M)) for case in shown)
        assert not missing or re.search(rf"riêng cho {missing} trường hợp khác", text), card.code


SENTENCES = [a for a in Aspect if a not in {Aspect.DOCUMENTS, Aspect.OVERVIEW, Aspect.LEGAL_BASIS}]
"""What is said in sentences; of the others, names are shortened."""


@pytest.mark.parametrize("aspect", SENTENCES)
def test_sentences_are_never_cut(aspect: Aspect) -> None:
    """Every line of a shortened list begins a line of the whole one, and ends where one ends."""
    for card in cards():
        whole = list(lines(describe(card, aspect)))
        for shorter in versions(card, aspect):
            for line in lines(shorter):
                if line.startswith(wording.MORE.split("{")[0]):
                    continue
                assert any(text.startswith(line) for text in whole), card.code
                assert any(text == line or line[-1] in ".!?…" for text in whole), card.code


def record(**fields: object) -> Procedure:
    return Procedure.model_validate(
        {
            "code": "1.000001",
            "name": "Cấp thẻ",
            "field": "Thử",
            "levels": ["commune"],
            "provenance": {"source": "https://dichvucong.gov.vn", "last_checked": "2026-11-20"},
            **fields,
        }
    )


def reply_about(card: Procedure, *aspects: Aspect, whole: bool = False) -> Reply:
    made = Composer(Catalogue([card]), Office())
    return made.compose(Answer(found=(Found(card.code, aspects, whole=whole),)))


def test_a_long_list_of_steps_says_how_many_are_left() -> None:
    steps = [f"Bước thứ {n} là đi tới một nơi nào đó rất xa để nộp giấy tờ." for n in range(30)]
    reply = reply_about(record(steps=steps), Aspect.STEPS)
    assert len(reply.text) < CHAT_LIMIT
    (listed,) = (block for block in reply.blocks if isinstance(block, ItemList))
    assert Paragraph(f"Còn {30 - len(listed.items)} bước nữa.") in reply.blocks


def test_remarks_go_before_anything_else_and_conditions_leave_a_mark() -> None:
    note = "Nếu cơ quan chưa tra được thông tin trong cơ sở dữ liệu quốc gia về dân cư. " * 8
    papers = [{"name": "Tờ khai", "note": "Viết bằng mực đen. " * 8}, {"name": "Ảnh", "note": note}]
    reply = reply_about(record(documents=[{"documents": papers}]), Aspect.DOCUMENTS)
    (listed,) = (block for block in reply.blocks if isinstance(block, ItemList))
    assert listed.items == (Item("Tờ khai"), Item("Ảnh (tùy trường hợp)"))


def test_a_very_long_list_of_papers_is_cut_and_counted() -> None:
    papers = [{"name": f"Giấy tờ thứ {n} trong một danh sách rất dài"} for n in range(60)]
    reply = reply_about(record(documents=[{"documents": papers}]), Aspect.DOCUMENTS)
    assert len(reply.text) < CHAT_LIMIT
    (listed,) = (block for block in reply.blocks if isinstance(block, ItemList))
    assert Paragraph(f"Còn {60 - len(listed.items)} giấy tờ nữa.") in reply.blocks


def test_two_questions_may_be_answered_at_more_length() -> None:
    steps = [f"Bước thứ {n} là đi tới một nơi nào đó rất xa để nộp giấy tờ." for n in range(30)]
    card = record(steps=steps, conditions=[f"Điều kiện số {n} rất dài." for n in range(30)])
    both = reply_about(card, Aspect.STEPS, Aspect.CONDITIONS)
    assert CHAT_LIMIT / 2 < len(both.text) < CHAT_LIMIT * 1.5
    assert all(re.search(rf"Còn \d+ {unit} nữa", both.text) for unit in ("bước", "điều kiện"))


def test_the_full_page_is_linked_where_there_is_one() -> None:
    card = record(steps=["Nộp hồ sơ. " * 80])
    made = Composer(Catalogue([card]), Office(), "https://motcua.example.gov.vn/")
    reply = made.compose(Answer(found=(Found(card.code, (Aspect.STEPS,)),)))
    links = [link for block in reply.blocks for link in getattr(block, "links", ())]
    assert Link(wording.FULL_PAGE, "https://motcua.example.gov.vn/thu-tuc/1.000001") in links
