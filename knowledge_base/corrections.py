"""Corrections of single fields, laid over a catalogue with where each comes from.

A correction says what a field held and what it has to hold. It is applied only where the field
still holds what it did: when the record itself has been changed since, the correction is reported
instead of undoing the newer text. Where the record says the same already, nothing is left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import Field, JsonValue, ValidationError, field_validator

from knowledge_base.loader import Problem, card_files
from knowledge_base.schema import Code, Explanation, HttpUrl, Line, Model, Procedure

FOLDER: Final = "corrections"
APPEND: Final = "-"
"""Last part of a path that adds to the end of a list."""

CORRECTABLE: Final = frozenset(
    {
        "name", "plain_name", "field", "levels", "audience", "purpose", "documents", "fees",
        "steps", "processing_times", "submissions", "competent_agency", "executing_agency",
        "conditions", "result", "legal_basis", "mistakes", "related", "separator", "superseded",
    }
)  # fmt: skip
"""Fields that a correction may touch: what the source states, not the record's own bookkeeping."""


class CorrectionError(ValueError):
    """Raised when a correction cannot be applied; ``field`` says where, the text why."""

    def __init__(self, field: str, reason: str) -> None:
        """Takes the path of the field and the reason, in English."""
        super().__init__(reason)
        self.field = field


class Correction(Model):
    """One field of one record, put right."""

    code: Code
    field: Line = Field(description="path of the field, for example 'fees.0.amount'")
    before: JsonValue = Field(default=None, description="what the field held; null: nothing")
    value: JsonValue = Field(description="what it has to hold; null: the entry goes")
    source: Line = Field(description="document that says so, with its article")
    link: HttpUrl = Field(description="where that document can be read")
    last_checked: date
    by: Line = Field(description="who is answerable for it")
    note: str = ""

    @field_validator("field")
    @classmethod
    def _may_be_corrected(cls, path: str) -> str:
        if path.split(".")[0] not in CORRECTABLE:
            raise ValueError(f"{path!r} is no field that can be corrected")
        return path


def value_at(record: Procedure, path: str) -> Any:
    """Returns what a record holds at a path, as plain data; None where it holds nothing.

    Raises:
        CorrectionError: When the path leads through something that is not there.
    """
    holder, key = _holder(_plain(record), path)
    return _get(holder, key)


def corrected(record: Procedure, correction: Correction) -> Procedure:
    """Applies one correction.

    Args:
        record: The record of the correction's code.
        correction: What to change.

    Returns:
        The corrected record, which names the source among its explanations; the record itself
        where it says the same already.

    Raises:
        CorrectionError: When the path leads nowhere, the field holds something else by now, or the
            result is no sound record.
    """
    path = correction.field
    wanted = with_value(record, path, correction.value)
    if wanted == record or (path.endswith(f".{APPEND}") and _repeats_itself(wanted, path)):
        return record
    if not path.endswith(f".{APPEND}") and not _holds(record, path, correction.before):
        now, then = _short(value_at(record, path)), _short(correction.before)
        raise CorrectionError(path, f"holds {now} by now, not {then}")
    explanation = Explanation(
        field=path,
        reason=correction.note or f"Đã sửa, kiểm tra ngày {correction.last_checked:%d/%m/%Y}.",
        source=f"{correction.source} ({correction.link})",
    )
    return wanted.model_copy(update={"explained": (*wanted.explained, explanation)})


def with_value(record: Procedure, path: str, value: Any) -> Procedure:
    """Returns a record that holds another value at a path; None takes an entry away.

    Raises:
        CorrectionError: When the path leads nowhere or the result is no sound record.
    """
    data = _plain(record)
    holder, key = _holder(data, path)
    if isinstance(holder, dict):
        holder[key] = value
        if value is None:
            del holder[key]
    elif key == APPEND:
        holder.append(value)
    elif value is None:
        del holder[int(key)]
    else:
        holder[int(key)] = value
    try:
        return Procedure.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CorrectionError(where or path, first["msg"]) from error


def load_corrections(paths: Iterable[Path]) -> tuple[list[Correction], list[Problem]]:
    """Reads files of corrections, each a list.

    Returns:
        The sound corrections in the order of the files, and a problem for each thing that is not.
    """
    found: list[Correction] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(str(path), "", "", f"cannot be read: {error}"))
            continue
        sound, wrong = read_corrections(text, str(path))
        found += sound
        problems += wrong
    return found, problems


def read_corrections(text: str, name: str = "") -> tuple[list[Correction], list[Problem]]:
    """Reads corrections from the text of a file called ``name``; see :func:`load_corrections`."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return [], [Problem(name, "", "", f"cannot be read: {error}")]
    if not isinstance(content, list):
        return [], [Problem(name, "", "", "is not a list of corrections")]
    found: list[Correction] = []
    problems: list[Problem] = []
    for position, row in enumerate(content, start=1):
        try:
            found.append(Correction.model_validate(row))
        except ValidationError as error:
            problems.extend(
                Problem(name, f"record {position}", ".".join(map(str, d["loc"])), d["msg"])
                for d in error.errors()
            )
    return found, problems


def dump_corrections(corrections: Sequence[Correction]) -> str:
    """Writes corrections as a YAML file that :func:`load_corrections` reads."""
    rows = [correction.model_dump(mode="json", exclude_defaults=True) for correction in corrections]
    for row, correction in zip(rows, corrections, strict=True):
        row["value"] = correction.value
        row["last_checked"] = correction.last_checked
    return yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=100)


def correction_files(folder: Path) -> Iterator[Path]:
    """Yields the files of corrections of a catalogue folder in a fixed order."""
    if (folder / FOLDER).is_dir():
        yield from card_files(folder / FOLDER)


def lay_over(
    corrections: Iterable[Correction], get: Callable[[str], Procedure | None]
) -> Iterator[tuple[Correction, Procedure | Problem]]:
    """Applies corrections one after the other.

    Args:
        corrections: In the order in which they were made.
        get: Gives the record of a code as it stands; what was yielded before must be in it.

    Yields:
        Each correction with the record it makes, or with the problem that keeps it from applying.
    """
    for correction in corrections:
        record = get(correction.code)
        if record is None:
            problem = Problem(FOLDER, correction.code, "code", "there is no such record")
            yield correction, problem
            continue
        try:
            yield correction, corrected(record, correction)
        except CorrectionError as error:
            yield correction, Problem(FOLDER, correction.code, error.field, str(error))


# --- paths -----------------------------------------------------------------------------------


def _plain(record: Procedure) -> dict[str, Any]:
    return record.model_dump(mode="json")


def _holder(data: Any, path: str) -> tuple[Any, str]:
    """Finds the mapping or list that holds the last part of a path."""
    *way, last = path.split(".")
    for part in way:
        data = _get(data, part)
        if not isinstance(data, dict | list):
            raise CorrectionError(path, f"there is nothing at {part!r}")
    if isinstance(data, dict) and last not in data:
        raise CorrectionError(path, f"there is no field {last!r}")
    if isinstance(data, list) and last != APPEND:
        if not last.isdecimal():
            raise CorrectionError(path, f"{last!r} is no position in a list")
        if int(last) >= len(data):
            raise CorrectionError(path, f"there is no entry {last} (they are counted from 0)")
    return data, last


def _get(holder: Any, key: str) -> Any:
    if isinstance(holder, dict):
        return holder.get(key)
    if isinstance(holder, list) and key.isdecimal() and int(key) < len(holder):
        return holder[int(key)]
    return None


def _holds(record: Procedure, path: str, value: Any) -> bool:
    """Tells whether a record holds a value, however its defaults are written."""
    if value_at(record, path) == value:
        return True
    try:
        return value is not None and with_value(record, path, value) == record
    except CorrectionError:
        return False


def _repeats_itself(record: Procedure, path: str) -> bool:
    """Tells whether the last entry of a list stands in it before."""
    entries, _ = _holder(_plain(record), path)
    return entries[-1] in entries[:-1]


def _short(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 80 else text[:77] + "…"
