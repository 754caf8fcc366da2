"""One line per event, structured, and never with anything in it that opens something."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

_TOKEN_LIKE = re.compile(
    r"""
      \bx(?:ox[a-z]|app|oxe\.xox[bp])-[\w.-]+         # Slack's tokens
    | \S*hooks\.slack\.com/\S+                         # response addresses are keys, too
    | \b(?:act|rft|clt)\.[\w!.%*~-]{8,}                # TikTok's tokens
    | \b(?:IG|EAA)[\w-]{20,}                           # Instagram's tokens
    | (?i:\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}
    | (?i:\b(?:code|state|signed_request|upload_id|\w*token|\w*secret|\w*signature)=)[^&\s"']+
    | /(?:connect|compose|media)/[\w-]{20,}            # addresses that open something to whoever has them
    """,
    re.VERBOSE,
)
_SECRET_NAMES = re.compile(
    r"token|secret|password|authorization|cookie|response_url|signature", re.IGNORECASE
)
HIDDEN = "•••"


def redact(text: str) -> str:
    """Return the text with everything token-like hidden."""
    return _TOKEN_LIKE.sub(HIDDEN, text)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {
            name: HIDDEN if _SECRET_NAMES.search(str(name)) else _clean(item) for name, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    if isinstance(value, int | float | bool) or value is None:
        return value
    return redact(str(value))


def redacting(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the last before rendering, so that tracebacks pass it as text."""
    for name, value in event.items():
        if name == "event" or not _SECRET_NAMES.search(name):
            event[name] = _clean(value)
        else:
            event[name] = HIDDEN
    return event


def through_logging() -> None:
    """Hand structlog's lines to the standard library's loggers, whatever becomes of them there.

    Left alone structlog prints to standard output by itself, and tracebacks with every local variable.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.render_to_log_kwargs,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def configure(*, level: str = "info", form: str = "console") -> None:
    """Write our lines and those of the libraries to standard error, one way for all."""
    through_logging()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.ExtraAdder(),
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                redacting,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # These write whole requests and every statement, and nothing that ours don't say better.
    for name in ("aiohttp.access", "aiosqlite", "alembic", "httpx", "httpcore", "slack_sdk", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _renderer(form: str) -> structlog.types.Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False)
