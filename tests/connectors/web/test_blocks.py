from __future__ import annotations

import json

import pytest

from connectors.message import (
    Choice,
    Fact,
    Heading,
    Item,
    ItemList,
    Link,
    Paragraph,
    Reply,
    ReplyKind,
    Source,
)
from connectors.web.blocks import as_block, as_widget, is_web_address


def test_every_block_becomes_plain_data() -> None:
    reply = Reply(
        ReplyKind.ANSWER,
        (
            Heading("Đăng ký tạm trú"),
            Paragraph("Chào bạn", strong=True),
            ItemList((Item("Tờ khai", "1 bản"),), style="checklist", title="Giấy tờ"),
            Fact("Lệ phí", "7.000 đồng", "nộp trực tuyến"),
            Link("Cổng", "https://dichvucong.gov.vn"),
            Source("Căn cứ", (Link("Trang", "https://a.vn"), Link("x", "javascript:alert(1)"))),
        ),
        choices=(Choice("p:1.001193", "Khai sinh"),),
        procedure="1.001193",
        feedback="handle",
    )
    drawn = as_widget(reply)
    assert drawn["blocks"] == [
        {"type": "heading", "text": "Đăng ký tạm trú"},
        {"type": "paragraph", "text": "Chào bạn", "strong": True},
        {
            "type": "list",
            "style": "checklist",
            "title": "Giấy tờ",
            "items": [{"text": "Tờ khai", "detail": "1 bản"}],
        },
        {"type": "fact", "label": "Lệ phí", "value": "7.000 đồng", "note": "nộp trực tuyến"},
        {"type": "link", "text": "Cổng", "url": "https://dichvucong.gov.vn"},
        {
            "type": "source",
            "text": "Căn cứ",
            "links": [{"text": "Trang", "url": "https://a.vn"}],
        },
    ]
    assert drawn["choices"] == [{"id": "p:1.001193", "title": "Khai sinh"}]
    assert (drawn["kind"], drawn["procedure"], drawn["feedback"]) == (
        "answer",
        "1.001193",
        "handle",
    )
    assert json.loads(json.dumps(drawn)) == drawn


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//a.vn", "ftp://a", ""],
)
def test_only_web_addresses_lead_out(url: str) -> None:
    assert not is_web_address(url)
    assert as_block(Link("x", url)) is None


def test_web_addresses_in_any_case() -> None:
    assert is_web_address("https://a.vn")
    assert is_web_address("HTTP://A.VN")
