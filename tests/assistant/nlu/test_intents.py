from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from rasa.shared.nlu.training_data.loading import load_data

from assistant.dialogue.decisions import Act
from assistant.dialogue.state import Understanding
from assistant.listening import ACTS
from assistant.nlu.intent import GENERAL_LAW, LAW, OUT_OF_SCOPE, SMALL_TALK
from assistant.settings import PROJECT_ROOT
from knowledge_base.search.outside import load_outside

Read = Callable[[str], Understanding]
LAW_QUESTIONS = (
    "mức phạt nồng độ cồn khi lái ô tô là bao nhiêu",
    "lương cơ sở bây giờ bao nhiêu",
    "luật hôn nhân quy định chia tài sản khi ly hôn thế nào",
    "đi xe máy không bằng lái bị phạt mấy triệu",
    "tội đánh bạc thì đi tù bao lâu",
    "hội đồng nhân dân tỉnh có nhiệm vụ gì",
    "công ty sa thải phụ nữ mang thai có đúng luật không",
    "hàng xóm xây nhà lấn sang đất tôi thì kiện ai",
    "thế nào là tài sản riêng của vợ chồng",
    "quyền và nghĩa vụ của người thuê nhà là gì",
    "những hành vi bị cấm trong bầu cử",
    "luật đất đai mới có mấy chương",
    "con riêng có được chia thừa kế không",
    "nguyên tắc xử lý vi phạm về môi trường là gì",
    "hat karaoke on ao bi phat bao nhieu",
    "chu tich xa nhiem ky may nam",
)
CHAT = (
    "mai có mưa không",
    "nấu cháo gà sao cho ngon",
    "đội nào vô địch năm ngoái",
    "viết giúp tôi bài văn tả con mèo",
    "dien thoai nao chup hinh dep",
    "đau răng uống thuốc gì",
)


def test_what_no_procedure_answers_is_told_apart(read: Read) -> None:
    outside = {GENERAL_LAW, OUT_OF_SCOPE}
    law = sum(read(text).intent == GENERAL_LAW for text in LAW_QUESTIONS)
    assert law >= 0.8 * len(LAW_QUESTIONS)
    assert sum(read(text).intent in outside for text in LAW_QUESTIONS) >= 0.9 * len(LAW_QUESTIONS)
    assert sum(read(text).intent in outside for text in CHAT) >= len(CHAT) - 1


def test_a_question_about_a_procedure_is_not_taken_for_one_about_the_law(
    read: Read, asked: list[dict[str, Any]]
) -> None:
    outside = {GENERAL_LAW, OUT_OF_SCOPE}
    taken = [row["ask"] for row in asked if read(row["ask"]).intent in outside]
    assert len(taken) <= 0.04 * len(asked), taken


def test_comparisons_are_heard(read: Read) -> None:
    assert read("so sánh lệ phí đăng ký tạm trú và thường trú").intent == "compare"


def test_questions_about_the_law_are_declined() -> None:
    assert ACTS[GENERAL_LAW] is ACTS[OUT_OF_SCOPE] is Act.OUT_OF_SCOPE


@pytest.mark.filterwarnings("ignore:Found inconsistent entity synonyms")
def test_the_examples_are_several_hundred_and_all_different() -> None:
    # The same words ask for different aspects in different sentences, which Rasa warns of.
    data = load_data(str(PROJECT_ROOT / "training_data" / "nlu"))
    law = [e.get("text") for e in data.intent_examples if e.get("intent") == GENERAL_LAW]
    others = {e.get("text") for e in data.intent_examples if e.get("intent") != GENERAL_LAW}
    assert len(set(law)) == len(law) >= 400
    assert not others & set(law)


def test_the_topics_of_the_search_exist() -> None:
    topics = {phrase.topic for phrase in load_outside()}
    assert topics >= SMALL_TALK | LAW


@pytest.mark.parametrize("name", [GENERAL_LAW, OUT_OF_SCOPE])
def test_the_domain_knows_the_intent(name: str) -> None:
    domain = yaml.safe_load((PROJECT_ROOT / "assistant" / "domain.yml").read_text("utf-8"))
    assert name in domain["intents"]
