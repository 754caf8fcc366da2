"""What a browser sees of an emulated platform: escaped pages under a strict policy, and who is signed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import jinja2
from aiohttp import web
from multidict import MultiMapping

from sandbox.accounts import APP, Account
from sandbox.oauth import Permission

PAGES = Path(__file__).with_name("pages")
AS = "as"
HEADERS = {
    # No form-action: browsers apply it to redirects too, and consent ends with one to the bot.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Skin:
    """How one platform's pages look and where they are. `home` is its host as first path segment."""

    name: str
    title: str
    home: str
    login_path: str
    apps_path: str
    allow: str

    @property
    def cookie(self) -> str:
        return f"{self.name}_session"


@cache
def _templates() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["web_address"] = web_address
    return templates


def web_address(link: str) -> str:
    """The link if a browser may follow it; what a person typed could be `javascript:`."""
    return link if urlsplit(link).scheme in {"http", "https"} else "about:blank"


def page(skin: Skin, template: str, *, status: int = 200, signed_in: str = "", **values: Any) -> web.Response:
    """Render one of `pages/`; everything in `values` is escaped."""
    body = _templates().get_template(template).render(skin=skin, signed_in=signed_in, **values)
    return web.Response(text=body, content_type="text/html", status=status, headers=HEADERS)


def problem(skin: Skin, heading: str, sentence: str, *, code: str = "", status: int = 400) -> web.Response:
    """The platform's own error page: nobody is sent back to the app."""
    return page(skin, "problem.html", status=status, heading=heading, sentence=sentence, code=code)


def signed_in(request: web.Request, skin: Skin) -> str:
    """The handle whose session this browser has, "" for none."""
    return request.cookies.get(skin.cookie, "")


def sign_in(response: web.Response, skin: Skin, handle: str) -> web.Response:
    response.set_cookie(skin.cookie, handle, path=skin.home, httponly=True, samesite="Lax")
    return response


def same_page(request: web.Request, handle: str | None = None) -> str:
    """This address without `as`, or with `as=handle` ("" asks for the chooser)."""
    pairs = [(name, value) for name, value in request.query.items() if name != AS]
    query = urlencode(pairs if handle is None else [*pairs, (AS, handle)])
    return f"{request.path}?{query}" if query else request.path


def field(form: MultiMapping[Any], name: str) -> str:
    """A form or query field as text, "" when it is absent or a file."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def chooser(
    request: web.Request, skin: Skin, people: Iterable[Account], *, to: str = "", facebook: bool = False
) -> web.Response:
    """The log-in page: each account leads back to this address as itself. `to` names the app that waits."""
    links = [(one, same_page(request, one.handle)) for one in people]
    purpose = f"Choose an account to continue to {to}." if to else "Choose an account."
    return page(skin, "chooser.html", purpose=purpose, people=links, facebook=facebook)


def consent(
    request: web.Request, skin: Skin, account: Account, permissions: Sequence[Permission]
) -> web.Response:
    """The consent page of this address for one account, who is signed in by seeing it."""
    shown = page(
        skin,
        "consent.html",
        signed_in=account.handle,
        app=APP,
        account=account,
        permissions=permissions,
        action=same_page(request),
        switch=same_page(request, ""),
    )
    return sign_in(shown, skin, account.handle)


async def stylesheet(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGES / "platforms.css", headers={"Cache-Control": "no-cache"})
