"""The figures as named tables: what a page shows, and what a spreadsheet gets, is the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias
from urllib.parse import urlencode

from assistant.feedback.records import RecordFigures, RecordState
from assistant.feedback.statistics import Figures, Group, Outcomes, Row, Share
from assistant.staff.labels import label

Value: TypeAlias = str | int | float | date | None


class Form(StrEnum):
    """How a value is written."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    """A part of one, written in percent."""
    SCORE = "score"
    HOURS = "hours"
    MILLISECONDS = "milliseconds"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value and how it is written.

    Attributes:
        link: A path of this server that shows more of it; not in files.
    """

    value: Value
    form: Form = Form.TEXT
    link: str = ""

    def __str__(self) -> str:
        return shown(self.value, self.form)

    @property
    def is_number(self) -> bool:
        """Whether it stands on the right side of its column."""
        return self.form is not Form.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table.

    Attributes:
        slug: Names it in addresses.
        note: How to read it, where that is not plain.
    """

    slug: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name, the number before, and what it counts."""

    name: str
    cell: Cell
    before: Cell
    meaning: str


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together."""

    title: str
    figures: Sequence[Figure]


_OUTCOMES: Final = (
    "Câu hỏi", "Đã trả lời", "Hỏi lại", "Từ chối", "Chuyển cán bộ", "Lỗi", "Phiếu", "Hữu ích",
)  # fmt: skip
INDICATORS_NOTE: Final = (
    "Các nhóm đặt theo tinh thần Bộ chỉ số tại Quyết định 766/QĐ-TTg năm 2022. Đây là số liệu của "
    "trợ lý và hàng đợi góp ý, không phải điểm chính thức của cơ quan."
)


def shown(value: Value, form: Form) -> str:
    """Writes a value as one does in Vietnamese: 1.234,5; a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, str):
        return value
    match form:
        case Form.SHARE:
            return f"{_number(value * 100, 1)}%"
        case Form.SCORE:
            return _number(value, 1)
        case Form.HOURS:
            return f"{_number(value / 24, 1)} ngày" if value >= 48 else f"{_number(value, 1)} giờ"
        case Form.MILLISECONDS:
            return f"{_number(value, 0)} ms"
        case _:
            return _number(value, 0)


def _number(value: float, places: int) -> str:
    written = f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))
    return written.removesuffix(",0")


def sections(
    figures: Figures, before: Figures, records: RecordFigures, stale_days: int
) -> list[Section]:
    """The figures at the top, in the groups of the indicator set.

    Args:
        figures: Of the period.
        before: Of as many days just before it.
        records: Of the catalogue, as it is now.
        stale_days: After how many days a record counts as stale.
    """

    def figure(name: str, now: Cell, earlier: Cell, meaning: str) -> Figure:
        return Figure(name, now, earlier, meaning)

    def share(part: Share) -> Cell:
        return Cell(part.value, Form.SHARE)

    def count(number: int) -> Cell:
        return Cell(number, Form.COUNT)

    then, now = before.outcomes, figures.outcomes
    served, was = figures.service, before.service
    nothing = Cell(None)
    return [
        Section(
            "Công khai, minh bạch",
            (
                figure("Bản ghi đầy đủ nội dung", share(records.complete), nothing,
                       f"{records.complete.part} trong {records.complete.whole} bản ghi xếp hạng A "
                       "hoặc B"),
                figure("Bản ghi lâu chưa kiểm tra", share(records.stale), nothing,
                       f"{records.stale.part} bản ghi kiểm tra lần cuối quá {stale_days} ngày"),
            ),
        ),
        Section(
            "Tiến độ, kết quả giải quyết",
            (
                figure("Câu hỏi", count(now.questions), count(then.questions),
                       "Câu hỏi về thủ tục, không kể lời chào và góp ý"),
                figure("Cuộc trò chuyện", count(figures.conversations),
                       count(before.conversations), "Có ít nhất một tin nhắn trong kỳ"),
                figure("Trả lời được", share(now.answered_share), share(then.answered_share),
                       f"{now.answered} câu; hỏi lại {now.asked_back}, từ chối {now.declined}, "
                       f"chuyển cán bộ {now.handed_over}, lỗi {now.failed}"),
                figure("Phản ánh, kiến nghị tiếp nhận", count(served.received),
                       count(was.received), f"Đã trả lời hoặc kết thúc {served.answered}"),
                figure("Trả lời góp ý đúng hạn", share(served.on_time), share(was.on_time),
                       f"{served.on_time.part} trong {served.on_time.whole} góp ý đã đến hạn hoặc "
                       f"đã trả lời; quá hạn chưa trả lời {served.overdue}"),
                figure("Thời gian trả lời góp ý", Cell(served.median_hours, Form.HOURS),
                       Cell(was.median_hours, Form.HOURS),
                       _spread(served.p90_hours, Form.HOURS, "chín phần mười")),
                figure("Thời gian trợ lý trả lời", Cell(figures.speed.p50_ms, Form.MILLISECONDS),
                       Cell(before.speed.p50_ms, Form.MILLISECONDS),
                       _spread(figures.speed.p95_ms, Form.MILLISECONDS, "95%")),
            ),
        ),
        Section(
            "Mức độ hài lòng",
            (
                figure("Câu trả lời hữu ích", share(now.useful), share(then.useful),
                       f"{now.useful.part} trong {now.useful.whole} phiếu"),
                figure("Điểm hài lòng", Cell(figures.satisfaction.mean, Form.SCORE),
                       Cell(before.satisfaction.mean, Form.SCORE),
                       f"Trung bình trên 5 của {figures.satisfaction.count} lượt đánh giá"),
                figure("Hài lòng hoặc rất hài lòng", share(figures.satisfaction.satisfied),
                       share(before.satisfaction.satisfied),
                       f"{figures.satisfaction.satisfied.part} trong "
                       f"{figures.satisfaction.count} lượt cho 4 hoặc 5 điểm"),
            ),
        ),
    ]  # fmt: skip


def _spread(high: float | None, form: Form, share: str) -> str:
    """Says how far the figure goes of which the median is shown."""
    return f"Trung vị; {share} không quá {shown(high, form)}" if high is not None else "Trung vị"


def sheets(figures: Figures, titles: Mapping[str, str]) -> list[Sheet]:
    """Everything but the figures at the top.

    Args:
        figures: Of the period.
        titles: Names of procedures by code.
    """
    satisfaction = figures.satisfaction
    return [
        _outcomes("theo-ngay", "Theo ngày", ("Ngày",), figures.by_day, _day),
        _outcomes("theo-kenh", "Theo kênh", ("Kênh",), figures.by_channel,
                  lambda key: (Cell(label(key, "channel")),)),
        _outcomes("theo-linh-vuc", "Theo lĩnh vực", ("Lĩnh vực",), figures.by_field,
                  lambda key: (Cell(key),)),
        Sheet("hai-long", "Đánh giá mức hài lòng", ("Điểm", "Lượt"),
              [(Cell(score, Form.COUNT), Cell(satisfaction.by_score[score], Form.COUNT))
               for score in sorted(satisfaction.by_score, reverse=True) if satisfaction.count]),
        _outcomes("theo-thu-tuc", "Thủ tục được hỏi nhiều nhất", ("Mã", "Thủ tục"),
                  figures.by_procedure,
                  lambda key: (_code(key), Cell(titles.get(key, "")))),
        Sheet("chua-tra-loi", "Câu hỏi chưa trả lời được, hỏi nhiều nhất",
              ("Câu hỏi", "Số lần", "Mục chưa xử lý"),
              [(Cell(group.title, link=_in_queue(group)), Cell(group.times, Form.COUNT),
                Cell(group.open, Form.COUNT))
               for group in figures.unanswered],
              "Các câu hỏi gần nghĩa được gộp thành một nhóm."),
        Sheet("ly-do", "Vì sao câu trả lời chưa hữu ích", ("Lý do", "Phiếu"),
              [(Cell(label(reason, "vote") if reason else "Không nêu lý do"),
                Cell(number, Form.COUNT))
               for reason, number in sorted(figures.reasons.items(), key=lambda r: (-r[1], r[0]))]),
        Sheet("gop-y", "Phản ánh, kiến nghị về việc gì", ("Về việc", "Số góp ý"),
              [(Cell(label(about, "about") if about else "Chưa phân loại"),
                Cell(number, Form.COUNT))
               for about, number in sorted(
                   figures.service.by_about.items(), key=lambda r: (-r[1], r[0]))]),
    ]  # fmt: skip


def overview_sheet(parts: Sequence[Section]) -> Sheet:
    """The figures at the top as a table."""
    rows = [
        (Cell(part.title), Cell(figure.name), figure.cell, figure.before, Cell(figure.meaning))
        for part in parts
        for figure in part.figures
    ]
    columns = ("Nhóm", "Chỉ số", "Trong kỳ", "Kỳ trước", "Cách tính")
    return Sheet("tong-quan", "Tổng quan", columns, rows, INDICATORS_NOTE)


def record_sheet(states: Sequence[RecordState]) -> Sheet:
    """The state of records as a table."""
    columns = (
        "Mã", "Thủ tục", "Lĩnh vực", "Loại", "Hạng", "Đầy đủ", "Còn thiếu", "Kiểm tra lần cuối",
        "Số ngày",
    )  # fmt: skip
    rows = [
        (
            _code(state.code), Cell(state.title), Cell(state.field),
            Cell("Thẻ" if state.is_card else "Danh mục"), Cell(state.grade.value),
            Cell(state.score, Form.SHARE),
            Cell(", ".join(label(aspect, "aspect") for aspect in state.missing)),
            Cell(state.last_checked, Form.DAY), Cell(state.age_days, Form.COUNT),
        )
        for state in states
    ]  # fmt: skip
    return Sheet("ban-ghi", "Bản ghi thủ tục", columns, rows)


def _code(code: str) -> Cell:
    return Cell(code, link=f"/thu-tuc/{code}")


def _in_queue(group: Group) -> str:
    """Where the queue shows the items of a group, or the one question that is alone."""
    wanted = {"nhom": group.id} if group.id else {"tim": group.title[:200]}
    return f"/staff?{urlencode({'trang-thai': 'tat-ca', **wanted})}"


def _day(key: str) -> tuple[Cell, ...]:
    return (Cell(date.fromisoformat(key), Form.DAY),)


def _outcomes(
    slug: str,
    title: str,
    keys: Sequence[str],
    rows: Sequence[Row],
    name: Callable[[str], tuple[Cell, ...]],
) -> Sheet:
    return Sheet(
        slug,
        title,
        (*keys, *_OUTCOMES),
        [(*name(row.key), *_cells(row.outcomes)) for row in rows],
    )


def _cells(outcomes: Outcomes) -> tuple[Cell, ...]:
    numbers = (
        outcomes.questions, outcomes.answered, outcomes.asked_back, outcomes.declined,
        outcomes.handed_over, outcomes.failed, outcomes.useful.whole,
    )  # fmt: skip
    share = Cell(outcomes.useful.value, Form.SHARE)
    return (*(Cell(number, Form.COUNT) for number in numbers), share)
