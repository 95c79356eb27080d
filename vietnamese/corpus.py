"""Turns plain text into the syllable ids that the model is estimated from."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vietnamese.fold import fold_syllable
from vietnamese.ngrams import BOUNDARY, NUMBER, SPECIAL, UNKNOWN, order_vocabulary
from vietnamese.syllable import is_syllable, place_tone

_PIECE = re.compile(r"[^\W\d_]+|\d[\w./-]*|[.;:?!()\n]")
_HELD_OUT_IN = 50


def is_held_out(line: str) -> bool:
    """Tells whether a line is kept for measuring; one in fifty is, always the same ones."""
    return zlib.crc32(line.encode("utf-8")) % _HELD_OUT_IN == 0


def read_lines(path: Path) -> Iterator[str]:
    """Reads the lines of a text file, plain or ``.zst``."""
    if path.suffix == ".zst":
        import io

        import zstandard

        with path.open("rb") as raw:
            stream = zstandard.ZstdDecompressor().stream_reader(raw)
            for line in io.TextIOWrapper(stream, encoding="utf-8", errors="replace"):
                yield line.rstrip("\n")
    else:
        with path.open(encoding="utf-8") as plain:
            for line in plain:
                yield line.rstrip("\n")


def is_vietnamese(line: str) -> bool:
    """Tells whether a line is Vietnamese prose: enough words carry diacritics."""
    words = line.split()
    if len(words) < 3:
        return False
    marked = sum(not word.isascii() for word in words)
    return marked >= 0.35 * len(words)


def pieces(line: str) -> list[str]:
    """Cuts a line into lower-case words, numbers and sentence punctuation."""
    return _PIECE.findall(unicodedata.normalize("NFC", line).lower())


class Encoder:
    """Collects text as ids of its own and later maps them to a vocabulary.

    Ids grow as words are met, so that the text is read only once.
    """

    def __init__(self) -> None:
        self._ids: dict[str, int] = {mark: place for place, mark in enumerate(SPECIAL)}
        self._chunks: list[NDArray[np.int32]] = []
        self._buffer: list[int] = [BOUNDARY]

    def add(self, lines: Iterable[str], times: int = 1) -> None:
        """Adds lines, each a run of sentences of its own.

        Args:
            lines: Text with full diacritics.
            times: How often the lines count.
        """
        ids = self._ids
        for line in lines:
            encoded: list[int] = []
            for piece in pieces(line):
                if piece[0].isdigit():
                    encoded.append(NUMBER)
                elif len(piece) == 1 and not piece.isalpha():
                    encoded.append(BOUNDARY)
                else:
                    word = place_tone(piece)
                    encoded.append(ids.setdefault(word, len(ids)))
            encoded.append(BOUNDARY)
            self._buffer.extend(encoded * times)
            if len(self._buffer) > 1_000_000:
                self._flush()

    def _flush(self) -> None:
        self._chunks.append(np.array(self._buffer, dtype=np.int32))
        self._buffer = []

    def finish(
        self, least_syllable: int, least_foreign: int, keep: frozenset[str]
    ) -> tuple[NDArray[np.int32], list[str]]:
        """Chooses the vocabulary and gives the whole text in its ids.

        Args:
            least_syllable: Syllables of the language seen less often are left out.
            least_foreign: Other words seen less often are left out; so are those that
                look like a syllable whose diacritics were lost.
            keep: Words that stay whatever they look like.

        Returns:
            The ids, shape ``(N,)``, and the vocabulary in the order of its ids.
        """
        self._flush()
        text = np.concatenate(self._chunks)
        counts = np.bincount(text, minlength=len(self._ids))
        words = list(self._ids)
        own = Counter(
            {word: int(counts[place]) for place, word in enumerate(words) if is_syllable(word)}
        )
        letters = {fold_syllable(word) for word, count in own.items() if count >= least_syllable}
        chosen = [word for word, count in own.items() if count >= least_syllable]
        for place, word in enumerate(words[len(SPECIAL) :], start=len(SPECIAL)):
            if word in own and own[word] >= least_syllable:
                continue
            frequent = counts[place] >= least_foreign and fold_syllable(word) not in letters
            if word in keep or frequent:
                chosen.append(word)
        vocabulary = order_vocabulary(chosen)
        index = {word: place for place, word in enumerate(vocabulary)}
        mapping = np.array([index.get(word, UNKNOWN) for word in words], dtype=np.int32)
        return mapping[text], vocabulary
