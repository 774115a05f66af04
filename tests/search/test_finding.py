"""Somebody remembers three words of a paper, and not their marks: found, opened where they stand, at a desk and on a phone."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from demo.drafts import Draft, draft_pdf
from documents.services.reading import read_document
from documents.services.uploads import receive_upload
from organizations.services import actor_for
from tests.factories.offices import Office, make_office
from tests.factories.papers import confirmed, index_now
from tests.journeys.person import DESK, PHONE, Person, Round

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from documents.models import Document
    from organizations.models import User

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
WORDS = "hoa don chung tu"
SHOWN = "() => document.querySelector('.v-strip img').naturalWidth > 300"
SENTENCE = "Kế toán công đoàn lưu giữ hoá đơn, chứng từ thu chi tại Văn phòng trong mười năm."
FILLER = "Các cấp công đoàn phân công cán bộ theo dõi, đôn đốc và báo cáo tình hình thực hiện về Ban Thường vụ đúng thời hạn. "


def taken_in(office: Office, number: str, subject: str, *paragraphs: str, **facts: Any) -> Document:
    """A real PDF, read by the real reader."""
    draft = Draft(
        parent="TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM", issuer="LIÊN ĐOÀN LAO ĐỘNG TỈNH AN HÒA", symbol="KH-LĐLĐ", place="An Hòa",
        year="2026", title="KẾ HOẠCH", subject=subject, paragraphs=paragraphs, copies=("- Lưu: VT.",),
        authority=("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"), signer="Đỗ Văn Khánh",
    )  # fmt: skip
    received = receive_upload(
        stream=io.BytesIO(draft_pdf(draft)), name="ke-hoach.pdf", unit=office.top, actor=actor_for(office.clerk),
        secrecy="none",
    )  # fmt: skip
    read_document(document_id=received.document.pk)
    received.document.refresh_from_db()
    usual = {"number": number, "symbol": "KH-LĐLĐ", "type_abbr": "KH", "issuer": "LĐLĐ tỉnh An Hòa", "subject": subject}
    return confirmed(received.document, by=office.clerk, **(usual | {"issue_date": date(2026, 3, 9)} | facts))


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "files"
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    made = make_office()
    pages = [f"{number}. {FILLER * 9}" for number in range(1, 7)]
    taken_in(made, "142", "Về công tác tài chính công đoàn năm 2026", *pages, SENTENCE)
    taken_in(
        made,
        "87",
        "Về chăm lo Tết cho đoàn viên",
        "Thăm hỏi đoàn viên có hoàn cảnh khó khăn.",
        issue_date=date(2025, 1, 6),
    )
    index_now()
    return made


@pytest.fixture
def sits_down(browser_page: Callable[..., Any], live_server: Any) -> Callable[..., Person]:
    """Somebody who has signed in, before a window."""

    def opened(user: User, window: dict[str, Any]) -> Person:
        page = browser_page(**window)
        client = Client()
        client.force_login(user)
        page.context.add_cookies([
            {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        ])  # fmt: skip
        return Person(user.username, page, window, Round())

    return opened


class TestThreeHalfRememberedWords:
    @pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
    def test_find_the_paper_and_open_it_at_the_hit(
        self, office: Office, sits_down: Callable[..., Person], window: dict[str, Any]
    ) -> None:
        person = sits_down(office.chief, window).opens("/tra-cuu/")
        page = person.page

        page.fill("#search-box", WORDS)
        page.press("#search-box", "Enter")
        page.wait_for_url("**q=hoa*")
        expect(page.locator(".v-hit").first).to_contain_text("142/KH-LĐLĐ")
        expect(page.locator(".v-frag mark", has_text="chứng").first).to_be_visible()
        strip = page.locator(".v-strip img").first
        strip.scroll_into_view_if_needed()
        page.wait_for_function(SHOWN)
        expect(page.locator(".v-hit").first.locator(".v-strip rect")).to_have_count(1)
        person.looks()

        page.locator(".v-hit h2 a").first.click()
        page.wait_for_url(re.compile(r"/van-ban/\d+/\?tim="))
        expect(page.locator(".v-pdf__box--here")).to_have_count(1)
        number = page.locator(".v-pdf__sheet:has(.v-pdf__box--here)").get_attribute("data-number")
        assert number == page.locator(".v-pdf__page-input").input_value() != "1"
        expect(page.locator(".v-pdf__box--here")).to_be_in_viewport()
        person.looks()


class TestSuggestions:
    @pytest.mark.parametrize("box", ["#search-box", ".v-top [type=search]"], ids=["page", "head"])
    def test_are_chosen_by_the_keyboard_alone(self, office: Office, sits_down: Callable[..., Person], box: str) -> None:
        page = sits_down(office.chief, DESK).opens("/tra-cuu/").page

        page.locator(box).press_sequentially("cham lo te")
        options = page.locator("[role=option]")
        expect(options).to_have_count(1)
        expect(page.locator(box)).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        expect(options.first).to_have_attribute("aria-selected", "true")
        expect(page.locator(box)).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "-")
        page.keyboard.press("Escape")
        expect(options.first).to_be_hidden()
        expect(page.locator(box)).to_have_value("cham lo te")
        page.keyboard.type("t")
        expect(options.first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

        expect(page.locator("h1")).to_have_text("Kế hoạch về chăm lo Tết cho đoàn viên")

    def test_stand_accessible_over_the_page(self, office: Office, sits_down: Callable[..., Person]) -> None:
        person = sits_down(office.chief, PHONE).opens("/tra-cuu/")

        person.page.locator("#search-box").press_sequentially("cong tac")
        expect(person.page.locator("[role=option]")).to_have_count(1)

        person.looks()


class TestFilters:
    def test_on_a_phone_are_a_sheet_that_closes_over_what_was_found(
        self, office: Office, sits_down: Callable[..., Person]
    ) -> None:
        person = sits_down(office.chief, PHONE).opens("/tra-cuu/")
        page = person.page
        expect(page.get_by_label("2025")).to_be_hidden()

        page.get_by_role("button", name="Lọc").click()
        page.get_by_label("2025").check()
        show = page.get_by_role("button", name="Xem 1 kết quả")
        expect(show).to_be_in_viewport()
        expect(page.get_by_label("2025")).to_be_focused()
        person.looks()
        show.click()

        expect(page.get_by_label("2025")).to_be_hidden()
        expect(page.locator(".v-hit")).to_have_count(1)
        expect(page.get_by_role("button", name="Lọc (1)")).to_be_visible()
        assert "nam=2025" in page.url

    def test_work_in_place_at_a_desk_and_by_keys(self, office: Office, sits_down: Callable[..., Person]) -> None:
        page = sits_down(office.chief, DESK).opens("/tra-cuu/").page
        page.evaluate("window.stays = true")

        page.get_by_label("2026").focus()
        page.keyboard.press("Space")
        expect(page.locator(".v-hit")).to_have_count(1)
        expect(page.locator("#chips a")).to_have_text(["Bỏ: Năm: 2026"])
        assert page.evaluate("window.stays")
        page.locator("h1").click()
        page.keyboard.press("j")
        expect(page.locator(".v-hit[aria-current=true]")).to_have_count(1)
        page.keyboard.press("/")
        expect(page.locator("#search-box")).to_be_focused()

    def test_work_without_scripts(self, office: Office, browser_page: Callable[..., Any], live_server: Any) -> None:
        client = Client()
        client.force_login(office.chief)
        page = browser_page(**PHONE, java_script_enabled=False)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto("/tra-cuu/")

        page.get_by_role("button", name="Lọc").click()
        page.get_by_label("2025").check()
        page.get_by_role("button", name="kết quả").click()

        expect(page.locator(".v-hit")).to_have_count(1)
        expect(page.locator(".v-hit")).to_contain_text("87/KH-LĐLĐ")
