"""A small catalogue, an item of the queue, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from assistant.feedback.items import Item, NewItem, ReviewItems
from assistant.feedback.learning.proposals import Proposals
from assistant.feedback.values import Kind, Origin
from knowledge_base.schema import Procedure
from knowledge_base.store import Catalogue

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def record(code: str, name: str, **more: Any) -> Procedure:
    return Procedure.model_validate(
        {
            "code": code,
            "name": name,
            "field": "Cư trú",
            "levels": ["commune"],
            "provenance": {"source": "https://dichvucong.gov.vn/x", "last_checked": "2026-07-01"},
            **more,
        }
    )


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue(
        [
            record(
                "1.004194",
                "Đăng ký tạm trú",
                fees=[{"state": "amount", "amount": 7000, "unit": "lần", "method": "online"}],
                steps=["Nộp hồ sơ.", "Nhận kết quả."],
            ),
            record("1.001193", "Đăng ký khai sinh"),
        ]
    )


@pytest.fixture
def items(database: Engine) -> ReviewItems:
    return ReviewItems(database, clock=lambda: NOW)


@pytest.fixture
def proposals(database: Engine, items: ReviewItems) -> Proposals:
    return Proposals(database, items, clock=lambda: NOW, patch=lambda change: f"+{change.kind}\n")


@pytest.fixture
def new_item(items: ReviewItems) -> Callable[..., Item]:
    def make(question: str = "xin phiếu lá sen cần giấy tờ gì", **snapshot: Any) -> Item:
        seen = {
            "question": question,
            "read_as": question,
            "intent": "ask_procedure",
            "aspects": ["documents"],
            "procedure": None,
            **snapshot,
        }
        return items.create(
            NewItem(
                Kind.ANSWER, Origin.VOTE, "telegram", question, "telegram:42", "h1",
                snapshot=seen, tracked=True,
            )
        )  # fmt: skip

    return make
