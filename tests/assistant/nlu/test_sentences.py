from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.nlu.sentences import MAX_SENTENCES, MAX_SYLLABLES, features, sentences, skeleton


def test_a_letter_is_cut_at_the_ends_of_sentences() -> None:
    found = sentences("kính gửi ubnd xã. tôi có 1.5 ha đất\nxin hỏi hồ sơ gồm gì? cảm ơn.")
    assert [s.text for s in found] == [
        "kính gửi ubnd xã",
        "tôi có 1.5 ha đất",
        "xin hỏi hồ sơ gồm gì",
        "cảm ơn",
    ]
    assert [s.asks for s in found] == [False, False, True, False]
    assert [s.rival for s in found] == [True, True, False, True]
    assert [s.last for s in found] == [False, False, False, True]


def test_a_semicolon_continues_the_question() -> None:
    assert all(s.asks for s in sentences("khai tử cần gì; tạm trú ở đâu?"))


def test_the_end_of_a_long_letter_is_kept() -> None:
    text = "tôi kể chuyện. " * 40 + "nộp ở đâu?"
    found = sentences(text)
    assert len(found) == MAX_SENTENCES
    assert found[-1].text == "nộp ở đâu"


def test_both_ends_of_a_long_sentence_count() -> None:
    names = features(sentences("hồ sơ " + "rất dài " * MAX_SYLLABLES + "gồm những gì")[0])
    assert "f2:ho so" in names
    assert "f3:gom nhung gi" in names
    assert len(names) < 100


def test_the_lead_into_a_question_is_not_its_beginning() -> None:
    names = features(sentences("kính đề nghị cơ quan cho biết hồ sơ tách thửa gồm gì ạ?")[0])
    assert "h2:ho so" in names
    assert "x:ho so|gom gi" in names


def test_wordings_share_a_skeleton() -> None:
    one = skeleton(["cần", "mang", "những", "giấy", "tờ", "gì", "vậy", "ạ"])
    other = skeleton(["phải", "đem", "theo", "giấy", "chi", "rứa"])
    assert one == other


@given(st.text(max_size=500))
def test_any_text_has_features(text: str) -> None:
    for sentence in sentences(text):
        found = features(sentence)
        assert len(found) == len(set(found))
        assert sentence.text == sentence.text.strip() != ""
