"""Settings of the channels: environment variables with the prefix ``MOTCUA_``.

A channel is on as soon as its secrets are set. ``docs/channels/`` says where an office finds them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

NONE = SecretStr("")


class ChannelSettings(BaseSettings):
    """What an operator may set about the channels."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", env_file=".env", extra="ignore")

    data_dir: Path = Field(default=Path(".motcua"), description="Where tokens are kept.")
    database_url: str = ""
    redis_url: str = Field(default="", description="Shares the Zalo tokens between machines.")
    public_url: str = Field(default="", description="https address that platforms reach.")

    zalo_api_base: str = Field(
        default="https://openapi.zalo.me", description="Where messages are sent."
    )
    zalo_oauth_base: str = Field(
        default="https://oauth.zaloapp.com", description="Where tokens are renewed."
    )
    zalo_app_id: str = Field(default="", description="Id of the app; turns the channel on.")
    zalo_app_secret: SecretStr = Field(default=NONE, description="From the app's settings page.")
    zalo_oa_id: str = Field(default="", description="Id of the Official Account.")
    zalo_oa_secret_key: SecretStr = Field(
        default=NONE, description="From the console's webhook page; not the app secret."
    )
    zalo_access_token: SecretStr = Field(default=NONE, description="First token pair, if pasted.")
    zalo_refresh_token: SecretStr = Field(default=NONE, description="The other half of that pair.")
    zalo_redirect_uri: str = Field(
        default="", description="Callback as registered; empty: public_url/webhooks/zalo/oauth."
    )
    zalo_pkce_verifier: SecretStr = Field(
        default=NONE, description="The verifier whose challenge is saved in the console, if one is."
    )
    zalo_signature_first_term: Literal["app_id", "oa_id"] = Field(
        default="app_id", description="What the webhook's signature begins with."
    )
    zalo_appsecret_proof: bool = Field(
        default=False, description="Send the appsecret_proof header, where the app demands it."
    )
    zalo_buttons: bool = Field(default=True, description="Try buttons before numbered text.")
    zalo_buttons_template_type: str = Field(
        default="", description="template_type of a message with buttons; empty: left out."
    )
    zalo_rate_per_minute: int = Field(
        default=100, ge=1, description="Until the platform's headers tell the real limit."
    )
    zalo_takeover_minutes: float = Field(
        default=60, gt=0, description="How long the assistant keeps quiet after staff wrote."
    )
    zalo_paid_messages: bool = Field(
        default=False, description="Also answer between 48 hours and 7 days, which costs money."
    )
    zalo_verifier_filename: str = Field(
        default="", description="Name of the domain verification file, zalo_verifier….html."
    )
    zalo_verifier_content: str = Field(
        default="", description="Its content; empty: read from the data folder."
    )

    zalo_bot_api_base: str = Field(
        default="https://bot-api.zaloplatforms.com", description="Where the bot is reached."
    )
    zalo_bot_token: SecretStr = Field(default=NONE, description="Turns the channel on.")
    zalo_bot_secret: SecretStr = Field(default=NONE, description="8 to 256 characters.")
    zalo_bot_mode: Literal["webhook", "polling"] = Field(
        default="webhook", description="polling needs no public address."
    )

    telegram_api_base: str = Field(
        default="https://api.telegram.org", description="Where the bot is reached."
    )
    telegram_token: SecretStr = Field(default=NONE, description="Turns the channel on.")
    telegram_webhook_secret: SecretStr = Field(
        default=NONE, description="1 to 256 of A-Z, a-z, 0-9, _ and -."
    )
    telegram_mode: Literal["webhook", "polling"] = Field(
        default="webhook", description="polling needs no public address."
    )

    channel_workers: int = Field(
        default=16, ge=1, le=200, description="Citizens served at the same time."
    )
    channel_settle_seconds: float | None = Field(
        default=None,
        ge=0,
        description="How long a message waits for earlier ones; unset: as each channel needs.",
    )

    @property
    def database(self) -> str:
        """The SQLAlchemy address in use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'motcua.sqlite'}"

    @property
    def zalo_on(self) -> bool:
        """Whether the Official Account is configured."""
        return bool(self.zalo_app_id)

    @property
    def zalo_bot_on(self) -> bool:
        """Whether a Zalo bot is configured."""
        return bool(self.zalo_bot_token.get_secret_value())

    @property
    def telegram_on(self) -> bool:
        """Whether a Telegram bot is configured."""
        return bool(self.telegram_token.get_secret_value())

    @property
    def zalo_callback(self) -> str:
        """Where Zalo sends an administrator after granting access."""
        return self.zalo_redirect_uri or f"{self.public_url.rstrip('/')}/webhooks/zalo/oauth"

    def webhook_url(self, channel: str) -> str:
        """The address that a platform delivers to."""
        return f"{self.public_url.rstrip('/')}/webhooks/{channel}"
