"""Cutting texts into messages."""

from __future__ import annotations

import regex
from fakes.telegram import parse_html
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.split import html_length, plain_length, split, utf16_length
from connectors.styled import Styled, bold, italic, join, link, plain

FLAG = "🇻🇳"
FAMILY = "👨‍👩‍👧"
WORDS = ("a", "ồ", "o\u0302\u0300", FAMILY, FLAG, "câu này. ", "<&>", '"', "\u0301")
PIECES = st.sampled_from([*WORDS, "\n\n", "\n", " ", ". "])
TEXTS = st.lists(PIECES, max_size=120).map("".join)


def graphemes(text: str) -> list[str]:
    return [g for g in regex.findall(r"\X", text) if g.strip()]


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(min_value=12, max_value=80))
def test_parts_fit_and_no_grapheme_is_torn(text: str, limit: int) -> None:
    parts = split(plain(text), limit)
    assert all(0 < plain_length(part) <= limit for part in parts)
    assert [g for part in parts for g in graphemes(part.text)] == graphemes(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([plain, bold, italic]), TEXTS), max_size=8))
def test_markup_is_valid_in_every_part(pieces: list[tuple[object, str]]) -> None:
    whole = join((style(text) for style, text in pieces if text), "\n")  # type: ignore[operator]
    for part in split(whole, 90, html_length):
        assert parse_html(part.html()) == part.text
        assert utf16_length(part.html()) <= 90


def test_few_parts_are_better_than_whole_paragraphs() -> None:
    paragraph = "Một câu dài vừa phải trong đoạn này. " * 27
    text = "\n\n".join(paragraph.strip() for _ in range(5))
    parts = split(plain(text), 1900)
    assert len(parts) == 3
    assert all(part.text.endswith(".") for part in parts)


def test_a_paragraph_ends_a_part_where_that_costs_nothing() -> None:
    first, second = "Đoạn một. " * 15, "Đoạn hai. " * 15
    parts = split(plain(f"{first.strip()}\n\n{second.strip()}"), 200)
    assert [part.text for part in parts] == [first.strip(), second.strip()]


def test_numbers_of_steps_do_not_end_sentences() -> None:
    text = "Nộp tại UBND xã 1. Mang theo giấy tờ " * 3
    assert all(not part.text.endswith("1.") for part in split(plain(text), 60))


def test_a_long_word_is_cut_only_where_nothing_else_helps() -> None:
    parts = split(plain("từ " + "x" * 25 + " cuối"), 10)
    assert [part.text for part in parts] == ["từ", "x" * 10, "x" * 10, "xxxxx cuối"[:10]]


def test_links_are_escaped_and_spelled_out() -> None:
    text = plain("Xem ") + link("trang <này>", 'https://a.vn/?x="1"&y=2') + plain(" nhé")
    assert text.html() == (
        'Xem <a href="https://a.vn/?x=&quot;1&quot;&amp;y=2">trang &lt;này&gt;</a> nhé'
    )
    assert text.spelled_out() == 'Xem trang <này>: https://a.vn/?x="1"&y=2 nhé'


def test_nothing_makes_no_parts() -> None:
    assert split(plain(" \n\n "), 10) == []
    assert split(Styled(""), 10) == []
