"""The menu, the errors, the language and the small words."""

import uuid
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from ui import drawn, errors, navigation
from ui.bars import as_parts, slices
from ui.context import Shell
from ui.navigation import NavItem, links_for, register
from ui.templatetags import ui_tags

pytestmark = pytest.mark.urls("tests.ui.urls")


@pytest.fixture(autouse=True)
def _own_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_bell", [])


@pytest.fixture
def clerk() -> Any:
    return get_user_model()._default_manager.create_user("nhung", "mat-khau-dai-1", full_name="Mai Thị Hồng Nhung")


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values)).strip()


class TestLinksFor:
    def test_keeps_the_order_and_leaves_out_rooms_that_are_not_there(self, rf: RequestFactory) -> None:
        register(NavItem("search", "Tra cứu", "search", "search:page", 70))
        register(NavItem("gone", "Họp", "people", "nowhere:list", 60))
        register(NavItem("inbox", "Hộp việc", "inbox", "desk:inbox", 10))

        assert [link.key for link in links_for(rf.get("/"))] == ["inbox", "search"]

    def test_marks_the_longest_matching_address(self, rf: RequestFactory) -> None:
        register(NavItem("inbox", "Hộp việc", "inbox", "desk:inbox", 10))
        register(NavItem("search", "Tra cứu", "search", "search:page", 70))

        marked = {link.key: link.is_current for link in links_for(rf.get("/tra-cuu/?q=a"))}

        assert marked == {"inbox": False, "search": True}

    def test_asks_who_may_see_and_how_many_wait(self, rf: RequestFactory) -> None:
        def hidden(_request: HttpRequest) -> bool:
            return False

        register(NavItem("inbox", "Hộp việc", "inbox", "desk:inbox", 10, badge=lambda _request: 7))
        register(NavItem("search", "Tra cứu", "search", "search:page", 70, visible=hidden))

        assert [(link.key, link.count) for link in links_for(rf.get("/"))] == [("inbox", 7)]


class TestShell:
    def test_says_post_and_unit_of_whoever_acts(self, rf: RequestFactory) -> None:
        office = SimpleNamespace(name="CĐ phường")
        request: Any = rf.get("/")
        request.user = SimpleNamespace(is_authenticated=True, get_full_name=lambda: "", get_username=lambda: "nhung")
        request.actor = SimpleNamespace(name="Mai Nhung", post="Văn thư", unit="CĐ phường", on_behalf_of="", post_id=4)
        request.posts = [
            SimpleNamespace(pk=4, title="Văn thư", unit=office),
            SimpleNamespace(pk=5, title="Thủ quỹ", unit=office),
        ]

        shell = Shell(request)

        assert shell.person is not None
        assert (shell.person.name, shell.person.post) == ("Mai Nhung", "Văn thư")
        assert [(post.title, post.is_current) for post in shell.posts] == [("Văn thư", True), ("Thủ quỹ", False)]

    def test_knows_nobody_before_sign_in(self, rf: RequestFactory) -> None:
        assert Shell(rf.get("/")).person is None


@pytest.mark.django_db
class TestErrorPages:
    def test_an_address_that_is_not_there(self, client: Client) -> None:
        response = client.get("/khong-co/")

        assert response.status_code == 404
        assert "Không tìm thấy" in response.content.decode()

    def test_the_code_on_the_page_is_in_the_log(self, rf: RequestFactory, caplog: pytest.LogCaptureFixture) -> None:
        with translation.override("vi"):
            response = errors.server_error(rf.get("/broken/"))

        code = caplog.records[-1].getMessage().split("code ")[1][:4]
        assert response.status_code == 500
        assert f">{code}<" in response.content.decode()

    def test_a_crash_is_answered_in_words(self, client: Client) -> None:
        client.raise_request_exception = False

        response = client.get("/broken/")

        assert response.status_code == 500
        assert "chưa được ghi" in response.content.decode()

    def test_a_database_that_is_away_is_said_and_asked_for_again(self, client: Client) -> None:
        client.raise_request_exception = False

        response = client.get("/without-database/")

        assert (response.status_code, response["Retry-After"]) == (503, "60")
        assert "Không mất gì" in response.content.decode()

    def test_a_refusal_says_its_own_sentence(self, rf: RequestFactory) -> None:
        response = errors.permission_denied(rf.get("/"), PermissionDenied("Chỉ văn thư được vào sổ."))

        assert response.status_code == 403
        assert "Chỉ văn thư được vào sổ." in response.content.decode()

    def test_every_status_has_its_page(self, rf: RequestFactory) -> None:
        request = rf.get("/")
        answers = [errors.bad_request(request), errors.unavailable(request), errors.csrf_failure(request)]

        assert [answer.status_code for answer in answers] == [400, 503, 403]


@pytest.mark.django_db
class TestChooseLanguage:
    def test_changes_the_page_and_the_account(self, client: Client, clerk: Any) -> None:
        client.force_login(clerk)

        client.post("/ui/ngon-ngu/", {"language": "en", "next": "/ui/gallery/"})

        clerk.refresh_from_db()
        assert clerk.language == "en"
        assert '<html lang="en">' in client.get("/ui/gallery/").content.decode()

    def test_takes_no_language_that_is_not_offered(self, client: Client, clerk: Any) -> None:
        client.force_login(clerk)

        client.post("/ui/ngon-ngu/", {"language": "xx", "next": "/"})

        clerk.refresh_from_db()
        assert clerk.language == "vi"


@pytest.mark.django_db
class TestSignIn:
    def test_asks_in_vietnamese_and_in_our_look(self, client: Client) -> None:
        page = client.get("/tai-khoan/login/").content.decode()

        assert '<h1 tabindex="-1">Đăng nhập</h1>' in page
        assert "Tên đăng nhập" in page
        assert "Remember" not in page

    def test_a_wrong_password_is_told_beside_the_form(self, client: Client, clerk: Any) -> None:
        page = client.post("/tai-khoan/login/", {"login": "nhung", "password": "sai"}).content.decode()

        assert "Tên đăng nhập hoặc mật khẩu không đúng." in page
        assert "<title>Lỗi: Đăng nhập" in page

    def test_signing_out_is_asked_and_done(self, client: Client, clerk: Any) -> None:
        client.force_login(clerk)

        assert "Đăng xuất?" in client.get("/tai-khoan/logout/").content.decode()
        client.post("/tai-khoan/logout/")

        assert client.get("/ui/gallery/").status_code == 302


class TestGallery:
    @pytest.mark.django_db
    def test_is_shown_to_nobody_who_is_not_signed_in(self, client: Client) -> None:
        assert client.get("/ui/gallery/").status_code == 302


@dataclass(frozen=True)
class Counted:
    kind: str
    count: int
    label: str = ""


class TestSlices:
    def test_fill_the_bar_and_skip_what_is_empty(self) -> None:
        laid = slices(as_parts([("done", 3), ("late", 0), Counted("doing", 1)]))

        assert [(part.kind, part.x, part.width) for part in laid] == [
            ("done", "0.00", "75.00"),
            ("doing", "75.00", "25.00"),
        ]

    def test_of_nothing_are_nothing(self) -> None:
        assert slices([]) == []


class TestSmallWords:
    def test_initials_are_of_the_given_name(self) -> None:
        assert ui_tags.initials("Trần Thị Minh Châu") == "MC"

    def test_ids_and_years_carry_no_dot(self) -> None:
        with translation.override("vi"):
            assert render("{% load ui_tags %}{{ n|plain }} {{ n|thousands }}", n=12345) == "12345 12.345"

    def test_a_share_is_said_as_percent(self) -> None:
        assert [ui_tags.percent(share) for share in (0.64, "0.98", None)] == ["64 %", "98 %", ""]

    def test_a_low_confidence_is_doubtful(self) -> None:
        assert [ui_tags.is_doubtful(share) for share in (0.64, 0.9, None, "")] == [True, False, False, False]

    def test_every_form_gets_a_receipt_key_of_its_own(self) -> None:
        first, second = uuid.UUID(ui_tags.receipt_key()), uuid.UUID(ui_tags.receipt_key())

        assert first != second

    def test_a_query_changes_one_value_and_keeps_the_rest(self, rf: RequestFactory) -> None:
        request = rf.get("/?q=ch%E1%BB%89+th%E1%BB%8B&page=2")

        changed = ui_tags.query_with(Context({"request": request}), page=3, q=None)

        assert changed == "?page=3"

    def test_an_icon_without_a_name_is_silent(self) -> None:
        assert 'aria-hidden="true"' in drawn.icon("inbox")
        assert 'role="img" aria-label="Hộp việc"' in drawn.icon("inbox", label="Hộp việc")
