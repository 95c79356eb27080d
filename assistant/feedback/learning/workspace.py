"""What is learned, as files: read from one release, added to, written as the next."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import yaml

from assistant.feedback.learning.changes import AliasChange, Change, ExampleChange, FieldChange
from assistant.feedback.learning.examples import Examples, dump_examples, read_examples
from assistant.learned import LearnedFolder, Release
from knowledge_base.corrections import FOLDER as CORRECTIONS
from knowledge_base.corrections import Correction, dump_corrections, load_corrections
from knowledge_base.loader import CatalogueError
from knowledge_base.search.everyday import load_everyday
from knowledge_base.store import write_atomically

FILE: Final = "office.yml"


@dataclass(slots=True)
class Learned:
    """Everything that an office has taught the assistant.

    Attributes:
        corrections: Fields put right, in the order in which it was done.
        names: Everyday names by national code.
        examples: Training examples by intent.
        questions: Regression questions.
    """

    corrections: list[Correction] = field(default_factory=list)
    names: dict[str, dict[str, None]] = field(default_factory=dict)
    examples: Examples = field(default_factory=dict)
    questions: list[Mapping[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, release: Release | None) -> Self:
        """Reads what a release holds; None: nothing is learned yet.

        Raises:
            CatalogueError: When a file of the release is broken.
        """
        if release is None:
            return cls()
        corrections, problems = load_corrections(
            sorted((release.catalogue / CORRECTIONS).glob("*.yml"))
        )
        if problems:
            raise CatalogueError(problems)
        examples: Examples = {}
        for path in sorted(release.nlu.glob("*.yml")):
            for intent, rows in read_examples(path.read_text(encoding="utf-8")).items():
                examples.setdefault(intent, {}).update(rows)
        names = load_everyday(release.everyday)
        return cls(
            corrections,
            {code: dict.fromkeys(found) for code, found in names.items()},
            examples,
            read_questions(release.questions),
        )

    def add(self, change: Change, question: Mapping[str, Any]) -> None:
        """Adds a change and the question that proves it."""
        match change:
            case AliasChange(code=code, phrase=phrase):
                self.names.setdefault(code, {})[phrase] = None
            case ExampleChange(intent=intent):
                self.examples.setdefault(intent, {})[change.marked()] = None
            case FieldChange(correction=correction):
                self.corrections.append(correction)
        self.questions.append(question)

    def write(self, folder: Path) -> None:
        """Writes everything into a new folder of a release."""
        release = Release(0, folder)
        if self.corrections:
            text = dump_corrections(self.corrections)
            _write(release.catalogue / CORRECTIONS / FILE, text)
        if self.names:
            rows = {code: list(names) for code, names in self.names.items()}
            _write(
                release.everyday / FILE,
                yaml.safe_dump(rows, allow_unicode=True, sort_keys=True, width=1e9),
            )
        if self.examples:
            _write(release.nlu / FILE, dump_examples(self.examples))
        write_questions(release.questions, self.questions)


def read_questions(path: Path) -> list[Mapping[str, Any]]:
    """Reads regression questions, one JSON line each; a missing file holds none."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def write_questions(path: Path, questions: list[Mapping[str, Any]]) -> None:
    """Writes regression questions, one JSON line each."""
    rows = [json.dumps(question, ensure_ascii=False) for question in questions]
    _write(path, "".join(f"{row}\n" for row in rows))


def prepare(learned: LearnedFolder, number: int, content: Learned) -> Release:
    """Writes a release that nobody uses yet; an unfinished one of the same number goes.

    The folder gets its number only when it is whole.
    """
    folder = learned.releases / str(number)
    building = learned.releases / f".{number}"
    discard(learned, number)
    content.write(building)
    building.rename(folder)
    return Release(number, folder)


def discard(learned: LearnedFolder, number: int) -> None:
    """Deletes the files of a release."""
    for name in (str(number), f".{number}"):
        shutil.rmtree(learned.releases / name, ignore_errors=True)


def point_to(learned: LearnedFolder, number: int) -> None:
    """Makes a release the one in use; every reader sees the old one or the new one."""
    write_atomically(learned.pointer, f"{number}\n".encode())
    handle = os.open(learned.root, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_manifest(release: Release, manifest: Mapping[str, Any]) -> None:
    """Writes what a release is made of and how it was measured."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    write_atomically(release.manifest, f"{text}\n".encode())


def read_manifest(release: Release) -> dict[str, Any]:
    """Reads what :func:`write_manifest` wrote; empty where it is missing."""
    if not release.manifest.is_file():
        return {}
    found: dict[str, Any] = json.loads(release.manifest.read_text(encoding="utf-8"))
    return found


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
