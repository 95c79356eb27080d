"""Reads a message as a citizen typed it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vietnamese.fold import fold
from vietnamese.lexicon import Lexicon, load_yaml
from vietnamese.ngrams import BOUNDARY, NUMBER, NgramModel
from vietnamese.normalise import Change, Normaliser, replace
from vietnamese.restore import Restorer, Slot
from vietnamese.syllable import is_syllable, parse_letters
from vietnamese.text import CODE, MARK, WORD, Token, clean, join, tokenise

MODELS: Final = Path(__file__).parent / "models"
_BOUNDARIES: Final = frozenset(".?!;:()")
LEXICONS: Final = Path(__file__).parent.parent / "training_data" / "lexicons"


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
    """Reads messages. Load it once; reading keeps no state between messages.

    Args:
        restorer: Restores diacritics and corrects spelling.
        normaliser: Expands shorthand and undoes typing remnants.
        dialect: Words of the regions and what the catalogue says for them.
    """

    def __init__(self, restorer: Restorer, normaliser: Normaliser, dialect: Lexicon) -> None:
        self._restorer = restorer
        self._normaliser = normaliser
        self._dialect = dialect

    @classmethod
    def load(cls, folder: Path | None = None, lexicons: Path | None = None) -> Reader:
        """Loads the trained model and the lexicons.

        Args:
            folder: Where ``syllables.npz`` lies; the shipped one when None.
            lexicons: Where the YAML lexicons lie; the shipped ones when None.

        Raises:
            FileNotFoundError: If a file is missing.
            ValueError: If a lexicon entry cannot be understood.
        """
        restorer = Restorer(NgramModel.load((folder or MODELS) / "syllables.npz"))
        shelf = lexicons or LEXICONS
        shorthand = {
            "abbreviation": Lexicon.load(shelf / "abbreviations.yml"),
            "teencode": Lexicon.load(shelf / "teencode.yml"),
            "foreign word": Lexicon.load(shelf / "foreign.yml"),
        }
        foreign = frozenset(load_yaml(shelf / "foreign.yml")["words"].split())
        normaliser = Normaliser(shorthand, foreign, restorer.knows, restorer.has)
        return cls(restorer, normaliser, Lexicon.load(shelf / "dialect.yml"))

    def with_dialect(self, dialect: Lexicon) -> Reader:
        """Gives a reader that shares everything but the dialect lexicon."""
        return Reader(self._restorer, self._normaliser, dialect)

    def read(self, text: str) -> Reading:
        """Reads one message of any length and content; never raises."""
        original = clean(text)
        tokens = tokenise(original)
        words = [token for token in tokens if token.kind == WORD]
        marked = sum(not token.text.isascii() for token in words) / len(words) if words else 0.0
        tokens, changes = self._normaliser.normalise(tokens)
        normalised = join([token.text for token in tokens])
        tokens = self._restore(tokens, changes)
        tokens = replace(tokens, self._dialect, "dialect", changes)
        restored = join([token.text for token in tokens])
        return Reading(original, normalised, restored, fold(restored), tuple(changes), marked)

    def _restore(self, tokens: list[Token], changes: list[Change]) -> list[Token]:
        """Restores and corrects; commas and the like neither help nor part a sentence."""
        shouting = sum(token.capital for token in tokens) * 2 > len(tokens)
        places = [i for i, t in enumerate(tokens) if t.kind != MARK or t.text in _BOUNDARIES]
        slots = [self._slot(tokens[i], shouting) for i in places]
        out: list[Token] = []
        done = 0
        for group, texts in self._restorer.read(slots):
            start, stop = places[group.start], places[group.stop - 1] + 1
            out.extend(tokens[done:start])
            done = stop
            before = " ".join(token.text for token in tokens[start:stop])
            after = " ".join(texts)
            if before == after:
                out.extend(tokens[start:stop])
                continue
            if len(group) != len(texts):
                why = "joined words" if len(group) < len(texts) else "split word"
            else:
                why = "diacritics" if fold(before) == fold(after) else "spelling"
            changes.append(Change(before, after, why))
            like = tokens[start]
            out.extend(Token(like.typed, word, WORD, like.capital, like.first) for word in texts)
        out.extend(tokens[done:])
        return out

    def _slot(self, token: Token, shouting: bool) -> Slot:
        """Makes a place of the lattice; names and regional words stay as they are marked."""
        if token.kind == CODE:
            return Slot(token.text, NUMBER)
        if token.kind == MARK:
            return Slot(token.text, BOUNDARY)
        name = token.capital and not token.first and not shouting and _stands_as_name(token.text)
        regional = not token.text.isascii() and (token.text,) in self._dialect
        return Slot(token.text, guarded=token.fixed or name or regional)


def _stands_as_name(text: str) -> bool:
    """Tells whether a capitalised word is read as it stands: marked, or not Vietnamese."""
    return is_syllable(text) if not text.isascii() else parse_letters(text) is None
