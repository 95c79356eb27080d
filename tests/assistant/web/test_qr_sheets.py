from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest
from click.testing import CliRunner

from assistant.settings import Settings, get_settings
from assistant.web import qr
from assistant.web.commands import COMMANDS
from assistant.web.qr_sheets import Codes, counter, labels, wall
from knowledge_base.schema import Procedure

BASE = "https://motcua.example.vn"
(QR,) = COMMANDS


def record(code: str, name: str, field: str, **more: Any) -> Procedure:
    return Procedure.model_validate(
        {
            "code": code,
            "name": name,
            "field": field,
            "levels": ["commune"],
            "provenance": {"source": "https://example.vn", "last_checked": "2026-11-20"},
            **more,
        }
    )


RECORDS = [
    record("1.000002", "Đăng ký kết hôn <b>", "Hộ tịch"),
    record("1.000001", "Đăng ký khai sinh", "Hộ tịch"),
    record("1.000003", "Đăng ký tạm trú", "Cư trú"),
]


@pytest.fixture
def codes() -> Codes:
    settings = Settings(office_name="UBND phường Thử", office_hotline="0225 3888 999")
    return Codes(settings, BASE)


def tree(html: str) -> ElementTree.Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(html)


def test_the_wall_lists_each_procedure_by_field_and_numbers_them_through(codes: Codes) -> None:
    html = wall(codes, RECORDS, date(2026, 11, 20))
    page = tree(html)
    assert [e.text for e in page.findall(".//h2")] == ["Cư trú (1)", "Hộ tịch (2)"]
    names = [e.text for e in page.findall(".//li//b")]
    assert names == ["1. Đăng ký tạm trú", "2. Đăng ký kết hôn <b>", "3. Đăng ký khai sinh"]
    assert len(page.findall(".//{http://www.w3.org/2000/svg}svg")) == 3
    assert "20/11/2026" in html
    assert "UBND phường Thử" in html


def test_a_label_shows_the_papers_of_everyone_and_says_that_there_are_more(codes: Codes) -> None:
    paper = [{"name": f"Giấy số {number}"} for number in range(9)]
    one = record(
        "1.000004",
        "Đăng ký thử",
        "Hộ tịch",
        documents=[{"documents": paper}, {"case": "Nhờ người khác", "documents": paper[:2]}],
        fees=[{"state": "amount", "amount": 8000}],
    )
    page = tree(labels(codes, [one, RECORDS[0]]))
    first, second = page.findall(".//article")
    assert [e.text for e in first.findall(".//li")] == [f"Giấy số {n}" for n in range(7)]
    text = "".join(first.itertext())
    assert "Còn 4 giấy tờ khác" in text
    assert "8.000 đồng" in text
    assert "chưa nêu giấy tờ" in "".join(second.itertext())


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("/gop-y", f"{BASE}/gop-y"),
        ("https://forms.example.vn/a", "https://forms.example.vn/a"),
        ("", f"{BASE}/gop-y"),
    ],
)
def test_the_counter_card_leads_to_the_feedback_form(setting: str, said: str) -> None:
    html = counter(Codes(Settings(feedback_url=setting), BASE))
    tree(html)
    assert f"<small>{said}</small>" in html
    assert qr.svg(said, f"Mã QR: {said}") in html


def test_the_survey_card_names_the_counter() -> None:
    html = counter(Codes(Settings(), BASE), "Quầy 3", survey=True)
    page = "".join(tree(html).itertext())
    assert "Quầy 3" in page
    assert "từ 1 đến 5" in page
    said = f"{BASE}/khao-sat?noi=Qu%E1%BA%A7y%203"
    assert qr.svg(said, f"Mã QR: {said}") in html


def test_sheets_need_no_other_file(codes: Codes) -> None:
    for html in (wall(codes, RECORDS, date.today()), labels(codes, RECORDS), counter(codes)):
        page = tree(html)
        assert page.findall(".//link") == []
        assert page.findall(".//img") == []
        assert re.findall(r"url\(|@import", html) == []


def test_codes_can_lead_to_the_bot(codes: Codes) -> None:
    settings = Settings(telegram_bot="motcua_bot")
    led = Codes(settings, "", qr.Target.TELEGRAM).of(RECORDS[0])
    assert led == qr.svg("https://t.me/motcua_bot?start=tt-1_000002", "Mã QR của thủ tục 1.000002")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An office with a catalogue of its own."""
    from knowledge_base.store import dump

    folder = tmp_path / "catalogue" / "imported"
    folder.mkdir(parents=True)
    lines = [dump(one) for one in RECORDS]
    lines.append(dump(record("1.000009", "Cấp tỉnh", "Hộ tịch", levels=["province"])))
    lines.append(dump(record("1.000008", "Bỏ rồi", "Hộ tịch", superseded={"reason": "Bãi bỏ."})))
    (folder / "office.jsonl").write_text("\n".join(lines), "utf-8")
    monkeypatch.setenv("MOTCUA_CATALOGUE", str(tmp_path / "catalogue"))
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MOTCUA_PUBLIC_URL", BASE)
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


def run(*arguments: str) -> Any:
    return CliRunner().invoke(QR, list(arguments))


def test_command_wall(office: Path) -> None:
    output = office / "out" / "wall.html"
    result = run("wall", "--output", str(output))
    assert result.exit_code == 0, result.output
    names = [e.text for e in tree(output.read_text("utf-8")).findall(".//li//b")]
    assert len(names) == 3
    assert run("wall", "--field", "Cư trú", "--output", str(output)).exit_code == 0
    assert "tạm trú" in output.read_text("utf-8")
    assert "khai sinh" not in output.read_text("utf-8")
    assert run("wall", "--level", "tinh", "--output", str(output)).exit_code == 0
    assert "1.000009" in output.read_text("utf-8")
    chosen = office / "codes.txt"
    chosen.write_text("1.000003\n\n1.000001\n", "utf-8")
    assert run("wall", "--codes", str(chosen), "--output", str(output)).exit_code == 0
    assert len(tree(output.read_text("utf-8")).findall(".//{http://www.w3.org/2000/svg}svg")) == 2


def test_commands_say_what_is_wrong(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = str(office / "x.html")
    assert "no such field" in run("wall", "--field", "Không có", "--output", output).output
    assert "Not in the catalogue" in run("label", "8.888888", "--output", output).output
    assert "No procedure is left" in run("wall", "--level", "bo", "--output", output).output
    assert "MOTCUA_ZALO_OA_ID" in run("wall", "--to", "zalo", "--output", output).output
    assert "must end in" in run("code", "1.000001", "--output", output).output
    assert "no web address" in run("counter", "--base-url", "motcua", "--output", output).output
    monkeypatch.delenv("MOTCUA_PUBLIC_URL")
    get_settings.cache_clear()
    refused = run("wall", "--output", output)
    assert refused.exit_code == 1
    assert "MOTCUA_PUBLIC_URL" in refused.output
    assert not Path(output).exists()


def test_commands_label_counter_and_code(office: Path) -> None:
    for arguments in (
        ("label", "1.000001", "1.000003"),
        ("counter",),
    ):
        output = office / "sheet.html"
        assert run(*arguments, "--output", str(output)).exit_code == 0
        tree(output.read_text("utf-8"))
    for ending in ("svg", "png"):
        output = office / f"code.{ending}"
        result = run("code", "1.000001", "--output", str(output))
        assert f"{BASE}/thu-tuc/1.000001" in result.output
        assert output.stat().st_size > 300
