"""An app that posts on the emulated TikTok."""

from dataclasses import dataclass

from tests.unit.sandbox.films import film
from tests.unit.sandbox.people import TikTok
from tests.unit.sandbox.site import Site, until

PUBLISH = "/open.tiktokapis.com/v2/post/publish"
BASIC, VIDEO_PUBLISH = "user.info.basic", "video.publish"
SCOPES = f"{BASIC},{VIDEO_PUBLISH},video.upload"
CHUNK = 10_000_000
HOUR, DAY = 3_600, 86_400
MIB = 1024 * 1024
FILM = film()


def code_of(answer):
    return answer.json()["error"]["code"]


def an_upload(size, chunk=None, count=None):
    chunk = chunk or (size if size <= 64_000_000 else CHUNK)
    plan = {"video_size": size, "chunk_size": chunk, "total_chunk_count": count or size // chunk}
    return {"source": "FILE_UPLOAD", **plan}


def a_pull(url):
    return {"source": "PULL_FROM_URL", "video_url": url}


def a_post(**changed):
    post = {
        "title": "Bread at five #bakery",
        "privacy_level": "PUBLIC_TO_EVERYONE",
        "disable_comment": False,
        "disable_duet": True,
        "disable_stitch": True,
        "brand_content_toggle": False,
        "brand_organic_toggle": False,
    }
    return {name: value for name, value in {**post, **changed}.items() if value is not None}


@dataclass
class Creator:
    """One linked account and the app that posts for it."""

    site: Site
    handle: str
    token: str

    async def call(self, path, body, token=None):
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return await self.site.http.post(f"{PUBLISH}/{path}/", json=body, headers=headers)

    async def direct(self, source, **post):
        return await self.call("video/init", {"post_info": a_post(**post), "source_info": source})

    async def inbox(self, source, **more):
        return await self.call("inbox/video/init", {"source_info": source, **more})

    async def photos(self, urls, mode="DIRECT_POST", cover=0, post=None, **more):
        post = {"title": "Rolls", "description": "Fresh", "privacy_level": "PUBLIC_TO_EVERYONE"} | (
            post or {}
        )
        source = {"source": "PULL_FROM_URL", "photo_images": urls, "photo_cover_index": cover}
        body = {"media_type": "PHOTO", "post_mode": mode, "post_info": post, "source_info": source, **more}
        return await self.call("content/init", body)

    async def put(self, url, content, begin=0, end=None, total=None, **headers):
        last = begin + len(content) - 1 if end is None else end
        usual = {
            "Content-Type": "video/mp4",
            "Content-Range": f"bytes {begin}-{last}/{total or len(content)}",
        }
        wanted = {name: value for name, value in {**usual, **headers}.items() if value is not None}
        return await self.site.http.put(url, content=content, headers=wanted)

    async def status(self, publish_id):
        return await self.call("status/fetch", {"publish_id": publish_id})

    async def job(self, publish_id):
        return (await self.status(publish_id)).json()["data"]

    async def cancel(self, publish_id):
        return await self.call("cancel", {"publish_id": publish_id})

    async def uploaded(self, content, **post):
        """The publish id of a whole upload."""
        begun = (await self.direct(an_upload(len(content)), **post)).json()["data"]
        assert (await self.put(begun["upload_url"], content)).status_code == 201
        return begun["publish_id"]

    async def drafted(self, content):
        begun = (await self.inbox(an_upload(len(content)))).json()["data"]
        assert (await self.put(begun["upload_url"], content)).status_code == 201
        return begun["publish_id"]

    async def pulled(self, publish_id):
        """Wait until TikTok has fetched everything, or failed to."""
        jobs = self.site.sandbox.tiktok.jobs
        await until(lambda: jobs._jobs[publish_id].media or jobs._jobs[publish_id].is_over)
        return publish_id

    async def events(self):
        rows = (await self.site.http.get("/_sandbox/deliveries", params={"platform": "tiktok"})).json()
        return [row["event"].removeprefix("post.publish.") for row in rows]


async def a_creator(site, handle="nordlicht.bakery", **changed):
    tokens = await TikTok(site).link(handle, scope=SCOPES, **changed)
    return Creator(site, handle, tokens["access_token"])


async def turn(site, seconds):
    assert (await site.control("clock/advance", {"seconds": seconds})).status_code == 200


async def public(site, platform="tiktok"):
    return (await site.http.get("/_sandbox/posts", params={"platform": platform})).json()
