"""An app that publishes on the emulated Instagram."""

from dataclasses import dataclass

from tests.unit.sandbox.people import Instagram
from tests.unit.sandbox.site import Site, until

GRAPH = "/graph.instagram.com/v25.0"
BASIC, CONTENT_PUBLISH = "instagram_business_basic", "instagram_business_content_publish"
UNSUPPORTED = ("IGApiException", 100, None)
HOUR, DAY = 3_600, 86_400


def refused(answer):
    """Code and subcode of Graph's envelope."""
    error = answer.json()["error"]
    return error["code"], error.get("error_subcode")


def refused_as(answer):
    """Type, code and subcode of Graph's envelope, which is whole."""
    error = answer.json()["error"]
    assert {"message", "type", "code", "fbtrace_id"} <= set(error)
    return error["type"], error["code"], error.get("error_subcode")


@dataclass
class Publisher:
    """One linked account and the app that publishes for it."""

    site: Site
    handle: str
    token: str
    user_id: str

    async def call(self, method, path, form=None, json=None, **params):
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.site.http.request(
            method, f"{GRAPH}/{path}", data=form, json=json, params=params, headers=headers
        )

    async def create(self, **form):
        return await self.call("POST", f"{self.user_id}/media", form=form)

    async def look(self, container):
        """`status_code` and `status`."""
        answer = (await self.call("GET", container, fields="status_code,status")).json()
        return answer["status_code"], answer["status"]

    async def fetched(self, container):
        """Wait until Instagram has the media, or failed to get it."""
        instagram = self.site.sandbox.instagram
        kept = instagram.publishing._containers._containers[container]
        await until(lambda: kept.media or kept.error)
        return container

    async def made(self, **form):
        """A container whose media was fetched."""
        answer = await self.create(**form)
        assert answer.status_code == 200, answer.text
        return await self.fetched(answer.json()["id"])

    async def finished(self, **form):
        """A container that may be published."""
        container = await self.made(**form)
        await turn(self.site, 60)
        assert (await self.look(container))[0] == "FINISHED"
        return container

    async def publish(self, container):
        return await self.call("POST", f"{self.user_id}/media_publish", form={"creation_id": container})

    async def published(self, **form):
        return (await self.publish(await self.finished(**form))).json()["id"]

    async def media(self, **params):
        return (await self.call("GET", f"{self.user_id}/media", **params)).json()

    async def usage(self):
        answer = await self.call(
            "GET", f"{self.user_id}/content_publishing_limit", fields="quota_usage,config"
        )
        return answer.json()["data"][0]


async def a_publisher(site, handle="nordlicht.bakery", **decided):
    token = await Instagram(site).link(handle, **decided)
    return Publisher(site, handle, token, (await site.truth("instagram", handle))["user_id"])


async def turn(site, seconds):
    assert (await site.control("clock/advance", {"seconds": seconds})).status_code == 200


async def public(site):
    return (await site.http.get("/_sandbox/posts", params={"platform": "instagram"})).json()
