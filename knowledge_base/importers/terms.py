"""The fixed terms of official records: levels, audiences, ways of submission, times."""

from __future__ import annotations

import re
from typing import Final

from knowledge_base.importers.figures import times
from knowledge_base.importers.text import is_empty, one_line
from knowledge_base.schema import Audience, Level, Method, ProcessingTime, TimeUnit

_LEVELS: Final = (
    (re.compile(r"cấp\s+bộ|bộ, ngành|trung ương", re.I), Level.MINISTRY),
    (re.compile(r"cấp\s+tỉnh", re.I), Level.PROVINCE),
    (re.compile(r"cấp\s+(?:xã|phường)", re.I), Level.COMMUNE),
    (re.compile(r"cơ quan khác", re.I), Level.OTHER),
)
_AGENCY_LEVELS: Final = (
    (re.compile(r"\b(?:xã(?! hội)|phường|thị trấn|đặc khu)\b", re.I), Level.COMMUNE),
    (re.compile(r"\b(?:Sở|[Tt]ỉnh|Phòng [Cc]ảnh sát|Phòng [Qq]uản lý)\b"), Level.PROVINCE),
    (
        re.compile(r"\b(?:Bộ|Cục|Tổng cục|Vụ|Ngân hàng Nhà nước|Thanh tra|Ủy ban Chứng khoán)\b"),
        Level.MINISTRY,
    ),
)
_LEVEL_IN_NAME = re.compile(r"\(([^()]*\bcấp\s[^()]*)\)$", re.I)
_AUDIENCES: Final = (
    (
        re.compile(r"Tổ chức \(không bao gồm doanh nghiệp, HTX\)|Tổ chức Đảng", re.I),
        Audience.ORGANISATION,
    ),
    (re.compile(r"Doanh nghiệp có vốn đầu tư nước ngoài", re.I), Audience.FOREIGN_BUSINESS),
    (re.compile(r"Doanh nghiệp(?! có vốn)(?!, HTX)", re.I), Audience.BUSINESS),
    (re.compile(r"Công dân Việt Nam|cá nhân(?! nước ngoài)", re.I), Audience.CITIZEN),
    (re.compile(r"Người Việt Nam định cư ở nước ngoài", re.I), Audience.OVERSEAS_VIETNAMESE),
    (re.compile(r"Người nước ngoài", re.I), Audience.FOREIGNER),
    (re.compile(r"Tổ chức nước ngoài", re.I), Audience.FOREIGN_ORGANISATION),
    (re.compile(r"Hợp tác xã", re.I), Audience.COOPERATIVE),
    (re.compile(r"Hộ (?:gia đình|kinh doanh)", re.I), Audience.HOUSEHOLD),
    (re.compile(r"Cán bộ, công chức, viên chức|Đảng viên", re.I), Audience.OFFICIAL),
    (re.compile(r"cơ quan nhà nước", re.I), Audience.STATE_BODY),
)
_METHODS: Final = {
    "trực tiếp": Method.IN_PERSON,
    "direct": Method.IN_PERSON,
    "nộp trực tiếp": Method.IN_PERSON,
    "trực tuyến": Method.ONLINE,
    "nộp trực tuyến": Method.ONLINE,
    "online": Method.ONLINE,
    "dịch vụ bưu chính": Method.POST,
    "bưu chính": Method.POST,
    "qua bưu chính": Method.POST,
    "nộp qua bưu chính công ích": Method.POST,
    "bưu chính công ích": Method.POST,
    "postal": Method.POST,
}
_API_UNITS: Final = {
    "WORKING_DAY": "ngày làm việc",
    "WORKING_DAYS": "ngày làm việc",
    "WORKDAY": "ngày làm việc",
    "DAY": "ngày",
    "DAYS": "ngày",
    "HOUR": "giờ",
    "HOURS": "giờ",
    "WORKING_HOUR": "giờ làm việc",
    "MINUTE": "phút",
    "WEEK": "tuần",
    "MONTH": "tháng",
    "MONTHS": "tháng",
    "YEAR": "năm",
}
_LIMIT = re.compile(
    r"(?:thời hạn|trong vòng|trong|không quá|chậm nhất|tối đa)\b[^.;:\n]{0,60}$", re.I
)
_AT_ONCE = re.compile(
    r"^\W*(?:giải quyết\s+)?ngay(?: lập tức| khi tiếp nhận| sau khi nhận)\b", re.I
)


def read_levels(text: str, agency: str = "", name: str = "") -> tuple[Level, ...]:
    """Reads the levels of a record.

    Where the cell of the level is empty, the remark that ends its name tells, such as "(thực hiện
    tại cấp tỉnh)", and where there is none its agency.

    Returns:
        The levels from commune to ministry; ``other`` alone where nothing tells.
    """
    found = {level for pattern, level in _LEVELS if pattern.search(text)}
    remark = _LEVEL_IN_NAME.search(name.strip())
    if not found and remark:
        found = {level for pattern, level in _LEVELS if pattern.search(remark[1])}
    if not found:
        found = {level for pattern, level in _AGENCY_LEVELS if pattern.search(agency)}
    return tuple(level for level in Level if level in found) or (Level.OTHER,)


def read_audience(text: str) -> tuple[Audience, ...]:
    """Reads who a procedure is for."""
    found = set()
    for pattern, audience in _AUDIENCES:
        if pattern.search(text):
            found.add(audience)
            text = pattern.sub(" ", text)
    return tuple(audience for audience in Audience if audience in found)


def read_method(text: str) -> Method | None:
    """Reads a way of submission; None where it is none of the three."""
    return _METHODS.get(one_line(text).casefold())


def read_time(cell: str, note: str = "", method: Method | None = None) -> ProcessingTime | None:
    """Reads a time limit.

    A number without a unit is never a time: the portal prints ``1`` where no time was entered.
    Where the cell says nothing, one limit in the note counts if it is the only one there.

    Args:
        cell: For example ``3 Ngày làm việc``.
        note: The description beside it.
        method: The way of submission that it belongs to.
    """
    cell, note = one_line(cell), one_line(note)
    found = [(low, high, unit) for low, high, unit, _ in times(cell) if low > 0]
    if len(found) == 1 and re.fullmatch(
        r"[\d.,\s–đến-]+(?:\([^)]*\))?\s*[^\W\d]+(?:\s[^\W\d]+)*\.?", cell
    ):
        low, high, unit = found[0]
        return _time(low, high, unit, method, "")
    if _AT_ONCE.match(cell):
        return ProcessingTime(unit=TimeUnit.IMMEDIATE, method=method, source=cell)
    if not is_empty(cell) and not re.fullmatch(r"[\d.,]*\s*(?:Khác)?", cell):
        return None
    limits = {
        (low, high, unit): match
        for low, high, unit, match in times(note)
        if low > 0 and _LIMIT.search(note[: match.start()])
    }
    if len(limits) == 1 and len({unit for *_, unit, _ in times(note)}) == 1:
        (low, high, unit), match = next(iter(limits.items()))
        return _time(low, high, unit, method, _sentence(note, match.start()))
    return None


def api_unit(text: str) -> str:
    """Returns a unit of the portal's API in the words of its pages."""
    return _API_UNITS.get(text.strip().upper(), text)


def _time(
    low: float, high: float | None, unit: TimeUnit, method: Method | None, source: str
) -> ProcessingTime:
    upper = high if high is not None and high > low else None
    return ProcessingTime(value=low, value_max=upper, unit=unit, method=method, source=source)


def _sentence(text: str, position: int) -> str:
    start = max(text.rfind(mark, 0, position) for mark in (". ", "; ", "\n")) + 1
    ends = [end for mark in (". ", ";", "\n") if (end := text.find(mark, position)) >= 0]
    return text[start : min(ends, default=len(text))].strip()
