"""Papers that come in, in a browser: axe finds nothing, no script breaks the content security policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from core import clock
from documents import store
from documents.models import Document, DocumentFile, DocumentLink
from organizations.models import Role
from organizations.services import appoint, create_post
from tests.documents.test_capture import jpeg, pages_of
from tests.documents.test_duplicates import words_of
from tests.documents.test_quarantine import locked
from tests.factories.offices import PASSWORD, SETTER, Office, blank_pdf, make_office
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
        page.wait_for_selector("#confirm-form :focus")
        assert (
            page.evaluate("document.querySelector('#duplicates-title').getBoundingClientRect().top") > 0
        )  # still in sight
        first = page.evaluate("document.activeElement.name")
        page.keyboard.press("Enter")

        page.wait_for_selector(f"#confirm-form :focus:not([name={first}])")


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


class TestCapture:
    ADDRESS = "/van-ban/tiep-nhan/chup/"

    def shots(self, tmp_path: Path, *shades: int) -> list[str]:
        for shade in shades:
            (tmp_path / f"IMG_{shade}.jpg").write_bytes(jpeg(shade))
        return [str(tmp_path / f"IMG_{shade}.jpg") for shade in shades]

    def test_puts_photos_in_order_by_keyboard_and_touch_and_sends_one_paper(
        self, clerk: Callable[..., Any], here: Office, tmp_path: Path
    ) -> None:
        page = clerk(self.ADDRESS, **PHONE)
        assert not page.is_visible("#camera")
        page.check("#secrecy-none")
        assert page.get_attribute("#camera", "capture") == "environment"
        for shot in self.shots(tmp_path, 10, 90, 170, 250):
            page.set_input_files("#camera", shot)  # a camera gives one at a time
        page.wait_for_selector(".v-shot:nth-child(4)")
        assert faults(page) == []
        assert is_as_wide_as_its_window(page)

        page.get_by_role("button", name="Đưa trang 3 lên").press("Enter")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Đưa trang 2 lên"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Đưa trang 1 xuống"
        page.get_by_role("button", name="Bỏ trang 2").tap()
        page.get_by_role("button", name="Gửi thành một văn bản").tap()

        page.wait_for_selector("[data-sent] a")
        assert page.locator(".v-shot").count() == 0
        assert faults(page) == []
        file = DocumentFile.objects.visible_to(here.clerk).get()
        assert [data for data, *_rest in pages_of(store.path_of(file.sha256).read_bytes())] == [
            jpeg(170), jpeg(90), jpeg(250),
        ]  # fmt: skip

    def test_sends_a_pdf_alone_and_a_picture_of_another_kind_as_a_photo(
        self, clerk: Callable[..., Any], here: Office, tmp_path: Path
    ) -> None:
        (tmp_path / "kế hoạch.pdf").write_bytes(blank_pdf())
        Image.new("RGB", (60, 80), "white").save(tmp_path / "2.png")
        page = clerk(self.ADDRESS)
        page.check("#secrecy-none")

        page.set_input_files(
            "#album", [*self.shots(tmp_path, 10), str(tmp_path / "kế hoạch.pdf"), str(tmp_path / "2.png")]
        )
        page.wait_for_selector("[data-sent] a")
        page.wait_for_selector(".v-shot:nth-child(2)")
        page.get_by_role("button", name="Gửi thành một văn bản").click()
        page.wait_for_selector("[data-sent] p:nth-child(2) a")

        files = DocumentFile.objects.visible_to(here.clerk).order_by("id")
        assert files[0].name == "kế hoạch.pdf"
        assert len(pages_of(store.path_of(files[1].sha256).read_bytes())) == 2

    def test_works_without_script(self, browser_page: Callable[..., Any], here: Office, tmp_path: Path) -> None:
        page = browser_page(**PHONE, java_script_enabled=False)
        page.goto(self.ADDRESS)
        page.fill("[name=login]", "clerk")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.check("#secrecy-none")

        page.set_input_files("#album", self.shots(tmp_path, 10, 90))
        page.get_by_role("button", name="Gửi thành một văn bản").click()

        page.wait_for_url("**/xac-nhan/")
        assert len(pages_of(store.path_of(DocumentFile.objects.visible_to(here.clerk).get().sha256).read_bytes())) == 2


class TestQuarantine:
    @pytest.mark.parametrize("window", [{}, PHONE], ids=["desk", "phone"])
    def test_is_judged_by_its_officer(self, clerk: Callable[..., Any], here: Office, window: dict[str, Any]) -> None:
        post = create_post(unit=here.top, title="Cán bộ bảo mật", roles=[Role.SECURITY_OFFICER], actor=SETTER)
        appoint(user=here.clerk, post=post, valid_from=clock.today(), actor=SETTER)
        first, second = locked(here), locked(here)

        page = clerk("/van-ban/cach-ly/", **window)
        assert faults(page) == []
        assert is_as_wide_as_its_window(page)
        page.fill(f"#to-{second.pk}", "tủ số 2")
        page.press(f"#to-{second.pk}", "Enter")
        page.wait_for_selector("text=Đã bàn giao")
        page.fill(f"#why-{first.pk}", "bìa cũ")
        page.press(f"#why-{first.pk}", "Enter")

        page.wait_for_selector("text=Không có tệp nào bị khóa giữ")
        assert faults(page) == []
