"""Makes up everyday questions from the frames a person wrote, for training and measuring."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

_SLOT = re.compile(r"\{([^{}]+)\}")
_MOST_STEPS = 200
_SWAPPED = 0.5


@dataclass(frozen=True)
class Speech:
    """Frames of everyday speech.

    Attributes:
        slots: What may fill each slot.
        frames: Frames for training.
        held_out_frames: Frames kept for measuring; no training question uses them.
        swaps: Groups of words that stand for each other in a line of talk.
    """

    slots: dict[str, tuple[str, ...]]
    frames: tuple[str, ...]
    held_out_frames: tuple[str, ...]
    swaps: tuple[tuple[str, ...], ...]

    @classmethod
    def load(cls, path: Path) -> Speech:
        """Reads ``speech.yml``.

        Raises:
            ValueError: If a frame or choice names a slot that does not exist.
        """
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        slots = {
            name: tuple(choice.strip() for choice in text.split("|"))
            for name, text in data["slots"].items()
        }
        swaps = tuple(tuple(w.strip() for w in text.split("|")) for text in data["swaps"])
        speech = cls(slots, tuple(data["frames"]), tuple(data["held_out_frames"]), swaps)
        texts = [*speech.frames, *speech.held_out_frames]
        texts.extend(choice for choices in slots.values() for choice in choices)
        for text in texts:
            for name in _SLOT.findall(text):
                if name not in slots:
                    raise ValueError(f"{path.name}: no slot named {name!r} (used in {text!r})")
        return speech

    def questions(self, count: int, seed: int, *, held_out: bool = False) -> Iterator[str]:
        """Makes up questions with full diacritics.

        Args:
            count: How many.
            seed: The same seed gives the same questions.
            held_out: Whether to use the frames kept for measuring.
        """
        chooser = random.Random(seed)
        frames = self.held_out_frames if held_out else self.frames
        for _ in range(count):
            yield self._fill(chooser.choice(frames), chooser)

    def variants(self, line: str, count: int, seed: int) -> Iterator[str]:
        """Varies a line of talk by words that stand for each other.

        Args:
            line: A line with full diacritics; the first variant is the line itself.
            count: How many variants.
            seed: The same seed gives the same variants.
        """
        chooser = random.Random(seed)
        groups = {word: group for group in self.swaps for word in group}
        longest = "|".join(sorted(map(re.escape, groups), key=len, reverse=True))
        pattern = re.compile(rf"(?<!\w)(?:{longest})(?!\w)")

        def swap(match: re.Match[str]) -> str:
            word = match.group()
            return chooser.choice(groups[word]) if chooser.random() < _SWAPPED else word

        yield line
        for _ in range(count - 1):
            yield pattern.sub(swap, line)

    def regional(
        self, lines: Iterable[str], words: Iterable[tuple[str, str]], share: float, seed: int
    ) -> Iterator[str]:
        """Puts words of the regions into a share of lines and leaves the others alone.

        Args:
            lines: Lines with full diacritics.
            words: Pairs of a regional word and the standard word it stands for.
            share: How many of the lines to change, 0 to 1.
            seed: The same seed gives the same lines.
        """
        chooser = random.Random(seed)
        regional: dict[str, list[str]] = {}
        for said, standard in words:
            regional.setdefault(standard, []).append(said)
        longest = "|".join(sorted(map(re.escape, regional), key=len, reverse=True))
        pattern = re.compile(rf"(?<!\w)(?:{longest})(?!\w)")
        for line in lines:
            if chooser.random() < share:
                yield pattern.sub(lambda match: chooser.choice(regional[match.group()]), line)
            else:
                yield line

    def _fill(self, text: str, chooser: random.Random) -> str:
        for _ in range(_MOST_STEPS):
            match = _SLOT.search(text)
            if match is None:
                break
            choice = chooser.choice(self.slots[match.group(1)])
            text = text[: match.start()] + choice + text[match.end() :]
        return re.sub(r"\s+", " ", text).replace(" ,", ",").strip()
