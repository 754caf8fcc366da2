"""files.*: uploads in three steps, facts, and downloads that need the token."""

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.emulator import OUTCOME
from sandbox.slack.api.conversations import write_into
from sandbox.slack.api.dispatch import Method
from sandbox.slack.app import Installation
from sandbox.slack.files import File
from sandbox.slack.posting import bot_message, check_blocks
from sandbox.slack.state import State
from sandbox.slack.wire import Answer, Call, RefusedError

CHUNK = 1 << 16

LOGIN_PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Slack | Login</title></head>
<body><h1>Sign in to your workspace</h1><p>This file needs a token that may read it.</p></body></html>
"""


async def get_upload_url(call: Call) -> Answer:
    name = call.need("filename")
    length = call.number("length", 0)
    if length <= 0:
        raise RefusedError("invalid_arguments")
    file = call.state.files.begin(name, call.caller.bot_user, call.caller.team)
    file.alt = call.text("alt_txt")
    path = call.state.files.promise(file, length)
    return {"upload_url": call.state.world.base_url + path, "file_id": file.id}


async def complete_upload(call: Call) -> Answer:
    wanted = call.structure("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise RefusedError("invalid_arguments")
    files = [_uploaded(call, one) for one in wanted]
    named = call.text("channel_id") or call.text("channels").split(",")[0]
    channel = write_into(call, named) if named else None
    for file in files:
        call.state.files.share(file, channel.id if channel else "")
    shapes = [call.state.files.shape(file) for file in files]
    if channel is not None:
        body = bot_message(call.state, call.caller, {**_comment(call), "files": shapes, "upload": False})
        call.state.messages.add(channel.id, body, team=call.caller.team)
    return {"files": shapes}


def _comment(call: Call) -> dict[str, Any]:
    """What stands over the files: a text or blocks, and the thread that they go into."""
    comment: dict[str, Any] = {"text": call.text("initial_comment")}
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is not None:
        check_blocks(call.state, blocks)
        comment["blocks"] = blocks
    return comment | ({"thread_ts": call.text("thread_ts")} if call.text("thread_ts") else {})


async def info(call: Call) -> Answer:
    file = call.state.files.kept.get(call.need("file"))
    if file is None or not file.complete or not may_read(call.state, call.caller, file):
        raise RefusedError("file_not_found")
    return {"file": call.state.files.shape(file), "comments": [], "response_metadata": {"next_cursor": ""}}


def _uploaded(call: Call, wanted: Any) -> File:
    file = call.state.files.kept.get(str(wanted.get("id")) if isinstance(wanted, dict) else "")
    if file is None or file.owner != call.caller.bot_user or not file.size:
        raise RefusedError("file_not_found")
    file.title = str(wanted.get("title") or file.name)
    return file


def may_read(state: State, by: Installation, file: File) -> bool:
    """The app reads its own files, those in channels that it is in, and those that a modal brought it."""
    channels = [state.workspace.channels[ident] for ident in file.channels]
    is_given = file.owner == by.bot_user or by.team in file.handed_to
    return is_given or any(by.bot_user in channel.members for channel in channels)


class FileServer:
    """files.slack.com: takes uploads, gives downloads."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def upload(self, request: web.Request) -> web.Response:
        """The bytes, plain or as the one file of a form; the address works once."""
        upload = self._state.files.uploads.pop(request.path, None)
        if upload is None or self._state.world.clock.timestamp() > upload.expires:
            return _said(404, "no_such_upload")
        await self._state.files.fill(upload.file, _body(request))
        if upload.file.size != upload.length:
            upload.file.size = 0
            return _said(400, "length_mismatch")
        return web.Response(text=f"OK - {upload.length}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The file for a token that may read it; everybody else gets the login page, with status 200."""
        file = self._state.files.kept.get(request.match_info["file"].partition("-")[2])
        if file is None or not file.complete:
            return _said(404, "file_not_found")
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        by = self._state.by_token(token) if kind.lower() == "bearer" else None
        allowed = by is not None and not by.gone and "files:read" in by.scopes
        if by is None or not allowed or not may_read(self._state, by, file):
            page = web.Response(text=LOGIN_PAGE, content_type="text/html")
            page[OUTCOME] = "login_page"
            return page
        return web.FileResponse(file.path, headers={"Content-Type": file.mimetype})


async def _body(request: web.Request) -> AsyncIterator[bytes]:
    if not request.content_type.startswith("multipart/"):
        async for chunk in request.content.iter_chunked(CHUNK):
            yield chunk
        return
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.filename:
            while chunk := await part.read_chunk(CHUNK):
                yield chunk


def _said(status: int, code: str) -> web.Response:
    response = web.Response(status=status, text=code)
    response[OUTCOME] = code
    return response


METHODS = (
    Method("files.getUploadURLExternal", get_upload_url, "files:write"),
    Method("files.completeUploadExternal", complete_upload, "files:write", "Shares into one channel only."),
    Method("files.info", info, "files:read"),
)
