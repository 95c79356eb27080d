"""What the queue page asks for, read from its address, and groups of like items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from sqlalchemy import Engine as Database
from sqlalchemy import func, select

from assistant.feedback.items import Filter
from assistant.feedback.period import Period
from assistant.feedback.tables import groups, items
from assistant.feedback.values import CLOSED, Kind, Origin, State

PAGE: Final = 25
OPEN: Final = tuple(state for state in State if state not in CLOSED)
ORDERS: Final = ("newest", "oldest", "due", "often")
FIELDS: Final = (
    "tim", "trang-thai", "loai", "nguon", "nguoi", "qua-han", "thu-tuc", "kenh", "tu", "den",
    "nhom", "xep",
)  # fmt: skip
"""Fields of the address, without the page."""

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for.

    Attributes:
        typed: The fields of the address as they were, for the form and for links.
        filter: The same for the database.
        order: One of :data:`ORDERS`.
        number: The page, from 1.
    """

    typed: Mapping[str, str]
    filter: Filter
    order: str
    number: int

    @property
    def query(self) -> str:
        """The address' query without the page."""
        return urlencode({name: value for name, value in self.typed.items() if value})

    @property
    def narrowed(self) -> bool:
        """Whether anything but the usual view is asked for."""
        return any(value for name, value in self.typed.items() if name != "xep")


@dataclass(frozen=True, slots=True)
class Group:
    """Open items whose questions mean nearly the same."""

    id: int
    title: str
    open: int
    times: int
    latest: datetime


def read_wanted(query: Mapping[str, str], own: int) -> Wanted:
    """Reads an address; what makes no sense is left out.

    Args:
        query: Its fields.
        own: The account of who asks, for "mine".
    """
    typed = {name: query.get(name, "").strip()[:200] for name in FIELDS}
    person, state = typed["nguoi"], typed["trang-thai"]
    states: Iterable[State] = OPEN
    if state == "tat-ca":
        states = ()
    elif chosen := _one(State, state):
        states = (chosen,)
    kind, origin = _one(Kind, typed["loai"]), _one(Origin, typed["nguon"])
    until = read_day(typed["den"])
    wanted = Filter(
        states=states,
        kinds=(kind,) if kind else (),
        origins=(origin,) if origin else (),
        channel=typed["kenh"],
        procedure=typed["thu-tuc"],
        group_id=_number(typed["nhom"]),
        assignee=own if person == "toi" else _number(person),
        unassigned=person == "chua",
        overdue=typed["qua-han"] == "1",
        query=typed["tim"],
        since=read_day(typed["tu"]),
        until=until + timedelta(days=1) if until else None,
    )
    order = typed["xep"] if typed["xep"] in ORDERS else "newest"
    return Wanted(typed, wanted, order, max(1, _number(query.get("trang", "")) or 1))


def channels(database: Database) -> list[str]:
    """The channels that items have come from."""
    with database.connect() as connection:
        query = select(items.c.channel).distinct().order_by(items.c.channel)
        return list(connection.execute(query).scalars())


def open_groups(database: Database, limit: int = 100) -> list[Group]:
    """Lists groups that hold open items, what was asked most often first."""
    times = func.sum(items.c.times)
    query = (
        select(
            groups.c.id,
            groups.c.title,
            func.count().label("open"),
            times.label("times"),
            func.max(items.c.created_at).label("latest"),
        )
        .join(items, items.c.group_id == groups.c.id)
        .where(items.c.state.in_([state.value for state in OPEN]))
        .group_by(groups.c.id, groups.c.title)
        .order_by(times.desc(), groups.c.id)
        .limit(limit)
    )
    with database.connect() as connection:
        return [Group(**row) for row in connection.execute(query).mappings()]


def item_versions(chosen: Iterable[Any]) -> list[tuple[int, int]]:
    """Reads the ticked boxes of the list, ``id:version``; others are left out."""
    found = []
    for text in chosen:
        identifier, _, version = str(text).partition(":")
        if identifier.isdecimal() and version.isdecimal() and len(text) < 24:
            found.append((int(identifier), int(version)))
    return found


def _one(kind: type[E], value: str) -> E | None:
    return next((member for member in kind if member.value == value), None)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def read_day(text: str) -> datetime | None:
    """The beginning of a day in Vietnam."""
    try:
        return start_of_day(date.fromisoformat(text))
    except ValueError:
        return None


def start_of_day(day: date) -> datetime:
    """The moment at which a day begins in Vietnam, in UTC: SQLite keeps no other zone."""
    return Period(day, day).start
