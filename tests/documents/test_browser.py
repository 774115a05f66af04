"""S3 in a browser: the question of secrecy stands before the upload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from documents.models import Document
from tests.factories.offices import PASSWORD, blank_pdf, make_office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser_page: Callable[..., Any], settings: Any, tmp_path: Path) -> Any:
    """The page of the upload, with the clerk before it."""
    settings.MEDIA_ROOT = tmp_path / "files"
    plain = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"  # as they are here, not hashed copies of another day
    )
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    make_office()
    (tmp_path / "chỉ thị.pdf").write_bytes(blank_pdf())
    opened = browser_page()
    opened.goto("/van-ban/tiep-nhan/")
    opened.fill("[name=login]", "clerk")
    opened.fill("[name=password]", PASSWORD)
    opened.press("[name=password]", "Enter")
    opened.wait_for_selector("#secrecy-none")
    return opened


class TestSecrecy:
    def test_nothing_can_be_chosen_before_the_answer(self, page: Any) -> None:
        assert not page.is_visible("#files")
        assert not page.is_visible(".v-gate__shut")

    @pytest.mark.parametrize("degree", ["confidential", "secret", "top"])
    def test_a_degree_shows_where_to_go_and_sends_nothing(self, page: Any, degree: str, tmp_path: Path) -> None:
        page.check(f"#secrecy-{degree}")

        assert page.is_visible(".v-gate__shut")
        assert not page.is_visible("#files")
        page.set_input_files("#files", str(tmp_path / "chỉ thị.pdf"))
        page.wait_for_timeout(300)
        assert not Document.plain.exists()

    def test_without_a_degree_the_file_goes_in(self, page: Any, tmp_path: Path) -> None:
        page.check("#secrecy-none")
        page.set_input_files("#files", str(tmp_path / "chỉ thị.pdf"))

        page.wait_for_selector("text=đã tiếp nhận")
        assert Document.plain.count() == 1
