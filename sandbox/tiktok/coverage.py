"""How true each route of the emulated TikTok is; a test holds this list equal to the registered routes."""

from sandbox.emulator import Covered

API = "/open.tiktokapis.com/v2"
PUBLISH = f"{API}/post/publish"
WEB = "/www.tiktok.com"
LATER = "answers the gateway's 404 until publishing exists"

COVERAGE = (
    Covered(
        f"GET {WEB}/v2/auth/authorize/",
        "supported",
        "own error page instead of a callback for a wrong client_key, redirect_uri, scope or uninvited person; "
        "disable_auto_auth; PKCE by switch",
    ),
    Covered(
        f"POST {WEB}/v2/auth/authorize/",
        "partial",
        "our form: account, scopes, decision; TikTok's is private",
    ),
    Covered(f"GET {WEB}/login", "partial", "a chooser; nobody types a password"),
    Covered(f"GET {WEB}/setting", "partial", "only the linked apps"),
    Covered(f"POST {WEB}/setting", "partial", "our form: account, action remove or withdraw, scope"),
    Covered(f"GET {WEB}/@{{handle}}", "partial", "name, bio and link; no videos"),
    Covered(f"* {WEB}/{{path:.*}}", "missing", "every other page is a 404"),
    Covered(
        f"POST {API}/oauth/token/",
        "supported",
        "code, refresh with rotation, client_credentials; both lifetime regimes, grace and statuses by switch",
    ),
    Covered(f"* {API}/oauth/token", "supported", "without the last slash: 404 Unsupported path(Janus)"),
    Covered(
        f"POST {API}/oauth/revoke/", "supported", "ends the whole grant; webhook with reason 5 by switch"
    ),
    Covered(f"GET {API}/user/info/", "supported", "fields required, scope per field, 600 a minute per token"),
    Covered(
        f"POST {PUBLISH}/creator_info/query/",
        "partial",
        "posting refusals with HTTP 200, 20 a minute; condition checkpoint answers as banned from posting, a guess",
    ),
    Covered(f"POST {PUBLISH}/video/init/", "missing", LATER),
    Covered(f"POST {PUBLISH}/inbox/video/init/", "missing", LATER),
    Covered(f"POST {PUBLISH}/content/init/", "missing", LATER),
    Covered(f"POST {PUBLISH}/status/fetch/", "missing", LATER),
    Covered(f"POST {PUBLISH}/cancel/", "missing", LATER),
    Covered(f"POST {API}/video/list/", "missing", LATER),
    Covered(f"POST {API}/video/query/", "missing", LATER),
    Covered("PUT /open-upload.tiktokapis.com/video/", "missing", LATER),
    Covered(
        "* /open.tiktokapis.com/{path:.*}",
        "supported",
        "unknown paths and methods: 404 Unsupported path(Janus)",
    ),
)
