"""Tells what a citizen wants to know about a procedure; several things at once are normal."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable
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

from assistant.nlu.attributes import ASPECTS, FEATURES
from assistant.nlu.everyday import everyday_phrases
from assistant.nlu.intent import ASK
from assistant.nlu.linear import LinearModel
from assistant.nlu.ngrams import ngrams
from knowledge_base.schema import Aspect
from vietnamese.fold import fold

ENTITY = "aspect"
_QUESTION = re.compile(
    r"\b(gì|sao|đâu|bao|mấy|không|nào|chưa|được|phí|tiền|giấy tờ|hồ sơ|mẫu|điều kiện|ngày)\b"
)
"""Everyday names with such words may themselves ask for an aspect, so they are not mere topics."""

MAX_CLAUSE_SYLLABLES = 14
MAX_CLAUSES = 5
_CLAUSE = re.compile(r"[,;:?!\n]|(?<!\d)\.(?!\d)|\b(?:và|với lại|rồi|còn)\b")
"""Where one question may end and the next begin."""

MINIMUM = 0.1
"""Aspects less likely than this are not reported."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class AspectExtractor(GraphComponent):
    """One yes-or-no classifier an aspect, and the span that gave it away.

    It learns from the examples in which a span is marked as an aspect, and from the same spans
    put beside everyday names of other procedures, so that it does not tie an aspect to a topic.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Combinations made of each marked span, the regularisation, the seed."""
        return {"combinations": 6, "pairs": 700, "strength": 8.0, "seed": 11}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
        cues: dict[str, str] | None = None,
    ) -> None:
        """Takes the trained model and the cue phrases, or none before training."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._cues = cues or {}

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
        """Trains on the examples of questions about a procedure."""
        rows: list[list[str]] = []
        targets: list[frozenset[str]] = []
        spans: dict[str, set[str]] = {}
        for example in training_data.intent_examples:
            if example.get(INTENT) != ASK:
                continue
            text = example.get(TEXT)
            marked = [e for e in example.get(ENTITIES, []) if e[ENTITY_ATTRIBUTE_TYPE] == ENTITY]
            for entity in marked:
                span = text[entity[ENTITY_ATTRIBUTE_START] : entity[ENTITY_ATTRIBUTE_END]]
                spans.setdefault(entity[ENTITY_ATTRIBUTE_VALUE], set()).add(span)
            rows.append(ngrams(text))
            targets.append(frozenset(e[ENTITY_ATTRIBUTE_VALUE] for e in marked))
        unknown = set(spans) - {aspect.value for aspect in Aspect}
        if unknown:
            raise ValueError(f"training data marks unknown aspects: {sorted(unknown)}")
        for text, held in self._combinations(spans):
            rows.append(ngrams(text))
            targets.append(held)
        self._model = LinearModel.fit_independent(
            rows, targets, strength=float(self._config["strength"])
        )
        self._cues = {fold(span): aspect for aspect, found in spans.items() for span in found}
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
            (Path(folder) / "cues.json").write_text(
                json.dumps(self._cues, ensure_ascii=False), "utf-8"
            )
        return self._resource

    def _combinations(self, spans: dict[str, set[str]]) -> Iterable[tuple[str, frozenset[str]]]:
        draw = random.Random(int(self._config["seed"]))
        topics = [phrase for phrase in everyday_phrases(6000) if not _QUESTION.search(phrase)]
        if not topics:
            return
        flat = sorted((aspect, span) for aspect, found in spans.items() for span in found)
        for aspect, span in flat:
            for _ in range(int(self._config["combinations"])):
                topic = draw.choice(topics)
                order = f"{span} {topic}" if draw.random() < 0.25 else f"{topic} {span}"
                yield order, frozenset({aspect})
        for _ in range(int(self._config["pairs"])):
            (first, one), (second, two) = draw.sample(flat, 2)
            glue = draw.choice([" và ", ", ", " ", " với lại "])
            yield f"{draw.choice(topics)} {one}{glue}{two}", frozenset({first, second})
        for _ in range(int(self._config["pairs"])):
            yield draw.choice(topics), frozenset()

    def process(self, messages: list[Message]) -> list[Message]:
        """Reports aspects with their probabilities, and each cue span as an entity."""
        for message in messages:
            text = message.get(TEXT) or ""
            if self._model is None or not text.strip():
                message.set(ASPECTS, [], add_to_output=True)
                continue
            scores = self._score(self._model, text, message.get(FEATURES))
            likely = [(name, round(score, 4)) for name, score in scores if score >= MINIMUM]
            message.set(ASPECTS, likely, add_to_output=True)
            spans = self._spans(text, dict(likely))
            message.set(ENTITIES, [*message.get(ENTITIES, []), *spans], add_to_output=True)
        return messages

    def _score(self, model: LinearModel, text: str, features: list[str]) -> list[tuple[str, float]]:
        """Scores the whole text and each short clause; an aspect counts where it is likeliest."""
        best = dict(model.predict(features))
        clauses = [clause.strip() for clause in _CLAUSE.split(text)]
        short = [c for c in clauses if c and len(c.split()) <= MAX_CLAUSE_SYLLABLES]
        if len(clauses) > 1:
            for clause in short[:MAX_CLAUSES]:
                for name, score in model.predict(ngrams(clause)):
                    best[name] = max(best[name], score)
        return sorted(best.items(), key=lambda pair: -pair[1])

    def _spans(self, text: str, likely: dict[str, float]) -> list[dict[str, Any]]:
        """Finds the longest cue phrase of each likely aspect."""
        folded = fold(text)
        if len(folded) != len(text):
            return []
        found: dict[str, tuple[int, int]] = {}
        for cue, aspect in self._cues.items():
            if likely.get(aspect, 0.0) < 0.5 or len(cue) < 3:
                continue
            start = folded.find(cue)
            longest = found.get(aspect, (0, 0))
            if start >= 0 and len(cue) > longest[1] - longest[0]:
                found[aspect] = (start, start + len(cue))
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
