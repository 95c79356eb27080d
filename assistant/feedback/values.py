"""The values that columns of the feedback tables may hold, and how they are called."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What an item of the queue is."""

    ANSWER = "answer"
    SUGGESTION = "suggestion"
    COMPLAINT = "complaint"
    UNANSWERED = "unanswered"


class Origin(StrEnum):
    """How an item came into the queue."""

    VOTE = "vote"
    FLOW = "flow"
    PAGE = "page"
    DECLINED = "declined"
    ASKED_TWICE = "asked_twice"
    LOW_CONFIDENCE = "low_confidence"
    ABANDONED = "abandoned"


class State(StrEnum):
    """How far an item is."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"
    DISMISSED = "dismissed"


class Reason(StrEnum):
    """Why an answer was of no use."""

    WRONG_PROCEDURE = "wrong_procedure"
    MISSING = "missing"
    OUTDATED = "outdated"
    UNCLEAR = "unclear"
    OTHER = "other"


class About(StrEnum):
    """What a suggestion or a complaint is about."""

    PROCEDURE = "procedure"
    ATTITUDE = "attitude"
    TIME = "time"
    FACILITY = "facility"
    WEBSITE = "website"
    ASSISTANT = "assistant"
    OTHER = "other"


class DecisionKind(StrEnum):
    """What the office decided about an item."""

    RIGHT_PROCEDURE = "right_procedure"
    MISSING_ALIAS = "missing_alias"
    WRONG_FIELD = "wrong_field"
    MISSING_FIELD = "missing_field"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_ACTIONABLE = "not_actionable"
    FORWARD = "forward"


CLOSED: Final = frozenset({State.DONE, State.DISMISSED})
"""States in which nothing more is going to happen."""

PUBLIC_STATES: Final = {
    State.NEW: "Đã tiếp nhận",
    State.OPEN: "Đang xử lý",
    State.WAITING: "Đang xử lý",
    State.DONE: "Đã xử lý",
    State.DISMISSED: "Đã xem xét, không xử lý",
}
"""What a citizen reads of an item's state."""

KINDS: Final = {
    Kind.ANSWER: "Câu trả lời chưa đúng",
    Kind.SUGGESTION: "Kiến nghị",
    Kind.COMPLAINT: "Phản ánh",
    Kind.UNANSWERED: "Câu hỏi chưa trả lời được",
}
PUBLIC_KINDS: Final = {
    Kind.ANSWER: "đánh giá câu trả lời",
    Kind.SUGGESTION: "kiến nghị",
    Kind.COMPLAINT: "phản ánh",
    Kind.UNANSWERED: "câu hỏi",
}
"""The same in the middle of a sentence to a citizen."""

REASONS: Final = {
    Reason.WRONG_PROCEDURE: "Không đúng thủ tục tôi hỏi",
    Reason.MISSING: "Thiếu thông tin",
    Reason.OUTDATED: "Thông tin đã cũ",
    Reason.UNCLEAR: "Khó hiểu",
    Reason.OTHER: "Lý do khác",
}
ABOUT: Final = {
    About.PROCEDURE: "Thủ tục, giấy tờ",
    About.ATTITUDE: "Thái độ phục vụ",
    About.TIME: "Thời gian giải quyết",
    About.FACILITY: "Nơi tiếp dân, trang thiết bị",
    About.WEBSITE: "Cổng dịch vụ công, trang web",
    About.ASSISTANT: "Trợ lý tự động này",
    About.OTHER: "Việc khác",
}
