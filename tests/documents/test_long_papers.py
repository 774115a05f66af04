"""Long papers do not stand in the way of short ones."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from django.db import connection

from demo.scans import make_scan, sample
from documents.models import Document, ReadState
from documents.services.reading import LONG_PAGES
from documents.services.uploads import receive_upload
from organizations.services import actor_for
from tests.factories.offices import Office, make_office
from tests.processes import running, wait_for

WORKER = ["manage.py", "worker", "ocr", "--concurrency", "1"]
PAGES = LONG_PAGES + 20


def long_scan(mark: str) -> bytes:
    """The pages of a scan again and again: each of them costs the engine seconds."""
    one = pikepdf.open(io.BytesIO(make_scan(sample("01"))))
    long, out = pikepdf.new(), io.BytesIO()
    for _number in range(PAGES):
        long.pages.append(one.pages[0])
    long.docinfo["/Title"] = mark
    long.save(out)
    return out.getvalue()


def upload(office: Office, content: bytes, name: str) -> Document:
    return receive_upload(
        stream=io.BytesIO(content), name=name, unit=office.top, actor=actor_for(office.clerk), secrecy="none"
    ).document


@pytest.mark.slow
@pytest.mark.xdist_group("workers")
@pytest.mark.django_db(transaction=True)
def test_short_papers_are_read_while_long_ones_count_their_pages(settings: Any, tmp_path: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    settings.MEDIA_ROOT = tmp_path
    office = make_office()
    long = [upload(office, long_scan(str(number)), f"{number}.pdf") for number in range(2)]
    short = upload(office, make_scan(sample("02")), "02.pdf")

    def state_of(document: Document) -> Document:
        document.refresh_from_db()
        return document

    with running(WORKER, MEDIA_ROOT=str(tmp_path)):
        wait_for(lambda: state_of(short).read_state == ReadState.READ, 90)
        wait_for(lambda: any(state_of(one).pages_done for one in long), 60)

    assert [state_of(one).read_state for one in long].count(ReadState.READING) >= 1
    assert all(one.pages_total in {0, PAGES} and one.pages_done < PAGES for one in long)
