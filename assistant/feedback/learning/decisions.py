"""From what a member of staff decided about an item to concrete changes with their tests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator

from assistant.feedback.items import Item
from assistant.feedback.learning.changes import (
    ASK,
    AliasChange,
    Change,
    Cue,
    ExampleChange,
    FieldChange,
)
from assistant.feedback.learning.regression import ASKED, question, shown_change
from assistant.feedback.values import DecisionKind
from knowledge_base.corrections import (
    APPEND,
    CORRECTABLE,
    Correction,
    CorrectionError,
    corrected,
    value_at,
)
from knowledge_base.schema import Aspect, Procedure
from knowledge_base.store import Catalogue

LEARNABLE: Final = frozenset(
    {
        DecisionKind.RIGHT_PROCEDURE,
        DecisionKind.MISSING_ALIAS,
        DecisionKind.WRONG_FIELD,
        DecisionKind.MISSING_FIELD,
        DecisionKind.OUT_OF_SCOPE,
    }
)
"""Decisions that make a change; the others end with a reply or with nothing."""

_ASKING: Final = re.compile(
    r"\s+(?:thì\s+)?(?:cần|phải|gồm|có|nộp|làm|mất|hết|tốn|bao|ở|thế|ra|như|được|là|giá)\b"
    r".*\b(?:gì|không|nào|nhiêu|lâu|đâu|sao)\b.*$",
    re.IGNORECASE,
)
_MASK: Final = re.compile(r"\[[^\]]{1,20}\]")
_AMOUNT: Final = re.compile(r"^\s*([\d.,\s]+?)\s*(?:đồng|đ|vnđ|vnd)?\s*$", re.IGNORECASE)


class DecisionError(ValueError):
    """Raised for a decision that cannot be carried out.

    Attributes:
        errors: What is wrong in Vietnamese, by the name of the form's field.
    """

    def __init__(self, **errors: str) -> None:
        """Takes what is wrong by field."""
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def _listed(value: Any) -> Any:
    """Reads what a form gives as one text: lines, or nothing."""
    if isinstance(value, str):
        return tuple(line.strip() for line in value.splitlines() if line.strip())
    return value


class DecisionForm(BaseModel):
    """What a member of staff enters with a decision; each decision needs a part of it.

    Attributes:
        code: The procedure that was meant.
        phrase: What people call it; empty: the topic of the question.
        aspects: What was asked for.
        cue: The words of the question that ask for it.
        field: Path of the field, as :func:`editable_fields` gives it.
        value: What it has to hold, as text.
        source: The document that says so.
        link: Where it can be read.
        checked: When that was looked up.
        note: Shown with the correction in the record's explanations.
        turns: What to type to prove it; empty: the question of the item.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    code: str = ""
    phrase: str = ""
    aspects: Annotated[tuple[Aspect, ...], BeforeValidator(_listed)] = ()
    cue: str = ""
    field: str = ""
    value: str = ""
    source: str = ""
    link: str = ""
    checked: date | None = None
    note: str = ""
    turns: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()

    @field_validator("checked", mode="before")
    @classmethod
    def _no_date(cls, value: Any) -> Any:
        return value or None


@dataclass(frozen=True, slots=True)
class Draft:
    """A change with the question that proves it."""

    change: Change
    regression: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EditableField:
    """A value of a record that can be corrected.

    Attributes:
        path: Its path.
        label: What it is, in Vietnamese.
        value: What it holds, as a form shows it.
    """

    path: str
    label: str
    value: str


def draft(
    item: Item,
    decision: DecisionKind,
    data: Mapping[str, Any],
    catalogue: Catalogue,
    actor: str,
    today: date,
) -> list[Draft]:
    """Makes the changes that a decision asks for.

    Args:
        item: What was decided about.
        decision: One of :data:`LEARNABLE`.
        data: The form, see :class:`DecisionForm`.
        catalogue: The records in use.
        actor: Who decides.
        today: The date of the decision.

    Raises:
        DecisionError: When something is missing or wrong; says what, by field, in Vietnamese.
    """
    try:
        form = DecisionForm.model_validate(dict(data))
    except ValidationError as error:
        raise DecisionError(
            **{str(detail["loc"][0]): "Giá trị không hợp lệ." for detail in error.errors()}
        ) from error
    match decision:
        case DecisionKind.RIGHT_PROCEDURE | DecisionKind.MISSING_ALIAS:
            return _names(item, decision, form, _record(form, catalogue))
        case DecisionKind.WRONG_FIELD | DecisionKind.MISSING_FIELD:
            return [_field(item, form, _record(form, catalogue), actor, today)]
        case DecisionKind.OUT_OF_SCOPE:
            return [_outside(item, form)]
    raise ValueError(f"{decision} makes no change")


def topic(item: Item) -> str:
    """Suggests an everyday name: the question without what asks for an aspect of it."""
    text = _MASK.sub(" ", str(item.snapshot.get("read_as") or _question(item)))
    text = " ".join(text.split()).strip(" .,;:!?").lower()
    bare = _ASKING.sub("", text)
    return bare if len(bare.split()) >= 2 else text


def editable_fields(record: Procedure) -> list[EditableField]:
    """Lists what can be corrected in a record: each value, and a new entry for each list."""
    data = record.model_dump(mode="json")
    return [
        EditableField(path, label, _as_text(value))
        for name, heading in FIELD_NAMES.items()
        for path, label, value in _walk(name, heading, data[name])
    ]


# --- names -----------------------------------------------------------------------------------


def _names(
    item: Item, decision: DecisionKind, form: DecisionForm, record: Procedure
) -> list[Draft]:
    drafts: list[Draft] = []
    turns = form.turns or (_question(item),)
    if not turns[-1]:
        raise DecisionError(turns="Cần ít nhất một câu hỏi để kiểm tra.")
    understood = item.snapshot.get("procedure") == record.code
    asked = item.snapshot.get("intent") or ASK

    def proof() -> dict[str, Any]:
        aspects = form.aspects or _known_aspects(item)
        return question(item.id, turns, gold=[record.code], aspects=aspects)

    if decision is DecisionKind.MISSING_ALIAS or not understood:
        phrase = form.phrase or topic(item)
        try:
            drafts.append(Draft(AliasChange(code=record.code, phrase=phrase), proof()))
        except ValidationError as error:
            raise DecisionError(phrase="Tên gọi phải có từ 2 đến 200 ký tự.") from error
    aspects_differ = bool(form.aspects) and set(form.aspects) != set(_known_aspects(item))
    if asked != ASK or (aspects_differ and form.cue):
        drafts.append(Draft(_example(item, form, turns[-1]), proof()))
    if not drafts:
        raise DecisionError(
            cue="Trợ lý đã hiểu đúng thủ tục. Nếu hiểu sai nội dung hỏi, bạn chọn nội dung đúng và "
            "ghi lại những từ hỏi nội dung đó trong câu."
        )
    return drafts


def _example(item: Item, form: DecisionForm, text: str) -> ExampleChange:
    read = str(item.snapshot.get("read_as") or text)
    if form.aspects and not form.cue:
        raise DecisionError(cue="Bạn ghi những từ trong câu dùng để hỏi nội dung đã chọn.")
    cues = (Cue(words=form.cue, aspect=form.aspects[0]),) if form.cue and form.aspects else ()
    for written in (read, text):
        try:
            return ExampleChange(intent=ASK, text=written, cues=cues)
        except ValidationError:
            continue
    raise DecisionError(cue="Những từ này không có trong câu hỏi.")


def _outside(item: Item, form: DecisionForm) -> Draft:
    turns = form.turns or (_question(item),)
    try:
        change = ExampleChange(intent="out_of_scope", text=turns[-1])
    except ValidationError as error:
        raise DecisionError(turns="Câu hỏi phải có từ 2 đến 200 ký tự.") from error
    return Draft(change, question(item.id, turns, behavior="refuse_oos"))


# --- fields ----------------------------------------------------------------------------------


def _field(item: Item, form: DecisionForm, record: Procedure, actor: str, today: date) -> Draft:
    missing = {
        name: "Bạn cần điền mục này."
        for name in ("field", "value", "source", "link")
        if not getattr(form, name)
    }
    if missing:
        raise DecisionError(**missing)
    checked = form.checked or today
    if checked > today:
        raise DecisionError(checked="Ngày kiểm tra không thể ở tương lai.")
    try:
        before = value_at(record, form.field)
        correction = Correction(
            code=record.code,
            field=form.field,
            before=before,
            value=_value(form.value, form.field, before),
            source=form.source,
            link=form.link,
            last_checked=checked,
            by=actor,
            note=form.note,
        )
        after = corrected(record, correction)
    except CorrectionError as error:
        raise DecisionError(value=f"Không sửa được {error.field}: {error}") from error
    except ValidationError as error:
        wrong = {str(detail["loc"][0]) for detail in error.errors()}
        names = {"link": "Đường dẫn phải bắt đầu bằng http:// hoặc https://."}
        raise DecisionError(
            **{name: names.get(name, "Giá trị không hợp lệ.") for name in wrong}
        ) from error
    if after == record:
        raise DecisionError(value="Hồ sơ thủ tục đã ghi đúng như vậy.")
    aspect, gained, lost = shown_change(record, after)
    own = _question(item)
    fits = item.snapshot.get("procedure") == record.code and aspect in _known_aspects(item)
    turns = form.turns or ((own,) if own and fits else (f"{record.title} {ASKED[aspect]}",))
    return Draft(
        FieldChange(correction=correction),
        question(item.id, turns, gold=[record.code], aspects=[aspect], contains=gained, lacks=lost),
    )


def _value(text: str, path: str, before: Any) -> Any:
    """Reads a value as the field needs it: words as they are, figures and structures as YAML."""
    lists_of_words = {"steps", "conditions", "result", "mistakes"}
    parts = path.split(".")
    if isinstance(before, str) or (parts[0] in lists_of_words and len(parts) > 1):
        return text
    if isinstance(before, int) and not isinstance(before, bool):
        amount = _AMOUNT.match(text)
        digits = re.sub(r"[.,\s]", "", amount.group(1)) if amount else ""
        if digits.isdecimal():
            return int(digits)
    if parts[0] in lists_of_words and not text.lstrip().startswith(("-", "[")):
        return [line.strip() for line in text.splitlines() if line.strip()]
    try:
        return _plain(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise DecisionError(
            value="Không đọc được giá trị này (cần viết theo dạng YAML)."
        ) from error


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


FIELD_NAMES: Final[Mapping[str, str]] = {
    "plain_name": "Tên dễ hiểu",
    "purpose": "Mục đích",
    "documents": "Giấy tờ",
    "fees": "Phí, lệ phí",
    "steps": "Các bước",
    "processing_times": "Thời hạn giải quyết",
    "submissions": "Cách nộp",
    "competent_agency": "Cơ quan có thẩm quyền",
    "executing_agency": "Cơ quan thực hiện",
    "conditions": "Điều kiện",
    "result": "Kết quả",
    "legal_basis": "Căn cứ pháp lý",
    "mistakes": "Lỗi hay gặp",
    "levels": "Cấp thực hiện",
    "field": "Lĩnh vực",
    "name": "Tên chính thức",
}
"""What can be corrected, in the order in which a form lists it."""

assert set(FIELD_NAMES) <= CORRECTABLE  # noqa: S101 - both are written by hand

_PART_NAMES: Final[Mapping[str, str]] = {
    "amount": "mức tiền",
    "amount_max": "mức cao nhất",
    "unit": "đơn vị",
    "name": "tên",
    "case": "trường hợp",
    "note": "ghi chú",
    "source": "căn cứ",
    "value": "số",
    "value_max": "số lớn nhất",
    "place": "nơi nộp",
    "link": "đường dẫn",
    "number": "số hiệu",
    "originals": "số bản chính",
    "copies": "số bản sao",
    "state": "loại",
    "method": "hình thức",
    "documents": "giấy tờ",
    "form": "mẫu đơn",
}


def _walk(path: str, label: str, value: Any) -> list[tuple[str, str, Any]]:
    """Lists a value with everything within it, and a new entry at the end of each list."""
    rows: list[tuple[str, str, Any]] = [(path, label, value)]
    if isinstance(value, list):
        for place, one in enumerate(value):
            rows += _walk(f"{path}.{place}", f"{label} {place + 1}", one)
        rows.append((f"{path}.{APPEND}", f"{label}: thêm mục mới", ""))
    elif isinstance(value, dict):
        for key, one in value.items():
            if key in _PART_NAMES:
                rows += _walk(f"{path}.{key}", f"{label}, {_PART_NAMES[key]}", one)
    return rows


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100).strip()
    return str(value)


# --- the item --------------------------------------------------------------------------------


def _record(form: DecisionForm, catalogue: Catalogue) -> Procedure:
    if not form.code:
        raise DecisionError(code="Bạn chọn thủ tục.")
    record = catalogue.get(form.code)
    if record is None:
        raise DecisionError(code=f"Không có thủ tục mang mã {form.code[:40]}.")
    return record


def _question(item: Item) -> str:
    return " ".join(str(item.snapshot.get("question") or item.text).split())


def _known_aspects(item: Item) -> tuple[Aspect, ...]:
    known = {aspect.value for aspect in Aspect}
    return tuple(Aspect(name) for name in item.snapshot.get("aspects") or () if name in known)
