"""Decisions become changes with a question that proves them; editors decide about those."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from assistant.feedback.audit import AuditLog
from assistant.feedback.items import Item, ItemChangedError, ReviewItems
from assistant.feedback.learning.changes import AliasChange, ExampleChange, FieldChange
from assistant.feedback.learning.decisions import DecisionError, editable_fields, topic
from assistant.feedback.learning.proposals import (
    PROPOSAL_STATES,
    Proposal,
    Proposals,
    ProposalState,
    ProposalStateError,
)
from assistant.feedback.values import DecisionKind, State
from evaluation.fixed import Regression
from knowledge_base.store import Catalogue

NewItem = Callable[..., Item]
SOURCE = {"source": "Thông tư 1/2026/TT-BTC", "link": "https://example.gov.vn/tt1"}


@pytest.fixture
def decide(proposals: Proposals, catalogue: Catalogue) -> Callable[..., list[Proposal]]:
    def run(item: Item, decision: DecisionKind, **data: Any) -> list[Proposal]:
        return proposals.decide(item.id, item.version, decision, data, catalogue, "lan")

    return run


def test_a_missing_name_becomes_an_alias_and_its_proof(
    decide: Any, new_item: NewItem, items: ReviewItems
) -> None:
    item = new_item()
    (made,) = decide(item, DecisionKind.MISSING_ALIAS, code="1.004194", phrase="Xin phiếu lá sen")
    assert made.change == AliasChange(code="1.004194", phrase="xin phiếu lá sen")
    assert made.patch == "+alias\n"
    proof = Regression.model_validate(made.regression)
    assert proof.turns == ("xin phiếu lá sen cần giấy tờ gì",)
    assert proof.gold == ("1.004194",)
    assert [aspect.value for aspect in proof.aspects] == ["documents"]
    after = items.get(item.id)
    assert after.state is State.OPEN
    assert after.decision == "missing_alias"
    assert after.decision_data["code"] == "1.004194"


def test_the_right_procedure_takes_the_topic_of_the_question(
    decide: Any, new_item: NewItem
) -> None:
    (made,) = decide(new_item(), DecisionKind.RIGHT_PROCEDURE, code="1.004194")
    assert made.change == AliasChange(code="1.004194", phrase="xin phiếu lá sen")
    misread = new_item(intent="greet", procedure=None)
    kinds = [p.kind for p in decide(misread, DecisionKind.RIGHT_PROCEDURE, code="1.004194")]
    assert kinds == ["alias", "example"]


def test_a_misread_aspect_becomes_an_example(decide: Any, new_item: NewItem) -> None:
    item = new_item("tạm trú chừng nào có", procedure="1.004194", aspects=["fees"])
    (made,) = decide(
        item,
        DecisionKind.RIGHT_PROCEDURE,
        code="1.004194",
        aspects=["processing_time"],
        cue="chừng nào có",
    )
    assert isinstance(made.change, ExampleChange)
    assert made.change.marked().endswith('{"entity": "aspect", "value": "processing_time"}')
    assert made.regression["aspects"] == ["processing_time"]


def test_out_of_scope_becomes_an_example(decide: Any, new_item: NewItem) -> None:
    (made,) = decide(new_item("đặt giùm bàn ăn tối"), DecisionKind.OUT_OF_SCOPE)
    assert made.change == ExampleChange(intent="out_of_scope", text="đặt giùm bàn ăn tối")
    assert made.regression["behavior"] == "refuse_oos"


def test_a_wrong_figure_becomes_a_correction_whose_proof_shows_it(
    decide: Any, new_item: NewItem
) -> None:
    item = new_item("tạm trú nộp mạng hết nhiêu", procedure="1.004194", aspects=["fees"])
    (made,) = decide(
        item, DecisionKind.WRONG_FIELD, code="1.004194", field="fees.0.amount",
        value="5.000 đồng", **SOURCE,
    )  # fmt: skip
    assert isinstance(made.change, FieldChange)
    correction = made.change.correction
    assert (correction.before, correction.value, correction.by) == (7000, 5000, "lan")
    assert made.regression["turns"] == ["tạm trú nộp mạng hết nhiêu"]
    assert any("5.000 đồng" in line for line in made.regression["contains"])
    assert any("7.000 đồng" in line for line in made.regression["lacks"])


def test_a_missing_entry_is_proved_by_a_question_of_its_own(decide: Any, new_item: NewItem) -> None:
    (made,) = decide(
        new_item(), DecisionKind.MISSING_FIELD, code="1.004194", field="steps.-",
        value="Nghe gọi tên.", **SOURCE,
    )  # fmt: skip
    assert made.regression["turns"] == ["Đăng ký tạm trú làm theo các bước thế nào"]
    assert made.regression["contains"] == ["3. Nghe gọi tên."]


@pytest.mark.parametrize(
    ("decision", "data", "fields"),
    [
        (DecisionKind.MISSING_ALIAS, {}, {"code"}),
        (DecisionKind.MISSING_ALIAS, {"code": "9.999999"}, {"code"}),
        (DecisionKind.MISSING_ALIAS, {"code": "1.004194", "phrase": "?"}, {"phrase"}),
        (DecisionKind.MISSING_ALIAS, {"code": "1.004194", "aspects": ["màu"]}, {"aspects"}),
        (DecisionKind.RIGHT_PROCEDURE, {"code": "1.004194", "aspects": ["fees"]}, set()),
        (DecisionKind.WRONG_FIELD, {"code": "1.004194"}, {"field", "value", "source", "link"}),
        (
            DecisionKind.WRONG_FIELD,
            {"code": "1.004194", "field": "fees.0.amount", "value": "ít", **SOURCE},
            {"value"},
        ),
        (
            DecisionKind.WRONG_FIELD,
            {"code": "1.004194", "field": "fees.0.amount", "value": "7000", **SOURCE},
            {"value"},
        ),
        (
            DecisionKind.WRONG_FIELD,
            {"code": "1.004194", "field": "code", "value": "x", **SOURCE},
            {"field"},
        ),
        (
            DecisionKind.WRONG_FIELD,
            {
                "code": "1.004194", "field": "purpose", "value": "x", **SOURCE,
                "checked": "2027-01-01",
            },
            {"checked"},
        ),
        (
            DecisionKind.WRONG_FIELD,
            {"code": "1.004194", "field": "purpose", "value": "x", **SOURCE, "link": "javascript:"},
            {"link"},
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_by_field(
    decide: Any,
    new_item: NewItem,
    proposals: Proposals,
    items: ReviewItems,
    decision: DecisionKind,
    data: dict[str, Any],
    fields: set[str],
) -> None:
    item = new_item()
    if not fields:
        assert len(decide(item, decision, **data)) == 1
        return
    with pytest.raises(DecisionError) as caught:
        decide(item, decision, **data)
    assert set(caught.value.errors) == fields
    assert proposals.find() == []
    assert items.get(item.id).state is State.NEW


def test_accepting_and_rejecting_move_the_item(
    decide: Any, new_item: NewItem, proposals: Proposals, items: ReviewItems, database: Engine
) -> None:
    item = new_item()
    (made,) = decide(item, DecisionKind.MISSING_ALIAS, code="1.004194", phrase="phiếu lá sen")
    accepted = proposals.accept(made.id, "minh")
    assert accepted.state is ProposalState.ACCEPTED
    assert accepted.decided_by == "minh"
    assert items.get(item.id).state is State.WAITING
    with pytest.raises(ProposalStateError):
        proposals.accept(made.id, "minh")
    rejected = proposals.reject(made.id, "minh", "Tên này chung chung.")
    assert rejected.reason == "Tên này chung chung."
    assert items.get(item.id).state is State.OPEN
    with pytest.raises(ProposalStateError):
        proposals.reject(made.id, "minh", "")
    entries, _ = AuditLog(database).find(subject="proposal", subject_id=made.id)
    assert [entry.action for entry in entries] == [
        "proposal.reject", "proposal.accept", "proposal.create",
    ]  # fmt: skip


def test_a_later_decision_takes_the_place_of_an_earlier_one(
    decide: Any, new_item: NewItem, proposals: Proposals, items: ReviewItems
) -> None:
    item = new_item()
    (first,) = decide(item, DecisionKind.MISSING_ALIAS, code="1.004194", phrase="phiếu lá sen")
    with pytest.raises(ItemChangedError):
        decide(item, DecisionKind.MISSING_ALIAS, code="1.001193", phrase="phiếu lá sen")
    assert proposals.get(first.id).state is ProposalState.PROPOSED
    (second,) = decide(items.get(item.id), DecisionKind.OUT_OF_SCOPE)
    assert proposals.get(first.id).state is ProposalState.REJECTED
    assert [p.id for p in proposals.find([ProposalState.PROPOSED])] == [second.id]
    stale = items.get(item.id).version - 1
    with pytest.raises(ItemChangedError):
        proposals.end(item.id, stale, {"state": State.DISMISSED}, "lan")
    proposals.accept(second.id, "minh")
    ended = proposals.end(item.id, None, {"state": State.DISMISSED}, "lan")
    assert ended.state is State.DISMISSED
    assert proposals.get(second.id).state is ProposalState.REJECTED


def test_a_dismissed_item_stays_so(
    decide: Any, new_item: NewItem, proposals: Proposals, items: ReviewItems, database: Engine
) -> None:
    item = new_item()
    (made,) = decide(item, DecisionKind.MISSING_ALIAS, code="1.004194", phrase="phiếu lá sen")
    proposals.accept(made.id, "minh")
    items.update(item.id, None, {"state": State.DISMISSED}, "system", "item.withdraw")
    with database.begin() as connection:
        proposals.settle(connection, made.id, ProposalState.RELEASED, "system")
    assert items.get(item.id).state is State.DISMISSED


def test_releases_close_items_and_refusals_open_them(
    decide: Any, new_item: NewItem, proposals: Proposals, items: ReviewItems, database: Engine
) -> None:
    item = new_item(intent="greet")
    made = decide(item, DecisionKind.RIGHT_PROCEDURE, code="1.004194")
    for proposal in made:
        proposals.accept(proposal.id, "minh")
    with database.begin() as connection:
        proposals.settle(connection, made[0].id, ProposalState.RELEASED, "system")
    assert items.get(item.id).state is State.WAITING
    with database.begin() as connection:
        refused = ProposalState.REFUSED
        proposals.settle(connection, made[1].id, refused, "system", "vẫn sai")
    assert items.get(item.id).state is State.OPEN
    (again,) = decide(
        items.get(item.id), DecisionKind.MISSING_ALIAS, code="1.004194", phrase="phiếu sen"
    )[:1]
    for proposal in proposals.find([ProposalState.PROPOSED], item_id=item.id):
        proposals.accept(proposal.id, "minh")
        with database.begin() as connection:
            proposals.settle(connection, proposal.id, ProposalState.RELEASED, "system")
    after = items.get(item.id)
    assert after.state is State.DONE
    assert after.closed_at is not None
    assert proposals.get(again.id).state is ProposalState.RELEASED


def test_every_state_and_change_has_a_name(decide: Any, new_item: NewItem) -> None:
    assert set(PROPOSAL_STATES) == set(ProposalState)
    (made,) = decide(new_item(), DecisionKind.OUT_OF_SCOPE)
    assert made.summary == "“xin phiếu lá sen cần giấy tờ gì” nằm ngoài phạm vi trả lời"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("xin phiếu lá sen cần giấy tờ gì", "xin phiếu lá sen"),
        ("phiếu lá sen hết bao nhiêu tiền?", "phiếu lá sen"),
        ("Làm phiếu lá sen ở đâu vậy", "làm phiếu lá sen"),
        ("tôi tên [họ tên] muốn xin phiếu lá sen", "tôi tên muốn xin phiếu lá sen"),
        ("làm gì", "làm gì"),
    ],
)
def test_the_topic_leaves_out_what_is_asked(
    new_item: NewItem, question: str, expected: str
) -> None:
    assert topic(new_item(question)) == expected


def test_fields_are_listed_with_what_they_hold(catalogue: Catalogue) -> None:
    fields = {field.path: field for field in editable_fields(catalogue["1.004194"])}
    assert fields["fees.0.amount"].value == "7000"
    assert fields["fees.0.amount"].label == "Phí, lệ phí 1, mức tiền"
    assert fields["steps.1"].value == "Nhận kết quả."
    assert fields["steps.-"].label == "Các bước: thêm mục mới"
    assert fields["conditions.-"].value == ""
