"""The tables of feedback, of the staff console and of releases.

They belong to the metadata of :mod:`assistant.dialogue.database`; times are in UTC. Every text of a
citizen is masked before it gets here.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from assistant.dialogue.database import metadata

votes = Table(
    "votes",
    metadata,
    Column("handle", String(40), primary_key=True),
    Column("conversation", String(200), nullable=False, index=True),
    Column("channel", String(40), nullable=False),
    Column("procedure", String(40)),
    Column("useful", Boolean, nullable=False),
    Column("reason", String(30), nullable=False, default=""),
    Column("comment", Text, nullable=False, default=""),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)
"""One vote for each answer, named by the answer's handle; a later vote replaces an earlier one."""

ratings = Table(
    "ratings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(200), nullable=False, default="", index=True),
    Column("channel", String(40), nullable=False),
    Column("score", Integer, nullable=False),
    Column("comment", Text, nullable=False, default=""),
    Column("place", String(200), nullable=False, default=""),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
)
"""Satisfaction from 1 to 5: of a conversation, or of a visit to an office (``place``)."""

flows = Table(
    "feedback_flows",
    metadata,
    Column("conversation", String(200), primary_key=True),
    Column("step", String(40), nullable=False),
    Column("data", JSON, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, index=True),
)
"""Where a citizen is in the short dialogue that takes down a vote's reason or a suggestion."""

groups = Table(
    "review_groups",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("title", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False, default=0),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)
"""Items whose questions mean nearly the same; ``vector`` is the mean, 32-bit floats."""

items = Table(
    "review_items",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("origin", String(30), nullable=False),
    Column("state", String(20), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("conversation", String(200), nullable=False, default="", index=True),
    Column("handle", String(40), nullable=False, default="", index=True),
    Column("procedure", String(40)),
    Column("field", String(120), nullable=False, default=""),
    Column("about", String(30), nullable=False, default=""),
    Column("place", String(200), nullable=False, default=""),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False, server_default=""),
    Column("snapshot", JSON, nullable=False),
    Column("contact", Text, nullable=False, default=""),
    Column("consent_at", DateTime(timezone=True)),
    Column("code", String(20), unique=True),
    Column("group_id", Integer, ForeignKey("review_groups.id", ondelete="SET NULL"), index=True),
    Column("times", Integer, nullable=False, default=1),
    Column("assignee", Integer, ForeignKey("staff_accounts.id", ondelete="SET NULL"), index=True),
    Column("due_at", DateTime(timezone=True), index=True),
    Column("decision", String(30), nullable=False, default=""),
    Column("decision_data", JSON, nullable=False, default=dict),
    Column("reply", Text, nullable=False, default=""),
    Column("replied_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("told_at", DateTime(timezone=True)),
    Column("release_id", Integer, ForeignKey("releases.id", ondelete="SET NULL"), index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Index("ix_review_items_state_created_at", "state", "created_at"),
)
"""The queue of the office: votes against an answer, suggestions, complaints, unanswered questions.

``snapshot`` holds the question, what was understood, the candidates and the reply, so that an item
can be judged after the turn itself has expired. ``folded`` is what a search looks at, in plain
letters. ``contact`` is encrypted and only there with
``consent_at``. ``code`` is what the citizen looks the item up with, ``told_at`` when
they were told of the outcome or could not be. ``version`` rises with each change, so that two
members of staff do not overwrite each other.
"""

notes = Table(
    "review_notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column(
        "item_id", Integer, ForeignKey("review_items.id", ondelete="CASCADE"), nullable=False,
        index=True,
    ),
    Column("author", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip
"""What members of staff write to each other about an item."""

proposals = Table(
    "proposals",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("item_id", Integer, ForeignKey("review_items.id", ondelete="SET NULL"), index=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("payload", JSON, nullable=False),
    Column("patch", Text, nullable=False, default=""),
    Column("regression", JSON, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", String(80), nullable=False, default=""),
    Column("decided_at", DateTime(timezone=True)),
    Column("reason", Text, nullable=False, default=""),
    Column("release_id", Integer, ForeignKey("releases.id", ondelete="SET NULL"), index=True),
)
"""Concrete changes that decisions ask for, each with the question that proves it."""

releases = Table(
    "releases",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", String(20), nullable=False),
    Column("started_by", String(80), nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("before", JSON, nullable=False, default=dict),
    Column("after", JSON, nullable=False, default=dict),
    Column("reason", Text, nullable=False, default=""),
    Column("folder", Text, nullable=False, default=""),
    Column("model", Text, nullable=False, default=""),
)
"""What was learned at once: measured before and after, accepted or refused with the reason."""

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("channel", String(40), nullable=False, default=""),
    Column("text", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("created_by", String(80), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
"""A pause (``pause``) of the assistant or of one channel, or a text shown with answers
(``notice``)."""

accounts = Table(
    "staff_accounts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("username", String(80), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("password_hash", Text, nullable=False, default=""),
    Column("totp_secret", Text, nullable=False, default=""),
    Column("totp_confirmed_at", DateTime(timezone=True)),
    Column("totp_last_step", Integer, nullable=False, default=0),
    Column("recovery_hashes", JSON, nullable=False, default=list),
    Column("oidc_subject", String(250), unique=True),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", DateTime(timezone=True)),
    Column("must_change_password", Boolean, nullable=False, default=False),
    Column("disabled_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("signed_in_at", DateTime(timezone=True)),
)
"""Members of staff. ``totp_secret`` is encrypted; recovery codes are hashed."""

sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column(
        "account_id", Integer, ForeignKey("staff_accounts.id", ondelete="CASCADE"),
        nullable=False, index=True,
    ),
    Column("stage", String(20), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("browser", String(120), nullable=False, default=""),
)  # fmt: skip
"""Signed-in browsers; ``stage`` says what is still wanted of one."""

audit = Table(
    "audit_log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("actor", String(80), nullable=False, index=True),
    Column("action", String(60), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("subject_id", String(80), nullable=False, default=""),
    Column("before", JSON, nullable=False, default=dict),
    Column("after", JSON, nullable=False, default=dict),
    Index("ix_audit_log_subject", "subject", "subject_id"),
)
"""Who did what and when; rows are only ever added."""

attempts = Table(
    "attempts",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("period", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
)
"""How often something was tried in a window of time: signing in, looking up a tracking code."""
