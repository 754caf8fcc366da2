"""What TikTok's endpoints answer, as captured or documented."""

TOKEN = {
    "access_token": "act.new",
    "expires_in": 7200,
    "refresh_token": "rft.new",
    "refresh_expires_in": 15_552_000,
    "open_id": "-000_bakery",
    "scope": "user.info.basic,video.publish,video.upload",
    "token_type": "Bearer",
}
CREATOR = {
    "creator_username": "nordlicht.bakery",
    "creator_nickname": "Nordlicht Bakery",
    "creator_avatar_url": "https://cdn.test/a.jpeg",
    "privacy_level_options": ["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
    "comment_disabled": False,
    "duet_disabled": True,
    "stitch_disabled": True,
    "max_video_post_duration_sec": 3600,
}
USER = {"open_id": "-000_bakery", "display_name": "Nordlicht"}


def refused(error, status=400):
    return status, {"error": error, "error_description": "words", "log_id": "2026LOG"}


def data(**fields):
    return 200, {"data": fields, "error": {"code": "ok", "message": "", "log_id": "2026LOG"}}


def failed(code, status=400, **more):
    return status, {"data": {}, "error": {"code": code, "message": "words", "log_id": "2026LOG"}, **more}


def me(**changes):
    return data(user=USER | changes)


def creator(**changes):
    return data(**CREATOR | changes)
