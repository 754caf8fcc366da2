"""A place on this machine from which platforms fetch media, which writes down how they do it."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.unit.sandbox.site import until


@dataclass
class Shelf:
    """`files` by path; `robots` is its robots.txt, "" for none; nobody gets what is `hanging`."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    robots: str = ""
    strange: dict = field(default_factory=dict)
    hanging: str = ""
    asked: list[dict] = field(default_factory=list)

    def put(self, path, content):
        self.files[path] = content
        return f"{self.url}/{path}"

    def moved(self, path, to):
        self.strange[path] = lambda: web.Response(status=302, headers={"Location": to})
        return f"{self.url}/{path}"

    async def answer(self, request):
        path = request.raw_path.removeprefix("/")
        self.asked.append({"path": path, **request.headers})
        if path == "robots.txt":
            return web.Response(text=self.robots) if self.robots else web.Response(status=404)
        if path == self.hanging:
            await asyncio.sleep(30)
        if path in self.strange:
            return self.strange[path]()
        if path not in self.files:
            return web.Response(status=404)
        content, window = self.files[path], request.http_range
        if window.start is None:
            return web.Response(body=content)
        piece = content[window]
        end = window.start + len(piece) - 1
        headers = {"Content-Range": f"bytes {window.start}-{end}/{len(content)}"}
        return web.Response(status=206, body=piece, headers=headers)

    def paths(self):
        return [one["path"] for one in self.asked]

    async def was_asked(self, path):
        await until(lambda: path in self.paths())


@asynccontextmanager
async def a_shelf():
    shelf, app = Shelf(), web.Application()
    app.router.add_route("GET", "/{path:.*}", shelf.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    shelf.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield shelf
    await runner.cleanup()
