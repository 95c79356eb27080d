from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.feedback.codes import ALPHABET, new_code, read_code
from assistant.privacy import mask


def test_a_code_is_short_has_no_mistakable_letter_and_is_never_the_same() -> None:
    made = {new_code() for _ in range(2_000)}
    assert len(made) == 2_000
    for code in made:
        assert re.fullmatch(r"MC-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code)


def test_a_code_is_not_masked_as_a_number_of_a_person() -> None:
    for _ in range(2_000):
        sentence = f"tra cứu giúp tôi {new_code()} với"
        assert mask(sentence).text == sentence


@given(
    st.text(ALPHABET, min_size=8, max_size=8).filter(
        lambda body: not body.isdigit() and not body.isalpha()
    ),
    st.sampled_from(["", "-", " ", " - ", "–", "."]),
    st.booleans(),
    st.sampled_from(["{}", "ma {} xong chua", "({})", "kiểm tra {}.", "{}\n"]),
)
def test_a_code_is_read_however_it_is_written(
    body: str, gap: str, lower: bool, around: str
) -> None:
    written = gap.join(["MC", body[:4], body[4:]])
    text = around.format(written.lower() if lower else written)
    assert read_code(text) == f"MC-{body[:4]}-{body[4:]}"


def test_letters_that_look_like_digits_are_read_as_such() -> None:
    assert read_code("mc-o1il-a234") == "MC-0111-A234"


@pytest.mark.parametrize(
    "text",
    [
        "", "mc", "MC nhan giay to", "hỏi về mc 1.004194", "MC-1234-567", "MC-1234-56789",
        "MC-12U4-5678", "0912345678", "abcmc-12a4-5678", "MC 1234 5678",
    ],
)  # fmt: skip
def test_what_is_no_code_is_not_read_as_one(text: str) -> None:
    assert read_code(text) is None


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    code = read_code(text)
    assert code is None or read_code(code) == code
