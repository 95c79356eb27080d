from __future__ import annotations

import pytest

from assistant.replies import wording
from assistant.replies.separation import question_between
from knowledge_base.schema import Procedure
from knowledge_base.store import Catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(None)


def _records(catalogue: Catalogue, *codes: str) -> list[Procedure]:
    return [catalogue[code] for code in codes]


def test_reissue_and_exchange_are_told_apart_by_the_case(catalogue: Catalogue) -> None:
    asked = question_between(_records(catalogue, "1.014064", "1.014063"))
    assert asked == "Bạn cần làm theo trường hợp nào: làm lại vì mất, hỏng hay đổi?"


def test_at_home_and_abroad_are_told_apart_by_the_side(catalogue: Catalogue) -> None:
    asked = question_between(_records(catalogue, "1.000894", "2.000806"))
    assert asked == (
        "Việc của bạn thuộc trường hợp nào: trong nước hay có người nước ngoài hoặc ở nước ngoài?"
    )


def test_levels_are_asked_for_only_where_nothing_else_differs(catalogue: Catalogue) -> None:
    at_two_levels = _records(catalogue, "1.001456", "1.001471")
    assert question_between(at_two_levels).startswith("Bạn hỏi thủ tục do cấp nào giải quyết")
    with_a_report = _records(catalogue, "1.001456", "1.001471", "1.010386")
    assert question_between(with_a_report) == wording.CLARIFY


def test_what_has_little_in_common_gets_the_general_question(catalogue: Catalogue) -> None:
    assert question_between(_records(catalogue, "1.001193", "1.014064")) == wording.CLARIFY


def test_the_same_case_twice_gets_the_general_question(catalogue: Catalogue) -> None:
    assert question_between(_records(catalogue, "1.014064", "1.014064")) == wording.CLARIFY


def test_one_option_is_no_question_between_two(catalogue: Catalogue) -> None:
    assert question_between(_records(catalogue, "1.001193")) == wording.CLARIFY
