"""Tells what a message is: a question about a procedure, a greeting, a plea for help."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.attributes import FEATURES
from assistant.nlu.everyday import everyday_phrases
from assistant.nlu.linear import LinearModel
from assistant.nlu.ngrams import ngrams

ASK = "ask_procedure"
RANKING_LENGTH = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Logistic regression over the n-grams of a message.

    Besides the written examples it learns from the everyday names of the catalogue, all of which
    are questions about a procedure: without them it would take any unknown topic for chat.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How many everyday names to learn from, and the inverse regularisation."""
        return {"everyday_names": 1500, "strength": 12.0}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        """Takes the trained model, or none before training."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Creates an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Reads a trained classifier back."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Trains on the examples that bear an intent and keeps the model."""
        rows: list[list[str]] = []
        labels: list[str] = []
        for example in training_data.intent_examples:
            rows.append(example.get(FEATURES) or ngrams(example.get(TEXT)))
            labels.append(example.get(INTENT))
        for phrase in everyday_phrases(int(self._config["everyday_names"])):
            rows.append(ngrams(phrase))
            labels.append(ASK)
        self._model = LinearModel.fit_exclusive(
            rows, labels, strength=float(self._config["strength"])
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent and ranking on each message; an empty text bears no intent."""
        for message in messages:
            features = message.get(FEATURES)
            if self._model is None or not (message.get(TEXT) or "").strip():
                message.set(
                    INTENT,
                    {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0},
                    add_to_output=True,
                )
                continue
            ranking = [
                {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: score}
                for name, score in self._model.predict(features)[:RANKING_LENGTH]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
