"""Every route of the console with every role: what may be opened, and by whom."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import iter_route_contexts

from assistant.staff.pages import MENU
from assistant.staff.roles import Role
from assistant.staff.sessions import Stage

ANYONE = "anyone"
FACTOR, PASSWORD, ENROL = "factor", "password", "enrol"
REVIEWER, EDITOR, ADMIN = (role.value for role in Role)

NEEDED = {
    ("GET", "/staff/dang-nhap"): ANYONE,
    ("POST", "/staff/dang-nhap"): ANYONE,
    ("POST", "/staff/dang-xuat"): ANYONE,
    ("GET", "/staff/oidc"): ANYONE,
    ("GET", "/staff/oidc/tra-ve"): ANYONE,
    ("GET", "/staff/xac-thuc"): FACTOR,
    ("POST", "/staff/xac-thuc"): FACTOR,
    ("GET", "/staff/doi-mat-khau"): PASSWORD,
    ("POST", "/staff/doi-mat-khau"): PASSWORD,
    ("GET", "/staff/thiet-lap"): ENROL,
    ("POST", "/staff/thiet-lap"): ENROL,
    ("GET", "/staff"): REVIEWER,
    ("GET", "/staff/nhom"): REVIEWER,
    ("POST", "/staff/hang-loat"): REVIEWER,
    ("GET", "/staff/muc/{item_id}"): REVIEWER,
    ("POST", "/staff/muc/{item_id}/quyet-dinh"): REVIEWER,
    ("POST", "/staff/muc/{item_id}/tra-loi"): REVIEWER,
    ("POST", "/staff/muc/{item_id}/phan-cong"): REVIEWER,
    ("POST", "/staff/muc/{item_id}/trang-thai"): REVIEWER,
    ("POST", "/staff/muc/{item_id}/ghi-chu"): REVIEWER,
    ("POST", "/staff/muc/{item_id}/lien-he"): EDITOR,
    ("GET", "/staff/de-xuat"): REVIEWER,
    ("GET", "/staff/de-xuat/{proposal_id}"): REVIEWER,
    ("POST", "/staff/de-xuat/{proposal_id}/duyet"): EDITOR,
    ("POST", "/staff/de-xuat/{proposal_id}/khong-duyet"): EDITOR,
    ("GET", "/staff/cap-nhat"): REVIEWER,
    ("POST", "/staff/cap-nhat"): EDITOR,
    ("GET", "/staff/cap-nhat/{number}"): REVIEWER,
    ("POST", "/staff/cap-nhat/quay-lai"): EDITOR,
    ("GET", "/staff/thong-bao"): EDITOR,
    ("POST", "/staff/thong-bao"): EDITOR,
    ("POST", "/staff/thong-bao/tam-dung"): ADMIN,
    ("POST", "/staff/thong-bao/{notice_id}/ket-thuc"): EDITOR,
    ("GET", "/staff/tai-khoan"): ADMIN,
    ("POST", "/staff/tai-khoan"): ADMIN,
    ("GET", "/staff/tai-khoan/{account_id}"): ADMIN,
    ("POST", "/staff/tai-khoan/{account_id}"): ADMIN,
    ("POST", "/staff/tai-khoan/{account_id}/mat-khau"): ADMIN,
    ("POST", "/staff/tai-khoan/{account_id}/mo-khoa"): ADMIN,
    ("POST", "/staff/tai-khoan/{account_id}/ngung"): ADMIN,
    ("POST", "/staff/tai-khoan/{account_id}/mo"): ADMIN,
    ("GET", "/staff/nhat-ky"): ADMIN,
    ("GET", "/staff/so-lieu"): REVIEWER,
    ("GET", "/staff/so-lieu/tai"): REVIEWER,
    ("GET", "/staff/bao-cao"): REVIEWER,
    ("GET", "/staff/ban-ghi"): REVIEWER,
    ("GET", "/staff/ban-ghi/tai"): REVIEWER,
    ("GET", "/staff/rieng-tu"): REVIEWER,
    ("POST", "/staff/rieng-tu/thu"): REVIEWER,
    ("POST", "/staff/rieng-tu/tim"): ADMIN,
    ("POST", "/staff/rieng-tu/tai"): ADMIN,
    ("POST", "/staff/rieng-tu/xoa"): ADMIN,
    ("POST", "/staff/rieng-tu/don"): ADMIN,
    ("GET", "/staff/toi"): REVIEWER,
    ("POST", "/staff/toi/mat-khau"): REVIEWER,
    ("POST", "/staff/toi/xac-thuc"): REVIEWER,
    ("POST", "/staff/toi/ma-du-phong"): REVIEWER,
    ("POST", "/staff/toi/phien"): REVIEWER,
}
"""Who is needed for what: a role, a step of signing in, or nobody in particular."""

STAGES = {FACTOR: Stage.FACTOR, PASSWORD: Stage.PASSWORD, ENROL: Stage.ENROL}


def every_route(office: Any) -> set[tuple[str, str]]:
    """Every method and path below ``/staff``, through routers that are included."""
    found = set()
    for context in iter_route_contexts(office.app.routes):
        path = context.path or getattr(context.starlette_route, "path", "")
        if path == "/staff" or path.startswith("/staff/"):
            found |= {(method, path) for method in context.methods or {"MOUNT"}}
    return found - {("HEAD", path) for _, path in found}


def filled(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "1", path)


def send(browser: Any, method: str, path: str) -> Any:
    return browser.get(filled(path)) if method == "GET" else browser.post(filled(path))


def allowed(answer: Any) -> bool:
    """Whether the page itself answered, be it that it has nothing or wants more."""
    if answer.status_code == 303:
        return not re.match(
            "/staff/(dang-nhap|xac-thuc|doi-mat-khau|thiet-lap)($|\\?tiep)",
            answer.headers["location"],
        )
    return answer.status_code not in {401, 403}


def test_every_route_is_in_the_table(office: Any) -> None:
    assert every_route(office) == set(NEEDED)


def test_a_route_that_is_added_is_noticed(office: Any) -> None:
    router = APIRouter()
    router.add_api_route("/moi", lambda: "", methods=["DELETE"])
    office.app.include_router(router, prefix="/staff")
    assert every_route(office) - set(NEEDED) == {("DELETE", "/staff/moi")}


def test_the_menu_leads_to_pages_that_its_reader_may_open(office: Any) -> None:
    for entry in MENU:
        assert NEEDED["GET", entry.path] == entry.role.value


@pytest.mark.parametrize("who", [None, *STAGES, REVIEWER, EDITOR, ADMIN])
def test_each_route_for_each_role(office: Any, who: str | None) -> None:
    office.member(Role.REVIEWER), office.member(Role.EDITOR), office.member(Role.ADMIN)
    for (method, path), needed in NEEDED.items():
        if path == "/staff/dang-xuat" or (method, path) == ("POST", "/staff/dang-nhap"):
            continue  # these end or begin a session; their own tests have them
        if who is None:
            browser = office.stranger()
            expected = needed == ANYONE
        elif who in STAGES:
            browser = office.browser(Role.ADMIN, STAGES[who])
            expected = needed == who
            if needed == ANYONE:  # the sign-in form sends on to the step that is next
                expected = path != "/staff/dang-nhap"
        else:
            browser = office.browser(Role(who))
            in_order = [REVIEWER, EDITOR, ADMIN]
            expected = needed == ANYONE or (
                needed in in_order and in_order.index(who) >= in_order.index(needed)
            )
        answer = send(browser, method, path)
        assert answer.status_code < 500, (method, path, who)
        if needed in STAGES and who in {REVIEWER, EDITOR, ADMIN}:
            assert answer.headers["location"] == "/staff"
            continue
        assert allowed(answer) == expected, (method, path, who, answer.status_code)


@pytest.mark.parametrize("role", list(Role))
def test_a_form_without_its_token_is_refused_on_every_route(office: Any, role: Role) -> None:
    browser = office.browser(role)
    browser.csrf = "forged"
    for method, path in NEEDED:
        if method == "POST":
            answer = browser.post(filled(path))
            assert answer.status_code == 403, path
            assert office.sessions.find(browser.token) is not None
