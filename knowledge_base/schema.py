"""What the catalogue says of one administrative procedure.

A record comes as a *card*, written in plain language for citizens, or as an *index entry*, which
restates official facts only. Both have the same type, so that search and replies read one thing.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

CODE_PATTERN = re.compile(r"^\d\.\d{6}(?:\.[0-9A-Z.]+)?$")
"""A national procedure code such as ``1.001193``; an office may append its own suffix."""

LEGAL_NUMBER_PATTERN = re.compile(
    r"^[0-9]+(?:\.[0-9]+)?[A-Z]?(?:[/-][0-9A-ZĐƯÔÂÊƠĂ.]+)+(?:-[0-9A-ZĐƯ]+)*$"
)
"""The number of a legal document such as ``123/2015/NĐ-CP`` or ``60/2014/QH13``."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN.pattern)]
HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]


class Model(BaseModel):
    """Base of all record parts: unknown keys are errors, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class RecordKind(StrEnum):
    """How much of a record was written for citizens."""

    CARD = "card"
    INDEX_ENTRY = "index_entry"


class Level(StrEnum):
    """The level of government that handles the procedure."""

    COMMUNE = "commune"
    PROVINCE = "province"
    MINISTRY = "ministry"
    OTHER = "other"


class Audience(StrEnum):
    """Who the procedure is for."""

    CITIZEN = "citizen"
    OVERSEAS_VIETNAMESE = "overseas_vietnamese"
    FOREIGNER = "foreigner"
    HOUSEHOLD = "household"
    BUSINESS = "business"
    FOREIGN_BUSINESS = "foreign_business"
    COOPERATIVE = "cooperative"
    ORGANISATION = "organisation"
    FOREIGN_ORGANISATION = "foreign_organisation"
    OFFICIAL = "official"
    STATE_BODY = "state_body"


class Aspect(StrEnum):
    """One thing that a citizen may ask about a procedure."""

    OVERVIEW = "overview"
    DOCUMENTS = "documents"
    FEES = "fees"
    STEPS = "steps"
    PROCESSING_TIME = "processing_time"
    WHERE = "where"
    ONLINE = "online"
    FORMS = "forms"
    CONDITIONS = "conditions"
    RESULT = "result"
    LEGAL_BASIS = "legal_basis"


class Method(StrEnum):
    """How a dossier may be handed in."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    POST = "post"


class FeeState(StrEnum):
    """What the source says of the money.

    ``FREE`` needs a source that itself says free; a printed placeholder is ``NOT_STATED``.
    """

    AMOUNT = "amount"
    FREE = "free"
    SET_BY_PROVINCE = "set_by_province"
    NOT_STATED = "not_stated"


class Fee(Model):
    """One fee line. Amounts are whole đồng (or US dollars where ``currency`` says so)."""

    state: FeeState
    amount: int | None = Field(default=None, ge=0)
    amount_max: int | None = Field(default=None, ge=0, description="upper end of a range")
    currency: Literal["VND", "USD"] = "VND"
    unit: str = Field(
        default="", description='what one amount buys, for example "bản", "trang", "lần"'
    )
    name: str = Field(default="", description='"Lệ phí", "Phí" or the name that the source gives')
    case: str = Field(default="", description="who or what this line applies to; empty: everyone")
    method: Method | None = Field(default=None, description="the way of submission it applies to")
    note: str = ""
    source: str = Field(default="", description="legal number or words of the source that say so")
    valid_from: date | None = None
    valid_until: date | None = None

    @model_validator(mode="after")
    def _amount_fits_state(self) -> Self:
        if (self.state is FeeState.AMOUNT) != (self.amount is not None):
            raise ValueError("'amount' must be given exactly when state is 'amount'")
        if self.amount_max is not None and (self.amount is None or self.amount_max < self.amount):
            raise ValueError("'amount_max' needs an 'amount' that is not larger")
        if self.state is FeeState.FREE and not self.source:
            raise ValueError("a free fee needs 'source': the words or document that say free")
        return self


class TimeUnit(StrEnum):
    """Units of processing time as the law counts them."""

    IMMEDIATE = "immediate"
    MINUTE = "minute"
    HOUR = "hour"
    WORKING_DAY = "working_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class ProcessingTime(Model):
    """One time limit. ``value`` counts ``unit``; it is absent only for ``immediate``."""

    value: float | None = Field(default=None, gt=0)
    value_max: float | None = Field(default=None, gt=0, description="upper end of a range")
    unit: TimeUnit
    case: str = Field(default="", description="when this limit applies; empty: always")
    method: Method | None = None
    note: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _value_fits_unit(self) -> Self:
        if (self.unit is TimeUnit.IMMEDIATE) != (self.value is None):
            raise ValueError("'value' must be given for every unit except 'immediate'")
        return self


class Form(Model):
    """A printed or electronic form."""

    number: str = Field(default="", description='for example "Mẫu CT01"')
    title: str = ""
    source: str = Field(default="", description="legal number of the document it is annexed to")
    file: str = Field(default="", description="name of the file on the national portal")
    link: HttpUrl | None = None

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        if not (self.number or self.title or self.file):
            raise ValueError("a form needs a 'number', a 'title' or a 'file'")
        return self


class Document(Model):
    """One paper of a dossier; ``originals`` and ``copies`` are counts, None where not stated."""

    name: Line
    originals: int | None = Field(default=None, ge=0)
    copies: int | None = Field(default=None, ge=0)
    form: Form | None = None
    required: bool = True
    show_only: bool = Field(default=False, description="shown to the officer, not handed in")
    note: str = ""


class DocumentCase(Model):
    """The papers of one case; an empty ``case`` is what everyone brings."""

    case: str = ""
    documents: tuple[Document, ...] = Field(min_length=1)
    choose: Literal["all", "one"] = Field(
        default="all", description="whether all the papers are needed or any one of them"
    )
    note: str = ""


class Submission(Model):
    """One way to hand in the dossier."""

    method: Method
    place: str = Field(default="", description="where, in words a citizen finds it by")
    link: HttpUrl | None = None
    note: str = ""


class LegalBasis(Model):
    """One legal document that the procedure rests on."""

    number: Line
    name: str = ""


class Relation(StrEnum):
    """How another procedure stands to this one."""

    BEFORE = "before"
    AFTER = "after"
    SEE_ALSO = "see_also"
    INSTEAD = "instead"


class Related(Model):
    """Another procedure that a citizen may need."""

    code: Code
    relation: Relation = Relation.SEE_ALSO
    note: str = ""


class Explanation(Model):
    """Why a card differs from the official record of the same code, and on what ground."""

    field: Line = Field(description="the field that differs, as `motcua check` names it")
    figure: str = Field(
        default="", description="the figure in question, as `motcua check` prints it"
    )
    reason: Line
    source: Line


class Provenance(Model):
    """Where the facts come from and how fresh they are."""

    source: HttpUrl = Field(description="the official page of this very procedure")
    decision: str = Field(default="", description="number of the decision that published it")
    effective_date: date | None = None
    last_checked: date
    checked_against: str = Field(default="", description="the record or document compared with")


class Superseded(Model):
    """A record that no longer holds."""

    by: Code | None = None
    since: date | None = None
    reason: Line


class Procedure(Model):
    """One administrative procedure.

    Lists that are empty mean *not stated by the source*, never *none*.
    """

    code: Code
    kind: RecordKind = RecordKind.CARD
    name: Line = Field(description="official name, without a leading 'Thủ tục'")
    plain_name: str = Field(default="", description="what a citizen would call it, in full words")
    aliases: tuple[Line, ...] = Field(default=(), description="how people really say it")
    field: Line = Field(description="official field (lĩnh vực)")
    levels: tuple[Level, ...] = Field(min_length=1)
    audience: tuple[Audience, ...] = ()
    purpose: str = Field(
        default="", description="what it is for and who needs it, one or two sentences"
    )

    documents: tuple[DocumentCase, ...] = ()
    fees: tuple[Fee, ...] = ()
    steps: tuple[Line, ...] = ()
    processing_times: tuple[ProcessingTime, ...] = ()
    submissions: tuple[Submission, ...] = ()
    competent_agency: str = ""
    executing_agency: str = ""
    conditions: tuple[Line, ...] = ()
    result: tuple[Line, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    mistakes: tuple[Line, ...] = Field(default=(), description="what people get wrong")
    related: tuple[Related, ...] = ()

    family: str = Field(default="", description="key shared by one service's codes over the levels")
    separator: str = Field(
        default="", description="what tells this one from its siblings, to show in a choice"
    )
    provenance: Provenance
    explained: tuple[Explanation, ...] = ()
    superseded: Superseded | None = None

    @field_validator("aliases")
    @classmethod
    def _aliases_differ(cls, aliases: tuple[str, ...]) -> tuple[str, ...]:
        seen: set[str] = set()
        for alias in aliases:
            if alias.casefold() in seen:
                raise ValueError(f"alias given twice: {alias!r}")
            seen.add(alias.casefold())
        return aliases

    @property
    def title(self) -> str:
        """The name to show a citizen."""
        return self.plain_name or self.name

    def states(self, aspect: Aspect) -> bool:
        """Tells whether the record says anything about an aspect."""
        match aspect:
            case Aspect.OVERVIEW:
                return True
            case Aspect.DOCUMENTS:
                return bool(self.documents)
            case Aspect.FEES:
                return any(fee.state is not FeeState.NOT_STATED for fee in self.fees)
            case Aspect.STEPS:
                return bool(self.steps)
            case Aspect.PROCESSING_TIME:
                return bool(self.processing_times)
            case Aspect.WHERE:
                return bool(self.submissions or self.executing_agency or self.competent_agency)
            case Aspect.ONLINE:
                return bool(self.submissions)
            case Aspect.FORMS:
                return any(d.form for group in self.documents for d in group.documents)
            case Aspect.CONDITIONS:
                return bool(self.conditions)
            case Aspect.RESULT:
                return bool(self.result)
            case Aspect.LEGAL_BASIS:
                return bool(self.legal_basis)
