from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.schema import Level, Procedure
from knowledge_base.search import Query, Searcher, SearchResult
from vietnamese.fold import fold


def first(result: SearchResult) -> str:
    return result.candidates[0].code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("đăng ký khai sinh cần giấy tờ gì", "9.000001"),
        ("đăng ký khai sinh lưu động", "9.000003"),
        ("đăng ký lại khai sinh do bị mất bản chính", "9.000004"),
        ("tôi muốn làm giấy kết hôn", "9.000005"),
        ("kết hôn với người đài loan", "9.000006"),
        ("báo tử cho ông nội", "9.000007"),
        ("xin phép xây nhà ở đâu", "9.000012"),
        ("nhập hộ khẩu cho vợ", "9.000013"),
        ("gia hạn tạm trú mất bao nhiêu tiền", "9.000015"),
    ],
)
def test_finds_the_procedure(searcher: Searcher, text: str, code: str) -> None:
    assert first(searcher.search(Query(text))) == code


def test_a_qualifier_nobody_asked_for_counts_against_a_sibling(searcher: Searcher) -> None:
    codes = [c.code for c in searcher.search(Query("đăng ký kết hôn")).candidates]
    assert codes.index("9.000005") < codes.index("9.000006")


@pytest.mark.parametrize(
    ("prefer", "code"),
    [
        ((Level.COMMUNE,), "9.000009"),
        ((Level.PROVINCE, Level.COMMUNE), "9.000008"),
        ((Level.MINISTRY,), "9.000010"),
    ],
)
def test_of_one_service_at_several_levels_the_preferred_one_comes_first(
    searcher: Searcher, prefer: tuple[Level, ...], code: str
) -> None:
    assert first(searcher.search(Query("cấp thẻ căn cước", prefer=prefer))) == code


def test_a_level_that_the_question_names_beats_the_preferred_one(searcher: Searcher) -> None:
    assert first(searcher.search(Query("cấp thẻ căn cước ở cấp tỉnh"))) == "9.000008"


@pytest.mark.parametrize(
    "text",
    ["đăng ký khai sinh", "nhập hộ khẩu cho vợ", "gia hạn tạm trú", "khai thuế giá trị gia tăng"],
)
def test_stripped_text_finds_the_same(searcher: Searcher, text: str) -> None:
    assert first(searcher.search(Query(fold(text)))) == first(searcher.search(Query(text)))


@pytest.mark.parametrize("text", ["", "   ", "???", "🙂🙂", "\x00\x01"])
def test_nothing_to_look_for(searcher: Searcher, text: str) -> None:
    assert searcher.search(Query(text)) == SearchResult((), 0.0)


def test_words_that_nobody_knows_are_not_in_the_catalogue(searcher: Searcher) -> None:
    result = searcher.search(Query("qwzx jjkw vvbnq"))
    assert result.in_catalogue < 0.2
    assert all(c.probability < 0.2 for c in result.candidates)


def test_small_talk_is_less_likely_in_the_catalogue_than_a_question(searcher: Searcher) -> None:
    chat = searcher.search(Query("tối nay ăn gì cho ngon"))
    asked = searcher.search(Query("đăng ký khai sinh cho con cần giấy tờ gì"))
    assert chat.in_catalogue < 0.5 < asked.in_catalogue


def test_the_typed_text_is_used_when_nothing_was_restored(searcher: Searcher) -> None:
    assert first(searcher.search(Query("", typed="dang ky khai tu"))) == "9.000007"


def test_a_very_long_question_costs_no_more_than_its_beginning(searcher: Searcher) -> None:
    start = "tôi muốn đăng ký kết hôn " + "nhưng chưa rõ " * 200
    short = searcher.search(Query(start))
    assert searcher.search(Query(start + "đăng ký khai tử " * 50_000)) == short


def test_repeats_itself(searcher: Searcher, small: tuple[Procedure, ...]) -> None:
    query = Query("đăng ký tạm trú cho người thuê nhà")
    once = searcher.search(query)
    assert searcher.search(query) == once
    assert [c.signals for c in searcher.search(query).candidates] == [
        c.signals for c in once.candidates
    ]
    assert Searcher.build(small).search(query) == once


def test_answers_several_threads_at_once(searcher: Searcher) -> None:
    queries = [Query(text) for text in ("khai sinh", "kết hôn", "tạm trú", "xây nhà")] * 25
    alone = [searcher.search(query) for query in queries]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(searcher.search, queries)) == alone


@given(st.text(max_size=120))
@settings(max_examples=150, deadline=None)
def test_chances_are_chances_and_fall_from_first_to_last(searcher: Searcher, text: str) -> None:
    result = searcher.search(Query(text))
    chances = [c.probability for c in result.candidates]
    assert all(0 <= chance <= 1 for chance in [*chances, result.in_catalogue])
    assert chances == sorted(chances, reverse=True)
    assert [c.score for c in result.candidates] == sorted(
        (c.score for c in result.candidates), reverse=True
    )


def test_returns_at_most_what_was_asked_for(searcher: Searcher) -> None:
    assert len(searcher.search(Query("đăng ký"), top=3).candidates) == 3


def test_one_record_and_none(small: tuple[Procedure, ...]) -> None:
    assert Searcher.build(()).search(Query("khai sinh")) == SearchResult((), 0.0)
    result = Searcher.build(small[:1]).search(Query("làm giấy khai sinh"))
    assert [c.code for c in result.candidates] == [small[0].code]


def test_an_index_on_disk_answers_as_one_in_memory(
    searcher: Searcher, small: tuple[Procedure, ...], tmp_path: Path
) -> None:
    query = Query("cho hỏi thủ tục báo tử")
    Searcher.build(small, index_dir=tmp_path)
    again = Searcher.build(small, index_dir=tmp_path)
    assert again.search(query) == searcher.search(query)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_changed_catalogue_gets_a_new_index(small: tuple[Procedure, ...], tmp_path: Path) -> None:
    Searcher.build(small, index_dir=tmp_path)
    renamed = small[5].model_copy(update={"aliases": ("cưới chồng ngoại quốc",)})
    changed = Searcher.build((*small[:5], renamed, *small[6:]), index_dir=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    assert first(changed.search(Query("cưới chồng ngoại quốc"))) == renamed.code


def test_old_indexes_go(small: tuple[Procedure, ...], tmp_path: Path) -> None:
    for count in range(1, 6):
        Searcher.build(small[:count], index_dir=tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


def test_a_damaged_index_is_built_anew(small: tuple[Procedure, ...], tmp_path: Path) -> None:
    Searcher.build(small, index_dir=tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / "owners.npy").write_bytes(b"not an array")
    again = Searcher.build(small, index_dir=tmp_path)
    assert first(again.search(Query("đăng ký khai tử"))) == "9.000007"
