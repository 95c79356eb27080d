"""The dashboard, its files, and the monthly report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from assistant.feedback.period import Period, vietnam_day
from assistant.moments import utc_now
from assistant.staff.console import console_of
from assistant.staff.figures import drawn, source
from assistant.staff.figures.files import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from assistant.staff.figures.sheets import INDICATORS_NOTE, Sheet
from assistant.staff.guard import Reviewer, StaffError
from assistant.staff.pages import page

router = APIRouter()

CHARTED: Final = {
    "theo-ngay": drawn.by_day,
    "theo-kenh": drawn.by_channel,
    "theo-linh-vuc": drawn.by_field,
    "hai-long": drawn.by_score,
}
"""Tables that have a chart."""

_FILE_TYPES: Final = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
_MOST_IN_FILE: Final = 10_000


@router.get("/so-lieu")
def dashboard(request: Request, member: Reviewer) -> Response:
    """Shows every figure of a period."""
    wanted = source.read_wanted(request.query_params)
    console = console_of(request)
    counted = source.count(console, wanted.period, wanted.channel)
    return page(
        request,
        "figures.html",
        {
            "wanted": wanted,
            "problem": wanted.problem,
            "channels": source.statistics_of(console).channels(),
            "sections": counted.sections,
            "sheets": counted.sheets,
            "charts": {slug: draw(counted.figures) for slug, draw in CHARTED.items()},
            "note": INDICATORS_NOTE,
        },
    )


@router.get("/so-lieu/tai")
def download(
    request: Request,
    member: Reviewer,
    dang: Annotated[str, Query(max_length=8)] = "xlsx",
    bang: Annotated[str, Query(max_length=40)] = "tong-quan",
) -> Response:
    """Gives one table as CSV, or all as a workbook."""
    wanted = source.read_wanted(request.query_params)
    period = wanted.period
    tables = source.count(console_of(request), period, wanted.channel, _MOST_IN_FILE).all_sheets
    name = f"mot-cua-{period.first}-{period.last}"
    return send_file(tables, dang, bang, name)


@router.get("/bao-cao")
def report(
    request: Request, member: Reviewer, thang: Annotated[str, Query(max_length=7)] = ""
) -> Response:
    """Shows the report of a month, made to be printed."""
    today = vietnam_day(utc_now())
    months = last_months(today)
    try:
        chosen = datetime.strptime(thang, "%Y-%m").date() if thang else months[1]
        period = Period.month(chosen.year, chosen.month)
    except ValueError as error:
        raise StaffError(
            404, "Không có tháng này", "Tháng viết như 2026-11; bạn chọn lại trong trang báo cáo."
        ) from error
    counted = source.count(console_of(request), period)
    return page(
        request,
        "report.html",
        {
            "month": chosen,
            "months": months,
            "period": period,
            "unfinished": period.last >= today,
            "made_at": utc_now(),
            "sections": counted.sections,
            "sheets": [sheet for sheet in counted.sheets if sheet.rows],
            "charts": {slug: draw(counted.figures) for slug, draw in CHARTED.items()},
            "note": INDICATORS_NOTE,
        },
    )


def last_months(today: date, count: int = 13) -> list[date]:
    """The first days of this month and of those before it, newest first."""
    months = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(months, months - count, -1)]


def send_file(tables: list[Sheet], kind: str, slug: str, name: str) -> Response:
    """Gives one of the tables as CSV, or all of them as a workbook.

    Raises:
        StaffError: When there is no such table or kind of file.
    """
    table = next((table for table in tables if table.slug == slug), None)
    if kind not in _FILE_TYPES or table is None:
        raise StaffError(404, "Không có tệp này", "Bạn chọn lại bảng và dạng tệp trong trang.")
    if kind == "csv":
        content, name = as_csv(table), f"{name}-{slug}"
    else:
        content = as_xlsx(tables)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=_FILE_TYPES[kind], headers=headers)
