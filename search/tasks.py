"""What is done by the clock for the index, and for those who want to hear of new papers. Hours are UTC."""

from __future__ import annotations

from typing import Any

from core import clock
from jobs import periodic
from search.digests import send_digests
from search.upkeep import ask_for_purge
from search.verification import verify_index

NIGHTLY = "7 19 * * *"  # 02:07 in Hà Nội
MORNING = "11 0 * * *"  # 07:11


@periodic(cron=NIGHTLY, queue="default")
def look_after_index(timestamp: int, **kwargs: Any) -> None:
    """Compare the index with the database, and have old tombstones forgotten; twice does no harm."""
    verify_index()
    ask_for_purge()


@periodic(cron=MORNING, queue="default")
def tell_of_new_papers(timestamp: int, **kwargs: Any) -> None:
    """The day's mails; those that went out are not sent again."""
    send_digests(clock.now())
