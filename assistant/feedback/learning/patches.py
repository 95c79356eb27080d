"""Changes to the project's YAML as unified diffs that `git apply` takes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from assistant.feedback.learning.changes import AliasChange, Change, ExampleChange, FieldChange
from assistant.feedback.learning.examples import dump_examples, read_examples
from assistant.feedback.learning.yaml_text import APPEND, YamlTextError, changed
from assistant.settings import PROJECT_ROOT
from knowledge_base.corrections import (
    Correction,
    CorrectionError,
    corrected,
    dump_corrections,
    read_corrections,
)
from knowledge_base.loader import card_files
from knowledge_base.schema import Procedure

CARDS: Final = Path("knowledge_base/catalogue/cards")
CORRECTIONS: Final = Path("knowledge_base/catalogue/corrections/office.yml")
EVERYDAY: Final = Path("training_data/lexicons/everyday_names")
EVERYDAY_FILE: Final = EVERYDAY / "office.yml"
EXAMPLES: Final = Path("training_data/nlu/office.yml")


class _TextLoader(yaml.SafeLoader):
    """Reads every plain scalar as text: the code ``1.001193`` is no number."""


_TextLoader.yaml_implicit_resolvers = {}


class Repository:
    """The project's YAML files with changes that are not written to them.

    Changes add up: each is made on the text that the earlier ones left.
    """

    def __init__(self, root: Path = PROJECT_ROOT) -> None:
        """Takes the folder of the project."""
        self._root = root
        self._texts: dict[Path, str] = {}
        self._cards: dict[str, Path] | None = None

    def apply(self, change: Change) -> None:
        """Makes a change.

        Raises:
            YamlTextError: When the files hold something else than the change expects.
        """
        match change:
            case AliasChange():
                self._add_alias(change)
            case ExampleChange():
                self._add_example(change)
            case FieldChange():
                self._correct(change)

    def diff(self) -> str:
        """Returns all changes as one unified diff; empty where nothing changed."""
        parts = [self._diff_of(path) for path in sorted(self._texts)]
        return "".join(part for part in parts if part)

    def _diff_of(self, path: Path) -> str:
        old, new = self._on_disk(path), self._texts[path]
        if old == new:
            return ""
        name = path.as_posix()
        lines = difflib.unified_diff(
            [] if old is None else old.splitlines(keepends=True),
            new.splitlines(keepends=True),
            "/dev/null" if old is None else f"a/{name}",
            f"b/{name}",
        )
        head = f"diff --git a/{name} b/{name}\n"
        if old is None:
            head += "new file mode 100644\n"
        return head + "".join(_closed(line) for line in lines)

    # --- changes --------------------------------------------------------------------------

    def _add_alias(self, change: AliasChange) -> None:
        card = self._card(change.code)
        if card is not None:
            self._edit_card(card, change.code, ["aliases", APPEND], change.phrase)
            return
        for path in self._files(EVERYDAY):
            text = self._text(path)
            names = yaml.load(text, Loader=_TextLoader) or {}  # noqa: S506 - a safe loader
            if change.code in names:
                if change.phrase not in names[change.code]:
                    self._texts[path] = changed(text, [change.code, "-"], change.phrase)
                return
        row = yaml.safe_dump(
            {change.code: [change.phrase]}, allow_unicode=True, default_flow_style=None, width=1e9
        )
        self._texts[EVERYDAY_FILE] = (self._known(EVERYDAY_FILE) or "") + row

    def _add_example(self, change: ExampleChange) -> None:
        examples = read_examples(self._known(EXAMPLES) or "")
        examples.setdefault(change.intent, {})[change.marked()] = None
        self._texts[EXAMPLES] = dump_examples(examples)

    def _correct(self, change: FieldChange) -> None:
        correction = change.correction
        card = self._card(correction.code)
        if card is not None and self._fits(card, correction):
            self._edit_card(card, correction.code, correction.field.split("."), correction.value)
            return
        known = self._known(CORRECTIONS)
        rows = [] if known is None else read_corrections(known)[0]
        self._texts[CORRECTIONS] = dump_corrections([*rows, correction])

    def _fits(self, path: Path, correction: Correction) -> bool:
        """Tells whether a card holds what a correction found, which another layer may have said."""
        _, rows = self._rows(path)
        row = next(row for row in rows if row.get("code") == correction.code)
        try:
            corrected(Procedure.model_validate(row), correction)
        except (CorrectionError, ValidationError):
            return False
        return True

    def _edit_card(self, path: Path, code: str, way: list[str], value: Any) -> None:
        """Changes a card; what it says already is not added again."""
        several, rows = self._rows(path)
        place = next(n for n, row in enumerate(rows) if row.get("code") == code)
        if len(way) == 2 and way[-1] == APPEND:
            held = rows[place].get(way[0])
            if not held:
                way, value = way[:1], [value]
            elif value in held:
                return
        self._texts[path] = changed(self._text(path), way, value, [place] if several else [])

    def _rows(self, path: Path) -> tuple[bool, list[dict[str, Any]]]:
        """The cards of a file, and whether it is a list of them."""
        content = yaml.safe_load(self._text(path))
        return isinstance(content, list), content if isinstance(content, list) else [content]

    # --- files ----------------------------------------------------------------------------

    def _card(self, code: str) -> Path | None:
        if self._cards is None:
            self._cards = dict(self._codes())
        return self._cards.get(code)

    def _codes(self) -> Iterator[tuple[str, Path]]:
        for path in card_files(self._root / CARDS):
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            for card in content if isinstance(content, list) else [content]:
                if isinstance(card, Mapping) and "code" in card:
                    yield str(card["code"]), path.relative_to(self._root)

    def _files(self, folder: Path) -> list[Path]:
        found = {path.relative_to(self._root) for path in (self._root / folder).rglob("*.yml")}
        return sorted(found | {path for path in self._texts if folder in path.parents})

    def _text(self, path: Path) -> str:
        text = self._known(path)
        if text is None:
            raise YamlTextError(f"{path} is not there")
        return text

    def _known(self, path: Path) -> str | None:
        return self._texts[path] if path in self._texts else self._on_disk(path)

    def _on_disk(self, path: Path) -> str | None:
        try:
            return (self._root / path).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None


def _closed(line: str) -> str:
    """Ends a line of a diff as git does where the file has no newline at its end."""
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def patch_of(change: Change, root: Path = PROJECT_ROOT) -> str:
    """Returns one change as a unified diff against the project's files.

    Raises:
        YamlTextError: When the files hold something else than the change expects.
    """
    repository = Repository(root)
    repository.apply(change)
    return repository.diff()
