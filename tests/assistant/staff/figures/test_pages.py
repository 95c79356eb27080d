from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import html5lib
import openpyxl
import pytest
from sqlalchemy import insert

from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.erasure import erase
from assistant.feedback.items import NewItem
from assistant.feedback.tables import ratings, votes
from assistant.feedback.values import About, Kind, Origin, State
from assistant.staff.figures.sheets import Form, shown
from assistant.staff.roles import Role
from assistant.staff.routes.figures import last_months

TODAY = datetime.now(UTC)
SCRIPT = "<script>alert(1)</script>"


def _ask(office: Any, kind: str, procedure: str | None = None, **more: Any) -> None:
    values = {"channel": "telegram", "conversation": "telegram:7", "question": "hỏi"} | more
    TurnLog(office.database).record(
        Turn(values["conversation"], values["channel"], values["question"], "hỏi", "ask", kind,
             procedure, (), (), 0.5, "đáp", 42.0, "v1", asked_at=TODAY)
    )  # fmt: skip


@pytest.fixture
def busy(office: Any) -> Any:
    """An office with a few questions, votes and a suggestion that would be a formula."""
    _ask(office, "answer", "1.001193")
    _ask(office, "answer", "1.001193")
    _ask(office, "clarify")
    _ask(office, "out_of_scope", channel="zalo", conversation="zalo:8")
    with office.database.begin() as connection:
        connection.execute(
            insert(votes).values(
                handle="h", conversation="telegram:7", channel="telegram", procedure="1.001193",
                useful=False, reason="outdated", comment="0912", created_at=TODAY, updated_at=TODAY,
            )
        )  # fmt: skip
        connection.execute(insert(ratings).values(channel="telegram", score=4, created_at=TODAY))
    office.items.create(
        NewItem(Kind.UNANSWERED, Origin.DECLINED, "telegram", f'=HYPERLINK("x") {SCRIPT}')
    )
    office.items.create(
        NewItem(
            Kind.SUGGESTION, Origin.FLOW, "telegram", "thêm ghế", conversation="telegram:7",
            about=About.FACILITY.value, tracked=True,
        )
    )  # fmt: skip
    return office


def _cells(html: str, caption: str) -> list[list[str]]:
    """The rows of the table with a caption."""
    document = html5lib.parse(html, namespaceHTMLElements=False)
    for table in document.iter("table"):
        named = table.find("caption")
        if named is not None and named.text == caption:
            return [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
    raise AssertionError(f"no table {caption}")


def _tiles(html: str) -> dict[str, str]:
    document = html5lib.parse(html, namespaceHTMLElements=False)
    found = {}
    for tile in document.iter("div"):
        name, number = tile.find("dt"), tile.find("dd/b")
        if name is not None and number is not None:
            found["".join(name.itertext())] = "".join(number.itertext())
    return found


def test_the_dashboard_shows_what_was_counted(busy: Any) -> None:
    html = busy.browser(Role.REVIEWER).get("/staff/so-lieu").text
    tiles = _tiles(html)
    assert tiles["Câu hỏi"] == "4"
    assert tiles["Cuộc trò chuyện"] == "2"
    assert tiles["Trả lời được"] == "50%"
    assert tiles["Câu trả lời hữu ích"] == "0%"
    assert "0 trong 1 phiếu" in html
    assert tiles["Điểm hài lòng"] == "4"
    assert tiles["Phản ánh, kiến nghị tiếp nhận"] == "1"
    assert tiles["Trả lời góp ý đúng hạn"] == "–"
    assert tiles["Thời gian trợ lý trả lời"] == "42 ms"
    assert _cells(html, "Theo kênh")[1:] == [
        ["Telegram", "3", "2", "1", "0", "0", "0", "1", "0%"],
        ["Zalo OA", "1", "0", "0", "1", "0", "0", "0", "–"],
    ]
    assert _cells(html, "Theo lĩnh vực")[1][:3] == ["Hộ tịch", "2", "2"]
    assert _cells(html, "Thủ tục được hỏi nhiều nhất")[1][0] == "1.001193"
    assert _cells(html, "Vì sao câu trả lời chưa hữu ích")[1:] == [["Thông tin đã cũ", "1"]]
    assert len(_cells(html, "Theo ngày")) == 31
    assert SCRIPT not in html
    assert 'style="' not in html
    assert "Quyết định 766/QĐ-TTg" in html


def test_an_unanswered_question_leads_to_its_item(busy: Any) -> None:
    browser = busy.browser(Role.REVIEWER)
    html = browser.get("/staff/so-lieu").text
    (address,) = re.findall(r'href="(/staff\?trang-thai=tat-ca[^"]+)"', html)
    found = browser.get(address.replace("&amp;", "&")).text
    assert "<h2>1 mục" in found
    assert 'href="/thu-tuc/1.001193"' in html


def test_days_and_channel_narrow_the_dashboard(busy: Any) -> None:
    browser = busy.browser(Role.REVIEWER)
    assert _tiles(browser.get("/staff/so-lieu?kenh=zalo").text)["Câu hỏi"] == "1"
    long_ago = browser.get("/staff/so-lieu?tu=2020-01-01&den=2020-01-02").text
    assert _tiles(long_ago)["Câu hỏi"] == "0"
    assert "Chưa có gì trong kỳ này." in long_ago


@pytest.mark.parametrize(
    "query",
    ["tu=x", "tu=2026-02-31", "tu=2026-11-02&den=2026-11-01", "tu=0001-01-01&den=9999-12-31"],
)
def test_days_that_cannot_be_are_explained(busy: Any, query: str) -> None:
    answer = busy.browser(Role.REVIEWER).get(f"/staff/so-lieu?{query}")
    assert answer.status_code == 200
    assert "Khoảng ngày không đúng" in answer.text
    assert _tiles(answer.text)["Câu hỏi"] == "4"


def test_files_hold_the_same_numbers_and_no_formula(busy: Any) -> None:
    browser = busy.browser(Role.REVIEWER)
    answer = browser.get("/staff/so-lieu/tai?dang=csv&bang=theo-kenh")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="mot-cua-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d-theo-kenh.csv"',
        answer.headers["content-disposition"],
    )
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1] == ["Telegram", "3", "2", "1", "0", "0", "0", "1", "0.0"]
    unanswered = browser.get("/staff/so-lieu/tai?dang=csv&bang=chua-tra-loi")
    rows = list(csv.reader(io.StringIO(unanswered.content.decode("utf-8-sig"))))
    assert rows[1][0] == f'\'=HYPERLINK("x") {SCRIPT}'
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/staff/so-lieu/tai?dang=xlsx").content))
    assert book.sheetnames[:3] == ["Tổng quan", "Theo ngày", "Theo kênh"]
    assert [cell.value for cell in book["Theo kênh"][2]][:3] == ["Telegram", 3, 2]
    assert all(
        cell.data_type != "f" for page in book.worksheets for row in page.rows for cell in row
    )
    for wrong in ("dang=exe", "dang=csv&bang=x"):
        assert browser.get(f"/staff/so-lieu/tai?{wrong}").status_code == 404


def test_the_report_of_this_month(busy: Any) -> None:
    browser = busy.browser(Role.REVIEWER)
    month = (TODAY + timedelta(hours=7)).strftime("%Y-%m")
    html = browser.get(f"/staff/bao-cao?thang={month}").text
    assert "UBND phường Thử" in html
    assert "Tháng chưa hết" in html
    rows = {row[0]: row[1] for row in _cells(html, "Tiến độ, kết quả giải quyết")}
    assert rows["Câu hỏi"] == "4"
    assert browser.get("/staff/bao-cao").status_code == 200
    assert browser.get("/staff/bao-cao?thang=2026-13").status_code == 404


def test_months_go_back_over_the_new_year() -> None:
    months = last_months(date(2026, 2, 20), 4)
    assert months == [date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1), date(2025, 11, 1)]


def test_records_are_listed_with_grade_and_what_is_missing(busy: Any) -> None:
    browser = busy.browser(Role.REVIEWER)
    html = browser.get("/staff/ban-ghi").text
    catalogue = busy.app.state.motcua.engine.knowledge.catalogue
    total = sum(record.superseded is None for record in catalogue)
    assert f"<h2>{total} bản ghi</h2>" in html
    assert len(_cells(html, "Bản ghi thủ tục")) - 1 == min(total, 50)
    one = browser.get("/staff/ban-ghi?tim=KHAI+SINH").text
    assert 0 < len(_cells(one, "Bản ghi thủ tục")) - 1 <= total
    assert all("khai sinh" in row[1].lower() for row in _cells(one, "Bản ghi thủ tục")[1:])
    nothing = browser.get("/staff/ban-ghi?hang=A&thieu=fees").text
    assert "0 bản ghi" in nothing
    got = browser.get("/staff/ban-ghi/tai?dang=csv")
    assert len(list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))) == total + 1


@pytest.mark.parametrize("query", ["trang=99999", "trang=-1", "trang=x", "hang=Z", "tim=%3Ci%3E"])
def test_any_filter_of_records_is_answered(busy: Any, query: str) -> None:
    answer = busy.browser(Role.REVIEWER).get(f"/staff/ban-ghi?{query}")
    assert answer.status_code == 200
    assert "<i>" not in answer.text


def test_trying_the_masking_stores_nothing(busy: Any) -> None:
    browser = busy.browser(Role.REVIEWER)
    answer = browser.post("/staff/rieng-tu/thu", {"text": f"sđt 0912345678 {SCRIPT}"})
    assert "sđt [số điện thoại]" in answer.text
    assert "Đã che: số điện thoại." in answer.text
    assert SCRIPT not in answer.text
    assert busy.audit.find(action="privacy")[1] == 0


def test_what_goes_soon_is_listed(busy: Any) -> None:
    html = busy.browser(Role.REVIEWER).get("/staff/rieng-tu").text
    rows = {row[0]: row[1:4] for row in _cells(html, "Thời hạn lưu từng loại dữ liệu")}
    assert rows["Câu hỏi và câu trả lời"] == ["180 ngày", "4", "0"]
    assert "Dữ liệu của một người" not in html


def test_an_admin_exports_and_deletes_one_persons_data(busy: Any) -> None:
    browser = busy.browser(Role.ADMIN)
    (item,), _ = busy.items.find(limit=1)
    code = item.code
    found = browser.post("/staff/rieng-tu/tim", {"code": code.lower()})
    assert "Cuộc trò chuyện 7 trên Telegram" in found.text
    person = {"channel": "telegram", "conversation": "7", "code": code}

    exported = browser.post("/staff/rieng-tu/tai", person)
    assert len(json.loads(exported.content)["tables"]["turns"]) == 3
    assert exported.headers["cache-control"] == "private, no-store"

    assert browser.post("/staff/rieng-tu/xoa", person).status_code == 400
    deleted = browser.post("/staff/rieng-tu/xoa", {**person, "sure": "1"})
    assert "3 câu hỏi và câu trả lời" in deleted.text
    assert "1 góp ý chưa trả lời, giữ nội dung" in deleted.text
    assert TurnLog(busy.database).of_conversation("telegram:7") == []
    assert busy.items.get(item.id).text == "thêm ghế"
    assert busy.items.get(item.id).conversation == ""
    entries, _ = busy.audit.find(action="privacy")
    assert [entry.action for entry in entries] == ["privacy.delete", "privacy.export"]
    assert "7" not in entries[0].subject_id


def test_items_of_a_person_who_is_gone_can_still_be_opened(busy: Any) -> None:
    mine = {"channel": "telegram", "text": "hỏi", "conversation": "telegram:7"}
    snapshot = {"question": "hỏi", "reply": "đáp", "candidates": [["1.001193", 0.4]]}
    closed = busy.items.create(
        NewItem(Kind.ANSWER, Origin.VOTE, snapshot=snapshot, tracked=True, **mine)
    )
    busy.items.update(closed.id, None, {"state": State.DONE}, "lan")
    erase(busy.database, "telegram", "7")
    browser = busy.browser(Role.REVIEWER)
    left, total = busy.items.find()
    assert total == 3
    for item in left:
        assert browser.get(f"/staff/muc/{item.id}").status_code == 200
    assert browser.get("/staff?trang-thai=tat-ca").status_code == 200
    assert browser.get("/staff/so-lieu").status_code == 200


def test_what_was_sent_with_a_form_is_found_by_its_code(busy: Any) -> None:
    browser = busy.browser(Role.ADMIN)
    item = busy.items.create(
        NewItem(
            Kind.COMPLAINT, Origin.PAGE, "web", "chờ lâu", consent_at=TODAY, tracked=True,
            contact=busy.keys.seal.close("0912345678"),
        )
    )  # fmt: skip
    found = browser.post("/staff/rieng-tu/tai", {"code": item.code})
    (row,) = json.loads(found.content)["tables"]["review_items"]
    assert row["contact"] == "0912345678"
    browser.post("/staff/rieng-tu/xoa", {"code": item.code, "sure": "1"})
    left = busy.items.get(item.id)
    assert (left.text, left.contact, left.code) == ("chờ lâu", "", item.code)


def test_nobody_named_is_explained(busy: Any) -> None:
    browser = busy.browser(Role.ADMIN)
    assert browser.post("/staff/rieng-tu/tim", {}).status_code == 400
    assert browser.post("/staff/rieng-tu/tim", {"code": "MC-0000-0000"}).status_code == 404
    nothing = browser.post("/staff/rieng-tu/tim", {"channel": "zalo", "conversation": "x"})
    assert "Không lưu gì của người này." in nothing.text


def test_cleaning_up_is_recorded(busy: Any) -> None:
    browser = busy.browser(Role.ADMIN)
    answer = browser.post("/staff/rieng-tu/don")
    assert answer.status_code == 303
    assert "Đã xoá những gì hết thời hạn." in browser.get(answer.headers["location"]).text
    assert busy.audit.find(action="privacy.clean_up")[1] == 1


@pytest.mark.parametrize("path", ["tim", "tai", "xoa", "don"])
@pytest.mark.parametrize("role", [Role.REVIEWER, Role.EDITOR])
def test_only_an_admin_handles_personal_data(busy: Any, role: Role, path: str) -> None:
    form = {"channel": "telegram", "conversation": "7", "sure": "1"}
    assert busy.browser(role).post(f"/staff/rieng-tu/{path}", form).status_code == 403
    assert len(TurnLog(busy.database).of_conversation("telegram:7")) == 3


@pytest.mark.parametrize(
    "path", ["so-lieu", "so-lieu/tai", "bao-cao", "ban-ghi", "ban-ghi/tai", "rieng-tu"]
)
def test_a_stranger_is_sent_to_sign_in(office: Any, path: str) -> None:
    answer = office.stranger().get(f"/staff/{path}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/staff/dang-nhap")


@pytest.mark.parametrize("path", ["thu", "tim", "tai", "xoa", "don"])
def test_a_forged_form_is_refused(busy: Any, path: str) -> None:
    browser = busy.browser(Role.ADMIN)
    form = {"channel": "telegram", "conversation": "7", "sure": "1", "text": "x", "csrf": "forged"}
    assert browser.post(f"/staff/rieng-tu/{path}", form).status_code == 403
    assert len(TurnLog(busy.database).of_conversation("telegram:7")) == 3


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (None, Form.COUNT, "–"),
        (1234567, Form.COUNT, "1.234.567"),
        (0.125, Form.SHARE, "12,5%"),
        (1.0, Form.SHARE, "100%"),
        (4.25, Form.SCORE, "4,2"),
        (5.5, Form.HOURS, "5,5 giờ"),
        (60, Form.HOURS, "2,5 ngày"),
        (41.6, Form.MILLISECONDS, "42 ms"),
        (date(2026, 11, 3), Form.DAY, "03/11/2026"),
        ("Hộ tịch", Form.TEXT, "Hộ tịch"),
    ],
)
def test_values_are_written_as_in_vietnamese(value: Any, form: Form, expected: str) -> None:
    assert shown(value, form) == expected
