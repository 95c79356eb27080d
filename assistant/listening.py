"""Tells what a message is without answering it, for dialogues that must not swallow a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from assistant.dialogue.decide import Decider
from assistant.dialogue.decisions import Act, Converse, NotKnown
from assistant.dialogue.state import ConversationState, Understanding
from assistant.feedback.hearing import Heard, Hearing
from assistant.replies.compose import Composer

ACTS: Final[Mapping[str, Act]] = {
    "ask_procedure": Act.ANSWER,
    "list_procedures": Act.LIST,
    "compare": Act.COMPARE,
    "greet": Act.GREET,
    "thank": Act.THANK,
    "goodbye": Act.GOODBYE,
    "ask_abilities": Act.ABILITIES,
    "ask_office": Act.OFFICE,
    "out_of_scope": Act.OUT_OF_SCOPE,
    "general_law": Act.OUT_OF_SCOPE,
    "request_action": Act.REFUSE,
    "injection": Act.REFUSE,
    "distress": Act.DISTRESS,
    "scam": Act.SCAM,
    "denounce": Act.DENOUNCE,
    "give_feedback": Act.FEEDBACK,
    "look_up_dossier": Act.LOOK_UP,
    "deny": Act.DENY,
    "affirm": Act.CHOOSE,
    "choose": Act.CHOOSE,
    "start_over": Act.START_OVER,
    "forget_me": Act.FORGET,
}
"""What the dialogue rules make of each intent; a test holds this against the rules."""

_HEARINGS: Final = {
    Act.DISTRESS: Hearing.DANGER,
    Act.SCAM: Hearing.ALARM,
    Act.DENOUNCE: Hearing.ALARM,
    Act.START_OVER: Hearing.CONTROL,
    Act.FORGET: Hearing.CONTROL,
    Act.GREET: Hearing.SMALL_TALK,
    Act.THANK: Hearing.SMALL_TALK,
    Act.GOODBYE: Hearing.SMALL_TALK,
    Act.CHOOSE: Hearing.SMALL_TALK,
    Act.DENY: Hearing.SMALL_TALK,
    Act.ABILITIES: Hearing.QUESTION,
    Act.OFFICE: Hearing.QUESTION,
    Act.LOOK_UP: Hearing.QUESTION,
}


class Listener:
    """Understands and decides as the dialogue engine does, outside any conversation."""

    def __init__(
        self, decider: Decider, composer: Composer, understand: Callable[[str], Understanding]
    ) -> None:
        """Takes who reads, who decides and who words."""
        self._decider = decider
        self._composer = composer
        self._understand = understand

    def listen(self, text: str) -> Heard:
        """Tells what a masked message is."""
        heard = self._understand(text)
        act = ACTS.get(heard.intent, Act.ANSWER)
        decision = self._decider.decide(act, heard, ConversationState(), self._understand)
        if not isinstance(decision, Converse):
            known = not isinstance(decision, NotKnown)
            return Heard(Hearing.QUESTION if known else Hearing.NOTHING)
        hearing = _HEARINGS.get(decision.act, Hearing.NOTHING)
        if hearing in {Hearing.DANGER, Hearing.ALARM}:
            return Heard(hearing, self._composer.compose(decision).blocks)
        return Heard(hearing)
