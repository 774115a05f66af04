"""Papers that come in, in a browser: axe finds nothing, no script breaks the content security policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from documents.models import Document, DocumentLink
from tests.documents.test_duplicates import words_of
from tests.factories.offices import PASSWORD, Office, make_office
from tests.factories.papers import uploaded
from tests.journeys.person import RULES, axe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def faults(page: Any) -> list[str]:
    page.evaluate(axe())
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found["violations"]]


def is_as_wide_as_its_window(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.fixture
def here(settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "files"
    plain = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"  # as they are here, not hashed copies of another day
    )
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    return make_office()


@pytest.fixture
def clerk(browser_page: Callable[..., Any], here: Office) -> Callable[..., Any]:
    """`clerk(address, **window)` is the registry clerk before a page."""

    def opened(address: str, **window: Any) -> Any:
        page = browser_page(**window)
        page.goto(address)
        page.fill("[name=login]", "clerk")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"**{address}")
        return page

    return opened


class TestDuplicates:
    @pytest.mark.parametrize("window", [{}, PHONE], ids=["desk", "phone"])
    def test_are_seen_compared_and_linked(
        self, clerk: Callable[..., Any], here: Office, window: dict[str, Any]
    ) -> None:
        first = uploaded(words_of(1), by=here.clerk, unit=here.top)
        second = uploaded(words_of(1, misread=30), by=here.clerk, unit=here.top)

        page = clerk(f"/van-ban/{second.pk}/xac-nhan/", **window)
        page.wait_for_selector("text=Văn bản này có thể đã có")
        assert faults(page) == []
        page.get_by_role("link", name="Xem hai văn bản cạnh nhau").click()
        page.wait_for_selector("h1:has-text('Đối chiếu hai văn bản')")
        assert page.locator("vb-pdf").count() == 2
        assert faults(page) == []
        assert is_as_wide_as_its_window(page)
        page.get_by_role("button", name="Cùng văn bản, giữ cả hai").press("Enter")

        page.wait_for_selector("text=Đã ghi nhận")
        assert [(one.source_id, one.target_id) for one in DocumentLink.objects.all()] == [(second.pk, first.pk)]

    def test_leave_the_keyboard_s_way_through_the_form_alone(self, clerk: Callable[..., Any], here: Office) -> None:
        uploaded(words_of(1), by=here.clerk, unit=here.top)
        second = uploaded(words_of(1), by=here.clerk, unit=here.top)

        page = clerk(f"/van-ban/{second.pk}/xac-nhan/")
        page.wait_for_function("document.activeElement.form?.id === 'confirm-form'")
        first = page.evaluate("document.activeElement.name")
        page.keyboard.press("Enter")

        page.wait_for_function(
            "name => document.activeElement.form?.id === 'confirm-form' && document.activeElement.name !== name",
            arg=first,
        )


class TestQueue:
    @pytest.mark.parametrize("window", [{}, PHONE], ids=["desk", "phone"])
    def test_shows_progress_by_itself_and_is_stopped_by_a_button(
        self, clerk: Callable[..., Any], here: Office, window: dict[str, Any]
    ) -> None:
        uploaded(words_of(2), by=here.clerk, unit=here.top)
        document = uploaded(by=here.clerk, unit=here.top)
        failed = uploaded(by=here.clerk, unit=here.top, name="hỏng.pdf")
        Document.plain.filter(pk=failed.pk).update(read_state="FAILED", read_reason="broken")

        page = clerk("/van-ban/tiep-nhan/theo-doi/", **window)
        assert faults(page) == []
        assert is_as_wide_as_its_window(page)
        Document.plain.filter(pk=document.pk).update(read_state="READING", pages_done=3, pages_total=12)
        page.wait_for_selector("text=trang 3/12")
        assert faults(page) == []
        page.get_by_role("button", name="Dừng").click()

        page.wait_for_selector("text=Đã dừng nhận dạng.")
        document.refresh_from_db()
        assert document.read_reason == "stopped"
        assert page.get_by_role("button", name="Nhận dạng lại").count() == 2
