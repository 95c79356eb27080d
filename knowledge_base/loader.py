"""Reads procedure cards from YAML files and says precisely what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge_base.schema import Procedure

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - a PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the catalogue.

    Attributes:
        file: Where it stands.
        record: Code of the record, or its position in the file.
        field: Path of the field, for example ``fees.0.amount``.
        reason: What is wrong, in English.
    """

    file: str
    record: str
    field: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.record, self.field, self.reason) if part)


class CatalogueError(ValueError):
    """Raised when a catalogue cannot be used; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def load_file(path: Path) -> tuple[list[Procedure], list[Problem]]:
    """Reads the cards of one YAML file: one card, or a list of cards.

    Args:
        path: A file with the ending ``.yml`` or ``.yaml``.

    Returns:
        The cards that are sound, and a problem for each field that is not.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        return [], [Problem(str(path), "", "", f"cannot be read: {error}")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        return [], [
            Problem(str(path), where, "", f"not valid YAML: {getattr(error, 'problem', error)}")
        ]
    if content is None:
        return [], [Problem(str(path), "", "", "the file is empty")]
    cards: list[Procedure] = []
    problems: list[Problem] = []
    for position, row in enumerate(content if isinstance(content, list) else [content], start=1):
        card = _validate(row, path, position, problems)
        if card is not None:
            cards.append(card)
    return cards, problems


def _validate(row: Any, path: Path, position: int, problems: list[Problem]) -> Procedure | None:
    if not isinstance(row, dict):
        problems.append(Problem(str(path), f"record {position}", "", "is not a mapping"))
        return None
    name = str(row.get("code") or f"record {position}")
    try:
        return Procedure.model_validate(row)
    except ValidationError as error:
        for detail in error.errors():
            where = ".".join(str(part) for part in detail["loc"])
            problems.append(Problem(str(path), name, where, detail["msg"]))
        return None


def card_files(folder: Path) -> Iterator[Path]:
    """Yields the card files below a folder in a fixed order."""
    yield from sorted(p for p in folder.rglob("*.y*ml") if p.suffix in {".yml", ".yaml"})


def load_cards(folder: Path) -> tuple[list[Procedure], list[Problem]]:
    """Reads every card below a folder.

    Returns:
        The sound cards in file order, and every problem, a code given twice included.
    """
    cards: list[Procedure] = []
    problems: list[Problem] = []
    first_seen: dict[str, Path] = {}
    for path in card_files(folder):
        found, wrong = load_file(path)
        problems.extend(wrong)
        for card in found:
            if card.code in first_seen:
                other = first_seen[card.code]
                problems.append(Problem(str(path), card.code, "code", f"also stands in {other}"))
                continue
            first_seen[card.code] = path
            cards.append(card)
    return cards, problems
