"""How true each route of the emulated TikTok is; a test holds this list equal to the registered routes."""

from sandbox.emulator import Covered

API = "/open.tiktokapis.com/v2"
PUBLISH = f"{API}/post/publish"
WEB = "/www.tiktok.com"
UPLOAD = "/open-upload.tiktokapis.com/video/"
UNUSED = "answers the gateway's 404; the bot never asks for it"

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
    Covered(
        f"GET {WEB}/@{{handle}}/{{kind:video|photo}}/{{id}}",
        "partial",
        "caption and what was chosen, no player; friends and followers don't exist, so only public posts show",
    ),
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
    Covered(f"GET {API}/user/info/", "supported", "fields required, scope per field, 600 a minute"),
    Covered(
        f"POST {PUBLISH}/creator_info/query/",
        "partial",
        "posting refusals and caps with HTTP 200, 20 a minute; condition checkpoint answers as banned, a guess",
    ),
    Covered(
        f"POST {PUBLISH}/video/init/",
        "supported",
        "every refusal of DP; 6 a minute; the cap of posts counts what didn't fail; audit by switch",
    ),
    Covered(f"POST {PUBLISH}/inbox/video/init/", "supported", "source_info alone counts; 5 pending drafts"),
    Covered(
        f"POST {PUBLISH}/content/init/",
        "supported",
        "both modes; an old TikTok app is the account's `old_app`",
    ),
    Covered(
        f"POST {PUBLISH}/status/fetch/",
        "supported",
        "processing and moderation by the clock; how long by switch; fail reasons by fault processing.tiktok",
    ),
    Covered(f"POST {PUBLISH}/cancel/", "partial", "pulls until the last byte is here; uploads by switch"),
    Covered(f"POST {API}/video/list/", "missing", UNUSED),
    Covered(f"POST {API}/video/query/", "missing", UNUSED),
    Covered(
        f"PUT {UPLOAD}",
        "supported",
        "chunks in order, whole or not at all; WebM is taken without a look inside; fragmented MP4 has no duration",
    ),
    Covered(
        "* /open.tiktokapis.com/{path:.*}",
        "supported",
        "unknown paths and methods: 404 Unsupported path(Janus)",
    ),
)
