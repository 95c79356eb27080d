"""Rasa's custom actions, run in the same process with the live tracker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any, Final

from rasa.core.actions.action import Action
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.dialogue.decide import Decider
from assistant.dialogue.decisions import Act, Answer, NotKnown
from assistant.dialogue.state import ConversationState, Understanding
from assistant.replies.compose import Composer
from connectors.message import Reply, ReplyKind

ACTION_PREFIX: Final = "action_"
CHOICE_KEY: Final = "choice"
_KEEPS_PENDING: Final = frozenset(
    {ReplyKind.SMALLTALK, ReplyKind.HELP, ReplyKind.OUT_OF_SCOPE, ReplyKind.REFUSED}
)


class ReplyChannel(OutputChannel):
    """Collects the reply of one turn, with what was understood on the way."""

    def __init__(self) -> None:
        """Starts empty."""
        self.reply: Reply | None = None
        self.heard: Understanding | None = None
        self.timings: dict[str, float] = {}
        self.candidates: tuple[tuple[str, float], ...] = ()
        self.declined = False

    @classmethod
    def name(cls) -> str:
        """The name that Rasa's logs show."""
        return "motcua"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Drops Rasa's rendering of the reply: the reply itself is taken from the channel."""

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Never called, since :meth:`send_response` drops everything."""


class Respond(Action):
    """Decides and answers; one instance for each action of the domain."""

    def __init__(
        self,
        act: Act,
        decider: Decider,
        composer: Composer,
        understand: Callable[[str], Understanding],
    ) -> None:
        """Takes the act that the rule stands for, and who decides, words and reads."""
        self._act = act
        self._decider = decider
        self._composer = composer
        self._understand = understand

    def name(self) -> str:
        """The name of the action in the domain."""
        return f"{ACTION_PREFIX}{self._act.value}"

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
        metadata: dict[str, Any] | None = None,
    ) -> list[Event]:
        """Answers the latest message of the tracker."""
        latest = tracker.latest_message
        heard = Understanding.from_parse(latest.parse_data if latest else {})
        state = ConversationState.from_slots(tracker.current_slot_values())
        choice = (latest.metadata or {}).get(CHOICE_KEY) if latest else None
        started = perf_counter()
        decision = self._decider.decide(self._act, heard, state, self._understand, choice)
        decided = perf_counter()
        reply = self._composer.compose(decision)
        composed = perf_counter()
        if isinstance(output_channel, ReplyChannel):
            output_channel.reply = reply
            output_channel.heard = heard
            output_channel.candidates = tuple(
                (c.code, round(c.probability, 4)) for c in decision.candidates
            )
            output_channel.declined = isinstance(decision, NotKnown)
            output_channel.timings["decide"] = (decided - started) * 1000
            output_channel.timings["compose"] = (composed - decided) * 1000
        province = decision.province if isinstance(decision, Answer) else ""
        return [BotUttered(reply.text), *_remember(reply, state, self._act, province)]


def _remember(reply: Reply, state: ConversationState, act: Act, province: str) -> list[Event]:
    """Sets the slots that the next message may need."""
    if act in {Act.START_OVER, Act.FORGET}:
        state = ConversationState()
    offered = [{"id": choice.id, "title": choice.title} for choice in reply.choices]
    if not offered and reply.kind in _KEEPS_PENDING and act not in {Act.START_OVER, Act.FORGET}:
        offered = [{"id": c.id, "title": c.title} for c in state.pending]
    after = replace(state)
    if reply.procedure is not None:
        after = replace(state, procedure=reply.procedure)
    return [
        SlotSet("province", province or after.province),
        SlotSet("procedure", after.procedure),
        SlotSet("aspects", list(reply.aspects)),
        SlotSet("pending", offered),
        SlotSet("awaiting_choice", bool(offered)),
    ]
