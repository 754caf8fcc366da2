"""What the environment says: read once, frozen, checked in words. Nothing else reads the environment."""

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "CROSSLINK_"
FILE = ".env"
SLACK_BASIC = "api.slack.com/apps → your app → Basic Information"
SLACK_INSTALL = "api.slack.com/apps → your app → OAuth & Permissions"
TIKTOK_APP = "developers.tiktok.com → Manage apps → your app"
INSTAGRAM_APP = "developers.facebook.com → your app → Instagram → API setup with Instagram login"

ORIGINS: dict[str, str] = {
    "slack_signing_secret": f"{SLACK_BASIC} → App Credentials → Signing Secret",
    "slack_client_id": f"{SLACK_BASIC} → App Credentials → Client ID",
    "slack_client_secret": f"{SLACK_BASIC} → App Credentials → Client Secret",
    "slack_bot_token": f"{SLACK_INSTALL} → Bot User OAuth Token (xoxb-…)",
    "slack_app_token": f"{SLACK_BASIC} → App-Level Tokens, with the scope connections:write (xapp-…)",
    "tiktok_client_key": f"{TIKTOK_APP} → Credentials → Client key",
    "tiktok_client_secret": f"{TIKTOK_APP} → Credentials → Client secret",
    "instagram_app_id": f"{INSTAGRAM_APP} → Instagram app ID",
    "instagram_app_secret": f"{INSTAGRAM_APP} → Instagram app secret",
    "instagram_meta_secret": "developers.facebook.com → your app → App settings → Basic → App secret",
    "instagram_verify_token": "a word of your choice; the same goes into Meta's webhook form",
    "base_url": "the public https address under which people and the platforms reach this process",
    "encryption_keys": "`crosslink keys new` makes one; newest first, separated by commas",
}
"""Where a person finds each value."""

_WITHOUT = {
    "instagram_meta_secret": "Without it those of Meta's callbacks are refused that it signs with that secret.",
    "instagram_verify_token": "Without it Meta's webhook form is refused, and a removed app is noticed later.",
}
_SHAPES = {
    "slack_bot_token": (re.compile(r"xoxb-.+"), "doesn't begin with xoxb-, so it is another kind of token"),
    "slack_app_token": (re.compile(r"xapp-.+"), "doesn't begin with xapp-, so it is another kind of token"),
    "slack_client_id": (re.compile(r"\d+\.\d+", re.ASCII), "isn't two numbers with a point between them"),
    "instagram_app_id": (re.compile(r"\d+", re.ASCII), "isn't a number"),
}
_ADDRESSES = (
    "slack_api_url",
    "slack_authorize_url",
    "tiktok_auth_url",
    "tiktok_api_url",
    "instagram_auth_url",
    "instagram_token_url",
    "instagram_graph_url",
)


class Settings(BaseSettings):
    """Every setting, with the public addresses as defaults. `CROSSLINK_` goes in front of each name."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=FILE, env_ignore_empty=True, frozen=True, extra="ignore"
    )

    data_dir: Path = Path(".data")
    database_url: SecretStr = SecretStr("")
    encryption_keys: SecretStr = SecretStr("")
    base_url: str = "http://localhost:8000"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    leave_seconds: float = Field(default=0, ge=0, le=600)
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    slack_signing_secret: SecretStr = SecretStr("")
    slack_client_id: str = ""
    slack_client_secret: SecretStr = SecretStr("")
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    slack_authorize_url: str = "https://slack.com/oauth/v2/authorize"

    tiktok_client_key: str = ""
    tiktok_client_secret: SecretStr = SecretStr("")
    tiktok_profile_scope: bool = False
    tiktok_auth_url: str = "https://www.tiktok.com"
    tiktok_api_url: str = "https://open.tiktokapis.com"

    instagram_app_id: str = ""
    instagram_app_secret: SecretStr = SecretStr("")
    instagram_meta_secret: SecretStr = SecretStr("")
    instagram_verify_token: SecretStr = SecretStr("")
    instagram_force_reauth: bool = False
    instagram_auth_url: str = "https://www.instagram.com"
    instagram_token_url: str = "https://api.instagram.com"  # noqa: S105 - an address
    instagram_graph_url: str = "https://graph.instagram.com"

    @field_validator(
        "base_url",
        "tiktok_auth_url",
        "tiktok_api_url",
        "instagram_auth_url",
        "instagram_token_url",
        "instagram_graph_url",
    )
    @classmethod
    def _without_slash(cls, address: str) -> str:
        return address.rstrip("/")

    @field_validator("slack_api_url")
    @classmethod
    def _with_slash(cls, address: str) -> str:
        return address.rstrip("/") + "/"

    @property
    def is_embedded(self) -> bool:
        """True where the database is our own file: we then make its folder, schema and key ourselves."""
        return not self.database_url.get_secret_value()

    @property
    def database(self) -> str:
        """The database's address."""
        if self.is_embedded:
            return f"sqlite:///{self.database_file}"
        return self.database_url.get_secret_value()

    @property
    def database_file(self) -> Path:
        """Where the embedded database lies."""
        return (self.data_dir / "crosslink.db").absolute()

    @property
    def media_dir(self) -> Path:
        """Where the files lie that posts refer to."""
        return self.data_dir / "media"

    @property
    def preflight_dir(self) -> Path:
        """Where `crosslink preflight` keeps what it makes for a while: no post refers to it."""
        return self.data_dir / "preflight"

    @property
    def uses_socket(self) -> bool:
        """True for socket mode: a laptop without a public address."""
        return bool(self.slack_app_token.get_secret_value())

    @property
    def is_multi_workspace(self) -> bool:
        """True where any workspace may install the app over OAuth."""
        return not self.slack_bot_token.get_secret_value()

    def problems(self) -> list[str]:
        """Return a sentence for everything missing, misshapen or contradictory; empty where the bot can start."""
        return [*_slack(self), *_platforms(self), *_addresses(self), *_quoted(self)]

    def hints(self) -> list[str]:
        """Return a sentence for everything without which the bot starts, and something will not work."""
        return [f"{_missing(name)} {why}" for name, why in _WITHOUT.items() if not _has(self, name)]


def variable(name: str) -> str:
    """Return the name of a setting as the environment has it."""
    return PREFIX + name.upper()


def load() -> Settings:
    """Read the environment and `.env`. Raises Misconfigured for values that aren't even readable."""
    try:
        return Settings()
    except ValidationError as error:
        raise Misconfigured([_unreadable(each) for each in error.errors(include_input=False)]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured([f"{Path(FILE).absolute()} can't be read ({type(error).__name__})."]) from None


def strangers() -> list[str]:
    """Return a sentence for each variable that looks like one of ours and isn't. Reads the environment and `.env`."""
    known = [variable(name) for name in Settings.model_fields]
    file = Path(FILE)
    named = _NAMED.findall(file.read_text(encoding="utf-8")) if file.is_file() else []
    given = {name for name in (*os.environ, *named) if name.startswith(PREFIX)}
    return [_stranger(name, known) for name in sorted(given - set(known))]


_NAMED = re.compile(rf"^\s*(?:export\s+)?({PREFIX}\w+)\s*=", re.ASCII | re.MULTILINE)


def _stranger(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"{name} is no setting, and nobody reads it." + (f" Did you mean {near[0]}?" if near else "")


class Misconfigured(Exception):
    """The settings don't allow a start; `problems` are sentences."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _unreadable(error: object) -> str:
    assert isinstance(error, dict)
    name = str(error["loc"][0]) if error["loc"] else "a setting"
    return f"{variable(name)} can't be used: {error['msg'][0].lower()}{error['msg'][1:]}."


def _missing(name: str, why: str = "") -> str:
    return f"{variable(name)} is missing{why}: {ORIGINS[name]}."


def _value(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    return str(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _has(settings: Settings, name: str) -> bool:
    return bool(_value(settings, name))


def _slack(settings: Settings) -> list[str]:
    if settings.uses_socket:
        needed = ["slack_bot_token"]
    elif _has(settings, "slack_bot_token"):
        needed = ["slack_signing_secret"]
    else:
        needed = ["slack_signing_secret", "slack_client_id", "slack_client_secret"]
    why = {
        "slack_bot_token": ", and socket mode serves one workspace by its bot token",
        "slack_client_id": ", and without a bot token workspaces install the app over OAuth",
    }
    said = [_missing(name, why.get(name, "")) for name in needed if not _has(settings, name)]
    if _has(settings, "slack_bot_token") and _has(settings, "slack_client_id"):
        said.append(
            f"{variable('slack_bot_token')} and {variable('slack_client_id')} contradict each other: the first"
            " serves one workspace, the second lets any workspace install the app. Keep one of them."
        )
    return [*said, *_misshapen(settings, "slack_bot_token", "slack_app_token", "slack_client_id")]


def _platforms(settings: Settings) -> list[str]:
    names = ("tiktok_client_key", "tiktok_client_secret", "instagram_app_id", "instagram_app_secret")
    missing = [_missing(name) for name in names if not _has(settings, name)]
    return [*missing, *_misshapen(settings, "instagram_app_id")]


def _misshapen(settings: Settings, *names: str) -> list[str]:
    return [
        f"{variable(name)} {_SHAPES[name][1]}. You find the right one at: {ORIGINS[name]}."
        for name in names
        if _has(settings, name) and not _SHAPES[name][0].fullmatch(_value(settings, name))
    ]


def _quoted(settings: Settings) -> list[str]:
    """What an --env-file of a container or a hasty copy leaves around a value."""
    return [
        f"{variable(name)} has spaces or quotation marks around its value: take them out."
        for name in type(settings).model_fields
        if isinstance(getattr(settings, name), str | SecretStr) and _AROUND.search(_value(settings, name))
    ]


_AROUND = re.compile(r"^[\s\"']|[\s\"']$")


def _addresses(settings: Settings) -> list[str]:
    said = [
        f"{variable(name)} is no address: it begins with https:// unless a test says otherwise."
        for name in _ADDRESSES
        if not _is_address(_value(settings, name))
    ]
    if not settings.is_embedded and not _has(settings, "encryption_keys"):
        said.append(_missing("encryption_keys", ", and several processes must seal with the same keys"))
    return [*said, *_own_address(settings.base_url)]


def _own_address(text: str) -> list[str]:
    name = variable("base_url")
    if not _is_address(text):
        return [f"{name} is no address. It is {ORIGINS['base_url']}."]
    base, said = urlsplit(text), []
    if base.scheme == "http" and base.hostname not in {"localhost", "127.0.0.1", "::1"}:
        said.append(f"{name} must begin with https:// outside this machine.")
    if base.path or base.query or base.fragment:
        said.append(f"{name} is an address without a path, such as https://crosslink.example.")
    return said


def _is_address(text: str) -> bool:
    try:
        place = urlsplit(text)
        return place.scheme in {"http", "https"} and bool(place.hostname) and (place.port or 0) >= 0
    except ValueError:
        return False
