"""What the public forms take down: suggestions, complaints, and satisfaction with a visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from assistant.feedback.desk import FeedbackDesk
from assistant.feedback.dialogues import MAX_CONTACT, MAX_PLACE, MAX_TEXT, is_contact
from assistant.feedback.items import Filter, Item, NewItem
from assistant.feedback.values import About, Kind, Origin
from assistant.privacy import mask
from assistant.text import clean
from connectors.message import Block

CHANNEL: Final = "page"
SENDINGS: Final = 30
WINDOW: Final = 3600
"""So many forms in so many seconds from one address: a whole office may be behind it."""

LEAST_LETTERS: Final = 10
LOW: Final = 2
"""Up to this score, a comment is a complaint that somebody has to look at."""

PROBLEMS: Final = {
    "text": "Bạn viết nội dung rõ hơn, ít nhất một câu ngắn.",
    "kind": "Bạn chọn kiến nghị hay phản ánh.",
    "contact": "Chưa đọc được số điện thoại hoặc e-mail. Bạn xem lại, hoặc để trống.",
    "consent": "Bạn đánh dấu đồng ý thì cơ quan mới được giữ liên hệ này, hoặc để trống liên hệ.",
    "score": "Bạn chọn một mức từ 1 đến 5.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a form.

    Attributes:
        problems: What to put right, by field; then nothing was taken down.
        code: The tracking code, where there is something to follow.
        pointed: Whom the matter belongs to, where it is not for this office.
    """

    problems: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    pointed: tuple[Block, ...] = ()


class Forms:
    """Takes down what the forms send."""

    def __init__(self, desk: FeedbackDesk) -> None:
        """Takes the desk whose queue and ratings are written to."""
        self._desk = desk

    def within_limit(self, address: str) -> bool:
        """Counts a form from an address; False where there were too many."""
        return self._desk.attempts.allow(f"form:{address}", SENDINGS, WINDOW)

    def suggest(self, given: Mapping[str, str], name: str, procedure: str | None) -> Outcome:
        """Takes down a suggestion or complaint.

        Args:
            given: The fields ``kind about place text contact consent``.
            name: Names the form that was filled in; sent twice, it counts once.
            procedure: Code of the procedure that it is about.
        """
        text = _masked(given, "text", MAX_TEXT)
        contact = clean(given.get("contact", ""))[:MAX_CONTACT]
        consent = bool(given.get("consent"))
        kind = given.get("kind", "")
        problems = []
        if kind not in {Kind.SUGGESTION.value, Kind.COMPLAINT.value}:
            problems.append("kind")
        if sum(c.isalpha() for c in text) < LEAST_LETTERS:
            problems.append("text")
        if contact and not is_contact(contact):
            problems.append("contact")
        elif contact and not consent:
            problems.append("consent")
        if problems:
            return Outcome({problem: PROBLEMS[problem] for problem in problems})
        known = self._known(name)
        if known is None:
            about = given.get("about", "")
            kept = bool(contact and consent)
            known = self._desk.items.create(
                NewItem(
                    kind=Kind(kind),
                    origin=Origin.PAGE,
                    channel=CHANNEL,
                    text=text,
                    handle=name,
                    procedure=procedure,
                    about=about if about in list(About) else About.OTHER.value,
                    place=_masked(given, "place", MAX_PLACE),
                    contact=self._desk.seal.close(contact) if kept else "",
                    consent_at=self._desk.now() if kept else None,
                    tracked=True,
                )
            )
        pointed = self._desk.dialogues.pointing(text)
        return Outcome(code=known.code or "", pointed=pointed)

    def rate(self, given: Mapping[str, str], name: str) -> Outcome:
        """Takes down satisfaction; a low score with a comment also enters the queue.

        Args:
            given: The fields ``score place comment``.
            name: Names the form that was filled in; sent twice, it counts once.
        """
        score = given.get("score", "")
        if score not in {"1", "2", "3", "4", "5"}:
            return Outcome({"score": PROBLEMS["score"]})
        comment = _masked(given, "comment", MAX_TEXT)
        place = _masked(given, "place", MAX_PLACE)
        self._desk.ratings.record(CHANNEL, int(score), f"{CHANNEL}:{name}", place, comment)
        if int(score) > LOW or sum(c.isalpha() for c in comment) < LEAST_LETTERS:
            return Outcome()
        known = self._known(name) or self._desk.items.create(
            NewItem(
                kind=Kind.COMPLAINT,
                origin=Origin.PAGE,
                channel=CHANNEL,
                text=comment,
                handle=name,
                about=About.OTHER.value,
                place=place,
                tracked=True,
            )
        )
        return Outcome(code=known.code or "")

    def _known(self, name: str) -> Item | None:
        found, _ = self._desk.items.find(Filter(handle=name, channel=CHANNEL), limit=1)
        return found[0] if found else None


def _masked(given: Mapping[str, str], name: str, most: int) -> str:
    return mask(clean(given.get(name, ""))).text[:most]
