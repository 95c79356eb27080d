"""Every setting of the program, in one place.

Each field is an environment variable with the prefix ``MOTCUA_`` (``MOTCUA_DATA_DIR`` and so on),
or a line of a ``.env`` file in the working directory. Secrets are held in :class:`SecretStr`, which
never prints its value.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.learned import LearnedFolder, Release
from connectors.settings import ChannelSettings

PACKAGED_CATALOGUE = Path(__file__).resolve().parent.parent / "knowledge_base" / "catalogue"
PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator may set; see ``docs/settings.md`` for the same list in prose."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", env_file=".env", extra="ignore")

    data_dir: Path = Field(
        default=Path(".motcua"), description="Everything the running program writes."
    )
    catalogue: str = Field(
        default=str(PACKAGED_CATALOGUE),
        description=f"Folders of the catalogue, separated by '{os.pathsep}'; later ones win.",
    )
    database_url: str = Field(
        default="",
        description="SQLAlchemy address of the database; empty: SQLite in the data folder.",
    )
    redis_url: str = Field(default="", description="Redis for locks shared by several processes.")
    model: str = Field(
        default="", description="A Rasa model file; empty: the newest in the data folder."
    )
    release: int | None = Field(
        default=None,
        ge=0,
        description="Number of the learned release to use; 0: none; unset: the current one.",
    )
    encoder: str = Field(
        default="",
        description="A sentence-transformers model, by hub name or folder; empty: our own.",
    )

    office_name: str = Field(
        default="Bộ phận Một cửa nơi bạn ở", description="The office to send people to."
    )
    office_address: str = Field(
        default="", description="Shown wherever the assistant refers to the office."
    )
    office_hours: str = Field(default="", description="Shown with the address.")
    office_hotline: str = Field(default="", description="Shown with the address.")
    province: str = Field(default="", description="The province whose own fees hold, if one.")
    commune: str = Field(default="", description="The commune that runs this assistant, if one.")

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    public_url: str = Field(default="", description="https address that citizens reach.")
    allowed_origins: str = Field(
        default="", description="Websites that may embed the widget, separated by spaces."
    )
    widget_suggestions: str = Field(
        default="", description="Questions that the widget suggests, separated by '|'."
    )
    feedback_url: str = Field(
        default="",
        description="Where citizens give opinions, an address or a path of this server; "
        "empty: our own form.",
    )
    telegram_bot: str = Field(default="", description="Name of the Telegram bot, for QR codes.")
    zalo_oa_id: str = Field(default="", description="Id of the Zalo account, for QR codes too.")
    secret: SecretStr = Field(
        default=SecretStr(""), description="Key for tokens; empty: one is made and kept."
    )

    max_message_length: int = Field(default=2000, ge=50, description="In characters.")
    conversation_expiry_hours: float = Field(
        default=24, gt=0, description="A conversation without a message for so long is forgotten."
    )
    messages_per_minute: int = Field(
        default=60, ge=1, description="Per conversation; more are answered with a request to wait."
    )
    turn_retention_days: int = Field(
        default=180, ge=1, description="Questions and replies are deleted after so many days."
    )
    oidc_issuer: str = Field(
        default="", description="Address of the provider that staff sign in with; empty: none."
    )
    oidc_client_id: str = Field(default="", description="This program's name at the provider.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Its secret at the provider."
    )
    oidc_name: str = Field(
        default="hệ thống của cơ quan", description="What the sign-in button calls the provider."
    )
    oidc_scopes: str = Field(default="openid profile email", description="Asked of the provider.")
    oidc_role_claim: str = Field(
        default="groups", description="Claim that roles come from; a dot leads inwards."
    )
    oidc_roles: str = Field(
        default="",
        description="Its values as 'value=role', separated by spaces; roles: reviewer, editor, "
        "admin.",
    )
    staff_idle_minutes: int = Field(
        default=30, ge=1, le=720, description="Staff without a click for so long sign in again."
    )
    staff_session_hours: int = Field(
        default=12, ge=1, le=24, description="Staff sign in again after so long in any case."
    )
    vote_retention_days: int = Field(
        default=365, ge=1, description="Votes and their comments are deleted after so many days."
    )
    rating_retention_days: int = Field(
        default=365, ge=1, description="Satisfaction ratings are deleted after so many days."
    )
    unreviewed_retention_days: int = Field(
        default=180,
        ge=1,
        description="Questions and votes in the queue that nobody took up are deleted after so "
        "many days.",
    )
    contact_retention_days: int = Field(
        default=30,
        ge=1,
        description="A citizen's contact is deleted so many days after the item was closed.",
    )
    item_retention_days: int = Field(
        default=730, ge=1, description="Closed items of the queue are deleted after so many days."
    )
    audit_retention_days: int = Field(
        default=1825, ge=1, description="Entries of the audit log are deleted after so many days."
    )
    reply_due_days: int = Field(
        default=10,
        ge=1,
        description="Days within which a suggestion without a date of its own is to be answered.",
    )
    stale_after_days: int = Field(
        default=180, ge=1, description="A record that was last checked longer ago counts as stale."
    )
    review_below: float = Field(
        default=0.4,
        ge=0,
        le=1,
        description="Answers less sure than this are shown to staff for review.",
    )
    log_level: str = Field(default="WARNING", description="DEBUG, INFO, WARNING or ERROR.")

    answer_threshold: float = Field(
        default=0.3, ge=0, le=1, description="A procedure at least this likely is answered."
    )
    decline_threshold: float = Field(
        default=0.25,
        ge=0,
        le=1,
        description="A message less likely than this to be about the catalogue is declined.",
    )

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        level = value.upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return level

    @property
    def catalogue_folders(self) -> list[Path]:
        """The folders of the catalogue, in the order they are laid over each other."""
        folders = self.own_catalogue_folders
        learned = self.learned_release
        if learned is not None and learned.catalogue.is_dir():
            folders.append(learned.catalogue)
        return folders

    @property
    def own_catalogue_folders(self) -> list[Path]:
        """The folders of the catalogue without what was learned."""
        return [Path(part) for part in self.catalogue.split(os.pathsep) if part]

    @property
    def learned(self) -> LearnedFolder:
        """Where what the office taught the assistant is kept."""
        return LearnedFolder(self.data_dir / "learned")

    @property
    def learned_release(self) -> Release | None:
        """The learned files to answer with; None where nothing is learned."""
        number = self.learned.current() if self.release is None else self.release
        return self.learned.release(number)

    @property
    def database(self) -> str:
        """The SQLAlchemy address in use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'motcua.sqlite'}"

    @property
    def models_dir(self) -> Path:
        """Where trained Rasa models are kept."""
        return self.data_dir / "models"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Returns the settings of this process, read once."""
    return Settings()


def channel_settings(settings: Settings) -> ChannelSettings:
    """The channels' settings, agreeing with those of the program on what both know."""
    return ChannelSettings(
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        redis_url=settings.redis_url,
        public_url=settings.public_url,
    )
