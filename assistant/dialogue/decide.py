"""Decides what to do about a message: answer, ask back, list, compare, hand over or decline."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from assistant.dialogue.choices import (
    FieldChoice,
    ProcedureChoice,
    ProvinceChoice,
    chosen,
    is_position,
)
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
from assistant.dialogue.places import (
    only_a_place,
    place_of_answer,
    possible_provinces,
    without_province,
)
from assistant.dialogue.questions import content, parts, refers_back, sides
from assistant.dialogue.state import ConversationState, Understanding
from knowledge_base.places import provinces
from knowledge_base.schema import Aspect, Procedure
from knowledge_base.search import Candidate, Query, Searcher, SearchResult
from knowledge_base.search.qualifiers import turns_asked, turns_named
from knowledge_base.store import Catalogue
from vietnamese.fold import fold

Understand = Callable[[str], Understanding]

MAX_OPTIONS = 5
SURE_INTENT = 0.8
"""An intent surer than this is followed even when a procedure would fit the words as well."""

SURE_ANSWER = 0.6
"""An answer less sure than this says what it took the question for, and offers the next ones."""

MAX_OTHERS = 3

MAX_BARE_SYLLABLES = 5
"""A message of so few syllables of topic, and no question, only names what it is about."""

SURE_CHANGE = 0.75
"""A short follow-up about an aspect leaves the procedure only for one at least this likely."""

MAX_FOLLOW_UP_SYLLABLES = 3

ALIKE_SISTERS = 60
"""Titles at least this alike, of 100, are of procedures about the same paper."""

SURE_PART = 0.55
"""A part of a message is a question of its own when its procedure is at least this likely."""

_PLACE_OF_DIFFERENCE = re.compile(r"\bkhác\b.*\b(?:chỗ|điểm|ở)\b")
_OUTSIDE = ("out_of_scope", "general_law")
OUTSIDE_WEIGHT = 1.2
"""A message that sounds like small talk or a question about the law is answered only where its
procedure is so many times as likely."""
_ALWAYS = frozenset({Act.START_OVER, Act.FORGET})
_GUARDED = frozenset({Act.DISTRESS, Act.SCAM, Act.REFUSE, Act.DENOUNCE})
_PROCEDURAL = frozenset({Act.ANSWER, Act.CHOOSE, Act.COMPARE, Act.LIST})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When to answer, ask or decline; all are probabilities in [0, 1].

    Attributes:
        answer: A candidate at least this likely is answered.
        decline: A message is declined below this: the geometric mean of its chance to be about the
            catalogue at all and of the likeliest candidate's chance to be the right one.
        ask: A candidate at least this likely may be offered as a choice.
        clear_lead: A candidate that leads the next by this much needs no question back.
    """

    answer: float = 0.3
    decline: float = 0.25
    ask: float = 0.06
    clear_lead: float = 0.1


class Decider:
    """Turns an understanding and a conversation into a decision."""

    def __init__(
        self, catalogue: Catalogue, searcher: Searcher, thresholds: Thresholds | None = None
    ) -> None:
        """Takes the catalogue with its search, and when to be sure."""
        self._catalogue = catalogue
        self._searcher = searcher
        self._thresholds = thresholds or Thresholds()
        self._fields = {fold(name): name for name in catalogue.fields()}

    def decide(
        self,
        act: Act,
        heard: Understanding,
        state: ConversationState,
        understand: Understand,
        choice: str | None = None,
    ) -> AnyDecision:
        """Decides about one message.

        Args:
            act: What the dialogue rules made of it.
            heard: What the NLU pipeline made of it.
            state: The conversation so far.
            understand: Reads a part of the message by itself.
            choice: The id of a choice that was tapped.

        Returns:
            The decision; it names only procedures of the catalogue.
        """
        decision = self._decide(act, heard, state, understand, choice)
        if not isinstance(decision, Answer) or decision.province:
            return decision
        place = place_of_answer(heard, decision) if decision.place is None else decision.place
        province = place.province if place else state.province
        return replace(decision, province=province, place=place)

    def _decide(
        self,
        act: Act,
        heard: Understanding,
        state: ConversationState,
        understand: Understand,
        choice: str | None,
    ) -> AnyDecision:
        if choice is not None:
            decision = self._tapped(choice)
            if decision is not None:
                return decision
        if act in _ALWAYS:
            return Converse(act=act)
        taken = chosen(heard.text, state.pending) or chosen(heard.typed, state.pending)
        if taken is not None:
            decision = self._tapped(taken.id)
            if decision is not None:
                return decision
        if is_position(heard.text):
            return Converse(act=Act.CHOOSE)
        if state.procedure in self._catalogue:
            place = only_a_place(heard, state)
            if place is not None:
                known = self._about_known(state, replace(heard, aspects=state.aspects))
                return replace(known, place=place)
            open_to = possible_provinces(heard, state)
            if len(open_to) > 1:
                known = self._about_known(state, replace(heard, aspects=state.aspects))
                return replace(known, open_to=open_to)
        if act not in _PROCEDURAL:
            return self._conversational(act, heard, state, understand)
        if act is Act.COMPARE:
            compared = self._compare(heard, state)
            if compared is not None:
                return compared
        if act is Act.LIST:
            listed = self._list(heard)
            if listed is not None:
                return listed
        return self._answer(heard, state, understand)

    # --- acts -----------------------------------------------------------------------------

    def _tapped(self, identifier: str) -> AnyDecision | None:
        option = ProcedureChoice.parse(identifier)
        if option is not None and option.code in self._catalogue:
            return Answer(found=(Found(option.code, option.aspects, whole=option.whole),))
        there = ProvinceChoice.parse(identifier)
        if there is not None and there.code in self._catalogue and there.province in provinces():
            found = Found(there.code, (Aspect.FEES,))
            return Answer(found=(found,), province=there.province)
        field = FieldChoice.parse(identifier)
        if field is not None and field.field in self._catalogue.fields():
            return ListField(field=field.field)
        return None

    def _conversational(
        self,
        act: Act,
        heard: Understanding,
        state: ConversationState,
        understand: Understand,
    ) -> AnyDecision:
        """Follows a conversational intent unless the words clearly name a procedure."""
        if heard.confidence >= SURE_INTENT:
            return Converse(act=act)
        if not content(heard.text, heard.cues()):
            if heard.aspects and state.procedure in self._catalogue:
                return self._about_known(state, heard)
            return Converse(act=act)
        result = self._find(heard.text, heard.typed)
        likely = result.candidates[0].probability if result.candidates else 0.0
        needed = 0.75 if act in _GUARDED else 0.55
        if act is Act.OUT_OF_SCOPE:
            needed = max(needed, OUTSIDE_WEIGHT * _off_topic(heard))
        if likely >= needed and result.in_catalogue >= min(needed, 0.75):
            return self._answer(heard, state, understand, result)
        if act is Act.OUT_OF_SCOPE:
            return Converse(act=act, candidates=result.candidates)
        if heard.confidence >= 0.35 or result.in_catalogue < self._thresholds.decline:
            return Converse(act=act, candidates=result.candidates)
        return self._answer(heard, state, understand, result)

    def _compare(self, heard: Understanding, state: ConversationState) -> Compare | None:
        named: list[Candidate] = []
        for side in sides(heard.text):
            result = self._find(side, side)
            if not result.candidates:
                continue
            best = result.candidates[0]
            if best.probability >= self._thresholds.answer / 2 and all(
                best.code != other.code for other in named
            ):
                named.append(best)
        if len(named) == 1 and state.procedure and named[0].code != state.procedure:
            known = Candidate(state.procedure, 1.0, 1.0)
            named.insert(0, known)
        if len(named) < 2:
            return None
        first, second = named[:2]
        aspects = heard.aspects
        if _PLACE_OF_DIFFERENCE.search(heard.text):
            aspects = tuple(aspect for aspect in aspects if aspect is not Aspect.WHERE)
        return Compare(
            candidates=tuple(named),
            first=first.code,
            second=second.code,
            aspects=aspects,
            confidence=min(first.probability, second.probability),
        )

    def _list(self, heard: Understanding) -> ListField | None:
        topic = " ".join(content(heard.text, heard.cues()))
        for filler in ("thu tuc", "danh sach", "danh muc", "liet ke", "linh vuc", "lien quan"):
            topic = topic.replace(filler, " ")
        topic = " ".join(topic.split())
        if not topic:
            return ListField()
        match = process.extractOne(topic, self._fields.keys(), scorer=fuzz.token_set_ratio)
        if match is not None and match[1] >= 80:
            return ListField(field=self._fields[match[0]])
        result = self._find(heard.text, heard.typed)
        if heard.confidence < SURE_INTENT and _standing(result) < self._thresholds.decline:
            return None  # a procedure that the catalogue lacks, rather than a field
        fields: dict[str, float] = {}
        for candidate in result.candidates[:5]:
            name = self._catalogue[candidate.code].field
            fields[name] = fields.get(name, 0.0) + candidate.probability
        if not fields or result.in_catalogue < self._thresholds.decline:
            return ListField()
        return ListField(
            candidates=result.candidates, field=max(fields, key=lambda name: fields[name])
        )

    def _answer(
        self,
        heard: Understanding,
        state: ConversationState,
        understand: Understand,
        result: SearchResult | None = None,
    ) -> AnyDecision:
        topic = content(heard.text, heard.cues())
        if state.procedure in self._catalogue and not topic and not turns_asked(heard.text):
            return self._about_known(state, heard)
        if not topic and not heard.aspects:
            return Converse(act=Act.OUT_OF_SCOPE if not heard.intent else Act.ABILITIES)
        several = self._several(heard, understand)
        if several is not None:
            return several
        result = result or self._find(heard.text, heard.typed)
        if state.procedure in self._catalogue:
            in_context = self._in_context(heard, state, topic, result)
            if in_context is not None:
                return in_context
        return self._judge(heard, result)

    # --- deciding -------------------------------------------------------------------------

    def _judge(self, heard: Understanding, result: SearchResult) -> AnyDecision:
        """Answers, asks or declines by how likely the candidates are."""
        limits = self._thresholds
        candidates = result.candidates
        off_topic = _off_topic(heard)
        likely = candidates[0].probability if candidates else 0.0
        if (
            _standing(result) < limits.decline * (1.0 + off_topic)
            or likely < OUTSIDE_WEIGHT * off_topic
        ):
            if heard.intent in _OUTSIDE or not candidates or off_topic > 0.3:
                return Converse(act=Act.OUT_OF_SCOPE, candidates=candidates)
            return NotKnown(candidates=candidates, nearest_field=self._nearest(candidates))
        best = candidates[0]
        rival = candidates[1].probability if len(candidates) > 1 else 0.0
        leads = best.probability - rival >= limits.clear_lead
        options = [c.code for c in candidates if c.probability >= limits.ask][:MAX_OPTIONS]
        if len(options) >= 2 and best.probability < SURE_ANSWER and _bare(heard):
            return Clarify(candidates=candidates, options=tuple(options))
        if best.probability >= limits.answer * (0.6 if leads else 1.0):
            return Answer(
                candidates=candidates,
                found=(Found(best.code, heard.aspects, best.probability),),
                others=self._others(candidates),
            )
        if len(options) < 2:
            if best.probability >= limits.ask and result.in_catalogue >= 0.5:
                options = [c.code for c in candidates[:MAX_OPTIONS]]
            else:
                return NotKnown(candidates=candidates, nearest_field=self._nearest(candidates))
        return Clarify(candidates=candidates, options=tuple(options), aspects=heard.aspects)

    def _about_known(self, state: ConversationState, heard: Understanding) -> Answer:
        code = state.procedure or ""
        return Answer(candidates=(Candidate(code, 1.0, 1.0),), found=(Found(code, heard.aspects),))

    def _in_context(
        self,
        heard: Understanding,
        state: ConversationState,
        topic: Sequence[str],
        result: SearchResult,
    ) -> AnyDecision | None:
        """Decides whether a message with a few words of its own is still about the procedure."""
        code = state.procedure or ""
        known = self._catalogue[code]
        best = result.candidates[0] if result.candidates else None
        back = refers_back(heard.text)
        short = len(topic) <= MAX_FOLLOW_UP_SYLLABLES
        needed = SURE_CHANGE if short and heard.aspects else self._thresholds.answer
        if best is not None and best.probability >= needed and not (back and len(topic) <= 2):
            return None
        if len(topic) > 4 and not back:
            return None
        together = self._find(f"{known.title} {heard.text}", f"{known.title} {heard.typed}")
        other = self._instead(known, heard, together)
        if other is not None:
            return Answer(
                candidates=together.candidates,
                found=(Found(other.code, heard.aspects, other.probability),),
            )
        if heard.aspects or back:
            return self._about_known(state, heard)
        return None

    def _instead(
        self, known: Procedure, heard: Understanding, together: SearchResult
    ) -> Candidate | None:
        """Finds the procedure that a follow-up moves on to; None: it stays with the one before.

        Staying is the rule: the words of "báo trước mấy ngày" stand in other names as well.
        A follow-up moves on where the known title and its words together name another procedure,
        or where it speaks of a turn ("mất rồi xin lại") that a sister of the known one is for.
        """
        best = together.candidates[0] if together.candidates else None
        if best is None:
            return None
        if best.code != known.code and best.probability >= self._thresholds.answer:
            return best
        turns = turns_asked(heard.text) - turns_named(known)
        for candidate in together.candidates[1:]:
            sister = self._catalogue[candidate.code]
            if not turns or not turns <= turns_named(sister) or sister.field != known.field:
                continue
            alike = fuzz.token_set_ratio(fold(known.title), fold(sister.title))
            if alike >= ALIKE_SISTERS or self._akin(known.code, sister.code):
                return candidate
        return None

    def _several(self, heard: Understanding, understand: Understand) -> Answer | None:
        """Answers two questions when two are asked."""
        pieces = parts(heard.text)
        if len(pieces) < 2:
            return None
        sure = max(self._thresholds.answer, SURE_PART)
        results = [self._find(piece.text, piece.text) for piece in pieces]
        named = {
            result.candidates[0].code
            for result in results
            if result.candidates
            and result.candidates[0].probability >= sure
            and result.in_catalogue >= SURE_PART
        }
        if len(named) < 2:
            return None
        found: list[Found] = []
        candidates: list[Candidate] = []
        for piece, result in zip(pieces, results, strict=True):
            aspects = understand(piece.text).aspects
            if not (aspects or piece.apart):
                return None
            best = result.candidates[0] if result.candidates else None
            if best is None or best.code not in named or best.probability < sure:
                continue
            candidates.extend(result.candidates[:3])
            same = next((i for i, f in enumerate(found) if self._akin(f.code, best.code)), None)
            if same is None:
                found.append(Found(best.code, aspects, best.probability))
            else:
                merged = dict.fromkeys([*found[same].aspects, *aspects])
                found[same] = replace(found[same], aspects=tuple(merged))
        if len(found) < 2:
            return None
        aspects_of_last = found[-1].aspects
        found = [f if f.aspects else replace(f, aspects=aspects_of_last) for f in found]
        return Answer(candidates=tuple(candidates), found=tuple(found[:3]))

    # --- helpers --------------------------------------------------------------------------

    def _akin(self, one: str, other: str) -> bool:
        if one == other:
            return True
        family = self._catalogue[one].family
        return bool(family) and family == self._catalogue[other].family

    def _find(self, text: str, typed: str) -> SearchResult:
        return self._searcher.search(Query(without_province(text), without_province(typed)))

    def _others(self, candidates: Sequence[Candidate]) -> tuple[str, ...]:
        """What else may have been meant, where the best candidate is not a sure one."""
        if candidates[0].probability >= SURE_ANSWER:
            return ()
        likely = [c.code for c in candidates[1:] if c.probability >= self._thresholds.ask]
        return tuple(likely[:MAX_OTHERS])

    def _nearest(self, candidates: Sequence[Candidate]) -> str | None:
        return self._catalogue[candidates[0].code].field if candidates else None


def _off_topic(heard: Understanding) -> float:
    """How much a message sounds like none about procedures, in [0, 1]."""
    return sum(heard.intents.get(intent, 0.0) for intent in _OUTSIDE)


def _standing(result: SearchResult) -> float:
    """How far a message can be trusted to be about the likeliest candidate, in [0, 1]."""
    if not result.candidates:
        return 0.0
    return float((result.in_catalogue * result.candidates[0].probability) ** 0.5)


def _bare(heard: Understanding) -> bool:
    """Tells whether a message names a topic and asks nothing about it ("căn cước")."""
    asks = set(heard.aspects) - {Aspect.OVERVIEW} and heard.cues()
    return not asks and len(content(heard.text)) <= MAX_BARE_SYLLABLES
