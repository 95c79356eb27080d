"""Composes one channel-neutral reply from a decision and the records it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.dialogue.choices import FieldChoice, ProcedureChoice, ProvinceChoice
from assistant.dialogue.decisions import (
    Act,
    Answer,
    AnyDecision,
    Clarify,
    Compare,
    Converse,
    Found,
    ListField,
    NotKnown,
)
from assistant.replies import contacts, figures, wording
from assistant.replies.aspects import summary
from assistant.replies.contacts import Office
from assistant.replies.fit import Part, Topic, fitted
from assistant.replies.nearby import nearby_blocks
from assistant.replies.separation import question_between
from assistant.replies.shorten import CHAT_LIMIT, versions
from connectors.message import (
    Block,
    Choice,
    Heading,
    Link,
    Paragraph,
    Reply,
    ReplyKind,
    Source,
)
from knowledge_base.overlay import NearOffice, Overlay, Reading, with_local_fees
from knowledge_base.places import Place
from knowledge_base.schema import Aspect, Procedure, RecordKind
from knowledge_base.search import Candidate
from knowledge_base.store import Catalogue

MAX_CANDIDATES = 10
MAX_CHOICES = 10
MAX_NEXT = 5
WORDED = 1_000
"""Answers whose words are kept; what people ask most is asked again and again."""

MORE_ROOM = 300
"""How much longer, in characters, a reply may be for each further thing that was asked."""

MAX_LAWS = 3
COMPARED = (Aspect.DOCUMENTS, Aspect.FEES, Aspect.PROCESSING_TIME, Aspect.WHERE)
OFFERED = (
    Aspect.DOCUMENTS,
    Aspect.FEES,
    Aspect.STEPS,
    Aspect.PROCESSING_TIME,
    Aspect.WHERE,
    Aspect.ONLINE,
    Aspect.FORMS,
    Aspect.CONDITIONS,
)


class Composer:
    """Words decisions. It adds no fact: every figure comes from a field of a record."""

    def __init__(
        self,
        catalogue: Catalogue,
        office: Office,
        public_url: str = "",
        overlay: Overlay | None = None,
        home: tuple[str, str] = ("", ""),
    ) -> None:
        """Takes what replies are made of.

        Args:
            catalogue: The records.
            office: The office to refer to.
            public_url: Address of the full pages; empty: there are none.
            overlay: What provinces and communes decide themselves.
            home: Province and commune that run the assistant; empty: it serves everyone.
        """
        self.catalogue = catalogue
        self._overlay = overlay or Overlay()
        self._home = home
        self._office = office
        self._public_url = public_url.rstrip("/")
        self._worded = lru_cache(maxsize=WORDED)(self._word)
        self._spoken: dict[Act, Callable[[], tuple[ReplyKind, tuple[Block, ...]]]] = {
            Act.GREET: lambda: (ReplyKind.SMALLTALK, (Paragraph(wording.GREETING),)),
            Act.THANK: lambda: (ReplyKind.SMALLTALK, (Paragraph(wording.THANKS),)),
            Act.GOODBYE: lambda: (ReplyKind.SMALLTALK, (Paragraph(wording.GOODBYE),)),
            Act.ABILITIES: lambda: (
                ReplyKind.HELP,
                (Paragraph(wording.ABILITIES), Paragraph(wording.ASK_AWAY)),
            ),
            Act.OFFICE: self._where_the_office_is,
            Act.OUT_OF_SCOPE: lambda: (
                ReplyKind.OUT_OF_SCOPE,
                (Paragraph(wording.OUT_OF_SCOPE), Paragraph(wording.ASK_AWAY)),
            ),
            Act.REFUSE: lambda: (
                ReplyKind.REFUSED,
                (Paragraph(wording.REFUSE), Paragraph(wording.REFUSE_HELP)),
            ),
            Act.DISTRESS: lambda: (
                ReplyKind.HANDOFF,
                (
                    Paragraph(wording.DISTRESS, strong=True),
                    *contacts.emergency_blocks(),
                    Paragraph(wording.DISTRESS_END),
                ),
            ),
            Act.SCAM: lambda: (
                ReplyKind.HANDOFF,
                (Paragraph(wording.SCAM, strong=True), *contacts.emergency_blocks()),
            ),
            Act.DENOUNCE: lambda: (
                ReplyKind.HANDOFF,
                (Paragraph(wording.DENOUNCE), *contacts.office_blocks(self._office)),
            ),
            Act.FEEDBACK: lambda: (
                ReplyKind.FEEDBACK,
                (Paragraph(wording.FEEDBACK), *contacts.feedback_blocks()),
            ),
            Act.LOOK_UP: lambda: (
                ReplyKind.HANDOFF,
                (
                    Paragraph(wording.LOOK_UP),
                    Paragraph(wording.LOOK_UP_FEEDBACK),
                    *contacts.office_blocks(self._office),
                ),
            ),
            Act.DENY: lambda: (ReplyKind.HELP, (Paragraph(wording.DENIED),)),
            Act.START_OVER: lambda: (ReplyKind.SMALLTALK, (Paragraph(wording.STARTED_OVER),)),
            Act.FORGET: lambda: (ReplyKind.SMALLTALK, (Paragraph(wording.FORGOTTEN),)),
            Act.CHOOSE: lambda: (ReplyKind.HELP, (Paragraph(wording.NOTHING_TO_CHOOSE),)),
        }

    def compose(self, decision: AnyDecision) -> Reply:
        """Words one decision.

        Args:
            decision: What to do; its codes are of this catalogue.

        Returns:
            The reply, without feedback handle and timings.
        """
        match decision:
            case Answer():
                return self._answer(decision)
            case Clarify(options=options, aspects=aspects, candidates=candidates):
                return self._clarify(options, aspects, candidates)
            case Compare():
                return self._compare(decision)
            case ListField(field=field, candidates=candidates):
                return self._list(field, candidates)
            case NotKnown(nearest_field=field, candidates=candidates):
                return self._not_known(field, candidates)
            case Converse(act=act, candidates=candidates):
                kind, blocks = self._spoken[act]()
                return Reply(kind, blocks, candidates=_codes(candidates))

    def failure(self) -> Reply:
        """Words the reply for when something broke."""
        blocks = (Paragraph(wording.FAILED), *contacts.office_blocks(self._office))
        return Reply(ReplyKind.ERROR, blocks)

    def paused(self, text: str) -> Reply:
        """Words why nothing is answered now, and where to ask instead."""
        return Reply(ReplyKind.HANDOFF, (Paragraph(text), *contacts.office_blocks(self._office)))

    def notice(self, kind: ReplyKind, text: str) -> Reply:
        """Words a reply of one sentence."""
        return Reply(kind, (Paragraph(text),))

    def near(self, latitude: float | None, longitude: float | None) -> Reply:
        """Words which offices are near a place; None where the channel did not say where."""
        found: Sequence[NearOffice] = ()
        if latitude is not None and longitude is not None:
            found = self._overlay.nearest(latitude, longitude)
        return Reply(ReplyKind.HANDOFF, nearby_blocks(found, self._office))

    # --- answers --------------------------------------------------------------------------

    def _answer(self, decision: Answer) -> Reply:
        found = decision.found
        # Candidates and chances differ from question to question; the words do not.
        asked = tuple(replace(one, confidence=1.0) for one in found)
        reply = self._worded(replace(decision, candidates=(), found=asked))
        codes = dict.fromkeys([*(one.code for one in found), *_codes(decision.candidates)])
        return replace(
            reply,
            candidates=tuple(codes)[:MAX_CANDIDATES],
            confidence=round(min(one.confidence for one in found), 4),
        )

    def _word(self, decision: Answer) -> Reply:
        """Words an answer; the same decision is worded the same way again and again."""
        found, others = decision.found, decision.others
        topics = [self._topic(one, decision) for one in found]
        ask = wording.ASK_WHICH_PROVINCE if decision.open_to else wording.ASK_PROVINCE
        room = CHAT_LIMIT + MORE_ROOM * (sum(len(topic.parts) for topic in topics) - 1)
        if topics[-1].places:
            room -= len(ask) + len("\n\n")
        blocks = fitted(topics, room)
        first = found[0]
        aspects = [part.aspect for topic in topics for part in topic.parts]
        choices = self._next_aspects(first) if len(found) == 1 else ()
        places = topics[-1].places
        if places:
            blocks = (*blocks, Paragraph(ask))
            choices = places
        elif others:
            blocks = (*blocks, Paragraph(wording.OTHER_OPTIONS))
            choices = self._options(others, first.aspects)
        return Reply(
            ReplyKind.ANSWER,
            blocks,
            choices=_with_whole(choices, topics, MAX_CHOICES if places or others else MAX_NEXT),
            procedure=first.code,
            aspects=tuple(dict.fromkeys(aspect.value for aspect in aspects)),
        )

    def _topic(self, one: Found, decision: Answer) -> Topic:
        """Makes ready what is said of one procedure."""
        asked = one.aspects or (Aspect.OVERVIEW,)
        record, local, places = self._localised(one.code, asked, decision)
        title = wording.PROBABLY.format(title=record.title) if decision.others else record.title
        after = list(local)
        if record.kind is RecordKind.INDEX_ENTRY and not all(map(record.states, asked)):
            after.append(Paragraph(wording.CARD_MISSING))
        listed = asked == (Aspect.LEGAL_BASIS,) and record.states(Aspect.LEGAL_BASIS)
        return Topic(
            one,
            record.title,
            (Heading(title), *self._superseded(record)),
            [Part(aspect, versions(record, aspect)) for aspect in asked],
            (*after,),
            [self._source(record, most) for most in ((0,) if listed else (MAX_LAWS, 1))],
            places,
        )

    def _localised(
        self, code: str, asked: Sequence[Aspect], decision: Answer
    ) -> tuple[Procedure, tuple[Block, ...], tuple[Choice, ...]]:
        """Lays the fees of a province over a record where they are asked for and known.

        Returns:
            The record, what to say of its local figures, and provinces to choose from where the
            answer depends on one that is not known yet.
        """
        record = self.catalogue[code]
        if not {Aspect.FEES, Aspect.OVERVIEW}.intersection(asked):
            return record, (), ()
        if not self._overlay.depends_on_place(code):
            return record, (), ()
        home, commune = self._home
        province = decision.province or home
        taken = _taken_for(decision.place)
        if decision.place is not None and decision.place.commune:
            commune = decision.place.commune
        elif province != home:
            commune = ""
        if not province:
            if Aspect.FEES not in asked:
                return record, (), ()
            known: Sequence[str] = decision.open_to or [
                p for p in self._overlay.provinces() if self._overlay.fees(code, p)
            ]
            choices = tuple(Choice(ProvinceChoice(code, p).id, p) for p in known[:MAX_CHOICES])
            return record, (), choices
        answer = self._overlay.fees(code, province, commune)
        if answer is None:
            none = Paragraph(wording.NO_LOCAL_FIGURE.format(province=province))
            return record, (*taken, none), ()
        documents = ", ".join(dict.fromkeys(source.document for source in answer.sources))
        said = wording.LOCAL_FIGURE.format(province=answer.province, document=documents)
        if any(source.reading is Reading.SECONDARY for source in answer.sources):
            said = f"{said} {wording.LOCAL_SECONDARY}"
        links = tuple(Link(s.document, s.link) for s in answer.sources)
        return with_local_fees(record, answer), (*taken, Source(said, links)), ()

    def _next_aspects(self, found: Found) -> tuple[Choice, ...]:
        """Offers what else the record states."""
        record = self.catalogue[found.code]
        asked = found.aspects
        offered = [a for a in OFFERED if a not in asked and record.states(a)]
        return tuple(
            Choice(ProcedureChoice(record.code, (a,)).id, wording.ASPECT_TITLES[a])
            for a in offered[:MAX_NEXT]
        )

    def _superseded(self, record: Procedure) -> tuple[Block, ...]:
        if record.superseded is None:
            return ()
        blocks: list[Block] = [
            Paragraph(wording.SUPERSEDED.format(reason=record.superseded.reason), strong=True)
        ]
        successor = self.catalogue.get(record.superseded.by or "")
        if successor is not None:
            blocks.append(Paragraph(wording.SUPERSEDED_BY.format(title=successor.title)))
        return tuple(blocks)

    def _source(self, record: Procedure, most: int = MAX_LAWS) -> Source:
        """Says what the answer rests on, with at most so many legal numbers."""
        laws = [basis.number for basis in record.legal_basis] if most else []
        named = ", ".join(laws[:most])
        if len(laws) > most:
            named = wording.MORE_LAWS.format(numbers=named, count=len(laws) - most)
        checked = figures.day(record.provenance.last_checked)
        line = wording.SOURCE_LINE if laws else wording.SOURCE_LINE_NO_LAW
        links = [Link(wording.OFFICIAL_PAGE, record.provenance.source)]
        if self._public_url:
            links.insert(0, Link(wording.FULL_PAGE, f"{self._public_url}/thu-tuc/{record.code}"))
        return Source(line.format(numbers=named, checked=checked), tuple(links))

    def _compare(self, decision: Compare) -> Reply:
        one, two = self.catalogue[decision.first], self.catalogue[decision.second]
        asked = tuple(aspect for aspect in decision.aspects if aspect is not Aspect.OVERVIEW)
        aspects = asked or COMPARED
        blocks: list[Block] = [Heading(wording.COMPARE)]
        for record in (one, two):
            blocks.append(Heading(record.title))
            if record.purpose:
                blocks.append(Paragraph(record.purpose))
            blocks.extend(summary(record, aspect) for aspect in aspects)
            blocks.append(self._source(record))
        codes = dict.fromkeys([one.code, two.code, *_codes(decision.candidates)])
        return Reply(
            ReplyKind.ANSWER,
            tuple(blocks),
            choices=self._options([one.code, two.code], ()),
            procedure=one.code,
            candidates=tuple(codes)[:MAX_CANDIDATES],
            aspects=tuple(a.value for a in ((Aspect.OVERVIEW,) if not asked else ()) + aspects),
            confidence=round(decision.confidence, 4),
        )

    # --- asking back ----------------------------------------------------------------------

    def _clarify(
        self, options: Sequence[str], aspects: Sequence[Aspect], candidates: Sequence[Candidate]
    ) -> Reply:
        question = question_between([self.catalogue[code] for code in options])
        blocks = (Paragraph(question), Paragraph(wording.NONE_OF_THESE))
        return Reply(
            ReplyKind.CLARIFY,
            blocks,
            choices=self._options(options, tuple(aspects)),
            candidates=tuple(dict.fromkeys([*options, *_codes(candidates)]))[:MAX_CANDIDATES],
            aspects=tuple(aspect.value for aspect in aspects),
            confidence=round(candidates[0].probability, 4) if candidates else 0.0,
        )

    def _options(self, codes: Sequence[str], aspects: tuple[Aspect, ...]) -> tuple[Choice, ...]:
        records = [self.catalogue[code] for code in codes]
        titles = [record.title for record in records]
        choices = []
        for record in records:
            title = record.title
            if titles.count(title) > 1 or (record.separator and record.family):
                levels = ", ".join(wording.LEVELS[level] for level in record.levels)
                apart = record.separator or levels
                title = f"{title} – {apart}" if title.endswith(")") else f"{title} ({apart})"
            choices.append(Choice(ProcedureChoice(record.code, aspects).id, title))
        return tuple(choices)

    def _list(self, field: str | None, candidates: Sequence[Candidate]) -> Reply:
        if field is None:
            counts = self.catalogue.fields()
            names = sorted(counts, key=lambda name: -self._weight(name))[:MAX_CHOICES]
            return Reply(
                ReplyKind.LIST,
                (Paragraph(wording.LIST_FIELDS.format(count=len(self.catalogue))),),
                choices=tuple(Choice(FieldChoice(name).id, name) for name in names),
                candidates=_codes(candidates),
            )
        records = sorted(
            self.catalogue.in_field(field), key=lambda r: r.kind is not RecordKind.CARD
        )
        shown = records[:MAX_CHOICES]
        blocks: list[Block] = [
            Paragraph(wording.LIST_FIELD.format(field=field, count=len(records)))
        ]
        if len(records) > len(shown):
            blocks.append(Paragraph(wording.LIST_MORE.format(count=len(records) - len(shown))))
        return Reply(
            ReplyKind.LIST,
            tuple(blocks),
            choices=self._options([record.code for record in shown], ()),
            candidates=tuple(record.code for record in shown),
        )

    def _weight(self, field: str) -> int:
        """Fields with many cards are those that people ask about."""
        return sum(r.kind is RecordKind.CARD for r in self.catalogue.in_field(field))

    # --- not knowing ----------------------------------------------------------------------

    def _not_known(self, field: str | None, candidates: Sequence[Candidate]) -> Reply:
        blocks: list[Block] = [Paragraph(wording.NOT_KNOWN)]
        if field:
            blocks.append(Paragraph(wording.NOT_KNOWN_FIELD.format(field=field)))
        blocks.append(Paragraph(wording.WHO_KNOWS))
        blocks.extend(contacts.office_blocks(self._office))
        choices = (Choice(FieldChoice(field).id, f"Thủ tục lĩnh vực {field}"),) if field else ()
        return Reply(
            ReplyKind.HANDOFF,
            tuple(blocks),
            choices=choices,
            candidates=_codes(candidates),
            confidence=round(candidates[0].probability, 4) if candidates else 0.0,
        )

    def _where_the_office_is(self) -> tuple[ReplyKind, tuple[Block, ...]]:
        blocks = (*contacts.unknown_office(self._office), *contacts.office_blocks(self._office))
        return ReplyKind.HANDOFF, blocks


def _with_whole(
    choices: tuple[Choice, ...], topics: Sequence[Topic], most: int
) -> tuple[Choice, ...]:
    """Offers to show everything of what was shortened, behind the other choices.

    Args:
        choices: What is offered besides.
        topics: What was answered.
        most: How many choices there may be; those offered besides give way.
    """
    alone = len(topics) == 1 and most == MAX_NEXT
    whole = tuple(
        Choice(
            ProcedureChoice(topic.found.code, topic.found.aspects, whole=True).id,
            wording.SHOW_WHOLE if alone else wording.SHOW_WHOLE_OF.format(title=topic.title),
        )
        for topic in topics
        if topic.shortened
    )
    return (*choices[: most - len(whole)], *whole)


def _taken_for(place: Place | None) -> tuple[Block, ...]:
    """Says which place of today was understood, where it was called by another or is a commune."""
    if place is None or not (place.renamed or place.commune):
        return ()
    said = wording.TAKEN_FOR.format(place=place.full_name)
    if place.before:
        said = wording.TAKEN_FOR_NEW.format(place=place.full_name, before=place.before)
    if place.divided:
        said = f"{said} {wording.DIVIDED}"
    return (Paragraph(said),)


def _codes(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.code for c in candidates))[:MAX_CANDIDATES]
