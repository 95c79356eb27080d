"""Proposals as files: written for a review in git, and read back with what was decided there.

A folder holds one YAML file for each proposal, the same change as a patch against the project's
files, all changes as one patch, and the regression questions. Reviewers write ``decision`` and
``reason`` into a proposal's file, and may edit its question, and its change there or in the patch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import Connection, Engine

from assistant.feedback.learning.changes import Change, as_payload, read_change
from assistant.feedback.learning.decisions import Draft
from assistant.feedback.learning.edited_patches import PatchError, change_of
from assistant.feedback.learning.patches import Repository
from assistant.feedback.learning.proposals import Proposal, Proposals, ProposalState
from assistant.feedback.learning.workspace import write_questions
from assistant.feedback.learning.yaml_text import YamlTextError
from assistant.moments import Clock, utc_now
from assistant.settings import PROJECT_ROOT
from knowledge_base.loader import Problem
from knowledge_base.schema import Aspect, Code

FORMAT: Final = 1
PROPOSALS: Final = "proposals"
PATCHES: Final = "patches"
ALL_CHANGES: Final = "changes.patch"
QUESTIONS: Final = "questions.jsonl"
MANIFEST: Final = "manifest.json"

_HEAD: Final = """\
# {summary}
# Reviewers: write accept or reject after "decision:"; a rejection needs a reason.
# The change and the question may be edited; the id of the question names the proposal.
"""


class TransferError(ValueError):
    """Raised when a folder cannot be imported; carries every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Takes the problems."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class QuestionFile(BaseModel):
    """A regression question as a file holds it."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=4, max_length=60)
    manner: Literal["regression"] = "regression"
    turns: tuple[str, ...] = Field(min_length=1)
    gold: tuple[Code, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    behavior: str = "answer"
    in_catalogue: bool = True
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


class ProposalFile(BaseModel):
    """One proposal as a file holds it."""

    model_config = ConfigDict(extra="forbid")

    state: str = ""
    made_by: str = ""
    change: dict[str, Any]
    question: QuestionFile
    decision: Literal["", "accept", "reject"] = ""
    reason: str = ""

    @model_validator(mode="after")
    def _says_why(self) -> ProposalFile:
        if self.decision == "reject" and not self.reason.strip():
            raise ValueError("a rejection needs a reason")
        return self


@dataclass(slots=True)
class Imported:
    """What an import did: ids of proposals."""

    added: list[int] = field(default_factory=list)
    edited: list[int] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)


def export(
    proposals: Sequence[Proposal],
    folder: Path,
    root: Path = PROJECT_ROOT,
    clock: Clock = utc_now,
) -> list[Problem]:
    """Writes proposals into a folder.

    Args:
        proposals: What to write.
        folder: Made where it is missing; files of an earlier export are replaced.
        root: The project whose files the patches change.
        clock: Tells the time.

    Returns:
        A problem for each change that the project's files do not take.
    """
    for name in (PROPOSALS, PATCHES):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for old in (folder / name).glob("[0-9]*.*"):
            old.unlink()
    together, problems = Repository(root), []
    for proposal in proposals:
        name = f"{proposal.id:04}-{proposal.kind}"
        _write(folder / PROPOSALS / f"{name}.yml", _as_yaml(proposal))
        alone = Repository(root)
        try:
            alone.apply(proposal.change)
            together.apply(proposal.change)
        except YamlTextError as error:
            problems.append(Problem(f"{name}.patch", str(proposal.id), "", str(error)))
            continue
        _write(folder / PATCHES / f"{name}.patch", alone.diff())
    _write(folder / ALL_CHANGES, together.diff())
    write_questions(folder / QUESTIONS, [proposal.regression for proposal in proposals])
    written = [*folder.glob("*/*"), folder / ALL_CHANGES, folder / QUESTIONS]
    manifest = {
        "format": FORMAT,
        "made_at": clock().isoformat(),
        "proposals": [proposal.id for proposal in proposals],
        "sha256": {
            **{p.relative_to(folder).as_posix(): _digest(p) for p in sorted(written)},
            **{f"change:{p.id:04}-{p.kind}": _digest_of(p.change) for p in proposals},
        },
    }
    _write(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    return problems


def import_folder(
    folder: Path,
    database: Engine,
    proposals: Proposals,
    actor: str,
    root: Path = PROJECT_ROOT,
) -> Imported:
    """Reads a folder back: everything or, where anything is wrong, nothing.

    A proposal that is not known here, for example of another office, is added.

    Args:
        folder: What :func:`export` wrote, as reviewers left it.
        database: The database of ``proposals``.
        proposals: Takes what is read.
        actor: Who imports.
        root: The project whose files the patches change, as it was for the export.

    Raises:
        TransferError: Says for each file and field what is wrong.
    """
    manifest = _manifest(folder)
    problems: list[Problem] = []
    rows: list[tuple[str, ProposalFile, Change]] = []
    seen: dict[str, str] = {}
    paths = sorted((folder / PROPOSALS).glob("*.yml"))
    if not paths:
        problems.append(Problem(str(folder / PROPOSALS), "", "", "holds no proposal"))
    for path in paths:
        name = f"{PROPOSALS}/{path.name}"
        row = _read(path, name, problems)
        if row is not None:
            row = _with_patch(folder, path.stem, row, manifest, root, problems)
        if row is None:
            continue
        other = seen.setdefault(row[0].question.id, name)
        if other != name:
            problems.append(Problem(name, "", "question.id", f"also stands in {other}"))
        rows.append((name, *row))
    known = {str(p.regression["id"]): p for p in proposals.find(limit=1_000_000)}
    for name, file, change in rows:
        problems.extend(_contradictions(name, file, change, known.get(file.question.id)))
    if problems:
        raise TransferError(problems)
    done = Imported()
    with database.begin() as connection:
        for _, file, change in rows:
            _take(connection, proposals, file, change, known.get(file.question.id), actor, done)
    return done


# --- writing ---------------------------------------------------------------------------------


def _as_yaml(proposal: Proposal) -> str:
    rows = {
        "decision": "",
        "reason": "",
        "state": proposal.state.value,
        "made_by": proposal.created_by,
        "change": as_payload(proposal.change),
        "question": dict(proposal.regression),
    }
    text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=100)
    return _HEAD.format(summary=" ".join(proposal.summary.split())) + text


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- reading ---------------------------------------------------------------------------------


def _manifest(folder: Path) -> Mapping[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise TransferError([Problem(str(path), "", "", "is missing")]) from error
    except (OSError, ValueError) as error:
        raise TransferError([Problem(str(path), "", "", f"cannot be read: {error}")]) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise TransferError([Problem(str(path), "", "format", f"is not {FORMAT}")])
    return manifest


def _with_patch(
    folder: Path,
    stem: str,
    row: tuple[ProposalFile, Change],
    manifest: Mapping[str, Any],
    root: Path,
    problems: list[Problem],
) -> tuple[ProposalFile, Change] | None:
    """Takes the change from the proposal's patch where reviewers edited that one."""
    file, change = row
    sums = manifest.get("sha256", {})
    names = (f"{PATCHES}/{stem}.patch", f"{PROPOSALS}/{stem}.yml")
    patch = folder / names[0]
    if not patch.is_file() or _digest(patch) == sums.get(names[0]):
        return row
    try:
        edited = change_of(patch.read_text(encoding="utf-8"), change, root)
    except (PatchError, OSError, UnicodeDecodeError) as error:
        problems.append(Problem(names[0], "", "", str(error)))
        return None
    if edited != change and sums.get(f"change:{stem}") != _digest_of(change):
        reason = f"and the change in {names[1]} were both edited; edit one of them"
        problems.append(Problem(names[0], "", "", reason))
        return None
    return file, edited


def _digest_of(change: Change) -> str:
    text = json.dumps(as_payload(change), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _read(path: Path, name: str, problems: list[Problem]) -> tuple[ProposalFile, Change] | None:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(name, "", "", f"cannot be read: {error}"))
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        reason = f"not valid YAML: {getattr(error, 'problem', error)}"
        problems.append(Problem(name, where, "", reason))
        return None
    where = ""
    try:
        file = ProposalFile.model_validate(content)
        where = "change"
        return file, read_change(file.change)
    except ValidationError as error:
        for detail in error.errors():
            parts = [where, *map(str, detail["loc"])]
            problems.append(Problem(name, "", ".".join(p for p in parts if p), detail["msg"]))
        return None


def _contradictions(
    name: str, file: ProposalFile, change: Change, known: Proposal | None
) -> list[Problem]:
    """What cannot be done to a proposal that is known already."""
    if known is None:
        return []
    found = []
    is_open = known.state in (ProposalState.PROPOSED, ProposalState.ACCEPTED)
    if not is_open and _differs(file, change, known):
        reason = f"proposal {known.id} is {known.state.value} and cannot be edited any more"
        found.append(Problem(name, "", "change", reason))
    wanted = {"accept": ProposalState.ACCEPTED, "reject": ProposalState.REJECTED}
    if file.decision and not is_open and known.state is not wanted[file.decision]:
        reason = f"proposal {known.id} is {known.state.value} already"
        found.append(Problem(name, "", "decision", reason))
    return found


def _differs(file: ProposalFile, change: Change, known: Proposal) -> bool:
    return change != known.change or file.question != QuestionFile(**known.regression)


def _take(
    connection: Connection,
    proposals: Proposals,
    file: ProposalFile,
    change: Change,
    known: Proposal | None,
    actor: str,
    done: Imported,
) -> None:
    question = file.question.model_dump(mode="json")
    if known is None:
        known = proposals.add(connection, Draft(change, question), file.made_by or actor)
        done.added.append(known.id)
    elif _differs(file, change, known):
        known = proposals.replace(connection, known.id, change, question, actor)
        done.edited.append(known.id)
    if file.decision == "accept" and known.state is ProposalState.PROPOSED:
        proposals.decide_within(connection, known.id, ProposalState.ACCEPTED, actor)
        done.accepted.append(known.id)
    elif file.decision == "reject" and known.state is not ProposalState.REJECTED:
        proposals.decide_within(
            connection, known.id, ProposalState.REJECTED, actor, file.reason.strip()
        )
        done.rejected.append(known.id)
