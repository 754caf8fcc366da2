"""The page that Meta shows people who asked us to delete what we have of them."""

from aiohttp import web

from bot.runtime import Runtime
from bot.views.words.dates import stamp
from bot.views.words.names import PLATFORM
from bot.web.pages import in_words, page, problem


class Deletion:
    """Handler of /deletion/{code}."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def routes(self) -> list[web.RouteDef]:
        """Return the route."""
        return [web.get("/deletion/{code}", in_words(self.show))]

    async def show(self, request: web.Request) -> web.Response:
        """Say what became of a deletion. The code is all a person has: nothing here says whose it is."""
        code = request.match_info["code"]
        is_code = code.isascii() and code.isalnum()
        notice = await self._runtime.notices.deletion(code) if is_code else None
        if notice is None:
            said = "We know no deletion request with this code. Check that the whole address was copied."
            return problem("No such request", said, status=404)
        platform, asked = PLATFORM[notice.platform], stamp(notice.received_at)
        if notice.handled_at is None:
            title, body = "Your data is being deleted", f"{platform} passed your request on to us on {asked}."
            points = [
                "It is next in line and usually takes less than a minute. Reload this page to see it done."
            ]
        else:
            title = "Your data is deleted"
            body = f"{platform} passed your request on to us on {asked}; it was done on {stamp(notice.handled_at)}."
            points = [
                "The access you had given us is erased, and the account's name and ids with it.",
                "What stays is a note that a link existed and when it ended, without your name.",
            ]
        return page(
            "outcome.html",
            mood="good" if notice.handled_at else "mixed",
            title=title,
            body=body,
            points=points,
            note=f"Confirmation code {notice.reference}",
        )
