"""The procedure pages: search, fields, one procedure, and what search engines read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from assistant.settings import Settings
from assistant.web.pages import browse
from assistant.web.pages.procedure import values
from assistant.web.pages.site import base_url, feedback_url, knowledge_of, page
from assistant.web.pages.structured import describe_for_engines
from assistant.web.qr import page_url, svg
from assistant.web.respond import PRIVATE, cacheable
from assistant.web.state import app_state
from knowledge_base.overlay import Overlay, with_local_fees
from knowledge_base.schema import CODE_PATTERN, Procedure
from knowledge_base.store import Catalogue

router = APIRouter(include_in_schema=False)

Level = Annotated[str, Query(alias="cap", max_length=20)]
Number = Annotated[str, Query(alias="trang", max_length=6)]


@router.get("/thu-tuc")
def search_page(
    request: Request,
    q: Annotated[str, Query(max_length=2_000)] = "",
    level: Level = "",
    trang: Number = "1",
) -> Response:
    """Shows what was searched for, the procedures of a level, or the fields to choose from."""
    knowledge = knowledge_of(request)
    catalogue = knowledge.catalogue
    query = " ".join(q.split())
    if query:
        if CODE_PATTERN.match(query) and query in catalogue:
            return RedirectResponse(f"/thu-tuc/{query}", 303)
        found = browse.find(knowledge, query, level)
        shown = {"noindex": True, "missing": "" if found else _nothing(query)}
        if not found:
            shown |= _all_fields(catalogue)
        return _listing(
            request, "Tìm thủ tục hành chính", query, level, found, shown, cache_control=PRIVATE
        )
    if level in browse.LEVELS:
        records = browse.at_level(tuple(catalogue), level)
        name = browse.LEVELS[level][1]
        return _listing(request, f"Thủ tục {name.lower()}", "", level, records, {}, number=trang)
    shown = {**_all_fields(catalogue), "canonical": f"{base_url(request)}/thu-tuc"}
    return _listing(request, "Tìm thủ tục hành chính", "", "", [], shown)


@router.get("/thu-tuc/linh-vuc/{slug}")
def field_page(request: Request, slug: str, level: Level = "", trang: Number = "1") -> Response:
    """Lists the procedures of a field."""
    catalogue = knowledge_of(request).catalogue
    fields = browse.fields_of(catalogue)
    name = fields.name(slug)
    if name is None:
        return _not_found(request, "Không có lĩnh vực này. Bạn tìm theo tên thủ tục nhé.")
    records = browse.at_level(catalogue.in_field(name), level)
    nothing = "" if records else "Lĩnh vực này không có thủ tục ở cấp bạn chọn."
    shown = {"field": name, "missing": nothing}
    if level not in browse.LEVELS and trang == "1":
        shown["canonical"] = base_url(request) + fields.url(name)
    return _listing(
        request, f"Lĩnh vực {name}", "", level, records, shown, number=trang, path=fields.url(name)
    )


@router.get("/thu-tuc/{code}")
def procedure_page(request: Request, code: str) -> Response:
    """Shows everything that is known of one procedure."""
    catalogue = knowledge_of(request).catalogue
    record = catalogue.get(code)
    if record is None:
        return _not_found(request, f"Không có thủ tục mang mã {code[:40]}. Bạn tìm theo tên nhé.")
    settings = app_state(request).settings
    record = _with_local_fees(record, settings)
    base = base_url(request)
    url = page_url(base, record.code)
    field_url = browse.fields_of(catalogue).url(record.field)
    return page(
        request,
        "procedure.html",
        {
            **values(record, catalogue),
            "canonical": url,
            "field_url": field_url,
            "feedback_here": feedback_url(settings, record.code),
            "structured": describe_for_engines(record, url, base, field_url),
            "code_svg": svg(url, f"Mã QR của trang {url}"),
        },
    )


@router.get("/sitemap.xml")
def sitemap(request: Request) -> Response:
    """Lists every page for search engines."""
    catalogue = knowledge_of(request).catalogue
    base = base_url(request)
    fields = browse.fields_of(catalogue)
    lines = [f"<url><loc>{escape(base)}/thu-tuc</loc></url>"]
    lines += [f"<url><loc>{escape(base + fields.url(n))}</loc></url>" for n in fields.by_name()]
    lines += [
        f"<url><loc>{escape(page_url(base, record.code))}</loc>"
        f"<lastmod>{record.provenance.last_checked.isoformat()}</lastmod></url>"
        for record in catalogue
        if record.superseded is None
    ]
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "\n".join(lines)
        + "\n</urlset>\n"
    )
    return cacheable(request, body.encode(), "application/xml")


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """Tells search engines what is not for them."""
    lines = [
        "User-agent: *",
        "Disallow: /api/",
        "Disallow: /staff",
        "Disallow: /webhooks/",
        "Disallow: /thu-tuc?q=",
        f"Sitemap: {base_url(request)}/sitemap.xml",
    ]
    return cacheable(request, ("\n".join(lines) + "\n").encode(), "text/plain; charset=utf-8")


def _listing(
    request: Request,
    heading: str,
    query: str,
    level: str,
    records: Sequence[Procedure],
    more: dict[str, Any],
    *,
    number: str = "1",
    path: str = "/thu-tuc",
    **options: Any,
) -> Response:
    cut = browse.paginate(records, int(number) if number.isdecimal() else 1)
    level = level if level in browse.LEVELS else ""
    return page(
        request,
        "browse.html",
        {
            "heading": heading,
            "query": query,
            "level": level,
            "level_names": [(slug, name) for slug, (_, name) in browse.LEVELS.items()],
            "records": cut.records,
            "total": cut.total,
            "page": cut.number,
            "pages": cut.pages,
            "page_query": _page_query(level),
            "path": path,
            "field": "",
            "missing": "",
            "fields": [],
            "all_fields": [],
            **more,
        },
        **options,
    )


def _page_query(level: str) -> Callable[[int], str]:
    def query(number: int) -> str:
        return urlencode({**({"cap": level} if level else {}), "trang": number})

    return query


def _not_found(request: Request, message: str) -> Response:
    catalogue = knowledge_of(request).catalogue
    shown = {**_all_fields(catalogue), "missing": message, "noindex": True}
    return _listing(
        request, "Không tìm thấy trang", "", "", [], shown, status=404, cache_control=PRIVATE
    )


def _all_fields(catalogue: Catalogue) -> dict[str, Any]:
    fields = browse.fields_of(catalogue)

    def rows(names: Sequence[str]) -> list[tuple[str, str, int]]:
        return [(name, fields.url(name), fields.count(name)) for name in names]

    return {"fields": rows(fields.by_need()), "all_fields": rows(fields.by_name())}


def _nothing(query: str) -> str:
    return (
        f"Không tìm thấy thủ tục nào cho “{query}”. "
        "Bạn thử nói cách khác: làm giấy gì, cho ai, vì sao cần."
    )


@lru_cache(maxsize=4)
def _overlay(folders: tuple[Any, ...]) -> Overlay:
    return Overlay.load(folders)


def _with_local_fees(record: Procedure, settings: Settings) -> Procedure:
    """Puts the fees of the office's own province into a record, where it has set one."""
    if not settings.province:
        return record
    overlay = _overlay(tuple(settings.catalogue_folders))
    local = overlay.fees(record.code, settings.province, settings.commune)
    return with_local_fees(record, local) if local is not None else record
