"""The short dialogues: why an answer was of no use, a suggestion or complaint, a rating.

A dialogue asks one thing at a time, every question but the matter itself can be left out, and it
never traps anybody: a question that the assistant understands leaves it, "thôi" ends it, and after
half an hour it is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from assistant.dialogue.choices import chosen
from assistant.feedback import phrases, wording
from assistant.feedback.flows import RATING_ASKED, SUGGESTING, Flow, FlowBook, Step
from assistant.feedback.hearing import Ear, Hearing
from assistant.feedback.items import SYSTEM, Item, NewItem, ReviewItems
from assistant.feedback.limits import Attempts
from assistant.feedback.ratings import Ratings
from assistant.feedback.seal import Seal
from assistant.feedback.values import (
    ABOUT,
    PUBLIC_KINDS,
    REASONS,
    About,
    Kind,
    Origin,
    Reason,
)
from assistant.feedback.votes import VoteBook
from assistant.moments import Clock, utc_now
from assistant.privacy import PersonalData, mask
from connectors.message import Block, Choice, Paragraph, Reply, ReplyKind

MOST_SUGGESTIONS: Final = 5
SUGGESTION_WINDOW: Final = 3600
MAX_TEXT: Final = 2000
MAX_PLACE: Final = 200
MAX_CONTACT: Final = 200
_SHORT: Final = 3
"""Syllables up to which a thank-you in the place of a text is only a thank-you."""

_LONG_QUESTION: Final = 8
"""Syllables up to which the name of a procedure, in the place of a choice, is a question."""

_PLACELESS: Final = frozenset({About.ASSISTANT, About.WEBSITE})
_STOP: Final = Choice("g:stop", wording.STOP)
_SKIP: Final = Choice("g:skip", wording.SKIP)


@dataclass(frozen=True, slots=True)
class Said:
    """A message within a dialogue.

    Attributes:
        text: As typed.
        masked: Without personal numbers.
        choice: Id of a choice that was tapped or named by its number.
    """

    text: str
    masked: str
    choice: str = ""


class Dialogues:
    """Leads the dialogues; what they take down goes to the votes, the queue and the ratings."""

    def __init__(
        self,
        flows: FlowBook,
        votes: VoteBook,
        items: ReviewItems,
        ratings: Ratings,
        attempts: Attempts,
        seal: Seal,
        ear: Ear,
        clock: Clock = utc_now,
    ) -> None:
        """Takes the books to write into, and who tells a question from an opinion."""
        self._flows = flows
        self._votes = votes
        self._items = items
        self._ratings = ratings
        self._attempts = attempts
        self._seal = seal
        self._ear = ear
        self._clock = clock
        self._steps: dict[Step, Callable[[str, Flow, Said], Reply | None]] = {
            Step.REASON: self._reason,
            Step.COMMENT: self._comment,
            Step.KIND: self._kind,
            Step.ABOUT: self._about,
            Step.PLACE: self._place,
            Step.TEXT: self._text,
            Step.CONTACT: self._contact,
            Step.CONTACT_VALUE: self._contact_value,
            Step.CONTACT_CONFIRM: self._contact_confirm,
            Step.RATING: self._rating,
            Step.RATING_COMMENT: self._rating_comment,
        }

    # --- entrances ------------------------------------------------------------------------

    def vote(self, conversation: str, useful: bool, handle: str, thanked: bool = False) -> Reply:
        """Takes down a vote and, where it is against the answer, asks why."""
        vote = self._votes.cast(handle, conversation, useful)
        if vote is None:
            return say(wording.VOTE_UNKNOWN)
        if useful or vote.item is None:
            self._rest(conversation)
            kind = ReplyKind.SMALLTALK if thanked else ReplyKind.FEEDBACK
            return say(wording.VOTED_USEFUL, kind=kind)
        self._go(conversation, Step.REASON, {"handle": handle})
        choices = [Choice(f"w:{reason.value}:{handle}", REASONS[reason]) for reason in Reason]
        return say(wording.VOTED_NOT_USEFUL.format(code=vote.item.code), choices=choices)

    def explain(self, conversation: str, reason: Reason, handle: str) -> Reply:
        """Takes down why an answer was of no use, and asks for a comment."""
        vote = self._votes.cast(handle, conversation, False, reason.value)
        if vote is None:
            return say(wording.VOTE_UNKNOWN)
        self._go(conversation, Step.COMMENT, {"handle": handle})
        return say(wording.ASK_COMMENT.format(skip=wording.SKIP), choices=[_SKIP])

    def blame(self, conversation: str, handle: str, reason: Reason, comment: str) -> Reply:
        """Takes down a vote against an answer that says itself what is wrong."""
        vote = self._votes.cast(handle, conversation, False, reason.value, comment[:MAX_TEXT])
        if vote is None or vote.item is None:
            return say(wording.VOTE_UNKNOWN)
        return self._end(conversation, wording.BLAME_TAKEN.format(code=vote.item.code))

    def open(self, conversation: str, channel: str, said: Said, also: tuple[Block, ...]) -> Reply:
        """Begins a suggestion or complaint; a message that says what it is about is kept.

        Args:
            conversation: Whose it is, as ``channel:id``.
            channel: Where it was begun.
            said: The message that asked for it.
            also: Where one may turn to besides.
        """
        data: dict[str, Any] = {"channel": channel}
        kind = phrases.kind_of(said.masked)
        if kind:
            data["kind"] = kind
        if phrases.says_something(said.masked) and not phrases.asks(said.masked):
            data["text"] = said.masked[:MAX_TEXT]
        reply = self._next(conversation, data)
        noted = (Paragraph(wording.NOTED),) if "text" in data else ()
        besides = (Paragraph(wording.ALSO), *also) if also else ()
        return Reply(reply.kind, (*noted, *reply.blocks, *besides), reply.choices)

    def ask_rating(self, conversation: str) -> tuple[Block, tuple[Choice, ...]]:
        """Asks for a rating at the end of a conversation."""
        self._go(conversation, Step.RATING, {RATING_ASKED: self._clock().isoformat()})
        return Paragraph(wording.ASK_RATING), _SCORES

    def rate(self, conversation: str, channel: str, score: int) -> Reply:
        """Takes down a rating and, where it is low, asks what was wrong."""
        rating = self._ratings.record(channel, score, conversation)
        if score > 2:
            self._rest(conversation)
            return say(wording.RATED)
        data = {"rating": rating, "score": score, "channel": channel}
        self._go(conversation, Step.RATING_COMMENT, data)
        return say(wording.ASK_RATING_COMMENT, choices=[_SKIP])

    # --- going on -------------------------------------------------------------------------

    def go_on(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        """Goes on with a dialogue.

        Returns:
            What to say next; None where the message has nothing to do with the dialogue.
        """
        if phrases.opens(said.masked) or self._in_danger(flow, said):
            return None
        return self._steps[flow.step](conversation, flow, said)

    def leave(self, conversation: str, flow: Flow) -> str:
        """Ends a dialogue because the citizen speaks of something else.

        Returns:
            What to add to the answer; usually nothing.
        """
        self._rest(conversation)
        if flow.step not in SUGGESTING:
            return ""
        if flow.data.get("text"):
            item = self._submit(conversation, flow.data)
            if item is not None:
                return wording.SENT_ON_LEAVING.format(code=item.code)
        return wording.LEFT

    def pointing(self, text: str) -> tuple[Block, ...]:
        """Names those who may act on a matter that is not for this office; usually nobody."""
        heard = self._ear.listen(text)
        return heard.blocks if heard.hearing in {Hearing.DANGER, Hearing.ALARM} else ()

    def send_left_behind(self) -> int:
        """Sends the suggestions that were written but never finished; says how many."""
        sent = 0
        for conversation, flow in self._flows.left_behind():
            if self._flows.claim(conversation, flow) and flow.data.get("text"):
                sent += self._submit(conversation, flow.data) is not None
        return sent

    # --- steps: votes ---------------------------------------------------------------------

    def _reason(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        if said.choice:
            return None
        handle = flow.data["handle"]
        offered = [Choice(reason.value, REASONS[reason]) for reason in Reason]
        taken = chosen(said.masked, offered)
        if taken is not None:
            return self.explain(conversation, Reason(taken.id), handle)
        if phrases.cancels(said.masked) or phrases.skips(said.masked):
            return self._end(conversation, wording.SKIPPED)
        if self._elsewhere(said, waiting_for_text=False):
            return None
        vote = self._votes.cast(
            handle, conversation, False, Reason.OTHER.value, said.masked[:MAX_TEXT]
        )
        return self._commented(conversation, vote.item if vote else None)

    def _comment(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        handle = flow.data["handle"]
        if _is_skip(said):
            vote = self._votes.of(handle)
            item = self._items.by_handle(handle) if vote else None
            return self._commented(conversation, item)
        if said.choice or self._elsewhere(said, waiting_for_text=True):
            return None
        voted = self._votes.cast(handle, conversation, False, "", said.masked[:MAX_TEXT])
        return self._commented(conversation, voted.item if voted else None)

    def _commented(self, conversation: str, item: Item | None) -> Reply:
        if item is None:
            return self._end(conversation, wording.VOTE_UNKNOWN)
        return self._end(conversation, wording.COMMENT_TAKEN.format(code=item.code))

    # --- steps: suggestions and complaints -------------------------------------------------

    def _kind(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        offered = _kinds()
        taken = _taken(said, offered)
        if taken:
            return self._next(conversation, {**flow.data, "kind": taken})
        return self._instead_of_choice(conversation, flow, said, "kind", Kind.SUGGESTION.value)

    def _about(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        taken = _taken(said, _abouts())
        if taken:
            return self._next(conversation, {**flow.data, "about": taken})
        return self._instead_of_choice(conversation, flow, said, "about", About.OTHER.value)

    def _instead_of_choice(
        self, conversation: str, flow: Flow, said: Said, name: str, default: str
    ) -> Reply | None:
        """Takes words in the place of a choice for the matter, unless they are a question."""
        if _is_stop(said):
            return self._end(conversation, wording.STOPPED)
        if said.choice or self._elsewhere(said, waiting_for_text=False):
            return None
        data = dict(flow.data)
        if not data.get("text") and phrases.says_something(said.masked):
            data["text"] = said.masked[:MAX_TEXT]
            guessed = phrases.kind_of(said.masked)
            if guessed and name == "kind":
                data["kind"] = guessed
            return self._next(conversation, data)
        return self._next(conversation, {**data, name: default})

    def _place(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        if said.choice == _STOP.id or phrases.cancels(said.masked):
            return self._end(conversation, wording.STOPPED)
        if said.choice == _SKIP.id or (not said.choice and phrases.skips(said.masked)):
            return self._next(conversation, {**flow.data, "place": ""})
        if said.choice or self._elsewhere(said, waiting_for_text=True):
            return None
        return self._next(conversation, {**flow.data, "place": said.masked[:MAX_PLACE]})

    def _text(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        if _is_stop(said):
            return self._end(conversation, wording.STOPPED)
        if said.choice or self._elsewhere(said, waiting_for_text=True):
            return None
        if len(said.masked.split()) < 2 or sum(c.isalpha() for c in said.masked) < 6:
            return say(wording.TEXT_TOO_SHORT, choices=[_STOP])
        return self._next(conversation, {**flow.data, "text": said.masked[:MAX_TEXT]})

    def _next(self, conversation: str, data: Mapping[str, Any]) -> Reply:
        """Asks for what is missing, or sends what there is."""
        if "kind" not in data:
            self._go(conversation, Step.KIND, data)
            return say(wording.ASK_KIND, choices=[*_kinds("g:kind:"), _STOP])
        if "about" not in data:
            self._go(conversation, Step.ABOUT, data)
            return say(wording.ASK_ABOUT, choices=[*_abouts("g:about:"), _STOP])
        if "place" not in data and data["about"] not in _PLACELESS:
            self._go(conversation, Step.PLACE, data)
            return say(wording.ASK_PLACE, choices=[_SKIP, _STOP])
        if "text" not in data:
            self._go(conversation, Step.TEXT, data)
            return say(wording.ASK_TEXT, choices=[_STOP])
        item = self._submit(conversation, data)
        if item is None:
            return self._end(conversation, wording.TOO_MANY)
        self._go(conversation, Step.CONTACT, {"item": item.id})
        blocks: list[Block] = []
        pointed = self.pointing(data["text"])
        if pointed:
            blocks += [Paragraph(wording.POINTED, strong=True), *pointed]
        kind = PUBLIC_KINDS[item.kind]
        blocks += [
            Paragraph(wording.TAKEN.format(kind=kind, code=item.code), strong=True),
            Paragraph(wording.HOW_TO_FOLLOW),
            Paragraph(wording.ASK_CONTACT),
        ]
        return Reply(ReplyKind.FEEDBACK, tuple(blocks), _CONTACT)

    def _submit(self, conversation: str, data: Mapping[str, Any]) -> Item | None:
        key = f"suggestion:{conversation}"
        if not self._attempts.allow(key, MOST_SUGGESTIONS, SUGGESTION_WINDOW):
            return None
        kind = data.get("kind") or phrases.kind_of(data["text"]) or Kind.SUGGESTION.value
        return self._items.create(
            NewItem(
                kind=Kind(kind),
                origin=Origin.FLOW,
                channel=data["channel"],
                text=data["text"],
                conversation=conversation,
                about=data.get("about", ""),
                place=data.get("place", ""),
                tracked=True,
            )
        )

    # --- steps: contact -------------------------------------------------------------------

    def _contact(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        taken = said.choice or getattr(chosen(said.masked, _CONTACT), "id", "")
        if taken == _YES.id or (not taken and phrases.agrees(said.masked)):
            self._go(conversation, Step.CONTACT_VALUE, flow.data)
            return say(wording.ASK_CONTACT_VALUE, choices=[_NO])
        if taken in {_NO.id, _SKIP.id, _STOP.id} or _is_skip(said):
            return self._without_contact(conversation, flow)
        if said.choice or not is_contact(said.text):
            return None
        sealed = self._seal.close(said.text[:MAX_CONTACT])
        self._go(conversation, Step.CONTACT_CONFIRM, {**flow.data, "contact": sealed})
        return say(wording.CONFIRM_CONTACT, choices=_CONTACT)

    def _contact_confirm(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        taken = said.choice or getattr(chosen(said.masked, _CONTACT), "id", "")
        if taken == _YES.id or (not taken and phrases.agrees(said.masked)):
            return self._with_contact(conversation, flow, flow.data["contact"])
        if taken in {_NO.id, _SKIP.id, _STOP.id} or _is_skip(said):
            return self._without_contact(conversation, flow)
        return None

    def _contact_value(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        if said.choice in {_NO.id, _SKIP.id, _STOP.id} or _is_skip(said):
            return self._without_contact(conversation, flow)
        if said.choice:
            return None
        if is_contact(said.text):
            return self._with_contact(conversation, flow, self._seal.close(said.text[:MAX_CONTACT]))
        if self._elsewhere(said, waiting_for_text=False):
            return None
        return say(wording.CONTACT_UNREADABLE.format(no=wording.NO_CONTACT), choices=[_NO])

    def _with_contact(self, conversation: str, flow: Flow, sealed: str) -> Reply:
        changes = {"contact": sealed, "consent_at": self._clock()}
        item = self._items.update(flow.data["item"], None, changes, SYSTEM, "item.contact")
        return self._end(conversation, wording.CONTACT_TAKEN.format(code=item.code))

    def _without_contact(self, conversation: str, flow: Flow) -> Reply:
        item = self._items.get(flow.data["item"])
        return self._end(conversation, wording.NO_CONTACT_TAKEN.format(code=item.code))

    # --- steps: ratings -------------------------------------------------------------------

    def _rating(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        taken = None if said.choice else chosen(said.masked, _SCORES)
        if taken is None:
            return None
        score = score_of(taken.id)
        channel = conversation.partition(":")[0]
        return self.rate(conversation, channel, score) if score else None

    def _rating_comment(self, conversation: str, flow: Flow, said: Said) -> Reply | None:
        if _is_skip(said):
            return self._end(conversation, wording.RATED)
        if said.choice or self._elsewhere(said, waiting_for_text=True):
            return None
        comment = said.masked[:MAX_TEXT]
        self._ratings.comment(flow.data["rating"], comment)
        data = {
            "channel": flow.data["channel"],
            "kind": Kind.COMPLAINT.value,
            "about": About.ASSISTANT.value,
            "text": comment,
        }
        item = self._submit(conversation, data)
        if item is None:
            return self._end(conversation, wording.RATED)
        return self._end(conversation, wording.RATING_COMMENT_TAKEN.format(code=item.code))

    # --- helpers --------------------------------------------------------------------------

    def _in_danger(self, flow: Flow, said: Said) -> bool:
        """Tells whether somebody needs help now; a text that was asked for is recorded as well."""
        if said.choice or flow.step is Step.TEXT:
            return False
        return self._ear.listen(said.masked).hearing is Hearing.DANGER

    def _elsewhere(self, said: Said, waiting_for_text: bool) -> bool:
        """Tells whether a message leaves the dialogue.

        Args:
            said: The message.
            waiting_for_text: Whether free text was asked for; then only what is put as a question
                leaves, else also the bare name of a procedure.
        """
        if phrases.complains(said.masked) or (
            phrases.corrects(said.masked) and not said.masked.rstrip().endswith("?")
        ):
            return False
        length = len(said.masked.split())
        hearing = self._ear.listen(said.masked).hearing
        if hearing is Hearing.QUESTION:
            return phrases.asks(said.masked) or (not waiting_for_text and length <= _LONG_QUESTION)
        if hearing is Hearing.SMALL_TALK:
            return not waiting_for_text or length <= _SHORT
        return hearing is Hearing.CONTROL

    def _go(self, conversation: str, step: Step, data: Mapping[str, Any]) -> None:
        """Writes the place; that a rating was asked for stays known."""
        known = self._flows.get(conversation)
        asked = (known.data if known else {}).get(RATING_ASKED)
        kept = {RATING_ASKED: asked} if asked else {}
        self._flows.put(conversation, step, {**kept, **data})

    def _rest(self, conversation: str) -> None:
        self._go(conversation, Step.IDLE, {})

    def _end(self, conversation: str, text: str) -> Reply:
        self._rest(conversation)
        return say(text)


def say(
    text: str, choices: list[Choice] | tuple[Choice, ...] = (), kind: ReplyKind = ReplyKind.FEEDBACK
) -> Reply:
    """Words a reply of one paragraph."""
    return Reply(kind, (Paragraph(text),), tuple(choices))


def score_of(identifier: str) -> int | None:
    """Reads the id of a rating's choice."""
    kind, _, score = identifier.partition(":")
    return int(score) if kind == "s" and score in {"1", "2", "3", "4", "5"} else None


def reason_of(identifier: str) -> tuple[Reason, str] | None:
    """Reads the id of a reason's choice: the reason and the answer's handle."""
    kind, _, rest = identifier.partition(":")
    reason, _, handle = rest.partition(":")
    if kind != "w" or reason not in list(Reason) or not handle:
        return None
    return Reason(reason), handle


def _kinds(prefix: str = "") -> list[Choice]:
    return [Choice(prefix + name, title) for name, title in wording.KIND_CHOICES.items()]


def _abouts(prefix: str = "") -> list[Choice]:
    return [Choice(prefix + about.value, ABOUT[about]) for about in About]


_YES: Final = Choice("g:contact:yes", wording.CONSENT)
_NO: Final = Choice("g:contact:no", wording.NO_CONTACT)
_CONTACT: Final = (_YES, _NO)
_SCORES: Final = tuple(Choice(f"s:{n}", title) for n, title in wording.SCORES.items())


def _taken(said: Said, offered: list[Choice]) -> str:
    """The offered value that a message takes, by tap, number or name; empty: none."""
    values = {choice.id for choice in offered}
    if said.choice:
        value = said.choice.rpartition(":")[2]
        return value if value in values else ""
    found = chosen(said.masked, offered)
    return found.id if found else ""


def _is_stop(said: Said) -> bool:
    return said.choice == _STOP.id or (not said.choice and phrases.cancels(said.masked))


def _is_skip(said: Said) -> bool:
    if said.choice:
        return said.choice in {_SKIP.id, _STOP.id}
    return phrases.skips(said.masked) or phrases.cancels(said.masked)


def is_contact(text: str) -> bool:
    """Tells whether a text holds a telephone number or an e-mail address."""
    return bool({PersonalData.PHONE, PersonalData.EMAIL} & set(mask(text).found))
