"""
Event streams: one small ASGI program that hears what is published and passes ids on to open pages.

One LISTEN connection for all pages. A stream says which topics it watches; whether its person may is asked when it opens and
again with every ping, so it ends with the session.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from http.cookies import SimpleCookie
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import close_old_connections, connection
from django.utils.module_loading import import_string

from live.services import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)
PING_SECONDS, RETRY_MS, QUEUE, MOST_TOPICS = 15, 3000, 100, 60
RESYNC = "resync"
_listeners: set[asyncio.Queue[str]] = set()
_hub: asyncio.Task[None] | None = None


async def listen() -> None:
    """Hear what is published for as long as the process lives; after a gap everybody looks again."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as db:
                await db.execute(f"LISTEN {CHANNEL}")
                tell(RESYNC)
                async for notice in db.notifies():
                    tell(notice.payload)
        except psycopg.Error:
            logger.warning("the event streams lost their database connection")
            await asyncio.sleep(1)


def _parameters() -> dict[str, Any]:
    parameters: dict[str, Any] = connection.get_connection_params()
    return {key: value for key, value in parameters.items() if key not in {"cursor_factory", "context"}}


def tell(topic: str) -> None:
    """Give a topic to every open stream; one that cannot follow is told to look for itself."""
    for queue in _listeners:
        if queue.full():
            while not queue.empty():
                queue.get_nowait()
            topic = RESYNC
        queue.put_nowait(topic)


async def application(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """GET /live/?topic=document:12&topic=…"""
    if scope["type"] != "http":
        return
    headers = {key.decode(): value.decode() for key, value in scope["headers"]}
    wanted = parse_qs(scope["query_string"].decode()).get("topic", [])[:MOST_TOPICS]
    session_key = _cookie(headers.get("cookie", ""))
    allowed = await _allowed(session_key, wanted)
    if not allowed:
        await _refuse(send, headers)
        return
    await send({"type": "http.response.start", "status": 200, "headers": [*_cors(headers), *_stream_headers()]})
    await _stream(send, receive, session_key, wanted, allowed)


async def _stream(send: Any, receive: Any, session_key: str, wanted: list[str], allowed: set[str]) -> None:
    global _hub  # noqa: PLW0603  # one per process, begun by the first stream
    if _hub is None or _hub.done():
        _hub = asyncio.create_task(listen())
    queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
    _listeners.add(queue)
    gone = asyncio.create_task(_gone(receive))
    try:
        await _write(send, f"retry: {RETRY_MS}\n\n")
        while allowed and not gone.done():
            try:
                topic = await asyncio.wait_for(queue.get(), PING_SECONDS)
            except TimeoutError:
                allowed = await _allowed(session_key, wanted)
                await _write(send, ": ping\n\n")
                continue
            if topic == RESYNC:
                await _write(send, "event: resync\ndata: \n\n")
            elif topic in allowed:
                await _write(send, f"data: {topic}\n\n")
    finally:
        _listeners.discard(queue)
        gone.cancel()
        with suppress(Exception):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Any, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Any, headers: dict[str, str]) -> None:
    await send({"type": "http.response.start", "status": 403, "headers": _cors(headers)})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _stream_headers() -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ]  # fmt: skip


def _cors(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Answers the pages of this very host on another port, and no other origin."""
    origin, host = headers.get("origin", ""), headers.get("host", "").partition(":")[0]
    if origin.partition("://")[2].partition(":")[0] != host:
        return []
    return [
        (b"access-control-allow-origin", origin.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]


def _cookie(header: str) -> str:
    morsel = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


@sync_to_async
def _allowed(session_key: str, topics: list[str]) -> set[str]:
    """Those topics that the session's person may watch now; none without a living session."""
    close_old_connections()
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key or None)
    user_id = store.get(SESSION_KEY) if session_key and store.exists(session_key) else None
    if user_id is None:
        return set()
    allowed: set[str] = import_string(settings.LIVE_LISTENER_POLICY)(int(user_id), topics)
    return allowed
