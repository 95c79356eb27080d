"""The API reference in Chromium: it draws itself, and asks nobody else for anything."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

pytest.importorskip("fastapi_offline")


def test_the_reference_is_drawn_without_any_outside_request(page: Page, site: Any) -> None:
    outside: list[str] = []
    complaints: list[str] = []

    def watch(route: Route) -> None:
        if route.request.url.startswith((site.origin, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    page.context.route("**/*", watch)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{site.origin}/api/docs")
    operation = page.locator("#operations-messages-post_message_api_v1_messages_post")
    expect(page.get_by_role("heading", name="Một Cửa")).to_be_visible(timeout=30_000)
    expect(operation).to_be_visible()
    operation.get_by_role("button").first.click()
    expect(operation.get_by_text("Answers one message of a conversation.")).to_be_visible()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.get_by_text("latency_ms").first).to_be_visible()
    assert outside == []
    assert complaints == []
