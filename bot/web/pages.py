"""Pages for people: one template engine, one set of headers, words for every way to fail."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from http import HTTPStatus
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import structlog
from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.views.words import page as words
from bot.views.words.refusal import refusal_plain
from bot.views.words.refused import sentence_plain
from bot.views.words.trouble import ours, trouble
from core.domain.errors import Trouble
from core.domain.refusals import Refusal, Stale

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_log = structlog.get_logger(__name__)
_templates = Environment(
    loader=PackageLoader("bot.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

OURS = frozenset({"same-origin", "none", ""})
"""What browsers say of where a form was sent from (Sec-Fetch-Site), where it was no other site."""
_OWN = "script-src 'self'; media-src 'self'; connect-src 'self'; "
LARGEST_FORM = 16 * 1024
LARGEST_BODY = 1024 * 1024
"""Bytes: Slack's and the platforms' messages are far smaller."""

_GONE = {"page_used", "page_superseded", "page_expired", "state_used", "state_expired"}
_FINISHED = {"page_used", "state_used"}
"""Nothing failed: the page was loaded again after its end."""
_STATUS = dict.fromkeys(_GONE, HTTPStatus.GONE) | {
    "page_unknown": HTTPStatus.NOT_FOUND,
    "other_browser": HTTPStatus.FORBIDDEN,
}


class Unread(Exception):
    """A body that isn't taken: how it is counted, and what people and machines are told."""

    label: str
    status: HTTPStatus
    page: tuple[str, str]
    sentence: str


class TooLarge(Unread):
    """It is longer than anything this address takes."""

    label, status, page = "too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.TOO_LARGE
    sentence = "This body is larger than one megabyte."


class CutShort(Unread):
    """It isn't whole: whoever sent it went away, or it is not framed as its headers say."""

    label, status, page = "cut_short", HTTPStatus.BAD_REQUEST, words.CUT_SHORT
    sentence = "This body didn't arrive whole."


def page(
    template: str, *, status: int = HTTPStatus.OK, forms: Sequence[str] = (), own: bool = False, **shown: Any
) -> web.Response:
    """Render a page. `forms` are addresses beyond our own to which its form may lead.

    `own`: it plays media of ours and runs a script of ours.
    """
    response = web.Response(
        status=status,
        text=_templates.get_template(template).render(**shown),
        content_type="text/html",
        charset="utf-8",
    )
    targets = " ".join(["'self'", *dict.fromkeys(target for url in forms for target in _targets(url))])
    response.headers.update(
        {
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'self'; img-src 'self'; {_OWN if own else ''}base-uri 'none'; "
                f"frame-ancestors 'none'; form-action {targets}"
            ),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "X-Robots-Tag": "noindex",
        }
    )
    return response


def _targets(url: str) -> Sequence[str]:
    """A browser follows a form's redirects only within this list, and platforms redirect among their hosts."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    family = [f"https://*.{host.removeprefix('www.')}"] if host.startswith("www.") else []
    return [f"{parts.scheme}://{parts.netloc}", *family]


def problem(title: str, body: str, *, status: int, mood: str = "problem") -> web.Response:
    """Say on a page what is wrong and what to do."""
    return page("outcome.html", status=status, mood=mood, title=title, body=body, points=(), note="")


def no(status: HTTPStatus, sentence: str) -> web.Response:
    """Say to a machine why its request isn't taken."""
    return web.json_response({"error": sentence}, status=status)


async def body(request: web.Request, most: int) -> bytes:
    """Read a body of at most `most` bytes, however it is framed. Raises TooLarge or CutShort."""
    if (request.content_length or 0) > most:
        raise TooLarge
    read = bytearray()
    try:
        async for chunk in request.content.iter_any():
            read += chunk
            if len(read) > most:
                raise TooLarge
    except (web.RequestPayloadError, ConnectionError):
        raise CutShort from None
    return bytes(read)


async def form(request: web.Request, most: int) -> Mapping[str, str]:
    """Read a form of at most `most` bytes; of a field that comes twice, the last. Raises TooLarge or CutShort."""
    raw = await body(request, most)
    return dict(parse_qsl(raw.decode(errors="replace"), keep_blank_values=True))


def in_words(handler: Handler) -> Handler:
    """Wrap a page's handler: a refusal is its sentence, our own failure an apology with a reference."""

    @wraps(handler)
    async def wrapped(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            status = _STATUS.get(refusal.code, HTTPStatus.BAD_REQUEST)
            told = sentence_plain(refusal)
            if refusal.code in _FINISHED:
                return problem(words.FINISHED, told, status=status, mood="mixed")
            return problem(words.NO_SUCCESS, told, status=status)
        except Stale:
            return problem(words.NO_SUCCESS, refusal_plain("stale", {}), status=HTTPStatus.CONFLICT)
        except Unread as bad:
            return problem(*bad.page, status=bad.status)
        except Trouble as error:
            return problem(words.NO_SUCCESS, trouble(error), status=HTTPStatus.BAD_GATEWAY)
        except Exception as error:  # noqa: BLE001 - nobody above would answer in words
            reference = secrets.token_hex(4)
            _log.error("page failed", reference=reference, exc_info=error)
            return problem(words.OUR_FAULT, ours(reference), status=HTTPStatus.INTERNAL_SERVER_ERROR)

    return wrapped


def asset(name: str, kind: str) -> Handler:
    """Return a handler of one of the pages' own files."""
    text = files("bot.web").joinpath(name).read_text(encoding="utf-8")
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=text, content_type=kind, charset="utf-8", headers=headers)

    return answer
