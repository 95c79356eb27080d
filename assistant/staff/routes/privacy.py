"""Personal data: what is masked, what goes soon, one person's data and its deletion."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from assistant.feedback.erasure import Person, erase_person
from assistant.feedback.personal import export_person
from assistant.feedback.retention import Retention
from assistant.privacy import mask
from assistant.staff.console import Console, console_of
from assistant.staff.guard import Admin, Form, Reviewer, StaffError, text_of
from assistant.staff.labels import CHANNELS
from assistant.staff.pages import back, page
from assistant.staff.roles import Role

router = APIRouter()

DAYS: Final = 7
MASKED: Final = {
    "email": "Thư điện tử",
    "phone": "Số điện thoại",
    "identity_number": "Số định danh, hộ chiếu",
    "bank_number": "Số tài khoản, số thẻ",
    "name": "Họ tên",
}
KEPT: Final = {
    "conversations": (
        "Điều đang trao đổi trong cuộc trò chuyện",
        "MOTCUA_CONVERSATION_EXPIRY_HOURS",
    ),
    "flows": ("Góp ý đang viết dở", ""),
    "turns": ("Câu hỏi và câu trả lời", "MOTCUA_TURN_RETENTION_DAYS"),
    "votes": ("Phiếu đánh giá câu trả lời", "MOTCUA_VOTE_RETENTION_DAYS"),
    "ratings": ("Điểm hài lòng", "MOTCUA_RATING_RETENTION_DAYS"),
    "unreviewed": ("Câu hỏi, phiếu trong hàng đợi chưa ai xem", "MOTCUA_UNREVIEWED_RETENTION_DAYS"),
    "contacts": ("Liên hệ người dân để lại, sau khi kết thúc", "MOTCUA_CONTACT_RETENTION_DAYS"),
    "closed_items": ("Mục đã kết thúc trong hàng đợi", "MOTCUA_ITEM_RETENTION_DAYS"),
    "audit": ("Nhật ký thao tác của cán bộ", "MOTCUA_AUDIT_RETENTION_DAYS"),
}
ERASED: Final = {
    "conversations": "điều đang trao đổi",
    "turns": "câu hỏi và câu trả lời",
    "votes": "phiếu đánh giá",
    "ratings": "điểm hài lòng",
    "flows": "góp ý viết dở",
    "items": "mục trong hàng đợi",
    "emptied": "mục đã xử lý, chỉ còn dòng trống để đếm",
    "unlinked": "góp ý chưa trả lời, giữ nội dung và bỏ mọi liên kết với người gửi",
    "messages": "tin trong hàng gửi, nhận",
}


@router.get("/rieng-tu")
def privacy(request: Request, member: Reviewer) -> Response:
    """Shows what is kept how long, and forms to try the masking and to find a person's data."""
    return _show(request)


@router.post("/rieng-tu/thu")
def try_masking(request: Request, member: Reviewer, form: Form) -> Response:
    """Masks a text; nothing of it is stored."""
    text = text_of(form, "text")
    masked = mask(text)
    found = [MASKED[kind] for kind in masked.found]
    return _show(request, {"text": text, "masked": masked.text if text else "", "found": found})


@router.post("/rieng-tu/tim")
def find_person(request: Request, member: Admin, form: Form) -> Response:
    """Shows how much is stored of a person, before anything is done with it."""
    console = console_of(request)
    person = _person(console, form)
    found = export_person(console.database, console.keys.seal, person)
    counts = [
        (name, len(rows)) for name, rows in found["tables"].items() if name != "channel_citizens"
    ]
    return _show(request, {"person": person, "counts": counts, "code": text_of(form, "code", 30)})


@router.post("/rieng-tu/tai")
def export_data(request: Request, member: Admin, form: Form) -> Response:
    """Gives everything that is stored of a person, as a file."""
    console = console_of(request)
    person = _person(console, form)
    found = export_person(console.database, console.keys.seal, person)
    console.audit.record(member.username, "privacy.export", person.subject, person.subject_id)
    return Response(
        json.dumps(found, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="du-lieu-ca-nhan.json"',
            "Cache-Control": "private, no-store",
        },
    )


@router.post("/rieng-tu/xoa")
def delete_data(request: Request, member: Admin, form: Form) -> Response:
    """Deletes everything that is stored of a person."""
    console = console_of(request)
    person = _person(console, form)
    if text_of(form, "sure", 5) != "1":
        raise StaffError(
            400, "Chưa xác nhận", "Xoá rồi không lấy lại được; bạn đánh dấu xác nhận rồi gửi lại."
        )
    erased = erase_person(console.database, person)
    console.audit.record(member.username, "privacy.delete", "person", after=asdict(erased))
    lines = [(ERASED[name], count) for name, count in asdict(erased).items() if count]
    return _show(request, {"erased": lines, "erased_total": erased.total})


@router.post("/rieng-tu/don")
def clean_up(request: Request, member: Admin) -> Response:
    """Deletes now what is due, instead of within the hour."""
    console = console_of(request)
    done = Retention(console.database, console.settings).clean_up()
    counts = {kind.value: count for kind, count in done.items()}
    console.audit.record(member.username, "privacy.clean_up", "data", after=counts)
    return back("/staff/rieng-tu", "don-dep")


def _show(request: Request, values: dict[str, Any] | None = None) -> Response:
    console = console_of(request)
    visitor = request.state.visitor
    kept = [
        {"name": KEPT[soon.kind][0], "setting": KEPT[soon.kind][1], "soon": soon}
        for soon in Retention(console.database, console.settings).soon(DAYS)
    ]
    shared = {
        "kept": kept,
        "days": DAYS,
        "is_admin": visitor.role.permits(Role.ADMIN),
        "channels": CHANNELS,
        "text": "",
        "masked": "",
        "found": [],
        "person": None,
        "code": "",
        "counts": [],
        "erased": None,
        "erased_total": 0,
    }
    return page(request, "privacy.html", {**shared, **(values or {})})


def _person(console: Console, form: FormData) -> Person:
    """Who is meant: the sender of what has a tracking code, or a conversation of a channel.

    Raises:
        StaffError: When the form names nobody.
    """
    code = text_of(form, "code", 30)
    if code:
        item = console.items.by_code(code)
        if item is None:
            raise StaffError(404, "Không có mã này", "Bạn kiểm tra lại mã tra cứu của người dân.")
        return Person.of_item(item.id, item.conversation)
    channel, conversation = text_of(form, "channel", 40), text_of(form, "conversation", 200)
    if not channel or not conversation:
        raise StaffError(
            400,
            "Chưa biết của ai",
            "Bạn nhập mã tra cứu, hoặc chọn kênh và nhập tên cuộc trò chuyện.",
        )
    return Person(channel, conversation)
