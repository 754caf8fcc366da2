"""A post composed over HTTP, as the form asks: a film, its words, the fix, and what TikTok wants chosen by a person."""

from collections.abc import Mapping
from typing import Any

from sandbox.journey import Journey, Message, button, words

FIELD = "post.field."
"""Where the names of the form's fields begin."""
AUDIENCE = "SELF_ONLY"
"""Offered for every account that may be posted to."""


async def compose(people: Journey, user: str, channel: str, film: bytes, caption: str) -> Message:
    """Compose a post of this film for both platforms, with the fix where one is offered; return its request.

    Raises LostError.
    """
    uploaded = await people.upload(user, channel, "Summer ride.mp4", film)
    await people.slash(user, channel, "post")
    first = await people.view(user, "post.media")
    await people.submit(user, first, {f"{FIELD}files": [uploaded["file"]], f"{FIELD}caption": caption})
    places = await people.view(user, "post.places")
    if button(places, "post.fix"):
        await press(people, user, places, "post.fix")
        places = await _mended(people, user)
    await people.submit(user, places, {})
    await confirm(people, user)
    return await people.sees(
        user, channel, lambda each: bool(button(each, "post.approve")) and caption in words(each)
    )


async def confirm(people: Journey, user: str) -> None:
    """Choose in the last step what only a person may, and ask for approval."""
    last = await people.view(user, "post.confirm")
    await press(people, user, last, f"{FIELD}privacy", choose=AUDIENCE)
    await people.submit(user, last, {f"{FIELD}music": "own", f"{FIELD}consent": ["yes"]})


async def press(
    people: Journey, user: str, view: Mapping[str, Any], action_id: str, *, choose: str = ""
) -> None:
    """Press a button of a form, or choose from one of its menus."""
    body = {"user": user, "view_id": view["id"], "action_id": action_id}
    await people.call("POST", "people/click", body | ({"selected": choose} if choose else {}))


async def _mended(people: Journey, user: str) -> Mapping[str, Any]:
    return await people.view(user, "post.places", holding="Nothing stands against these files")
