"""Gives each message its n-gram features, shared by the classifiers that follow."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.attributes import FEATURES
from assistant.nlu.ngrams import ngrams


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class VietnameseFeaturizer(GraphComponent):
    """Lists the n-grams of a message under :data:`assistant.nlu.attributes.FEATURES`."""

    @classmethod
    def required_components(cls) -> list[type]:
        """A tokenizer has to come first."""
        return [Tokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VietnameseFeaturizer:
        """Creates the component, which has nothing to configure."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds features to every training example that has a text."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds features to messages."""
        for message in messages:
            text = message.get(TEXT)
            if text is not None:
                tokens = message.get(TOKENS_NAMES[TEXT]) or []
                message.set(FEATURES, ngrams(text, [token.text for token in tokens]))
        return messages
