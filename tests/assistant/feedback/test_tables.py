from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from assistant.dialogue.database import MIGRATIONS, metadata
from assistant.feedback import tables


def test_migrations_make_exactly_the_tables_that_the_code_uses(database: Engine) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda _o, name, kind, _r, _c: (
                    not (kind == "table" and name.startswith("channel_"))
                )
            },
        )
        assert compare_metadata(context, metadata) == []


def test_the_last_migration_can_be_taken_back(database: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = database
    command.downgrade(config, "0002")
    assert tables.items.name not in inspect(database).get_table_names()
    command.upgrade(config, "head")
    assert tables.items.name in inspect(database).get_table_names()
