"""Runs Rasa's dialogue engine with our actions in the same process."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.dialogue.actions import ACTION_PREFIX, Respond
from assistant.dialogue.decide import Decider
from assistant.dialogue.decisions import Act
from assistant.dialogue.state import Understanding
from assistant.replies.compose import Composer


class InProcessProcessor(MessageProcessor):
    """A message processor whose custom actions are objects instead of a web service.

    Rasa's own ``RemoteAction`` checks the answer of its action server against a JSON schema and
    that schema against its meta-schema on every call, which costs more than all the rest of a turn.
    """

    def equip(self, decider: Decider, composer: Composer) -> None:
        """Hands over what the actions need; to be called once after construction."""
        self._responses: dict[str, Action] = {}
        for act in Act:
            action = Respond(act, decider, composer, self.understand)
            self._responses[action.name()] = action

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
        name = self.domain.action_names_or_texts[prediction.max_confidence_index]
        action = self._get_action(name)
        if action is None:
            raise ActionLimitReached(f"There is no action named {name!r}.")
        return action, prediction

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
