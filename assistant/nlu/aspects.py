"""Tells what a citizen wants to know about a procedure; several things at once are normal."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

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
    INTENT,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.attributes import ASKS, ASPECTS
from assistant.nlu.intent import ASK
from assistant.nlu.linear import LinearModel
from assistant.nlu.phrasing import Phrasing, packaged_phrasing
from assistant.nlu.sentences import Sentence, features, sentences
from knowledge_base.schema import Aspect
from vietnamese.fold import fold
from vietnamese.noise import MANNERS
from vietnamese.reader import Reader

ENTITY = "aspect"
ANY = "any"
"""The label of what asks for some aspect, whichever."""

CUE_MINIMUM = 0.5
"""Only aspects at least this likely are looked for in the text."""

NEGLIGIBLE = 0.01
"""Weights smaller than this change nothing."""

MINIMUM = 0.1
"""Aspects less likely than this are not reported, except the likeliest."""

_MANNERS = tuple(MANNERS.values())
_LONGEST_NOISY = 160
_OUTSIDE_WORDS = re.compile(r"[^\w]")


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class AspectExtractor(GraphComponent):
    """One yes-or-no classifier an aspect, and the span that gave it away.

    It judges sentence by sentence, since a letter tells a story before it asks, and learns from
    messages made of the patterns in ``training_data/asking`` and from the written examples in which
    a span is marked as an aspect.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How many messages to learn from, how often each written example counts, and so on."""
        return {
            "messages": 20_000,
            "noisy": 1_000,
            "repeat": 3,
            "passes": 5,
            "minimum_count": 8,
            "seed": 11,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
        cues: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Takes the trained model and the cue phrases of each aspect, or none before training."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._cues = {
            aspect: sorted(found, key=len, reverse=True) for aspect, found in (cues or {}).items()
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AspectExtractor:
        """Creates an untrained extractor."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> AspectExtractor:
        """Reads a trained extractor back."""
        with model_storage.read_from(resource) as folder:
            cues = json.loads((folder / "cues.json").read_text("utf-8"))
            return cls(config, model_storage, resource, LinearModel.load(folder), cues)

    def train(self, training_data: TrainingData) -> Resource:
        """Trains on the examples of questions about a procedure, and on messages made for it."""
        rows: list[list[str]] = []
        targets: list[frozenset[str]] = []
        cues: dict[str, set[str]] = {}
        for example in training_data.intent_examples:
            if example.get(INTENT) != ASK:
                continue
            text = example.get(TEXT)
            marked = [e for e in example.get(ENTITIES, []) if e[ENTITY_ATTRIBUTE_TYPE] == ENTITY]
            for entity in marked:
                span = text[entity[ENTITY_ATTRIBUTE_START] : entity[ENTITY_ATTRIBUTE_END]]
                cues.setdefault(entity[ENTITY_ATTRIBUTE_VALUE], set()).add(fold(span))
            held = frozenset(e[ENTITY_ATTRIBUTE_VALUE] for e in marked)
            for sentence in sentences(text) * int(self._config["repeat"]):
                rows.append(features(sentence))
                targets.append(held)
        unknown = set(cues) - {aspect.value for aspect in Aspect}
        if unknown:
            raise ValueError(f"training data marks unknown aspects: {sorted(unknown)}")
        phrasing = packaged_phrasing()
        for sentence, held in self._made(phrasing):
            rows.append(features(sentence))
            targets.append(held)
        self._model = LinearModel.fit_independent(
            rows,
            [held | {ANY} if held else held for held in targets],
            passes=int(self._config["passes"]),
            minimum_count=int(self._config["minimum_count"]),
            negligible=NEGLIGIBLE,
        )
        for cue, aspect in phrasing.cues():
            cues.setdefault(aspect, set()).add(fold(cue))
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
            (Path(folder) / "cues.json").write_text(
                json.dumps({a: sorted(found) for a, found in cues.items()}, ensure_ascii=False),
                "utf-8",
            )
        return self._resource

    def _made(self, phrasing: Phrasing) -> Iterator[tuple[Sentence, frozenset[str]]]:
        """Makes messages, some of them once more as they are read after somebody typed them."""
        seed = int(self._config["seed"])
        draw = random.Random(seed)
        reader = Reader.load()
        noisy = int(self._config["noisy"])
        for message in phrasing.messages(int(self._config["messages"]), seed):
            texts = [message.text]
            if noisy and len(message.text) <= _LONGEST_NOISY:
                noisy -= 1
                typed = draw.choice(_MANNERS)(message.text, draw.randrange(10**6))
                texts.append(reader.read(typed).restored)
            held = [aspects for text, aspects in message.sentences if sentences(text)]
            for text in texts:
                found = sentences(text)
                if len(found) == len(held):
                    yield from zip(found, held, strict=True)

    def process(self, messages: list[Message]) -> list[Message]:
        """Reports aspects with their probabilities, and each cue span as an entity."""
        for message in messages:
            text = message.get(TEXT) or ""
            if self._model is None or not text.strip():
                message.set(ASPECTS, [], add_to_output=True)
                continue
            best: dict[str, float] = {}
            for sentence in sentences(text):
                for name, score in self._model.predict(features(sentence)):
                    best[name] = max(best.get(name, 0.0), round(score, 4))
            message.set(ASKS, best.pop(ANY, 0.0), add_to_output=True)
            ranked = sorted(best.items(), key=lambda pair: -pair[1])
            likely = [pair for place, pair in enumerate(ranked) if not place or pair[1] >= MINIMUM]
            message.set(ASPECTS, likely, add_to_output=True)
            spans = self._spans(text, dict(likely))
            message.set(ENTITIES, [*message.get(ENTITIES, []), *spans], add_to_output=True)
        return messages

    def _spans(self, text: str, likely: dict[str, float]) -> list[dict[str, Any]]:
        """Finds the longest cue phrase of each likely aspect."""
        folded = fold(text)
        if len(folded) != len(text):
            return []
        padded = f" {_OUTSIDE_WORDS.sub(' ', folded)} "
        found: dict[str, tuple[int, int]] = {}
        for aspect, score in likely.items():
            if score < CUE_MINIMUM:
                continue
            for cue in self._cues.get(aspect, ()):  # the longest first
                start = padded.find(f" {cue} ")
                if start >= 0:
                    found[aspect] = (start, start + len(cue))
                    break
        return [
            {
                ENTITY_ATTRIBUTE_TYPE: ENTITY,
                ENTITY_ATTRIBUTE_VALUE: aspect,
                ENTITY_ATTRIBUTE_START: start,
                ENTITY_ATTRIBUTE_END: end,
                "confidence_entity": likely[aspect],
                "extractor": type(self).__name__,
            }
            for aspect, (start, end) in sorted(found.items())
        ]
