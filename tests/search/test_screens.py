"""The pages around the search in a browser: a search is kept and told of, a paper tagged, the index and its words looked after."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core import clock
from documents.selectors import tags_of
from organizations.models import Role
from organizations.services import actor_for
from search.alerts import follow
from search.asked import Asked
from search.engine import backend
from search.models import SavedSearch
from search.saved import save_search
from search.verification import verify_index
from tests.factories.offices import PASSWORD, Office, add_person, make_office
from tests.factories.papers import confirmed, index_now, uploaded
from tests.journeys.person import DESK, PHONE, Person, Round

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from documents.models import Document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
TEXT = "CHỈ THỊ về đẩy mạnh xử lý văn bản"


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Office:
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    settings.MEDIA_ROOT = tmp_path / "files"
    made = make_office()
    add_person(made, "operator", made.top, "Quản trị hệ thống", [Role.SYS_ADMIN])
    return made


@pytest.fixture
def somebody(office: Office, browser_page: Callable[..., Any]) -> Callable[[str, dict[str, Any]], Person]:
    def signed_in(name: str, window: dict[str, Any]) -> Person:
        person = Person(name, browser_page(**window), window, Round())
        person.page.goto(f"/tai-khoan/login/?next={reverse('search:page')}")
        person.page.get_by_label("Tên đăng nhập").fill(name)
        person.page.get_by_label("Mật khẩu").fill(PASSWORD)
        return person.presses("Đăng nhập")

    return signed_in


def paper(office: Office, **facts: Any) -> Document:
    return confirmed(uploaded(TEXT, by=office.clerk, unit=office.top), by=office.clerk, **facts)


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
class TestPages:
    def test_keep_a_search_and_tell_of_new_papers(
        self, office: Office, somebody: Callable[..., Person], window: dict[str, Any]
    ) -> None:
        index_now()
        clerk = somebody("clerk", window)
        clerk.opens(f"{reverse('search:page')}?q=v%C4%83n+b%E1%BA%A3n")
        clerk.presses("Lưu tìm kiếm này")
        clerk.page.get_by_label("Tên").fill("Văn bản của ta")
        clerk.page.get_by_label("Báo cho tôi khi có văn bản mới khớp").check()
        clerk.presses("Lưu tìm kiếm này")
        paper(office, subject="về kim cương")
        index_now()
        follow(backend())

        clerk.opens(reverse("search:page"))
        clerk.presses("Có 1 văn bản mới khớp với “Văn bản của ta”")
        expect(clerk.page.locator("[name=q]").last).to_have_value("văn bản")

        clerk.presses("Tìm kiếm đã lưu")
        clerk.page.get_by_text("Đổi tên").click()
        clerk.page.get_by_label("Tên").fill("")
        clerk.page.get_by_label("Tên").evaluate("box => box.form.noValidate = true")
        clerk.presses("Lưu tên mới")
        expect(clerk.page.locator(".v-error-summary")).to_be_visible()

    def test_tag_a_paper_without_leaving_it(
        self, office: Office, somebody: Callable[..., Person], window: dict[str, Any]
    ) -> None:
        document = paper(office)
        clerk = somebody("clerk", window)
        clerk.opens(reverse("desk:paper", args=[document.pk]))
        tags = clerk.page.get_by_role("region", name="Thẻ")

        clerk.page.get_by_label("Thêm thẻ").fill("Đại hội")
        tags.get_by_role("button", name="Thêm", exact=True).click()
        expect(clerk.page.get_by_role("link", name="Đại hội")).to_be_visible()
        clerk.looks()
        clerk.page.get_by_label("Thêm thẻ").fill(" ")
        tags.get_by_role("button", name="Thêm", exact=True).click()
        expect(clerk.page.get_by_text("Hãy nhập thẻ trước.")).to_be_visible()
        clerk.looks()
        assert tags_of(document) == ["Đại hội"]
        clerk.page.get_by_role("button", name="Bỏ thẻ Đại hội").click()
        expect(clerk.page.get_by_role("link", name="Đại hội")).to_have_count(0)
        assert tags_of(document) == []

    def test_look_after_the_index_and_its_words(
        self, office: Office, somebody: Callable[..., Person], window: dict[str, Any]
    ) -> None:
        paper(office)
        index_now()
        verify_index()
        operator = somebody("operator", window)

        operator.opens(reverse("search:health"))
        operator.presses("Lập lại chỉ mục")
        operator.opens(reverse("search:readings"))
        operator.page.get_by_label("Viết tắt", exact=True).fill("QHT")
        operator.page.get_by_label("Viết đầy đủ").fill("quỹ hỗ trợ")
        operator.presses("Thêm vào bảng")
        operator.presses("QHT")
        operator.presses("Bỏ mục viết tắt")

    def test_find_papers_alike_and_go_on_without_the_index(
        self, office: Office, somebody: Callable[..., Person], window: dict[str, Any]
    ) -> None:
        first, second = paper(office, number="1"), paper(office, number="2")
        index_now()
        clerk = somebody("clerk", window)
        alike = reverse("search:similar", args=[first.pk])

        clerk.opens(alike)
        expect(clerk.page.get_by_role("link", name=str(second))).to_be_visible()
        engine: Any = backend()
        shutil.rmtree(engine.root)
        clerk.opens(alike)
        expect(clerk.page.get_by_text("Tra cứu toàn văn tạm dừng")).to_be_visible()
        clerk.opens(f"{reverse('search:page')}?q=xu+ly")
        expect(clerk.page.get_by_text("Tra cứu toàn văn tạm dừng")).to_be_visible()


class TestSaved:
    def test_list_of_many_fits_a_phone(self, office: Office, somebody: Callable[..., Person]) -> None:
        index_now()
        for number in range(3):
            save_search(
                asked=Asked(f"văn bản {'rất dài ' * 20}{number}"), name=f"Tìm kiếm có tên khá dài số {number}", is_alert=True,
                owner=office.clerk, at=clock.now(), actor=actor_for(office.clerk),
            )  # fmt: skip

        somebody("clerk", PHONE).opens(reverse("search:saved"))

        assert SavedSearch.objects.visible_to(office.clerk).count() == 3
