"""A worker dies in the middle of a paper: the next one reads it from the beginning, once."""

from __future__ import annotations

import io
import os
import signal
from typing import Any

import pytest
from django.db import connection

from audit.models import AuditEntry
from demo.scans import make_scan, sample
from documents.models import Document, Page, ReadState
from documents.services.uploads import receive_upload
from organizations.services import actor_for
from tests.factories.offices import make_office
from tests.processes import running, wait_for

QUICK = {"JOBS_HEARTBEAT_SECONDS": "0.5", "JOBS_STALLED_SECONDS": "2", "JOBS_RETRY_CRON": "* * * * * *"}
WORKER = ["manage.py", "worker", "ocr", "--concurrency", "1"]


@pytest.mark.slow
@pytest.mark.xdist_group("workers")
@pytest.mark.django_db(transaction=True)
def test_a_paper_whose_worker_was_killed_is_read_by_the_next(settings: Any, tmp_path: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    settings.MEDIA_ROOT = tmp_path
    office = make_office()
    scan = make_scan(sample("01"))
    document = receive_upload(
        stream=io.BytesIO(scan), name="01.pdf", unit=office.top, actor=actor_for(office.clerk), secrecy="none"
    ).document

    def state() -> Document:
        document.refresh_from_db()
        return document

    with running(WORKER, MEDIA_ROOT=str(tmp_path), **QUICK) as first:
        wait_for(lambda: state().read_state == ReadState.READING, 60)
        os.kill(first.pid, signal.SIGKILL)
    assert state().read_state == ReadState.READING

    with running(WORKER, MEDIA_ROOT=str(tmp_path), **QUICK):
        wait_for(lambda: state().read_state == ReadState.READ, 120)

    numbers = list(Page.plain.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, document.pages_total + 1))
    assert (
        AuditEntry.objects.filter(act="documents.document.read", target=f"documents.document:{document.pk}").count()
        == 1
    )
