"""The charts of the pages of figures."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from assistant.feedback.statistics import Figures
from assistant.staff.figures.charts import Bar, Line, bars, lines
from assistant.staff.figures.sheets import Form, shown
from assistant.staff.labels import label


def by_day(figures: Figures) -> Markup:
    """Questions of each day: all, answered, and without an answer."""
    rows = [row.outcomes for row in figures.by_day]
    most = max(figures.by_day, key=lambda row: row.outcomes.questions)
    told = f"Nhiều nhất {most.outcomes.questions} câu vào ngày {_day(most.key)}."
    return lines(
        "bieu-do-ngay",
        "Câu hỏi theo ngày",
        f"{figures.outcomes.questions} câu hỏi trong {len(rows)} ngày. {told}",
        [_short_day(row.key) for row in figures.by_day],
        [
            Line("Câu hỏi", [row.questions for row in rows]),
            Line("Đã trả lời", [row.answered for row in rows]),
            Line("Từ chối, chuyển hoặc lỗi",
                 [row.declined + row.handed_over + row.failed for row in rows]),
        ],
    )  # fmt: skip


def by_channel(figures: Figures) -> Markup:
    """Questions of each channel."""
    rows = [
        Bar(label(row.key, "channel"), row.outcomes.questions, _count(row.outcomes.questions))
        for row in figures.by_channel
    ]
    return bars("bieu-do-kenh", "Câu hỏi theo kênh", _told(rows), rows)


def by_field(figures: Figures) -> Markup:
    """Questions of the fields asked about most."""
    rows = [
        Bar(row.key, row.outcomes.questions, _count(row.outcomes.questions))
        for row in figures.by_field[:8]
    ]
    return bars("bieu-do-linh-vuc", "Câu hỏi theo lĩnh vực", _told(rows), rows)


def by_score(figures: Figures) -> Markup:
    """How many gave each score."""
    counted = figures.satisfaction.by_score
    rows = [
        Bar(f"{score} điểm", counted[score], _count(counted[score]))
        for score in sorted(counted, reverse=True)
    ]
    return bars(
        "bieu-do-hai-long", "Đánh giá mức hài lòng",
        f"{figures.satisfaction.count} lượt đánh giá.", rows,
    )  # fmt: skip


def _told(rows: list[Bar]) -> str:
    if not rows:
        return "Chưa có câu hỏi nào."
    return f"Nhiều nhất: {rows[0].name}, {rows[0].written} câu."


def _count(number: int) -> str:
    return shown(number, Form.COUNT)


def _day(key: str) -> str:
    return shown(date.fromisoformat(key), Form.DAY)


def _short_day(key: str) -> str:
    return date.fromisoformat(key).strftime("%d/%m")
