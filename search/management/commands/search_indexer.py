import logging
import signal
import time
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, connection

from audit.feed import CHANNEL
from search.alerts import follow
from search.backends.base import BackendUnavailable, WriterBusy
from search.disks import refused
from search.engine import backend
from search.upkeep import announce, step

logger = logging.getLogger(__name__)
LONGEST_WAIT = 1.0


class Command(BaseCommand):
    help = "Follow the audit chain and keep the search index current: the index's one writer."

    def handle(self, *args: Any, **options: Any) -> None:
        if reason := refused():
            raise CommandError(reason)
        stopping: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda sig, _frame: stopping.append(sig))
        while not stopping:
            try:
                self.follow(stopping)
            except (psycopg.Error, DatabaseError, InterfaceError):
                # Waiting for news asks the driver itself, everything else Django: a lost database speaks in both tongues.
                logger.exception("the indexer pauses")
                connection.close()
                time.sleep(LONGEST_WAIT)

    def follow(self, stopping: list[int]) -> None:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        announce()
        while not stopping:
            if not self.catch_up():
                self.wait()

    def catch_up(self) -> bool:
        try:
            return bool(step(backend()) + follow(backend()))
        except WriterBusy:
            return False
        except BackendUnavailable as error:  # it lives and waits: the lock by which others know of it is kept
            logger.warning("the indexer waits for the search engine: %s", error)
            time.sleep(LONGEST_WAIT)
            return True

    def wait(self) -> None:
        """Until something is committed, at most a second: a lost signal costs that second and no paper."""
        raw = connection.connection
        for _notice in raw.notifies(timeout=LONGEST_WAIT, stop_after=1):
            pass
