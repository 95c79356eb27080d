"""Proposed changes: what a decision would teach the assistant, accepted or rejected by editors."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from assistant.feedback.learning.proposals import (
    Proposal,
    ProposalMissingError,
    Proposals,
    ProposalState,
    ProposalStateError,
)
from assistant.staff.console import Console, console_of
from assistant.staff.guard import Editor, Form, Member, Reviewer, StaffError, text_of
from assistant.staff.pages import back, page
from assistant.staff.roles import Role

router = APIRouter(prefix="/de-xuat")


@router.get("")
def proposals_page(request: Request, member: Reviewer) -> Response:
    """Lists proposals of one state; at first those that wait for a decision."""
    chosen = request.query_params.get("trang-thai", ProposalState.PROPOSED.value)
    state = next((one for one in ProposalState if one.value == chosen), ProposalState.PROPOSED)
    book = Proposals(console_of(request).database)
    found = {one: book.find([one]) for one in ProposalState}
    values: dict[str, Any] = {
        "state": state,
        "states": list(ProposalState),
        "counts": {one: len(rows) for one, rows in found.items()},
        "proposals": found[state],
        "title_of": console_of(request).title_of,
    }
    return page(request, "proposals.html", values)


@router.get("/{proposal_id}")
def proposal_page(request: Request, member: Reviewer, proposal_id: int) -> Response:
    """Shows a proposal with its patch and the question that proves it."""
    console = console_of(request)
    return _show(request, member, _proposal(console, proposal_id))


@router.post("/{proposal_id}/duyet")
def accept(request: Request, member: Editor, proposal_id: int) -> Response:
    """Lets the next release use a proposal."""
    console = console_of(request)
    _proposal(console, proposal_id)
    try:
        Proposals(console.database).accept(proposal_id, member.username)
    except ProposalStateError:
        return _decided(request, member, console, proposal_id)
    return back(f"/staff/de-xuat/{proposal_id}", "duyet")


@router.post("/{proposal_id}/khong-duyet")
def reject(request: Request, member: Editor, proposal_id: int, form: Form) -> Response:
    """Turns a proposal down, with the reason."""
    console = console_of(request)
    proposal = _proposal(console, proposal_id)
    reason = text_of(form, "reason", 2_000)
    if not reason:
        return _show(request, member, proposal, "Bạn ghi lý do không duyệt.")
    try:
        Proposals(console.database).reject(proposal_id, member.username, reason)
    except ProposalStateError:
        return _decided(request, member, console, proposal_id, reason)
    return back(f"/staff/de-xuat/{proposal_id}", "khong-duyet")


def _proposal(console: Console, proposal_id: int) -> Proposal:
    try:
        return Proposals(console.database).get(proposal_id)
    except ProposalMissingError:
        raise StaffError(404, "Không có đề xuất này", "Bạn xem lại danh sách đề xuất.") from None


def _decided(
    request: Request, member: Member, console: Console, proposal_id: int, reason: str = ""
) -> Response:
    problem = "Đề xuất này đã có người quyết định. Bạn xem kết quả ở dưới."
    return _show(request, member, _proposal(console, proposal_id), problem, reason, 409)


def _show(
    request: Request,
    member: Member,
    proposal: Proposal,
    problem: str = "",
    reason: str = "",
    status: int = 422,
) -> Response:
    console = console_of(request)
    code = getattr(proposal.change, "code", "")
    values: dict[str, Any] = {
        "proposal": proposal,
        "change": proposal.change,
        "title": console.title_of(code),
        "lines": _marked(proposal.patch),
        "may_decide": member.role.permits(Role.EDITOR),
        "open": proposal.state is ProposalState.PROPOSED,
        "may_reject": proposal.state in {ProposalState.PROPOSED, ProposalState.ACCEPTED},
        "history": console.audit.find(subject="proposal", subject_id=proposal.id, limit=20)[0],
        "reason": reason,
        "problem": problem,
    }
    return page(request, "proposal.html", values, status if problem else 200)


def _marked(patch: str) -> list[tuple[str, str]]:
    """The lines of a unified diff, each with what it is: ``add``, ``del``, ``head`` or nothing."""
    kinds = {"+": "add", "-": "del", "@": "head"}
    return [
        ("head" if line.startswith(("+++", "---")) else kinds.get(line[:1], ""), line)
        for line in patch.splitlines()
    ]
