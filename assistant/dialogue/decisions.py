"""What the assistant may decide to do about a message, as data that the composer words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge_base.places import Place
from knowledge_base.schema import Aspect
from knowledge_base.search import Candidate


class Act(StrEnum):
    """What a rule made of the message: one of these for each action of the domain."""

    ANSWER = "answer"
    CHOOSE = "choose"
    COMPARE = "compare"
    LIST = "list"
    GREET = "greet"
    THANK = "thank"
    GOODBYE = "goodbye"
    ABILITIES = "abilities"
    OFFICE = "office"
    OUT_OF_SCOPE = "out_of_scope"
    REFUSE = "refuse"
    DISTRESS = "distress"
    SCAM = "scam"
    DENOUNCE = "denounce"
    FEEDBACK = "feedback"
    LOOK_UP = "look_up"
    DENY = "deny"
    START_OVER = "start_over"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Found:
    """A procedure to answer about.

    Attributes:
        code: National code.
        aspects: What to say of it; empty: an overview.
        confidence: Calibrated probability that it is the right one.
        whole: Whether everything is to be said, however long.
    """

    code: str
    aspects: tuple[Aspect, ...] = ()
    confidence: float = 1.0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Base of all decisions; ``candidates`` are what the search found, best first."""

    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer(Decision):
    """Answer about one procedure, or about several when several were asked for.

    Attributes:
        found: What to answer about, in the order in which it was asked.
        others: Procedures to offer besides, where the answer is not a sure one.
        province: Short name of the province whose own fees are wanted; empty: not known.
        place: What the message says of where the citizen lives; None: nothing.
        open_to: Provinces that the place named may lie in, where there are several of that name.
    """

    found: tuple[Found, ...] = ()
    others: tuple[str, ...] = ()
    province: str = ""
    place: Place | None = None
    open_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clarify(Decision):
    """Ask which of at most five procedures is meant."""

    options: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()


@dataclass(frozen=True, slots=True)
class Compare(Decision):
    """Put two procedures side by side."""

    first: str = ""
    second: str = ""
    aspects: tuple[Aspect, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class ListField(Decision):
    """List the procedures of a field, or the fields when none is named."""

    field: str | None = None


@dataclass(frozen=True, slots=True)
class NotKnown(Decision):
    """About procedures, but not one of the catalogue: say so, and who knows."""

    nearest_field: str | None = None


@dataclass(frozen=True, slots=True)
class Converse(Decision):
    """Everything that needs no record: greetings, refusals, help in danger."""

    act: Act = Act.GREET


AnyDecision = Answer | Clarify | Compare | ListField | NotKnown | Converse
