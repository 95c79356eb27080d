"""Finds the people and the places that a message speaks of."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from assistant.settings import PROJECT_ROOT

LEXICON = PROJECT_ROOT / "training_data" / "lexicons" / "mentions.yml"
PERSON = "person"
PLACE = "place"
_NAME = r"[^\W\d_]+(?:\s+[^\W\d_]+){0,3}|\d{1,2}"
_STOP = re.compile(
    r"\s+(?:thì|có|cần|làm|ở|đi|muốn|phải|được|và|là|của|cho|bao|nộp|hay|mất|xin|đăng|mà|nào|gì|đâu|rồi|để)\b.*"
)


@lru_cache(maxsize=4)
def _lexicon(path: Path) -> tuple[re.Pattern[str], dict[str, str], re.Pattern[str]]:
    data = yaml.safe_load(path.read_text("utf-8"))
    kinds = {word: kind for kind, words in data["people"].items() for word in words}
    by_length = sorted(kinds, key=len, reverse=True)
    people = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, by_length))})(?!\w)")
    titles = "|".join(map(re.escape, data["place_titles"]))
    places = re.compile(rf"(?<!\w)(?P<title>{titles})\s+(?P<name>{_NAME})(?!\w)")
    return people, kinds, places


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class MentionExtractor(GraphComponent):
    """Reports ``person`` (by kinship or standing) and ``place`` (title and name) entities."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MentionExtractor:
        """Creates the extractor; its words are in ``training_data/lexicons/mentions.yml``."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds entities to each message."""
        for message in messages:
            found = mentions(message.get(TEXT) or "")
            for entity in found:
                entity["extractor"] = type(self).__name__
            if found:
                message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages


def mentions(text: str, lexicon: Path = LEXICON) -> list[dict[str, Any]]:
    """Finds people and places in a text.

    Args:
        text: Restored text in lower case.
        lexicon: The word lists.

    Returns:
        Entities in Rasa's form; the value of a person is its kind, that of a place its full name.
    """
    people, kinds, places = _lexicon(lexicon)
    found = [
        _entity(PERSON, kinds[match.group()], match.start(), match.end())
        for match in people.finditer(text)
    ]
    for match in places.finditer(text):
        name = _STOP.sub("", match.group("name"))
        if name and not _STOP.match(f" {name}"):
            value = f"{match.group('title')} {name}"
            found.append(_entity(PLACE, value, match.start(), match.start() + len(value)))
    return found


def _entity(kind: str, value: str, start: int, end: int) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: kind,
        ENTITY_ATTRIBUTE_VALUE: value,
        ENTITY_ATTRIBUTE_START: start,
        ENTITY_ATTRIBUTE_END: end,
    }
