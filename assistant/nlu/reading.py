"""Reads what a citizen typed: the first component of the pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.attributes import READING, TYPED
from vietnamese.reader import Reader


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class VietnameseReader(GraphComponent):
    """Normalises a message and restores its diacritics.

    From here on the text of the message is the restored one, so every later component sees
    correct Vietnamese. Training examples are written in correct Vietnamese and stay as they are.
    """

    def __init__(self, reader: Reader) -> None:
        """Takes the reader that does the work."""
        self._reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VietnameseReader:
        """Creates the component; the language model ships with the package."""
        return cls(Reader.load())

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves training examples as they were written."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Replaces the text of each message by its restored form."""
        for message in messages:
            reading = self._reader.read(message.get(TEXT) or "")
            message.set(READING, reading)
            message.set(TYPED, reading.normalised)
            message.set(TEXT, reading.restored)
        return messages
