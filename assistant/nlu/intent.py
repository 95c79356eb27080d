"""Tells what a message is: a question about a procedure, a greeting, a plea for help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
from assistant.nlu.phrasing import packaged_phrasing
from knowledge_base.search.outside import load_outside

ASK = "ask_procedure"
COMPARE = "compare"
OUT_OF_SCOPE = "out_of_scope"
GENERAL_LAW = "general_law"
FAVOURED = (ASK, "distress", "scam", "denounce")
"""What is worst to miss weighs more: a question that can be answered, and whoever needs help."""

SMALL_TALK = frozenset(
    [
        *("weather", "sport", "cooking", "health", "devices", "code", "school", "facts", "travel"),
        *("money", "luck", "love", "animals", "garden", "fun", "house", "feelings", "language"),
    ]
)
"""Topics of the search's phrases that are out of scope here as well."""

LAW = frozenset(["fines", "concepts", "disputes", "politics"])
"""Topics of the search's phrases that are questions about the law."""
RANKING_LENGTH = 5
FREQUENT = 10
"""What made questions alone contain is learned from so many of them on."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Logistic regression over the n-grams of a message.

    Besides the written examples it learns from the everyday names of the catalogue, all of which
    are questions about a procedure: without them it would take any unknown topic for chat. Made
    questions show how a procedure is asked about; the search's phrases, how other things are.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How much of each source to learn from, and the inverse regularisation."""
        return {
            "everyday_names": 1500,
            "questions": 2000,
            "comparisons": 100,
            "follow_ups": 400,
            "of_each_pattern": 2,
            "strength": 12.0,
            "favour": 1.5,
            "seed": 5,
        }

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
        patterns: Counter[str] = Counter()
        for outside in load_outside():
            label = OUT_OF_SCOPE if outside.topic in SMALL_TALK else GENERAL_LAW
            patterns[outside.pattern] += 1
            often = patterns[outside.pattern] > int(self._config["of_each_pattern"])
            if not often and outside.topic in SMALL_TALK | LAW:
                rows.append(ngrams(outside.text))
                labels.append(label)
        phrasing, seed = packaged_phrasing(), int(self._config["seed"])
        made = [
            *((text, ASK) for text in phrasing.questions(int(self._config["questions"]), seed)),
            *((t, ASK) for t in phrasing.follow_ups(int(self._config["follow_ups"]), seed)),
            *((t, COMPARE) for t in phrasing.comparisons(int(self._config["comparisons"]), seed)),
        ]
        rows.extend(_known_or_frequent([ngrams(text) for text, _ in made], rows))
        labels.extend(label for _, label in made)
        self._model = LinearModel.fit_exclusive(
            rows,
            labels,
            strength=float(self._config["strength"]),
            favoured=dict.fromkeys(FAVOURED, float(self._config["favour"])),
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


def _known_or_frequent(made: Sequence[list[str]], written: Sequence[list[str]]) -> list[list[str]]:
    """Drops features of made texts that no written one has, unless they are frequent."""
    known = {name for row in written for name in row}
    counts = Counter(name for row in made for name in row)
    return [[n for n in row if n in known or counts[n] >= FREQUENT] for row in made]
