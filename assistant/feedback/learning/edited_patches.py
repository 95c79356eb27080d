"""Reads a patch that reviewers have edited back into the change that it makes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from assistant.feedback.learning.changes import (
    AliasChange,
    Change,
    Cue,
    ExampleChange,
    FieldChange,
)
from assistant.feedback.learning.examples import read_examples
from assistant.feedback.learning.patches import CORRECTIONS, Repository
from assistant.feedback.learning.yaml_text import YamlTextError
from assistant.settings import PROJECT_ROOT
from knowledge_base.corrections import CorrectionError, read_corrections, value_at
from knowledge_base.schema import Procedure

_HUNK: Final = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")
_MARKED: Final = re.compile(r"\[([^\]]+)\](\{[^}]*\})")
_UNSOUND: Final = (
    ValidationError, CorrectionError, YamlTextError, yaml.YAMLError, AttributeError, KeyError,
    TypeError,
)  # fmt: skip
"""What comes of a file that a patch has made into something else."""


class PatchError(ValueError):
    """Raised when a patch cannot be read back; says why, in English."""


def change_of(patch: str, known: Change, root: Path = PROJECT_ROOT) -> Change:
    """Finds the change that an edited patch makes.

    Args:
        patch: A unified diff of one file.
        known: The change that the patch was made of; the new one is of the same kind and concerns
            the same record.
        root: The project whose files the patch changes.

    Raises:
        PatchError: When the patch does not fit the files, or does something else than one change
            of that kind.
    """
    path, before, after = _apply(patch, root)
    try:
        found = _derive(path, before, after, known)
        repository = Repository(root)
        repository.apply(found)
        made = repository.diff()
    except _UNSOUND as error:
        raise PatchError(f"makes no sound change: {str(error).partition(chr(10))[0]}") from error
    wanted = _apply(made, root) if made else (path, before, before)
    if wanted[0] != path or yaml.safe_load(wanted[2]) != yaml.safe_load(after):
        raise PatchError("changes more than one thing")
    return found


def _derive(path: Path, before: str, after: str, known: Change) -> Change:
    match known:
        case AliasChange(code=code):
            names = [n for n in _names(after, code) if n not in _names(before, code)]
            return AliasChange(code=code, phrase=_only(names, "name"))
        case ExampleChange():
            old, now = read_examples(before), read_examples(after)
            rows = [
                (i, row) for i, found in now.items() for row in found if row not in old.get(i, {})
            ]
            return _example(*_only(rows, "example"))
        case FieldChange(correction=correction):
            if path == CORRECTIONS:
                held = read_corrections(before)[0] if before else []
                new = [one for one in read_corrections(after)[0] if one not in held]
                return FieldChange(correction=_only(new, "correction"))
            record = _record(after, correction.code)
            field = correction.field
            if field.endswith(".-"):
                entries = value_at(record, field.removesuffix(".-"))
                value = entries[-1] if entries else None
            else:
                value = value_at(record, field)
            return FieldChange(correction=correction.model_copy(update={"value": value}))


def _example(intent: str, marked: str) -> ExampleChange:
    cues = [
        Cue(words=words, aspect=json.loads(label)["value"])
        for words, label in _MARKED.findall(marked)
    ]
    return ExampleChange(intent=intent, text=_MARKED.sub(r"\1", marked), cues=tuple(cues))


def _names(text: str, code: str) -> list[str]:
    """The names of a record in a card, a list of cards or the lexicon."""
    content = yaml.safe_load(text) or {}
    rows = content if isinstance(content, list) else [content]
    for row in rows:
        if str(row.get("code", "")) == code:
            return list(row.get("aliases", ()))
    return list(content.get(code, ())) if isinstance(content, dict) else []


def _record(text: str, code: str) -> Procedure:
    content = yaml.safe_load(text)
    rows = content if isinstance(content, list) else [content]
    row = next((row for row in rows if str(row.get("code", "")) == code), None)
    if row is None:
        raise PatchError(f"takes the record {code} away")
    return Procedure.model_validate(row)


def _only(found: list[Any], what: str) -> Any:
    if len(found) != 1:
        raise PatchError(f"adds {len(found)} {what}s instead of one")
    return found[0]


def _apply(patch: str, root: Path) -> tuple[Path, str, str]:
    """Applies a diff of one file; returns its path, the old text and the new one."""
    lines = patch.splitlines(keepends=True)
    names = [line[4:].split("\t")[0].strip() for line in lines if line.startswith("+++ ")]
    if len(names) != 1 or not names[0].startswith("b/"):
        raise PatchError("is not a diff of one file")
    path = Path(names[0].removeprefix("b/"))
    target = (root / path).resolve()
    if not target.is_relative_to(root.resolve()):
        raise PatchError(f"{path} lies outside the project")
    before = target.read_text(encoding="utf-8") if target.is_file() else ""
    old = before.splitlines(keepends=True)
    new: list[str] = []
    done = 0
    start = next((n for n, line in enumerate(lines) if _HUNK.match(line)), len(lines))
    for line in lines[start:]:
        hunk = _HUNK.match(line)
        if hunk:
            begin = int(hunk.group(1)) - (hunk.group(2) != "0")
            new += old[done : max(done, begin)]
            done = max(done, begin)
        elif line.startswith("+"):
            new.append(line[1:])
        elif line[:1] in {" ", "-"}:
            if done >= len(old) or old[done].rstrip("\n") != line[1:].rstrip("\n"):
                raise PatchError(f"does not fit line {done + 1} of {path}")
            new += [old[done]] if line[0] == " " else []
            done += 1
    return path, before, "".join(new + old[done:])
