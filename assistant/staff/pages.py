"""Renders the pages of the console: everything escaped, times as the office reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.feedback.period import VIETNAM
from assistant.moments import aware
from assistant.staff import labels
from assistant.staff.guard import Member
from assistant.staff.roles import TITLES, Role
from assistant.web.pages.site import office_name
from assistant.web.state import app_state

TEMPLATES: Final = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu, for those with at least ``role``."""

    path: str
    title: str
    role: Role


MENU: Final = (
    Entry("/staff", "Hàng đợi", Role.REVIEWER),
    Entry("/staff/de-xuat", "Đề xuất", Role.REVIEWER),
    Entry("/staff/cap-nhat", "Bản cập nhật", Role.REVIEWER),
    Entry("/staff/so-lieu", "Số liệu", Role.REVIEWER),
    Entry("/staff/ban-ghi", "Bản ghi", Role.REVIEWER),
    Entry("/staff/rieng-tu", "Dữ liệu cá nhân", Role.REVIEWER),
    Entry("/staff/thong-bao", "Thông báo", Role.EDITOR),
    Entry("/staff/tai-khoan", "Tài khoản", Role.ADMIN),
    Entry("/staff/nhat-ky", "Nhật ký", Role.ADMIN),
)
"""The menu, in its order."""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of the console."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["moment"] = moment
    made.filters["day"] = day
    made.filters["percent"] = percent
    made.filters["decimal"] = decimal
    made.filters["role_title"] = TITLES.__getitem__
    made.filters["label"] = labels.label
    made.filters["shown"] = shown
    return made


def page(
    request: Request, template: str, values: Mapping[str, Any] | None = None, status: int = 200
) -> HTMLResponse:
    """Renders a page with what is the same on each.

    Args:
        request: The request; the person behind it is whom the guard found.
        template: A file of the templates' folder.
        values: What the template shows.
        status: Of the answer.
    """
    visitor: Member | None = getattr(request.state, "visitor", None)
    shared = {
        "office": office_name(app_state(request).settings),
        "visitor": visitor,
        "csrf": visitor.session.csrf if visitor else "",
        "menu": menu(visitor),
        "path": request.url.path,
        "done": labels.DONE.get(request.query_params.get("xong", ""), ""),
        "problem": "",
    }
    body = environment().get_template(template).render({**shared, **(values or {})})
    return HTMLResponse(body, status)


def menu(visitor: Member | None) -> list[Entry]:
    """The pages that somebody may open."""
    if visitor is None or not visitor.signed_in:
        return []
    return [entry for entry in MENU if visitor.role.permits(entry.role)]


def back(address: str, done: str = "") -> RedirectResponse:
    """Sends the browser on after a form.

    Args:
        address: A path of the console.
        done: A key of :data:`labels.DONE`: what the next page says was done.
    """
    if done:
        address += f"{'&' if '?' in address else '?'}xong={done}"
    return RedirectResponse(address, status_code=303)


def moment(value: datetime | None) -> str:
    """A time as the office reads it: ``09:30 20/11/2026``, in Vietnam's time."""
    return aware(value).astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y") if value else "–"


def day(value: datetime | None) -> str:
    """A day as the office reads it, in Vietnam's time."""
    return aware(value).astimezone(VIETNAM).strftime("%d/%m/%Y") if value else "–"


def decimal(value: float) -> str:
    """A measure with three places at most, as it is written in Vietnam: ``0,942``."""
    return f"{round(value, 3):g}".replace(".", ",")


def percent(value: float) -> str:
    """A probability as whole percent."""
    return f"{value * 100:.0f}%"


def shown(value: Any, column: str, names: Mapping[int, str]) -> str:
    """A value of the audit log in words.

    Args:
        value: The value.
        column: The column that held it.
        names: Names of accounts by their id.
    """
    if isinstance(value, dict):
        value = "; ".join(f"{key}: {part}" for key, part in value.items() if part)
    if value in (None, ""):
        return "trống"
    if column == "assignee":
        return names.get(value, str(value))
    if column in {"state", "decision"}:
        return labels.label(value, column)
    if column.endswith("_at"):
        return moment(datetime.fromisoformat(str(value)))
    text = str(value)
    return text if len(text) <= 160 else f"{text[:159]}…"
