"""Runs Rasa's dialogue engine with our actions in the same process."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.dialogue.actions import ACTION_PREFIX, Respond
from assistant.dialogue.decide import Decider
from assistant.dialogue.decisions import Act
from assistant.dialogue.runner import OrderedRunner
from assistant.dialogue.state import Understanding
from assistant.replies.compose import Composer

_MAX_KNOWN_STATES = 10_000


class InProcessProcessor(MessageProcessor):
    """A message processor whose custom actions are objects instead of a web service.

    Rasa's own way of one message checks the answer of an action server against a JSON schema,
    schedules its graph anew, copies trackers and events for its log, and saves new conversations
    twice. This one does the same steps once each.
    """

    graph_runner: Any

    def equip(self, decider: Decider, composer: Composer) -> None:
        """Hands over what the actions need; to be called once after construction."""
        self.graph_runner = OrderedRunner.of(self.graph_runner)
        self._known: dict[tuple[object, ...], str] = {}
        self._responses: dict[str, Action] = {}
        for act in Act:
            action = Respond(act, decider, composer, self.understand)
            self._responses[action.name()] = action

    async def handle_message(self, message: UserMessage) -> None:
        """Handles one message: reads it, follows the rules, acts, and remembers.

        Raises:
            Exception: Whatever an action raised; nothing is remembered of such a turn.
        """
        tracker = await self.tracker_store.retrieve(message.sender_id)
        if tracker is None:
            tracker = self.tracker_store.init_tracker(message.sender_id)
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        parse = self._parse_message_with_graph(message, tracker)
        tracker.update(
            UserUttered(
                message.text,
                parse["intent"],
                parse["entities"],
                parse,
                input_channel=message.input_channel,
                message_id=message.message_id,
                metadata=message.metadata,
            ),
            self.domain,
        )
        await self._run_prediction_loop(message.output_channel, tracker)
        await self.save_tracker(tracker)

    async def _run_prediction_loop(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> None:
        """Takes the actions that the rules ask for; one answer ends a turn."""
        own = self._response(tracker)
        if own is None:
            await super()._run_prediction_loop(output_channel, tracker)
            return
        events = await own.run(output_channel, self.nlg, tracker, self.domain)
        tracker.update(ActionExecuted(own.name()), self.domain)
        tracker.update_with_events(events, self.domain)

    def _response(self, tracker: DialogueStateTracker) -> Action | None:
        """Predicts which of our own actions answers the message; None: some other action.

        A conversation is kept as slots, so the rules see this turn only, and what they make of the
        same intent, kinds of mention and slots does not change.
        """
        message = tracker.latest_message
        if message is None:
            return None
        state = (
            message.intent.get("name"),
            frozenset(entity["entity"] for entity in message.entities),
            tuple(
                tuple(slot.as_feature()) for slot in tracker.slots.values() if slot.has_features()
            ),
        )
        name = self._known.get(state)
        if name is None:
            name = self._predicted(self._predict_next_with_tracker(tracker))
            if len(self._known) < _MAX_KNOWN_STATES:
                self._known[state] = name
        return self._responses.get(name)

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Predicts the next action and gives our own object for it.

        One answer ends a turn, whatever slots it set: the policy is not asked again.
        """
        if tracker.latest_action_name in self._responses:
            listen = super()._get_action(ACTION_LISTEN_NAME)
            return listen, PolicyPrediction.for_action_name(self.domain, ACTION_LISTEN_NAME)
        again = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, again):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        name = self._predicted(prediction)
        action = self._get_action(name)
        if action is None:
            raise ActionLimitReached(f"There is no action named {name!r}.")
        return action, prediction

    def _predicted(self, prediction: PolicyPrediction) -> str:
        return str(self.domain.action_names_or_texts[prediction.max_confidence_index])

    def _get_action(self, action_name: str) -> Action | None:
        if action_name.startswith(ACTION_PREFIX) and action_name in self._responses:
            return self._responses[action_name]
        return super()._get_action(action_name)

    def understand(self, text: str) -> Understanding:
        """Reads a text outside any conversation."""
        message = UserMessage(text)
        tracker = DialogueStateTracker.from_events(message.sender_id, [])
        return Understanding.from_parse(self._parse_message_with_graph(message, tracker))

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Skips Rasa's slot extraction: every slot here is set by an action."""
        return tracker

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Skips a check of each message against the domain, which ``rasa data validate`` does."""
