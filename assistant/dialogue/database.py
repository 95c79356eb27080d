"""The database: tables, engine, and migrations run at start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("state", JSON, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, index=True),
)
"""What a follow-up needs to know; bounded, and gone when it expires."""

turns = Table(
    "turns",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(200), nullable=False, index=True),
    Column("channel", String(40), nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("question", Text, nullable=False),
    Column("read_as", Text, nullable=False),
    Column("intent", String(60), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("procedure", String(40)),
    Column("aspects", JSON, nullable=False),
    Column("candidates", JSON, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("reply", Text, nullable=False),
    Column("handle", String(40), nullable=False, unique=True),
    Column("latency_ms", Float, nullable=False),
    Column("timings", JSON, nullable=False),
    Column("catalogue_version", String(64), nullable=False),
    Column("outcome", String(20), nullable=False, server_default=""),
    Column("queued_at", DateTime(timezone=True)),
    Index(
        "ix_turns_figures",
        "asked_at",
        "kind",
        "channel",
        "procedure",
        "conversation",
        "latency_ms",
    ),
    Index("ix_turns_outcome_queued_at", "outcome", "queued_at"),
)
"""Every question with its reply, for review; personal numbers are masked before they get here.

``outcome`` says why a turn should be looked at (:mod:`assistant.feedback.unanswered`), and
``queued_at`` when it was put into the review queue.
"""


def connect(url: str) -> Engine:
    """Opens the database and brings its tables up to date.

    Args:
        url: A SQLAlchemy address; SQLite files are made with their folder.

    Returns:
        An engine whose tables are those of the newest migration.
    """
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    options: dict[str, Any] = {}
    is_sqlite = url.startswith("sqlite")
    if is_sqlite:
        path = url.removeprefix("sqlite:///")
        if path and path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        options["connect_args"] = {"check_same_thread": False, "timeout": 15}
    else:
        options["pool_pre_ping"] = True
    engine = create_engine(url, **options)
    if is_sqlite:
        event.listen(engine, "connect", _tune_sqlite)
    migrate(engine)
    return engine


def upserting(engine: Engine, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Begins an insert that may say what to do on a conflict, in the database's dialect."""
    if engine.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def migrate(engine: Engine) -> None:
    """Runs every migration that the database has not seen."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")


def _tune_sqlite(connection: Any, _record: Any) -> None:
    """Lets readers go on while one writer writes, and survives a crash of the program."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
