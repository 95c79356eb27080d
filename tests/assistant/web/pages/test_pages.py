from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest
from fastapi.testclient import TestClient

PAGES = [
    "/",
    "/?thu-tuc=1.001193",
    "/thu-tuc",
    "/thu-tuc?q=khai+sinh",
    "/thu-tuc?q=khai+sinh&cap=tinh",
    "/thu-tuc?q=zzzz",
    "/thu-tuc?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27",
    "/thu-tuc?cap=xa",
    "/thu-tuc?cap=tinh&trang=2",
    "/thu-tuc/linh-vuc/ho-tich",
    "/thu-tuc/linh-vuc/ho-tich?cap=bo",
    "/thu-tuc/linh-vuc/thu-nghiem-do-luong?trang=2",
    "/thu-tuc/linh-vuc/khong-co",
    "/thu-tuc/1.001193",
    "/thu-tuc/1.004194",
    "/thu-tuc/9.000001",
    "/thu-tuc/9.000002",
    "/thu-tuc/9.000003",
    "/thu-tuc/8.888888",
    "/gop-y",
    "/khao-sat",
    "/tra-cuu",
]


def tree(html: str) -> ElementTree.Element:
    """Parses a page; any error in its HTML is an error here."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(html)


def structured(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found.group(1))
    return data


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_valid_small_and_ask_for_nothing_else(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code in {200, 404}
    html = response.text
    page = tree(html)
    assert len(html.encode()) < 50_000
    assert page.get("lang") == "vi"
    assert len(page.findall(".//h1")) == 1
    assert page.find(".//title") is not None
    # Nothing holds up the page: no style sheet, no script that is not async.
    assert page.findall(".//link[@rel='stylesheet']") == []
    for script in page.findall(".//script"):
        assert script.get("type") == "application/ld+json" or script.get("async") is not None
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert page.findall(".//*[@style]") == []
    assert re.findall(r'\son[a-z]+="', html) == []


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_allows_the_style_sheet_of_the_page_and_no_other(
    client: TestClient, path: str
) -> None:
    response = client.get(path)
    policy = response.headers["content-security-policy"]
    (sheet,) = [e.text or "" for e in tree(response.text).findall(".//style")]
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "'unsafe-inline'" not in policy
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert ("script-src 'self'" in policy) == (path.split("?")[0] == "/")


def test_a_procedure_page_shows_every_field(client: TestClient, scripted: Any) -> None:
    record = scripted.small_catalogue()["1.004194"]
    html = client.get("/thu-tuc/1.004194").text
    text = " ".join("".join(tree(html).itertext()).split())
    for part in (
        record.title,
        record.purpose,
        record.field,
        record.code,
        record.executing_agency,
        record.provenance.decision,
        record.provenance.last_checked.strftime("%d/%m/%Y"),
        *(document.name for group in record.documents for document in group.documents),
        *(group.case for group in record.documents),
        *(fee.case for fee in record.fees),
        *(fee.note for fee in record.fees),
        *record.steps,
        *record.result,
        *record.conditions,
        *record.mistakes,
        *(basis.number for basis in record.legal_basis),
        *(way.place for way in record.submissions),
    ):
        assert " ".join(part.split()) in text
    for fee in record.fees:
        if fee.amount is not None:
            assert f"{fee.amount:,}".replace(",", ".") in text
    assert f'href="{record.provenance.source}"' in html
    assert 'href="https://dichvucong.gov.vn"' in html
    assert 'href="/?thu-tuc=1.004194"' in html
    assert "UBND phường Thử" in text


def test_what_is_not_stated_is_said_and_never_free(client: TestClient) -> None:
    html = client.get("/thu-tuc/9.000004").text
    assert "Chưa nêu không có nghĩa là miễn phí" in html
    assert "chưa nêu các bước" in html
    assert "Miễn phí" not in html
    assert "mới có dữ liệu tóm tắt" in html


def test_a_procedure_that_no_longer_holds_leads_to_the_one_that_does(client: TestClient) -> None:
    html = client.get("/thu-tuc/9.000003").text
    assert "không còn hiệu lực" in html
    assert '<a href="/thu-tuc/1.001193">' in html


def test_structured_data_says_what_the_record_says(client: TestClient) -> None:
    service, trail = structured(client.get("/thu-tuc/9.000002").text)["@graph"]
    assert service["@type"] == "GovernmentService"
    assert service["identifier"] == "9.000002"
    assert service["url"] == "https://motcua.example.vn/thu-tuc/9.000002"
    assert service["offers"] == [
        {"@type": "Offer", "price": "20000", "priceCurrency": "VND", "description": "Lệ phí"}
    ]
    assert [item["position"] for item in trail["itemListElement"]] == [1, 2, 3]
    not_stated = structured(client.get("/thu-tuc/9.000004").text)["@graph"][0]
    assert "offers" not in not_stated
    assert "provider" not in not_stated


def test_markup_in_a_record_or_a_question_stays_text(client: TestClient, scripted: Any) -> None:
    html = client.get("/thu-tuc/9.000001").text
    assert scripted.SCRIPT not in html
    assert "<img" not in html
    name = structured(html)["@graph"][0]["name"]
    assert name.endswith(scripted.SCRIPT)
    asked = '"><script>alert(1)</script>'
    found = client.get("/thu-tuc", params={"q": asked})
    assert asked not in found.text
    assert tree(found.text).find(".//input[@id='q']").get("value") == asked  # type: ignore[union-attr]
    assert "<script>alert" not in client.get("/thu-tuc/<script>alert(1)").text


def test_search_finds_as_the_assistant_does_and_keeps_what_was_typed(client: TestClient) -> None:
    response = client.get("/thu-tuc?q=dang+ky+khai+sinh")
    hrefs = [a.get("href") for a in tree(response.text).findall(".//ul[@class='results']/li/a")]
    assert "/thu-tuc/1.001193" in hrefs
    assert response.headers["cache-control"] == "private, no-cache"
    assert '<meta name="robots" content="noindex, follow">' in response.text
    provincial = client.get("/thu-tuc?q=dang+ky+khai+sinh&cap=tinh").text
    assert "/thu-tuc/1.001193" not in provincial
    assert '<option value="tinh" selected>' in provincial


def test_a_code_leads_straight_to_its_page(client: TestClient) -> None:
    response = client.get("/thu-tuc?q=+1.001193+")
    assert (response.status_code, response.headers["location"]) == (303, "/thu-tuc/1.001193")


def test_nothing_found_says_so_and_offers_the_fields(client: TestClient) -> None:
    html = client.get("/thu-tuc?q=zzzz").text
    assert "Không tìm thấy thủ tục nào cho “zzzz”" in html
    assert 'href="/thu-tuc/linh-vuc/ho-tich"' in html


def test_fields_with_the_same_plain_letters_have_pages_of_their_own(client: TestClient) -> None:
    one = client.get("/thu-tuc/linh-vuc/thu-nghiem-do-luong").text
    two = client.get("/thu-tuc/linh-vuc/thu-nghiem-do-luong-2").text
    assert "<h1>Lĩnh vực Thử nghiệm &amp; đo lường</h1>" in one
    assert "<h1>Lĩnh vực Thử nghiệm đo lường</h1>" in two


def test_pages_of_a_list_together_show_each_procedure_once(client: TestClient) -> None:
    seen: list[str] = []
    path = "/thu-tuc?cap=tinh"
    for _ in range(10):
        page = tree(client.get(path).text)
        seen += [str(a.get("href")) for a in page.findall(".//ul[@class='results']/li/a")]
        following = page.find(".//a[@rel='next']")
        if following is None:
            break
        path = (
            str(following.get("href"))
            .replace("?", "/thu-tuc?", 1)
            .replace("/thu-tuc/thu-tuc", "/thu-tuc")
        )
    assert len(seen) == len(set(seen)) == 40
    far = client.get("/thu-tuc?cap=tinh&trang=99")
    assert "trang 2 trên 2" in far.text
    assert client.get("/thu-tuc?cap=tinh&trang=abc").status_code == 200
    assert client.get("/thu-tuc?cap=tinh&trang=-5").status_code == 200


def test_pages_are_kept_by_caches_until_they_change(client: TestClient) -> None:
    for path in ("/", "/thu-tuc", "/thu-tuc/1.001193", "/sitemap.xml", "/robots.txt"):
        response = client.get(path)
        assert response.headers["cache-control"].startswith("public, max-age=300")
        again = client.get(path, headers={"If-None-Match": response.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        weak = client.get(path, headers={"If-None-Match": f'"x", W/{response.headers["etag"]}'})
        assert weak.status_code == 304
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_unknown_pages_are_not_found_and_help(client: TestClient) -> None:
    for path in ("/thu-tuc/8.888888", "/thu-tuc/linh-vuc/khong-co"):
        response = client.get(path)
        assert response.status_code == 404
        assert 'role="search"' in response.text


def test_sitemap_lists_what_is_in_force_and_robots_lead_to_it(client: TestClient) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    locations = [e.text or "" for e in root.findall(".//s:loc", space)]
    assert len(locations) == len(set(locations)) == 1 + 4 + 61
    assert "https://motcua.example.vn/thu-tuc/1.001193" in locations
    assert "https://motcua.example.vn/thu-tuc/9.000003" not in locations
    for location in locations:
        assert client.get(location).status_code == 200
    robots = client.get("/robots.txt").text
    assert "Sitemap: https://motcua.example.vn/sitemap.xml" in robots


def test_links_of_pages_lead_somewhere(client: TestClient) -> None:
    for path in ("/thu-tuc", "/thu-tuc/1.001193", "/thu-tuc/linh-vuc/ho-tich"):
        page = tree(client.get(path).text)
        for link in page.findall(".//a"):
            href = str(link.get("href"))
            if href.startswith("#"):
                assert page.findall(f".//*[@id='{href[1:]}']")
            elif href.startswith("/"):
                assert client.get(href).status_code == 200, href


@pytest.mark.parametrize(
    ("setting", "general", "about_one"),
    [
        ("/gop-y", "/gop-y", "/gop-y?thu-tuc=1.001193"),
        ("https://forms.example.vn/a", "https://forms.example.vn/a", "https://forms.example.vn/a"),
    ],
)
def test_opinions_go_where_the_office_wants_them(
    scripted: Any, tmp_path: Any, setting: str, general: str, about_one: str
) -> None:
    from assistant.settings import Settings
    from assistant.web.app import create_app

    settings = Settings(data_dir=tmp_path, feedback_url=setting)
    client = TestClient(create_app(settings, scripted.ScriptedEngine()))
    hrefs = [a.get("href") for a in tree(client.get("/thu-tuc/1.001193").text).findall(".//a")]
    assert general in hrefs
    assert about_one in hrefs


def test_fees_of_the_office_s_own_province_are_shown(scripted: Any, tmp_path: Any) -> None:
    from assistant.settings import Settings
    from assistant.web.app import create_app

    local = tmp_path / "catalogue" / "local"
    local.mkdir(parents=True)
    (local / "hai-phong.yml").write_text(
        "province: Hải Phòng\n"
        "fees:\n"
        "  - codes: ['9.000004']\n"
        "    source: {document: 01/2026/NQ-HĐND, link: 'https://example.vn', reading: primary,\n"
        "      checked: 2026-11-20}\n"
        "    fees:\n"
        "      - {state: amount, amount: 12345, name: Lệ phí, source: 01/2026/NQ-HĐND}\n",
        "utf-8",
    )
    settings = Settings(
        data_dir=tmp_path, catalogue=str(tmp_path / "catalogue"), province="Hải Phòng"
    )
    client = TestClient(create_app(settings, scripted.ScriptedEngine()))
    assert "12.345 đồng" in client.get("/thu-tuc/9.000004").text
