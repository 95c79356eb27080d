"""Patches change the lines concerned and nothing else, and git takes them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.feedback.learning.changes import (
    AliasChange,
    Cue,
    ExampleChange,
    FieldChange,
    as_payload,
    read_change,
)
from assistant.feedback.learning.examples import dump_examples, read_examples
from assistant.feedback.learning.patches import CARDS, CORRECTIONS, EVERYDAY, Repository, patch_of
from assistant.feedback.learning.yaml_text import YamlTextError, changed
from assistant.settings import PROJECT_ROOT
from knowledge_base.corrections import Correction, corrected, value_at
from knowledge_base.loader import load_cards, load_file
from knowledge_base.schema import Aspect, Procedure
from knowledge_base.search.everyday import load_everyday

CARDS_IN_USE = load_cards(PROJECT_ROOT / CARDS)[0]
BY_CODE = {card.code: card for card in CARDS_IN_USE}


def correction(code: str, field: str, value: Any, before: Any = None) -> Correction:
    return Correction.model_validate(
        {
            "code": code,
            "field": field,
            "before": before,
            "value": value,
            "source": "Nghị quyết 12/2026/NQ-HĐND",
            "link": "https://example.gov.vn/nq12",
            "last_checked": "2026-11-18",
            "by": "lan",
        }
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of the project's YAML under git."""
    for folder in (CARDS, EVERYDAY):
        shutil.copytree(PROJECT_ROOT / folder, tmp_path / folder)
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    return tmp_path


def git_apply(root: Path, patch: str) -> None:
    result = subprocess.run(
        ["git", "apply", "--whitespace=error-all", "-"],
        cwd=root, input=patch, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr + patch


def test_an_alias_goes_into_its_card(repository: Path) -> None:
    patch = patch_of(AliasChange(code="1.004194", phrase="Xin phiếu lá sen?"), repository)
    added = [line for line in patch.splitlines() if line.startswith("+") and line[1] != "+"]
    assert added == ["+  - xin phiếu lá sen"]
    assert not [line for line in patch.splitlines() if line.startswith("-") and line[1] != "-"]
    git_apply(repository, patch)
    after = {card.code: card for card in load_cards(repository / CARDS)[0]}
    assert after["1.004194"].aliases == (*BY_CODE["1.004194"].aliases, "xin phiếu lá sen")


def test_an_alias_of_a_record_without_card_goes_into_the_lexicon(repository: Path) -> None:
    code = next(code for code in load_everyday() if code not in BY_CODE)
    known = patch_of(AliasChange(code=code, phrase="giấy lá sen"), repository)
    unknown = patch_of(AliasChange(code="3.999999", phrase="giấy lá sen"), repository)
    git_apply(repository, known)
    git_apply(repository, unknown)
    names = load_everyday(repository / EVERYDAY)
    assert names[code] == (*load_everyday()[code], "giấy lá sen")
    assert "office.yml" in unknown
    assert names["3.999999"] == ("giấy lá sen",)


def test_a_field_goes_into_its_card(repository: Path) -> None:
    fee = BY_CODE["1.004194"].fees[1].amount
    change = FieldChange(correction=correction("1.004194", "fees.1.amount", 16000, fee))
    patch = patch_of(change, repository)
    changes = [line for line in patch.splitlines() if line[:1] in "+-" and line[:3] not in "+++---"]
    assert changes == [f"-    amount: {fee}", "+    amount: 16000"]
    git_apply(repository, patch)
    after = {card.code: card for card in load_cards(repository / CARDS)[0]}
    assert after["1.004194"].fees[1].amount == 16000


def test_a_field_of_a_record_without_card_becomes_a_correction(repository: Path) -> None:
    first = correction("3.999999", "executing_agency", "Công an cấp xã", "")
    git_apply(repository, patch_of(FieldChange(correction=first), repository))
    second = correction("3.999999", "purpose", "Để làm gì.", "")
    git_apply(repository, patch_of(FieldChange(correction=second), repository))
    rows = yaml.safe_load((repository / CORRECTIONS).read_text("utf-8"))
    assert [row["field"] for row in rows] == ["executing_agency", "purpose"]


def test_a_card_that_says_something_else_is_left_alone(repository: Path) -> None:
    imported = correction("1.004194", "fees.1.amount", 16000, 12345)
    patch = patch_of(FieldChange(correction=imported), repository)
    assert CORRECTIONS.as_posix() in patch
    assert "cu-tru" not in patch


def test_changes_add_up_to_one_patch(repository: Path) -> None:
    together = Repository(repository)
    for word in ("một", "hai", "một"):
        together.apply(AliasChange(code="1.004194", phrase=f"giấy lá sen {word}"))
    together.apply(AliasChange(code="3.999999", phrase="giấy lá sen"))
    together.apply(FieldChange(correction=correction("1.004194", "steps.-", "Nghe gọi tên.")))
    together.apply(ExampleChange(intent="out_of_scope", text="hát cho tôi nghe (một) bài"))
    together.apply(ExampleChange(intent="out_of_scope", text="đặt giúp tôi [bàn] ăn tối"))
    git_apply(repository, together.diff())
    card = {card.code: card for card in load_cards(repository / CARDS)[0]}["1.004194"]
    assert card.aliases[-2:] == ("giấy lá sen một", "giấy lá sen hai")
    assert card.steps[-1] == "Nghe gọi tên."
    examples = read_examples((repository / "training_data/nlu/office.yml").read_text("utf-8"))
    assert list(examples["out_of_scope"]) == [
        "hát cho tôi nghe một bài",
        "đặt giúp tôi bàn ăn tối",
    ]


@pytest.mark.parametrize("card", CARDS_IN_USE[::4], ids=lambda card: card.code)
def test_cards_can_be_corrected_in_place(card: Procedure, tmp_path: Path) -> None:
    """One scalar, one entry, one missing field and one whole list of every fourth card."""
    path = next(p for p in (PROJECT_ROOT / CARDS).rglob("*.yml") if p.name.startswith(card.code))
    wanted: list[tuple[str, Any]] = [
        ("name", f"{card.name}: “mới”"),
        ("conditions.-" if card.conditions else "conditions", "Đủ 18 tuổi, có mặt # khi ký"),
        ("purpose", "Một câu mới: có dấu hai chấm, dài đến mức phải xuống dòng " + "rất dài " * 12),
        ("result", ["Giấy mới", "- Bản sao"]),
    ]
    if card.documents:
        wanted.append(("documents.0.documents.0.note", "Ghi chú mới."))
    if card.fees:
        wanted.append(("fees.0", {"state": "set_by_province", "name": "Lệ phí"}))
    text = path.read_text("utf-8")
    for field, new in wanted:
        value = [new] if field == "conditions" else new
        made = changed(text, field.split("."), value)
        copy = tmp_path / "card.yml"
        copy.write_text(made, "utf-8")
        ((after,), problems) = load_file(copy)
        assert not problems
        before = value_at(card, field)
        held = correction(card.code, field, value, before)
        assert after == corrected(card, held).model_copy(update={"explained": card.explained})
        comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
        assert [line for line in made.splitlines() if line.lstrip().startswith("#")] == comments


TEXT = """\
# Đầu tệp
a: một  # cuối dòng
b:
  - x
  # trong danh sách
  - y: [1, 2]
    z: "hai"

# trước c
c: {d: 1}
"""


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from([["a"], ["b", "0"], ["b", "1", "y", "1"], ["b", "1", "z"], ["c", "d"],
                          ["b", "-"], ["b", "1", "y", "-"]]),
    value=st.one_of(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40),
        st.integers(), st.booleans(),
        st.dictionaries(st.text("abc", min_size=1), st.text("đ:#-[]' \"", max_size=9), min_size=1),
    ),
)  # fmt: skip
def test_any_value_is_written_or_refused(path: list[str], value: Any) -> None:
    try:
        made = changed(TEXT, path, value)
    except YamlTextError:
        return
    assert "# Đầu tệp" in made
    assert "# trước c" in made
    data = yaml.safe_load(made)
    for part in path[:-1]:
        data = data[int(part)] if isinstance(data, list) else data[part]
    assert (data[-1] if path[-1] == "-" else data[int(path[-1])] if isinstance(data, list)
            else data[path[-1]]) == value  # fmt: skip


@pytest.mark.parametrize("path", [["q", "r"], ["a", "b"], ["b", "9"], ["b", "1", "y", "x"]])
def test_a_path_that_leads_nowhere_is_refused(path: list[str]) -> None:
    with pytest.raises((YamlTextError, ValueError, IndexError)):
        changed(TEXT, path, "x")


def test_entries_and_keys_can_be_taken_away() -> None:
    assert yaml.safe_load(changed(TEXT, ["b", "0"], None))["b"] == [{"y": [1, 2], "z": "hai"}]
    assert "z" not in yaml.safe_load(changed(TEXT, ["b", "1", "z"], None))["b"][1]
    assert "c" not in yaml.safe_load(changed(TEXT, ["c"], None))


def test_an_example_marks_what_asks_for_an_aspect() -> None:
    example = ExampleChange(
        intent="ask_procedure",
        text="phiếu lá sen giá bao nhiêu và chừng nào có",
        cues=(
            Cue(words="chừng nào có", aspect=Aspect.PROCESSING_TIME),
            Cue(words="giá bao nhiêu", aspect=Aspect.FEES),
        ),
    )
    assert example.marked() == (
        'phiếu lá sen [giá bao nhiêu]{"entity": "aspect", "value": "fees"} và '
        '[chừng nào có]{"entity": "aspect", "value": "processing_time"}'
    )
    examples = {"ask_procedure": {example.marked(): None}, "greet": {"alo alo": None}}
    assert read_examples(dump_examples(examples)) == examples


EXAMPLE = {"kind": "example", "intent": "ask_procedure", "text": "chào bạn"}


@pytest.mark.parametrize(
    "payload",
    [
        {"kind": "alias", "code": "x", "phrase": "giấy lá sen"},
        {"kind": "alias", "code": "1.004194", "phrase": " ? "},
        {"kind": "example", "intent": "fly", "text": "bay đi"},
        {**EXAMPLE, "intent": "greet", "cues": [{"words": "chào", "aspect": "fees"}]},
        {**EXAMPLE, "cues": [{"words": "cc", "aspect": "fees"}]},
        {"kind": "field", "correction": {"code": "1.004194"}},
        {"kind": "wish"},
        [],
    ],
)  # fmt: skip
def test_what_is_no_change_is_refused(payload: Any) -> None:
    with pytest.raises(ValidationError):
        read_change(payload)


def test_changes_survive_as_plain_data() -> None:
    for change in (
        AliasChange(code="1.004194", phrase="giấy lá sen"),
        ExampleChange(intent="greet", text="alo"),
        FieldChange(correction=correction("1.004194", "purpose", "x", "y")),
    ):
        assert read_change(as_payload(change)) == change
