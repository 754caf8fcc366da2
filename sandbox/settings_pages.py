"""The pages of a signed-in owner: log in, “Apps and websites”, the public profile, the avatar. The same everywhere."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic

from aiohttp import web

from sandbox import asked, browser
from sandbox.accounts import APP, Accounts, AnAccount
from sandbox.browser import AS, Skin, field
from sandbox.oauth import Permission

Deed = Callable[[AnAccount, str], str]
"""Does what a button says to an account (second: the scope, if the button has one); answers a sentence."""

AVATAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="#444"/>'
    '<circle cx="20" cy="15" r="7" fill="#ccc"/><path d="M6 40a14 14 0 0 1 28 0z" fill="#ccc"/></svg>'
)


class OwnerPages(Generic[AnAccount]):
    """`deeds` maps the value of a button's `action` to what it does; a deed raises AskedError when it can't."""

    def __init__(
        self,
        skin: Skin,
        accounts: Accounts[AnAccount],
        permissions: Callable[[Sequence[str]], list[Permission]],
        deeds: Mapping[str, Deed[AnAccount]],
    ) -> None:
        self._skin = skin
        self._accounts = accounts
        self._permissions = permissions
        self._deeds = deeds

    async def login(self, request: web.Request) -> web.Response:
        """The chooser; `?as=handle` signs in and goes to “Apps and websites”."""
        account = self._accounts.find(request.query.get(AS, ""))
        if account is not None and account.condition != "deleted":
            there = web.Response(status=302, headers={"Location": self._skin.apps_path})
            return browser.sign_in(there, self._skin, account.handle)
        return browser.chooser(request, self._skin, self._accounts.present())

    async def apps(self, request: web.Request) -> web.Response:
        account = self._accounts.find(request.query.get(AS, browser.signed_in(request, self._skin)))
        if account is None:
            return web.Response(status=302, headers={"Location": self._skin.login_path})
        return self._list(account, "")

    async def act(self, request: web.Request) -> web.Response:
        """Takes `account` (else the signed-in one), `action` and, where it needs one, `scope`."""
        form = await request.post()
        try:
            account = self._accounts.get(field(form, "account") or browser.signed_in(request, self._skin))
            action = asked.choice({"action": field(form, "action")}, "action", tuple(self._deeds))
            said = self._deeds[action](account, field(form, "scope"))
        except asked.AskedError as strange:
            return browser.problem(self._skin, "That didn’t work", str(strange))
        return self._list(account, said)

    async def profile(self, request: web.Request) -> web.Response:
        account = self._accounts.find(request.match_info["handle"])
        if account is None or account.condition in {"banned", "deleted"}:
            sentence = "The link may be broken, or the account may have been removed."
            return browser.problem(self._skin, "Couldn’t find this account", sentence, status=404)
        return browser.page(self._skin, "profile.html", account=account)

    async def avatar(self, _request: web.Request) -> web.Response:
        return web.Response(text=AVATAR, content_type="image/svg+xml", headers=browser.HEADERS)

    async def unknown(self, _request: web.Request) -> web.Response:
        return browser.problem(self._skin, "Page not found", "The sandbox has no such page.", status=404)

    def _list(self, account: AnAccount, said: str) -> web.Response:
        apps: list[dict[str, Any]] = []
        if (grant := account.grant) is not None:
            since = f"{grant.since:%d %B %Y, %H:%M} UTC"
            apps = [{"name": APP, "since": since, "permissions": self._permissions(grant.scopes)}]
        page = browser.page(
            self._skin,
            "apps.html",
            signed_in=account.handle,
            account=account,
            apps=apps,
            said=said,
            withdraws="withdraw" in self._deeds,
            deletion="delete_data" in self._deeds,
        )
        return browser.sign_in(page, self._skin, account.handle)
