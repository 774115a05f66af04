"""
Event streams: one small ASGI program that passes ids of what changed on to open pages.

A stream says which topics it watches. Whether its person may is asked when it opens, every quarter minute, and when they sign
out, so it ends with the session. It keeps no history: after a gap it says `resync`, and pages look for themselves.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import DatabaseError

from live.hub import RESYNC, Hub
from live.sessions import find_listener

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from live.sessions import Listener

    Send = Callable[[dict[str, Any]], Awaitable[None]]
    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Headers = list[tuple[bytes, bytes]]

PATH, MOST_TOPICS, RETRY_MS, SIGN_OUT_SECONDS = "/live/", 60, 3000, 1
_hub = Hub()


async def application(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """GET /live/?topic=document:12&topic=holder:post:7 with the session's cookie."""
    if scope["type"] != "http":
        return
    headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
    if scope["path"] != PATH or scope["method"] != "GET":
        await _refuse(send, 404, [])
        return
    wanted = parse_qs(scope["query_string"].decode("latin-1")).get("topic", [])[:MOST_TOPICS]
    stream = Stream(send, _session_key(headers.get("cookie", "")), wanted)
    try:
        listener = await stream.look_up()
    except DatabaseError:
        await _refuse(send, 503, _cors(headers))
        return
    if listener is None or not listener.topics:
        await _refuse(send, 403, _cors(headers))
        return
    await stream.run(receive, listener, _cors(headers))


class Stream:
    """One open page."""

    def __init__(self, send: Send, session_key: str, wanted: list[str]) -> None:
        self._send, self._session_key, self._wanted = send, session_key, wanted

    async def look_up(self) -> Listener | None:
        """Who it is and what they may watch, now."""
        return await find_listener(self._session_key, self._wanted)

    async def run(self, receive: Receive, listener: Listener, cors: Headers) -> None:
        """Pass topics on until the page or the session ends."""
        queue = _hub.join()
        gone = asyncio.create_task(_gone(receive))
        try:
            await self._send({"type": "http.response.start", "status": 200, "headers": [*cors, *_STREAM_HEADERS]})
            await self._write(f"retry: {RETRY_MS}\n\n")
            await self._follow(queue, gone, listener)
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        except OSError:  # the page went away while it was written to
            return
        finally:
            _hub.leave(queue)
            gone.cancel()

    async def _follow(self, queue: asyncio.Queue[str], gone: asyncio.Task[None], listener: Listener) -> None:
        due = time.monotonic() + settings.LIVE_PING_SECONDS
        while not gone.done():
            topic = await _next(queue, gone, due - time.monotonic())
            if topic == RESYNC:
                await self._write("event: resync\ndata: \n\n")
            elif topic == f"user:{listener.user_id}":
                # Said just before the session's row is deleted.
                due = min(due, time.monotonic() + SIGN_OUT_SECONDS)
            elif topic in listener.topics:
                await self._write(f"data: {topic}\n\n")
            if time.monotonic() >= due:
                with suppress(DatabaseError):  # without its database the office changes nothing: asked again in a while
                    found = await self.look_up()
                    if found is None or not found.topics:
                        return
                    listener = found
                due = time.monotonic() + settings.LIVE_PING_SECONDS
                await self._write(": ping\n\n")

    async def _write(self, text: str) -> None:
        await self._send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _next(queue: asyncio.Queue[str], gone: asyncio.Task[None], seconds: float) -> str | None:
    """The next topic; None when the time is over or the page is gone."""
    get = asyncio.create_task(queue.get())
    await asyncio.wait([get, gone], timeout=max(0, seconds), return_when=asyncio.FIRST_COMPLETED)
    if get.done():
        return get.result()
    get.cancel()
    return None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


_STREAM_HEADERS: Headers = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def _cors(headers: Mapping[str, str]) -> Headers:
    """Pages of exactly the named origins may read, with their cookie; others get an answer their browser hides."""
    origin = headers.get("origin", "")
    if origin not in settings.STREAMS_FOR:
        return [(b"vary", b"Origin")]
    return [
        (b"access-control-allow-origin", origin.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]


def _session_key(header: str) -> str:
    try:
        morsel = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
