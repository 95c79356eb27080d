"""What can be taught: an everyday name, a training example, the value of a field."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    field_validator,
    model_validator,
)

from assistant.training import DOMAIN
from knowledge_base.corrections import Correction
from knowledge_base.schema import Aspect, Code

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]

ASK = "ask_procedure"


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_line(text: str) -> str:
    return " ".join(text.split())


class AliasChange(_Change):
    """People call a procedure so."""

    kind: Literal["alias"] = "alias"
    code: Code
    phrase: Words

    @field_validator("phrase", mode="before")
    @classmethod
    def _tidy(cls, phrase: Any) -> Any:
        if not isinstance(phrase, str):
            return phrase
        return _one_line(phrase).strip(" .,;:!?…").lower()


class Cue(_Change):
    """Words of an example that ask for an aspect."""

    words: Words
    aspect: Aspect


class ExampleChange(_Change):
    """A message and what it is."""

    kind: Literal["example"] = "example"
    intent: str
    text: Words
    cues: tuple[Cue, ...] = ()

    @field_validator("intent")
    @classmethod
    def _is_known(cls, intent: str) -> str:
        if intent not in intents():
            raise ValueError(f"{intent!r} is no intent")
        return intent

    @field_validator("text", mode="before")
    @classmethod
    def _tidy(cls, text: Any) -> Any:
        """Leaves out the brackets with which Rasa marks entities."""
        if not isinstance(text, str):
            return text
        return _one_line(text.translate(str.maketrans(dict.fromkeys("[](){}"))))

    @model_validator(mode="after")
    def _cues_are_said(self) -> ExampleChange:
        rest = self.text
        for cue in self.cues:
            if cue.words not in rest:
                raise ValueError(f"{cue.words!r} does not stand in the example")
            rest = rest.replace(cue.words, "\0", 1)
        if self.cues and self.intent != ASK:
            raise ValueError("only a question about a procedure asks for an aspect")
        return self

    def marked(self) -> str:
        """Writes the example as Rasa's training files do, its cues marked."""
        spans = sorted(
            (self.text.index(cue.words), cue.words, cue.aspect.value) for cue in self.cues
        )
        written, done = "", 0
        for start, words, aspect in spans:
            value = json.dumps({"entity": "aspect", "value": aspect})
            written += f"{self.text[done:start]}[{words}]{value}"
            done = start + len(words)
        return written + self.text[done:]


class FieldChange(_Change):
    """A field of a record has to say something else."""

    kind: Literal["field"] = "field"
    correction: Correction

    @property
    def code(self) -> str:
        """The record concerned."""
        return self.correction.code


Change = AliasChange | ExampleChange | FieldChange

_ADAPTER: TypeAdapter[Change] = TypeAdapter(Annotated[Change, Field(discriminator="kind")])


def read_change(payload: Any) -> Change:
    """Reads a change from plain data.

    Raises:
        pydantic.ValidationError: When it is none.
    """
    return _ADAPTER.validate_python(payload)


def as_payload(change: Change) -> dict[str, Any]:
    """Returns a change as plain data."""
    return change.model_dump(mode="json")


@lru_cache(maxsize=1)
def intents() -> frozenset[str]:
    """Returns what a message may be, as the domain lists it."""
    return frozenset(yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))["intents"])
