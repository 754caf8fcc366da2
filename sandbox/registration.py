"""What the developer portal knows about our app on one platform: addresses, approved scopes, invited people."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox import asked
from sandbox.emulator import World
from sandbox.oauth import twins


class Registration:
    """The app's entry in the portal. Addresses left alone follow the bot's address."""

    def __init__(
        self, world: World, *, redirect_path: str, callback_paths: Mapping[str, str], scopes: tuple[str, ...]
    ) -> None:
        self._world = world
        self._redirect_path = redirect_path
        self._paths = dict(callback_paths)
        self._redirect_uris: tuple[str, ...] | None = None
        self._urls: dict[str, str] = {}
        self.scopes = scopes
        self.target_users: tuple[str, ...] = ()

    @property
    def redirect_uris(self) -> tuple[str, ...]:
        return self._redirect_uris or twins(self._world.bot_url + self._redirect_path)

    def url(self, name: str) -> str:
        """The registered address of one callback: "webhook_url", "deauthorize_url", …"""
        return self._urls.get(name) or self._world.bot_url + self._paths[name]

    def admits(self, handle: str) -> bool:
        """An app in review only works for the people it invited; no list means everybody."""
        return not self.target_users or handle in self.target_users

    def set(self, body: Mapping[str, Any]) -> None:
        """Change `redirect_uris`, `scopes`, `target_users` (lists) or a callback's address. Raises AskedError."""
        lists = {name: asked.texts(body, name) for name in body if name in self._lists()}
        urls = {name: asked.text(body, name) for name in body if name in self._paths}
        asked.only(body, {*self._lists(), *self._paths})
        for url in (*lists.get("redirect_uris", ()), *urls.values()):
            if urlsplit(url).scheme not in {"http", "https"}:
                raise asked.AskedError(f"{url!r} is no web address.")
        self._redirect_uris = lists.get("redirect_uris", self._redirect_uris)
        self.scopes = lists.get("scopes", self.scopes)
        self.target_users = lists.get("target_users", self.target_users)
        self._urls |= urls

    def describe(self) -> dict[str, Any]:
        return {
            "redirect_uris": self.redirect_uris,
            "scopes": self.scopes,
            "target_users": self.target_users,
            **{name: self.url(name) for name in self._paths},
        }

    @staticmethod
    def _lists() -> tuple[str, ...]:
        return ("redirect_uris", "scopes", "target_users")
