"""Fits an answer into a chat: what is said of each procedure, shortened until all of it fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.dialogue.decisions import Found
from assistant.replies import wording
from assistant.replies.aspects import Blocks
from connectors.message import Block, Choice, Heading, Paragraph, Source, plain_text
from knowledge_base.schema import Aspect


class Part:
    """One aspect of an answer, in words that become fewer as far as is needed.

    Attributes:
        blocks: The words for now.
        length: How many characters they are.
        exhausted: Whether there are no fewer words.
    """

    def __init__(self, aspect: Aspect, wordings: Iterator[Blocks]) -> None:
        """Takes the words from the most to the fewest; the first say everything."""
        self.aspect = aspect
        self.blocks: Blocks = next(wordings)
        self.length = len(plain_text(self.blocks))
        self.exhausted = False
        self._whole = self.blocks
        self._wordings = wordings

    @property
    def shortened(self) -> bool:
        """Whether anything is left out."""
        return self.blocks != self._whole

    def shorten(self) -> None:
        """Takes the next fewer words, where there are any."""
        shorter = next(self._wordings, None)
        if shorter is None:
            self.exhausted = True
        else:
            self.blocks = shorter
            self.length = len(plain_text(shorter))


@dataclass(slots=True)
class Topic:
    """What is said of one procedure, from its title to its source.

    Attributes:
        found: The procedure, and whether all of it is wanted.
        title: Its name.
        head: What comes first.
        parts: What was asked, in the order in which it was.
        after: What is said of all of it.
        sources: What it rests on; the last is for an answer that was shortened.
        places: Provinces to choose from.
    """

    found: Found
    title: str
    head: Blocks
    parts: list[Part]
    after: Blocks
    sources: list[Source]
    places: tuple[Choice, ...]

    @property
    def shortened(self) -> bool:
        """Whether anything is left out."""
        return any(part.shortened for part in self.parts)

    def blocks(self) -> Blocks:
        """Everything that is said, for now."""
        said: list[Block] = [*self.head]
        for part in self.parts:
            if len(self.parts) > 1:
                said.append(Heading(wording.ASPECT_TITLES[part.aspect]))
            said.extend(part.blocks)
        said.extend(self.after)
        if self.shortened:
            said.append(Paragraph(wording.SHORTENED))
        return (*said, self.sources[-1 if self.shortened else 0])

    def shorten(self) -> bool:
        """Shortens the longest part; tells whether there was one to shorten."""
        parts = [part for part in self.parts if not part.exhausted]
        if parts:
            max(parts, key=lambda part: part.length).shorten()
        return bool(parts)


def fitted(topics: Sequence[Topic], room: int) -> Blocks:
    """Puts topics together, shortening the longest part until all of them fit.

    Args:
        topics: What to say; those that are wanted whole stay so.
        room: The reply stays below this many characters where its parts can be shortened so far.
    """
    rest = [topic for topic in topics if not topic.found.whole]
    while True:
        blocks = tuple(block for topic in topics for block in topic.blocks())
        if not rest or len(plain_text(blocks)) < room:
            return blocks
        longest = max(rest, key=lambda topic: sum(part.length for part in topic.parts))
        if not longest.shorten():
            rest.remove(longest)
