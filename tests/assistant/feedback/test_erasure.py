from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Engine, create_engine, insert, select

from assistant.dialogue.database import metadata
from assistant.feedback.erasure import Erased, erase
from assistant.feedback.personal import UNREADABLE, export
from assistant.feedback.seal import Seal
from assistant.feedback.tables import groups, items
from connectors.delivery.tables import metadata as queue
from connectors.delivery.tables import outbox

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture(scope="session")
def stored() -> ModuleType:
    """The module that fills the tables."""
    path = Path(__file__).with_name("stored.py")
    spec = importlib.util.spec_from_file_location("motcua_tests_stored", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nothing_of_a_person_is_left_but_what_the_office_has_to_answer(
    database: Engine, stored: ModuleType
) -> None:
    stored.leave_traces(database, "zalo", "42", "SECRET42", NOW, contact="sealed")
    stored.leave_traces(database, "zalo", "43", "OTHER43", NOW)
    untouched = {
        name: [row for row in rows if "OTHER43" in str(row)]
        for name, rows in stored.everything(database).items()
    }

    erased = erase(database, "zalo", "42")

    assert erased == Erased(1, 1, 1, 1, 1, items=1, emptied=2, unlinked=1, messages=2)
    after = stored.everything(database)
    left = [(name, row) for name, rows in after.items() for row in rows if "SECRET42" in str(row)]
    assert [name for name, _ in left] == ["review_items", "review_notes"]
    kept = left[0][1]
    assert kept["kind"] == "suggestion"
    assert (kept["text"], kept["code"]) == ("nói SECRET42", "MC-SECRET42-0001")
    assert (kept["conversation"], kept["handle"], kept["contact"]) == ("", "", "")
    assert kept["snapshot"] == {}
    assert kept["consent_at"] is None
    assert "zalo:42" not in str(after)
    assert not any(
        row.get("conversation") == "42"
        for name, rows in after.items()
        for row in rows
        if name != "channel_citizens"
    )
    assert sorted(row["text"] for row in after["review_items"] if row["state"] == "waiting") == [
        "", "nói OTHER43",
    ]  # fmt: skip
    for name, rows in untouched.items():
        assert [row for row in after[name] if "OTHER43" in str(row)] == rows, name


def test_no_table_that_knows_conversations_is_forgotten(stored: ModuleType) -> None:
    database = create_engine("sqlite://")
    metadata.create_all(database)
    queue.create_all(database)
    stored.leave_traces(database, "zalo", "42", "MINE", NOW)
    knowing = {
        table.name
        for table in (*metadata.sorted_tables, *queue.sorted_tables)
        if "conversation" in table.columns
    }
    filled = {name for name, rows in stored.everything(database).items() if "42" in str(rows)}
    database.dispose()
    assert knowing - {"channel_tokens"} <= filled, "leave traces in the new table, and erase them"


def test_erasing_again_finds_nothing(database: Engine, stored: ModuleType) -> None:
    stored.leave_traces(database, "web", "7", "WORD", NOW)
    erase(database, "web", "7")
    assert erase(database, "web", "7").total == 0


def test_a_message_on_its_way_still_goes_out(database: Engine, stored: ModuleType) -> None:
    with database.begin() as connection:
        connection.execute(
            insert(outbox).values(
                channel="zalo", conversation="42", inbox_id=1, answers="m", position=0,
                payload={"text": "Đã xoá"}, state="waiting", attempts=0, doubts=0, due_at=1,
                expires_at=1,
            )
        )  # fmt: skip
    erase(database, "zalo", "42")
    with database.connect() as connection:
        assert connection.execute(select(outbox.c.payload)).scalar() == {"text": "Đã xoá"}


def test_a_question_that_others_asked_too_stays_without_its_first_asker(
    database: Engine, stored: ModuleType
) -> None:
    first = {"conversation": "web:7", "snapshot": {"reply": "x"}, "text": "xin số nhà"}
    with database.begin() as connection:
        connection.execute(insert(items).values(stored.item(NOW, times=3, **first)))
        connection.execute(insert(items).values(stored.item(NOW, times=1, **first)))
    assert erase(database, "web", "7") == Erased(items=1, unlinked=1)
    with database.connect() as connection:
        (left,) = connection.execute(select(items)).mappings()
    assert (left["text"], left["conversation"], left["snapshot"]) == ("xin số nhà", "", {})


def test_a_group_takes_its_title_from_those_that_are_left(
    database: Engine, stored: ModuleType
) -> None:
    stored.leave_traces(database, "web", "7", "MINE", NOW)
    with database.begin() as connection:
        group = connection.execute(select(groups.c.id)).scalar_one()
        connection.execute(
            insert(items).values(stored.item(NOW, group_id=group, text="câu của người khác"))
        )
    erase(database, "web", "7")
    with database.connect() as connection:
        assert connection.execute(select(groups.c.title, groups.c.size)).all() == [
            ("câu của người khác", 1)
        ]


def test_an_export_has_every_row_of_one_person_and_of_nobody_else(
    database: Engine, stored: ModuleType
) -> None:
    seal = Seal(b"secret")
    stored.leave_traces(database, "zalo", "42", "MINE", NOW, seal.close("0912345678"))
    stored.leave_traces(database, "zalo", "43", "OTHERS", NOW)
    found = export(database, seal, "zalo", "42", lambda: NOW)
    assert found["exported_at"] == "2026-11-20T03:00:00+00:00"
    assert {name: len(rows) for name, rows in found["tables"].items()} == {
        "conversations": 1, "turns": 1, "votes": 1, "ratings": 1, "feedback_flows": 1,
        "review_items": 4, "review_notes": 4, "channel_citizens": 1, "channel_inbox": 1,
        "channel_outbox": 1,
    }  # fmt: skip
    assert "OTHERS" not in str(found)
    contacts = [row["contact"] for row in found["tables"]["review_items"]]
    assert contacts.count("0912345678") == 2
    every = stored.everything(database)
    missing = [
        (name, row)
        for name, rows in every.items()
        for row in rows
        if "MINE" in str(row) and name not in {*found["tables"], "review_groups"}
    ]
    assert missing == []
    assert export(database, seal, "zalo", "44")["tables"] == {}


def test_an_export_says_when_a_contact_cannot_be_read(database: Engine, stored: ModuleType) -> None:
    stored.leave_traces(database, "zalo", "42", "MINE", NOW, Seal(b"old").close("0912345678"))
    found = export(database, Seal(b"new"), "zalo", "42")
    contacts = {row["contact"] for row in found["tables"]["review_items"]}
    assert contacts == {"", UNREADABLE}
