"""How true each route of the emulated Instagram is; a test holds this list equal to the registered routes."""

from sandbox.emulator import Covered, Fidelity

WEB = "/www.instagram.com"
GRAPH = "/graph.instagram.com"
PREFIXES = (GRAPH, f"{GRAPH}/{{version:v\\d+\\.\\d+}}")
"""Every node is there with and without a version."""

NODE = "{node:me|\\d+}"
CONTAINER = "{node:179\\d{14}}"
MEDIUM = "{node:180\\d{14}}"
"""Containers and media have ids of their own shape here, so that each has its operation."""

POST_PAGES = (f"{WEB}/{{kind:reel|p}}/{{post}}/", f"{WEB}/stories/{{handle}}/{{post}}/")


def _both(method: str, path: str, fidelity: Fidelity, notes: str, node: str = NODE) -> list[Covered]:
    return [Covered(f"{method} {prefix}/{node}{path}", fidelity, notes) for prefix in PREFIXES]


COVERAGE = (
    Covered(
        f"GET {WEB}/oauth/authorize",
        "supported",
        "own error page instead of a callback; force_reauth by switch",
    ),
    Covered(
        f"POST {WEB}/oauth/authorize",
        "partial",
        "our form: account, scopes, decision; Instagram's is private",
    ),
    Covered(f"GET {WEB}/accounts/login/", "partial", "a chooser; nobody types a password"),
    Covered(f"GET {WEB}/accounts/manage_access/", "partial", "only the linked apps"),
    Covered(
        f"POST {WEB}/accounts/manage_access/", "partial", "our form: account, action remove or delete_data"
    ),
    Covered(f"GET {WEB}/{{handle}}/", "partial", "name, biography and link; no media"),
    Covered(f"GET {WEB}/{{handle}}", "partial", "the same, where the real one redirects"),
    *(Covered(f"GET {path}", "partial", "caption and options, no player") for path in POST_PAGES),
    Covered(f"* {WEB}/{{path:.*}}", "missing", "every other page is a 404"),
    Covered("POST /api.instagram.com/oauth/access_token", "supported", "single-use code, shapes by switch"),
    Covered("* /api.instagram.com/{path:.*}", "missing", "every other path refuses flat"),
    Covered(
        f"GET {GRAPH}/access_token",
        "supported",
        "ig_exchange_token; personal accounts get IGApiException 100",
    ),
    Covered(
        f"GET {GRAPH}/refresh_access_token", "supported", "from 24 hours to expiry; young tokens by switch"
    ),
    *_both("GET", "", "partial", "the account's own node; counts are fixed; other ids answer 100/33"),
    *_both("GET", "/content_publishing_limit", "supported", "counts posts of 24 hours; `since` is ignored"),
    *_both("GET", "/subscribed_apps", "supported", "seen in practice, not documented"),
    *_both("POST", "/subscribed_apps", "supported", "known fields only"),
    *_both("DELETE", "/subscribed_apps", "supported", "seen in practice, not documented"),
    *_both("DELETE", "/permissions", "partial", "undocumented: refused, revoking or ignored by switch"),
    *_both(
        "POST",
        "/media",
        "partial",
        "fetches from this machine only; tags, places and collaborators are kept, not looked up; no resumable upload",
    ),
    *_both("GET", "", "supported", "status by the clock; the copyright check finds nothing", CONTAINER),
    *_both("POST", "/media_publish", "supported", "second publish, expiry, lag by switch"),
    *_both("GET", "/media", "supported", "newest first, by cursor and by time; `next` holds no token"),
    *_both("GET", "/stories", "supported", "those of 24 hours"),
    *_both("GET", "", "partial", "no media_url, no counts, no children", MEDIUM),
    Covered(f"* {GRAPH}/{{path:.*}}", "supported", "wrong paths and methods: IGApiException 100"),
)
