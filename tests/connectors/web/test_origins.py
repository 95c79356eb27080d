from __future__ import annotations

import pytest

from connectors.web.origins import Origins

SITES = Origins(
    "https://hongbang.gov.vn http://localhost:3000/ https://*.haiphong.gov.vn",
    "https://motcua.example.vn/",
)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://hongbang.gov.vn", True),
        ("https://HONGBANG.gov.vn", True),
        ("http://localhost:3000", True),
        ("https://so.haiphong.gov.vn", True),
        ("https://a.b.haiphong.gov.vn", True),
        ("https://motcua.example.vn", True),
        ("http://hongbang.gov.vn", False),
        ("https://hongbang.gov.vn:8443", False),
        ("https://hongbang.gov.vn.evil.example", False),
        ("https://evilhongbang.gov.vn", False),
        ("https://haiphong.gov.vn", False),
        ("https://evilhaiphong.gov.vn", False),
        ("http://so.haiphong.gov.vn", False),
        ("null", False),
        ("", False),
        ("file://", False),
    ],
)
def test_only_listed_websites_are_allowed(origin: str, allowed: bool) -> None:
    assert SITES.allows(origin, "assistant.internal:8000") is allowed


def test_a_page_of_this_server_is_always_allowed() -> None:
    assert Origins().allows("http://10.0.0.5:8000", "10.0.0.5:8000")
    assert not Origins().allows("http://10.0.0.6:8000", "10.0.0.5:8000")
    assert not Origins().allows("ftp://10.0.0.5", "10.0.0.5")


@pytest.mark.parametrize("entry", ["*", "hongbang.gov.vn", "https://a.vn/path", "https://*"])
def test_what_is_no_origin_is_refused_at_start(entry: str) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        Origins(entry)
