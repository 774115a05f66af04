"""
A pile of scans from the watched folder to the register, by keyboard alone.

`PILE=20` takes twenty; CI takes three, since the engine needs seconds for each.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from bench.fields.drawing import draw
from bench.fields.letters import letter, people
from documents.intake.folder import look
from documents.models import Document, ReadState, RegisterEntry
from tests.documents.test_intake_browser import faults
from tests.factories.offices import PASSWORD, Office, make_office
from tests.processes import running, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PILE = int(os.environ.get("PILE", "3"))
WORKER = ["manage.py", "worker", "ocr", "--concurrency", "1"]
QUEUE = "/van-ban/tiep-nhan/theo-doi/"


def pile(folder: Path) -> None:
    """Scans of invented letters in the folder of the unit."""
    names = people(random.Random(7), 20)  # noqa: S311  # made the same each time
    papers = [letter(f"P{number:03}", 7, names) for number in range(PILE)]
    folder.mkdir(parents=True)
    for number, paper in enumerate(papers):
        (folder / f"{number:03}.pdf").write_bytes(draw(paper, 7))


def everything_is_read() -> bool:
    states = set(Document.objects.system("a test").values_list("read_state", flat=True))
    return not states & {ReadState.QUEUED, ReadState.READING}


def wait_until_keys_work(page: Any, selector: str) -> None:
    page.wait_for_selector(selector)
    page.evaluate("() => customElements.whenDefined('vb-shortcuts').then(() => true)")


def sign_in(page: Any, address: str) -> None:
    """Typed as everything else here: the first field has the focus, or is reached by Tab."""
    page.goto(address)
    page.locator("[name=login]").focus()
    for text, key in (("clerk", "Tab"), (PASSWORD, "Enter")):
        page.keyboard.type(text)
        page.keyboard.press(key)
    wait_until_keys_work(page, "#reading-queue [data-item]")


def register_this_one(page: Any) -> None:
    """Look at the fields, press Ctrl+Enter."""
    wait_until_keys_work(page, "#confirm-form")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda address: "tiep=1" in address)
    wait_until_keys_work(page, "#paper-flow")


@pytest.mark.slow
@pytest.mark.journey
@pytest.mark.xdist_group("workers")
@pytest.mark.django_db(transaction=True)
def test_a_pile_of_scans_is_registered_by_keyboard_alone(
    settings: Any, tmp_path: Path, browser_page: Callable[..., Any]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    plain = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"  # as they are here, not hashed copies of another day
    )
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    settings.MEDIA_ROOT = tmp_path / "files"
    office: Office = make_office()
    pile(tmp_path / "quét/TLD")
    look(tmp_path / "quét", seconds=0)
    with running(WORKER, MEDIA_ROOT=str(settings.MEDIA_ROOT)):
        wait_for(everything_is_read, 60 + 30 * PILE)

    page = browser_page()
    sign_in(page, QUEUE)
    page.keyboard.press("j")
    page.wait_for_function("document.activeElement.closest('[data-item]')")
    page.keyboard.press("Enter")
    for left in reversed(range(PILE)):
        register_this_one(page)
        if left == PILE - 1:
            assert faults(page) == []
        if left:
            page.keyboard.press("Alt+ArrowDown")

    entered = RegisterEntry.objects.filter(register__unit=office.top, state=RegisterEntry.State.USED)
    assert entered.count() == PILE
    assert page.get_by_text("Văn bản tiếp theo chờ xác nhận").count() == 0
