"""Fills every table with what one citizen leaves behind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, MetaData, insert, select

from assistant.dialogue.database import conversations
from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.tables import flows, groups, items, notes, ratings, votes
from connectors.delivery.tables import citizens, inbox, outbox


def item(created: datetime, **more: Any) -> dict[str, Any]:
    """A row of the queue."""
    return {
        "kind": "unanswered", "origin": "declined", "state": "new", "channel": "zalo",
        "conversation": "", "handle": "", "procedure": None, "field": "", "about": "", "place": "",
        "text": "", "folded": "", "snapshot": {}, "contact": "", "consent_at": None, "code": None,
        "group_id": None, "times": 1, "assignee": None, "due_at": None, "decision": "",
        "decision_data": {}, "reply": "", "replied_at": None, "closed_at": None,
        "release_id": None, "created_at": created, "updated_at": created, "version": 1, **more,
    }  # fmt: skip


def leave_traces(
    database: Engine, channel: str, conversation: str, word: str, now: datetime, contact: str = ""
) -> None:
    """Writes rows to every table; ``word`` stands in each text of the citizen."""
    name = f"{channel}:{conversation}"
    milliseconds = int(now.timestamp() * 1000)
    TurnLog(database).record(
        Turn(name, channel, f"hỏi {word}", f"hỏi {word}", "ask", "answer", "1.1", (), (), 0.9,
             f"đáp {word}", 5.0, "v1", handle=f"turn-{name}", asked_at=now)
    )  # fmt: skip
    own = {"channel": channel, "conversation": name}
    queued = {"channel": channel, "conversation": conversation}
    with database.begin() as connection:
        for statement in (
            insert(conversations).values(id=name, state={"said": word}, updated_at=now),
            insert(votes).values(
                **own, handle=f"turn-{name}", procedure="1.1", useful=False, reason="other",
                comment=word, created_at=now, updated_at=now,
            ),
            insert(ratings).values(**own, score=2, comment=word, place="", created_at=now),
            insert(flows).values(
                conversation=name, step="text", data={"text": word}, updated_at=now
            ),
            insert(citizens).values(
                **queued, last_message_at=milliseconds, choices=[["a", word]],
                choices_at=milliseconds,
            ),
            insert(inbox).values(
                **queued, event=f"event {conversation}", kind="message", order_at=1,
                received_at=milliseconds, ripe_at=1, payload={"text": word}, state="done",
                attempts=0,
            ),
            insert(outbox).values(
                **queued, inbox_id=1, answers="m", position=0, payload={"text": word},
                state="sent", attempts=0, doubts=0, due_at=1, expires_at=1,
                finished_at=milliseconds,
            ),
        ):  # fmt: skip
            connection.execute(statement)
        group = connection.execute(
            insert(groups)
            .values(title=f"hỏi {word}", vector=b"", size=1, created_at=now, updated_at=now)
            .returning(groups.c.id)
        ).scalar_one()
        texts = {
            "text": f"nói {word}", "folded": f"noi {word}", "snapshot": {"question": word},
            "conversation": name, "channel": channel, "handle": f"h-{word}",
        }  # fmt: skip
        for more in (
            {"group_id": group},
            {"kind": "answer", "state": "waiting", "decision": "missing_alias",
             "decision_data": {"alias": word}},
            {"kind": "suggestion", "state": "open", "contact": contact, "consent_at": now,
             "code": f"MC-{word}-0001"},
            {"kind": "complaint", "state": "done", "reply": f"trả lời {word}", "replied_at": now,
             "closed_at": now, "contact": contact, "consent_at": now, "code": f"MC-{word}-0002"},
        ):  # fmt: skip
            connection.execute(insert(items).values({**item(now), **texts, **more}))
        for number in connection.execute(
            select(items.c.id).where(items.c.conversation == name)
        ).scalars():
            connection.execute(
                insert(notes).values(
                    item_id=number, author="lan", text=f"ghi chú {word}", created_at=now
                )
            )


def everything(database: Engine) -> dict[str, list[dict[str, Any]]]:
    """Reads every row of every table."""
    metadata = MetaData()
    metadata.reflect(database)
    with database.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in metadata.sorted_tables
        }
