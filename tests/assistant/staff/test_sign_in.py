"""Signing in over HTTP, and what attackers would try."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest

from assistant.staff.accounts import FAILURES
from assistant.staff.passwords import generate_password
from assistant.staff.roles import Role
from assistant.staff.routes.sign_in import ADDRESS_FAILURES
from assistant.staff.sessions import Stage

PASSWORD = "con mèo nằm trên chiếu hoa"
COOKIE = "__Host-motcua-staff"


def token_in(html: str) -> str:
    match = re.search(r'name="csrf" value="([^"]+)"', html)
    assert match is not None
    return match.group(1)


def sign_in(browser: Any, username: str, password: str, **more: str) -> Any:
    browser.csrf = token_in(browser.get("/staff/dang-nhap").text)
    return browser.post("/staff/dang-nhap", {"username": username, "password": password, **more})


def code_for(secret: str, later: int = 0) -> str:
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * later))


def test_the_first_sign_in_changes_the_password_and_sets_up_the_second_factor(office: Any) -> None:
    given = generate_password()
    office.accounts.add("lan", "Lan", Role.REVIEWER, password=given)
    browser = office.stranger()
    answer = sign_in(browser, "lan", given, tiep="/staff/toi")
    assert answer.headers["location"] == "/staff/doi-mat-khau?tiep=%2Fstaff%2Ftoi"
    assert browser.get("/staff").headers["location"] == "/staff/doi-mat-khau"

    browser.csrf = token_in(browser.get("/staff/doi-mat-khau?tiep=/staff/toi").text)
    for again, password in (("x", PASSWORD), (given, given), ("ngắn", "ngắn")):
        refused = browser.post("/staff/doi-mat-khau", {"password": password, "again": again})
        assert refused.status_code == 422
    answer = browser.post(
        "/staff/doi-mat-khau", {"password": PASSWORD, "again": PASSWORD, "tiep": "/staff/toi"}
    )
    assert answer.headers["location"] == "/staff/thiet-lap?tiep=%2Fstaff%2Ftoi"

    page = browser.get("/staff/thiet-lap").text
    browser.csrf = token_in(page)
    secret = office.accounts.pending_secret(office.accounts.by_username("lan").id)
    assert " ".join(re.findall("....", secret)) in page
    assert "<svg" in page
    assert browser.post("/staff/thiet-lap", {"code": "000000"}).status_code == 422
    answer = browser.post("/staff/thiet-lap", {"code": code_for(secret), "tiep": "/staff/toi"})
    codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", answer.text)
    assert len(codes) == 10
    assert 'href="/staff/toi"' in answer.text
    assert browser.get("/staff").status_code == 200

    other = office.stranger()
    answer = sign_in(other, "LAN ", PASSWORD)
    assert answer.headers["location"].startswith("/staff/xac-thuc")
    assert other.get("/staff").headers["location"] == "/staff/xac-thuc"
    other.csrf = token_in(other.get("/staff/xac-thuc").text)
    used = other.post("/staff/xac-thuc", {"code": code_for(secret)})
    assert used.status_code == 422, "the code that set it up was used already"
    answer = other.post("/staff/xac-thuc", {"code": codes[0]})
    assert answer.headers["location"] == "/staff"
    actions = [entry.action for entry in office.audit.find(actor="lan")[0]]
    assert actions == [
        "sign_in",
        "sign_in.recovery_code",
        "sign_in.wrong_code",
        "sign_in",
        "account.second_factor",
        "account.password",
    ]


def test_the_session_is_another_one_after_each_step(office: Any) -> None:
    account = office.accounts.add("lan", "Lan", Role.REVIEWER, password=PASSWORD)
    office.accounts.set_password(account.id, PASSWORD, temporary=False)
    secret = office.accounts.pending_secret(account.id)
    office.accounts.confirm_secret(account.id, code_for(secret, -1))
    attacker = office.accounts.add("mai", "Mai", Role.REVIEWER)
    planted = office.sessions.begin(attacker.id, Stage.FULL)
    browser = office.stranger()
    browser.client.cookies.set(COOKIE, planted, domain="motcua.example.vn")
    browser.get("/staff/dang-nhap")
    page = office.stranger()
    page.csrf = token_in(page.get("/staff/dang-nhap").text)
    page.client.cookies.set(COOKIE, planted, domain="motcua.example.vn")
    page.post("/staff/dang-nhap", {"username": "lan", "password": PASSWORD})
    after_password = page.token
    assert after_password != planted
    assert office.sessions.find(planted) is None
    page.csrf = token_in(page.get("/staff/xac-thuc").text)
    page.post("/staff/xac-thuc", {"code": code_for(secret)})
    assert page.token not in {planted, after_password}
    assert office.sessions.find(after_password) is None
    assert page.get("/staff").status_code == 200


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(office: Any) -> None:
    office.accounts.add("lan", "Lan", Role.REVIEWER, password=PASSWORD)
    answer = sign_in(office.stranger(), "lan", PASSWORD)
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{COOKIE}=")]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= attributes
    assert not any(part.startswith(("domain", "max-age", "expires")) for part in attributes)


def test_unknown_wrong_and_locked_look_the_same(office: Any) -> None:
    office.accounts.add("lan", "Lan", Role.REVIEWER, password=PASSWORD)
    browser = office.stranger()
    wrong = sign_in(browser, "lan", "sai mật khẩu rồi")
    unknown = sign_in(browser, "mai", "sai mật khẩu rồi")
    for _ in range(FAILURES):
        sign_in(browser, "lan", "sai mật khẩu rồi")
    locked = sign_in(browser, "lan", PASSWORD)
    seen = {
        (answer.status_code, answer.text.replace("mai", "lan"))
        for answer in (wrong, unknown, locked)
    }
    assert len(seen) == 1
    entries, total = office.audit.find(action="sign_in.wrong_password")
    assert total == 8
    assert "mai" not in str(entries), "what was typed there may be a password"


def test_one_address_cannot_go_through_many_accounts(office: Any) -> None:
    browser = office.stranger()
    browser.csrf = token_in(browser.get("/staff/dang-nhap").text)
    answers = [
        browser.post("/staff/dang-nhap", {"username": f"nv{n}", "password": "sai"}).status_code
        for n in range(ADDRESS_FAILURES + 1)
    ]
    assert answers == [401] * ADDRESS_FAILURES + [429]
    office.accounts.add("lan", "Lan", Role.REVIEWER, password=PASSWORD)
    assert sign_in(browser, "lan", PASSWORD).status_code == 429


def test_wrong_codes_lock_the_account_and_end_the_attempt(office: Any) -> None:
    account = office.member(Role.REVIEWER)
    secret = office.accounts.pending_secret(account.id)
    office.accounts.confirm_secret(account.id, code_for(secret, -1))
    browser = office.browser(Role.REVIEWER, Stage.FACTOR)
    for _ in range(FAILURES):
        last = browser.post("/staff/xac-thuc", {"code": "000000"})
    assert 'name="username"' in last.text
    assert browser.get("/staff/xac-thuc").headers["location"].startswith("/staff/dang-nhap")


def test_a_form_from_elsewhere_is_refused(office: Any) -> None:
    browser = office.browser(Role.REVIEWER)
    cases: list[tuple[dict[str, str], dict[str, str]]] = [
        ({"csrf": "x"}, {}),
        ({"csrf": ""}, {}),
        ({"csrf": office.browser(Role.REVIEWER).csrf}, {}),
        ({}, {"Origin": "https://evil.example"}),
        ({}, {"Origin": "null"}),
        ({}, {"Origin": ""}),
        ({}, {"Origin": "http://motcua.example.vn"}),
        ({}, {"Origin": "", "Referer": "https://evil.example/motcua.example.vn"}),
    ]
    for data, headers in cases:
        answer = browser.post("/staff/toi/phien", data, **headers)
        assert answer.status_code == 403, (data, headers)
    assert browser.post("/staff/toi/phien").status_code == 303
    ok = browser.post("/staff/toi/phien", Origin="", Referer="https://motcua.example.vn/staff/toi")
    assert ok.status_code == 303


def test_an_installation_without_accounts_says_how_to_make_one(office: Any) -> None:
    assert "motcua staff add" in office.stranger().get("/staff/dang-nhap").text
    office.member(Role.ADMIN)
    assert "motcua staff add" not in office.stranger().get("/staff/dang-nhap").text


def test_the_sign_in_form_needs_its_own_token(office: Any) -> None:
    office.accounts.add("lan", "Lan", Role.REVIEWER, password=PASSWORD)
    browser = office.stranger()
    form = {"username": "lan", "password": PASSWORD}
    assert browser.post("/staff/dang-nhap", form).status_code == 403
    other = token_in(office.stranger().get("/staff/dang-nhap").text)
    browser.get("/staff/dang-nhap")
    browser.csrf = other
    assert browser.post("/staff/dang-nhap", form).status_code == 403


def test_an_ended_session_gives_back_what_was_written(office: Any) -> None:
    browser = office.stranger()
    text = "Kính gửi ông <b>Nam</b>, chúng tôi đã sửa."
    answer = browser.post("/staff/toi/phien", {"reply": text, "password": "bí mật"})
    assert answer.status_code == 401
    assert "Kính gửi ông &lt;b&gt;Nam&lt;/b&gt;, chúng tôi đã sửa." in answer.text
    assert "bí mật" not in answer.text


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/staff", "/\\evil.example", "/other", "javascript:1",
     "/staff\n/x", "/staffx", "staff"],
)  # fmt: skip
def test_signing_in_never_leads_to_another_site(office: Any, target: str) -> None:
    browser = office.browser(Role.REVIEWER)
    answer = browser.client.get("/staff/dang-nhap", params={"tiep": target})
    assert answer.headers["location"] == "/staff"


def test_it_leads_on_to_the_page_that_was_asked_for(office: Any) -> None:
    answer = office.stranger().get("/staff?trang=2")
    assert answer.headers["location"] == "/staff/dang-nhap"
    answer = office.stranger().get("/staff/toi?a=1&b=2")
    assert answer.headers["location"] == "/staff/dang-nhap?tiep=/staff/toi%3Fa%3D1%26b%3D2"


def test_pages_are_never_kept_and_run_no_script(office: Any) -> None:
    for answer in (office.browser(Role.ADMIN).get("/staff"), office.stranger().get("/staff")):
        assert answer.headers["cache-control"] == "no-store"
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_signing_out_ends_the_session_itself(office: Any) -> None:
    browser = office.browser(Role.REVIEWER)
    token = browser.token
    assert browser.post("/staff/dang-xuat").status_code == 303
    assert office.sessions.find(token) is None


def test_a_disabled_account_is_out_at_once(office: Any) -> None:
    browser = office.browser(Role.REVIEWER)
    office.accounts.disable(office.member(Role.REVIEWER).id)
    assert browser.get("/staff").status_code == 303


def test_large_forms_are_refused_before_they_are_read(office: Any) -> None:
    answer = office.browser(Role.REVIEWER).post("/staff/toi/phien", {"note": "x" * 500_000})
    assert answer.status_code == 413


def test_own_account(office: Any) -> None:
    account = office.accounts.add("lan", "Lan", Role.REVIEWER, password=PASSWORD)
    office.accounts.set_password(account.id, PASSWORD, temporary=False)
    secret = office.accounts.pending_secret(account.id)
    office.accounts.confirm_secret(account.id, code_for(secret, -1))
    browser = office.stranger()
    sign_in(browser, "lan", PASSWORD)
    browser.csrf = token_in(browser.get("/staff/xac-thuc").text)
    browser.post("/staff/xac-thuc", {"code": code_for(secret)})
    office.sessions.begin(account.id, Stage.FULL, browser="Firefox, Linux")
    page = browser.get("/staff/toi").text
    assert "Firefox, Linux" in page
    browser.csrf = token_in(page)

    wrong = {"password": "sai", "new": PASSWORD + "!", "again": PASSWORD + "!"}
    assert browser.post("/staff/toi/mat-khau", wrong).status_code == 422
    assert browser.post("/staff/toi/ma-du-phong", {"password": "sai"}).status_code == 422
    shown = browser.post("/staff/toi/ma-du-phong", {"password": PASSWORD})
    assert len(re.findall(r"<code>[a-z0-9]{5}-", shown.text)) == 10
    right = wrong | {"password": PASSWORD}
    assert browser.post("/staff/toi/mat-khau", right).status_code == 303
    assert len(office.sessions.of_account(account.id)) == 1, "other browsers are signed out"
    browser.csrf = token_in(browser.get("/staff/toi").text)
    answer = browser.post("/staff/toi/xac-thuc", {"password": PASSWORD + "!"})
    assert answer.headers["location"].startswith("/staff/thiet-lap")
    assert browser.get("/staff").headers["location"] == "/staff/thiet-lap"


def test_addresses_that_are_not_there_are_answered_with_a_page(office: Any) -> None:
    browser = office.browser(Role.REVIEWER)
    for path, status in (("/staff/gi-do", 404), ("/staff/muc/1/tra-loi", 405)):
        answer = browser.get(path)
        assert answer.status_code == status
        assert "Không có trang này" in answer.text
    assert browser.get("/nowhere").json() == {"detail": "Not Found"}
    assert browser.client.delete("/api/v1/messages").status_code == 405
