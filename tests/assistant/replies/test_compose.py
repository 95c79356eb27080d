from __future__ import annotations

import re

import pytest

from assistant.dialogue.decisions import Act, Answer, Clarify, Converse, Found, NotKnown
from assistant.replies import wording
from assistant.replies.compose import Composer
from assistant.replies.contacts import Office
from connectors.message import ReplyKind
from knowledge_base.schema import Aspect, Procedure
from knowledge_base.store import Catalogue

RECORD = {
    "code": "1.000001",
    "name": "Cấp thẻ thử nghiệm",
    "field": "Thử nghiệm",
    "levels": ["commune"],
    "purpose": "Cấp thẻ cho người thử.",
    "documents": [
        {"documents": [{"name": "Tờ khai", "originals": 1, "form": {"number": "Mẫu TT01"}}]},
        {
            "case": "Nhờ người khác",
            "documents": [{"name": "Giấy ủy quyền", "originals": 1, "copies": 2}],
        },
    ],
    "fees": [
        {
            "state": "amount",
            "amount": 20000,
            "unit": "lần",
            "name": "Lệ phí",
            "method": "in_person",
        },
        {"state": "amount", "amount": 10000, "unit": "lần", "name": "Lệ phí", "method": "online"},
        {"state": "free", "case": "Trẻ em", "source": "Điều 4 Thông tư 75/2022/TT-BTC"},
    ],
    "steps": ["Nộp hồ sơ.", "Nhận kết quả."],
    "processing_times": [{"value": 7, "unit": "working_day"}],
    "submissions": [
        {"method": "in_person", "place": "Trung tâm Phục vụ hành chính công"},
        {"method": "online", "place": "Cổng dịch vụ công", "link": "https://dichvucong.gov.vn"},
    ],
    "conditions": ["Đủ 14 tuổi."],
    "result": ["Thẻ thử nghiệm"],
    "legal_basis": [{"number": "75/2022/TT-BTC", "name": "Thông tư về lệ phí"}],
    "provenance": {"source": "https://dichvucong.gov.vn/x", "last_checked": "2026-11-20"},
}


def _catalogue(*records: dict[str, object]) -> Catalogue:
    return Catalogue([Procedure.model_validate(record) for record in records or (RECORD,)])


def _composer(*records: dict[str, object]) -> Composer:
    return Composer(_catalogue(*records), Office("UBND phường Thử", "", "", "0280000000"))


def _answer(*aspects: Aspect) -> str:
    return _composer().compose(Answer(found=(Found("1.000001", aspects),))).text


def test_fees_differ_by_way_of_submission_and_name_their_source() -> None:
    text = _answer(Aspect.FEES)
    assert "Lệ phí khi nộp trực tiếp: 20.000 đồng/lần" in text
    assert "Lệ phí khi nộp trực tuyến: 10.000 đồng/lần" in text
    assert "Trẻ em: Miễn phí" in text
    assert "75/2022/TT-BTC" in text


def test_documents_are_a_checklist_by_case() -> None:
    text = _answer(Aspect.DOCUMENTS)
    assert "☐ Tờ khai (Mẫu TT01): 1 bản chính" in text
    assert "Nhờ người khác:\n☐ Giấy ủy quyền: 1 bản chính, 2 bản sao" in text


def test_only_what_was_asked_is_answered() -> None:
    text = _answer(Aspect.PROCESSING_TIME)
    assert "7 ngày làm việc" in text
    assert "20.000" not in text
    assert "Giấy ủy quyền" not in text


def test_several_aspects_have_headings() -> None:
    text = _answer(Aspect.FEES, Aspect.WHERE)
    assert wording.ASPECT_TITLES[Aspect.FEES] in text
    assert wording.ASPECT_TITLES[Aspect.WHERE] in text


def test_every_answer_says_what_it_rests_on() -> None:
    for aspect in Aspect:
        text = _answer(aspect)
        assert "75/2022/TT-BTC" in text
        assert "20/11/2026" in text
        assert "https://dichvucong.gov.vn/x" in text


def test_what_is_not_stated_is_said_and_never_called_free() -> None:
    bare = {k: RECORD[k] for k in ("code", "name", "field", "levels", "provenance")}
    composer = _composer(bare)
    for aspect in set(Aspect) - {Aspect.OVERVIEW}:
        reply = composer.compose(Answer(found=(Found("1.000001", (aspect,)),)))
        assert wording.NOT_STATED[aspect] in reply.text
    fees = composer.compose(Answer(found=(Found("1.000001", (Aspect.FEES,)),)))
    assert "Miễn phí" not in fees.text


def test_a_choice_names_what_tells_siblings_apart() -> None:
    sibling = {**RECORD, "code": "1.000002", "levels": ["province"]}
    reply = _composer(RECORD, sibling).compose(Clarify(options=("1.000001", "1.000002")))
    assert reply.kind is ReplyKind.CLARIFY
    assert [choice.title for choice in reply.choices] == [
        "Cấp thẻ thử nghiệm (cấp xã)",
        "Cấp thẻ thử nghiệm (cấp tỉnh)",
    ]


def test_not_knowing_names_who_knows() -> None:
    reply = _composer().compose(NotKnown(nearest_field="Thử nghiệm"))
    assert reply.kind is ReplyKind.HANDOFF
    assert "0280000000" in reply.text
    assert "18001096" in reply.text


@pytest.mark.parametrize("act", [a for a in Act if a not in {Act.ANSWER, Act.COMPARE, Act.LIST}])
def test_every_conversational_act_is_worded(act: Act) -> None:
    reply = _composer().compose(Converse(act=act))
    assert reply.text
    assert not re.search(r"[{}]", reply.text)
