"""Where the office's learned files lie, and which release of them is in use.

Below ``<data folder>/learned/releases`` each release is a numbered folder that holds everything
learned so far; the file ``current`` names the one in use. It is replaced in one step, so a reader
sees the old release or the new one. The files of the distribution are never changed.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

logger = logging.getLogger(__name__)

CATALOGUE: Final = "catalogue"
EVERYDAY: Final = "everyday_names"
NLU: Final = "nlu"
QUESTIONS: Final = "questions.jsonl"
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Release:
    """The files of one release.

    Attributes:
        number: Its number.
        folder: Where they lie.
    """

    number: int
    folder: Path

    @property
    def catalogue(self) -> Path:
        """The catalogue folder to lay over the others."""
        return self.folder / CATALOGUE

    @property
    def everyday(self) -> Path:
        """Everyday names by national code."""
        return self.folder / EVERYDAY

    @property
    def nlu(self) -> Path:
        """Examples for training, as Rasa reads them."""
        return self.folder / NLU

    @property
    def questions(self) -> Path:
        """Regression questions, one JSON line each."""
        return self.folder / QUESTIONS

    @property
    def manifest(self) -> Path:
        """What the release is made of and how it was measured."""
        return self.folder / MANIFEST


@dataclass(frozen=True, slots=True)
class LearnedFolder:
    """The folder of everything learned.

    Attributes:
        root: ``<data folder>/learned``.
    """

    root: Path

    @property
    def releases(self) -> Path:
        """The folder of the numbered releases."""
        return self.root / "releases"

    @property
    def pointer(self) -> Path:
        """The file that names the release in use."""
        return self.root / "current"

    def release(self, number: int) -> Release | None:
        """Returns a release, or None where its folder is not there."""
        folder = self.releases / str(number)
        return Release(number, folder) if number > 0 and folder.is_dir() else None

    def current(self) -> int:
        """Returns the number of the release in use; 0: nothing is learned."""
        try:
            text = self.pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return 0
        except (OSError, UnicodeDecodeError) as error:
            logger.error("%s cannot be read: %s", self.pointer, error)
            return 0
        number = int(text) if text.isdecimal() else -1
        if number != 0 and self.release(number) is None:
            logger.error("%s names no release: %r", self.pointer, text[:20])
            return 0
        return number

    def numbers(self) -> list[int]:
        """Returns the numbers of the releases whose folders are there, lowest first."""
        if not self.releases.is_dir():
            return []
        return sorted(int(p.name) for p in self.releases.iterdir() if p.name.isdecimal())
