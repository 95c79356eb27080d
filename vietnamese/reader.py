"""Reads a message as a citizen typed it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vietnamese.fold import fold
from vietnamese.ngrams import BOUNDARY, NUMBER, NgramModel
from vietnamese.restore import Restorer, Slot
from vietnamese.syllable import is_syllable, place_tone
from vietnamese.text import CODE, MARK, Token, clean, join, squeeze, tokenise

MODELS: Final = Path(__file__).parent / "models"
LEXICONS: Final = Path(__file__).parent.parent / "training_data" / "lexicons"

Change = tuple[str, str, str]
"""What was typed, what it was read as, and why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A message, read.

    Attributes:
        original: As typed, in normal form C, without control and invisible characters.
        normalised: Lower-case, tone marks in the standard place, abbreviations and other
            shorthand expanded; diacritics that are missing are still missing.
        restored: ``normalised`` with diacritics restored and spelling corrected. Intent,
            encoder and search use this.
        folded: ``restored`` without diacritics.
        changes: Every change of a word as (from, to, why).
        marked: Share of the words that carried a diacritic as typed, 0 to 1.
    """

    original: str
    normalised: str
    restored: str
    folded: str
    changes: tuple[Change, ...]
    marked: float


class Reader:
    """Reads messages. Load it once; reading keeps no state.

    Args:
        restorer: Restores diacritics and corrects spelling.
    """

    def __init__(self, restorer: Restorer) -> None:
        self._restorer = restorer

    @classmethod
    def load(cls, folder: Path | None = None) -> Reader:
        """Loads the trained model.

        Args:
            folder: Where ``syllables.npz`` lies; the shipped one when None.
        """
        return cls(Restorer(NgramModel.load((folder or MODELS) / "syllables.npz")))

    def read(self, text: str) -> Reading:
        """Reads one message of any length and content; never raises."""
        original = clean(text)
        tokens = tokenise(original)
        words = [token for token in tokens if token.kind not in (CODE, MARK)]
        marked = sum(not token.text.isascii() for token in words) / len(words) if words else 0.0
        changes: list[Change] = []
        for token in words:
            _normalise(token, changes)
        normalised = join([token.text for token in tokens])
        slots = [_slot(token) for token in tokens]
        texts, _ = self._restorer.restore(slots)
        for token, read in zip(tokens, texts, strict=True):
            if read != token.text:
                same = fold(read) == fold(token.text)
                changes.append((token.text, read, "diacritics" if same else "spelling"))
        restored = join(texts)
        return Reading(original, normalised, restored, fold(restored), tuple(changes), marked)


def _normalise(token: Token, changes: list[Change]) -> None:
    squeezed = squeeze(token.text)
    if squeezed != token.text:
        changes.append((token.text, squeezed, "repeated"))
    placed = place_tone(squeezed)
    if placed != squeezed:
        changes.append((squeezed, placed, "tone mark"))
    token.text = placed


def _slot(token: Token) -> Slot:
    if token.kind == CODE:
        return Slot(token.text, NUMBER)
    if token.kind == MARK:
        return Slot(token.text, BOUNDARY)
    name = token.capital and not token.first and is_syllable(token.text)
    return Slot(token.text, guarded=name and not token.text.isascii())
