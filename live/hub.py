"""Hearing what is published: one LISTEN connection of this process for all its open streams."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import psycopg
from django.db import connection

from live.services import CHANNEL

logger = logging.getLogger(__name__)
RESYNC = "resync"
QUEUE_LENGTH, PAUSE_SECONDS = 100, 1


class Hub:
    """Open streams, and the one task that hears for them."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str]] = set()
        self._task: asyncio.Task[None] | None = None

    def join(self) -> asyncio.Queue[str]:
        """A queue that every topic arrives in from now on; the first to join begins the hearing."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_LENGTH)
        self._queues.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[str]) -> None:
        """Nothing arrives any more."""
        self._queues.discard(queue)

    def tell(self, topic: str) -> None:
        """Give a topic to every stream; one that cannot follow is told to look for itself."""
        for queue in self._queues:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(RESYNC)
            else:
                queue.put_nowait(topic)

    async def _listen(self) -> None:
        while True:
            try:
                # Never through a pooler that hands connections around: it would lose the LISTEN.
                async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as db:
                    await db.execute(f"LISTEN {CHANNEL}")
                    self.tell(RESYNC)  # what was said while nobody listened is lost
                    async for notice in db.notifies():
                        self.tell(notice.payload)
            except psycopg.Error:
                logger.warning("the event streams lost their database connection")
            await asyncio.sleep(PAUSE_SECONDS)


def _parameters() -> dict[str, Any]:
    parameters: dict[str, Any] = connection.get_connection_params()
    return {key: value for key, value in parameters.items() if key not in {"cursor_factory", "context"}}
