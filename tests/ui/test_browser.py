"""Seen in the browser, under the strict CSP: accessible in every mode, usable by keyboard, honest when something fails."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ui import navigation
from ui.navigation import NavItem, register

pytestmark = [pytest.mark.urls("tests.ui.urls"), pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MODES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "390": {"viewport": {"width": 390, "height": 844}},
    "320": {"viewport": {"width": 320, "height": 640}},
}
PAGES = {"/ui/gallery/": False, "/tai-khoan/login/": True, "/khong-co/": True, "/confirm/": False}


@pytest.fixture(autouse=True)
def _menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    register(NavItem("inbox", "Hộp việc", "inbox", "desk:inbox", 10, badge=lambda _request: 7))
    register(NavItem("search", "Tra cứu", "search", "search:page", 70))


def faults(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    result = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [f"{rule['id']}: {node['target'][0]}" for rule in result["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", PAGES)
class TestAccessibility:
    def test_finds_nothing_and_nothing_scrolls_sideways(
        self, open_page: OpenPage, axe: str, path: str, mode: str
    ) -> None:
        page = open_page(path, visitor=PAGES[path], **MODES[mode])

        assert faults(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


class TestShortcuts:
    def test_walk_through_a_list(self, open_page: OpenPage) -> None:
        page = open_page("/ui/gallery/")

        page.keyboard.press("j")

        expect(page.locator("[data-item][aria-current=true]")).to_contain_text("2318/TLĐ-VP")
        page.keyboard.press("k")
        expect(page.locator("[data-item][aria-current=true]")).to_contain_text("09/TTr-CĐP")

    def test_never_fire_while_one_writes(self, open_page: OpenPage) -> None:
        page = open_page("/ui/gallery/")

        page.locator("#g-note").focus()
        page.keyboard.press("Control+End")
        page.keyboard.type("jk?")

        expect(page.locator("[data-item][aria-current=true]")).to_contain_text("09/TTr-CĐP")
        expect(page.locator("#vb-keys")).to_have_count(0)
        assert page.locator("#g-note").input_value().endswith("jk?")

    def test_reach_the_search_box_from_anywhere(self, open_page: OpenPage) -> None:
        page = open_page("/ui/gallery/")
        page.locator("#g-note").focus()

        page.keyboard.press("Control+k")

        expect(page.locator("[data-search]")).to_be_focused()

    def test_are_listed_and_letters_can_be_switched_off(self, open_page: OpenPage) -> None:
        page = open_page("/ui/gallery/")

        page.keyboard.press("?")
        expect(page.locator("#vb-keys")).to_contain_text("Hàng kế tiếp")
        page.locator("#vb-keys input").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("j")

        expect(page.locator("[data-item][aria-current=true]")).to_contain_text("09/TTr-CĐP")


class TestDialog:
    def test_takes_the_focus_and_gives_it_back(self, open_page: OpenPage) -> None:
        page = open_page("/ui/gallery/")
        opener = page.get_by_role("button", name="Trả lại…")

        opener.click()
        expect(page.locator("#g-reason")).to_be_focused()
        page.keyboard.press("Escape")

        expect(opener).to_be_focused()


class TestConnection:
    def test_is_said_to_be_lost_and_found(self, open_page: OpenPage) -> None:
        page = open_page("/ui/gallery/")

        page.context.set_offline(offline=True)
        expect(page.locator(".v-connection")).to_contain_text("Mất kết nối")
        page.context.set_offline(offline=False)

        expect(page.locator(".v-connection")).to_have_count(0)


class TestPaper:
    def test_is_drawn_with_its_places_and_found_without_tone_marks(self, open_page: OpenPage) -> None:
        page = open_page("/paper/")

        expect(page.locator(".v-pdf__sheet")).to_have_count(3)
        expect(page.locator(".v-pdf__sheet rect")).to_have_count(1)
        page.get_by_role("button", name="Tìm trong văn bản").click()
        page.get_by_role("searchbox", name="Tìm trong văn bản").fill("cong doan phuong dong")
        page.keyboard.press("Enter")

        expect(page.locator(".v-pdf__find")).to_contain_text("1/3")
        assert page.evaluate("document.querySelector('.v-pdf__sheet canvas').width") > 300

    def test_opens_at_the_page_of_the_address(self, open_page: OpenPage) -> None:
        page = open_page("/paper/#page=3")

        expect(page.get_by_label("Trang", exact=True)).to_have_value("3")

    def test_that_cannot_be_read_offers_the_original(self, open_page: OpenPage) -> None:
        page = open_page("/paper/broken/")

        expect(page.locator("vb-pdf")).to_contain_text("Không hiển thị được văn bản này")
        expect(page.get_by_role("link", name="Tải bản gốc")).to_be_visible()


class TestConfirm:
    def test_begins_at_the_doubtful_field_and_outlines_its_place(self, open_page: OpenPage) -> None:
        page = open_page("/confirm/")

        expect(page.locator("#b")).to_be_focused()
        expect(page.locator("[data-number='2'] .v-pdf__box--now")).to_have_count(1)

    def test_enter_goes_on_and_control_enter_sends(self, open_page: OpenPage) -> None:
        page = open_page("/confirm/")
        expect(page.locator("#b")).to_be_focused()

        page.keyboard.press("Enter")
        expect(page.locator("#c")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#d")).to_be_focused()
        expect(page.locator("#c")).to_have_value("")
        with page.expect_request(lambda request: request.method == "POST"):
            page.keyboard.press("Control+Enter")

    def test_shift_enter_breaks_the_line_where_there_are_lines(self, open_page: OpenPage) -> None:
        page = open_page("/confirm/")
        page.locator("#c").fill("một")

        page.keyboard.press("Shift+Enter")

        expect(page.locator("#c")).to_be_focused()
        expect(page.locator("#c")).to_have_value("một\n")

    def test_shift_enter_sends_nothing(self, open_page: OpenPage) -> None:
        page = open_page("/confirm/")
        expect(page.locator("#b")).to_be_focused()

        page.keyboard.press("Shift+Enter")

        expect(page.locator("#c")).to_be_focused()


class TestUpload:
    def test_sends_each_file_with_the_answers_and_says_how_it_went(self, open_page: OpenPage, tmp_path: Path) -> None:
        for name in ("một.pdf", "hai.pdf", "ba.txt"):
            (tmp_path / name).write_bytes(b"x" * 1000)
        page = open_page("/upload/")
        page.locator("#s").select_option("none")

        page.locator("#f").set_input_files([tmp_path / name for name in ("một.pdf", "hai.pdf", "ba.txt")])

        expect(page.get_by_role("link", name="Đã nhận một.pdf, none")).to_be_visible()
        expect(page.get_by_role("link", name="Đã nhận hai.pdf, none")).to_be_visible()
        expect(page.locator(".v-file", has_text="ba.txt")).to_contain_text("Tệp này không phải văn bản quét.")
        expect(page.get_by_role("status")).to_contain_text("2/3")

    def test_asks_the_open_question_first(self, open_page: OpenPage, tmp_path: Path) -> None:
        (tmp_path / "một.pdf").write_bytes(b"x")
        page = open_page("/upload/")

        page.locator("#f").set_input_files(tmp_path / "một.pdf")
        expect(page.locator(".v-file")).to_have_count(0)
        page.locator("#s").select_option("none")
        page.get_by_role("button", name="Tải lên").click()

        expect(page.get_by_role("link", name="Đã nhận một.pdf, none")).to_be_visible()

    def test_asks_for_files_where_none_is_chosen(self, open_page: OpenPage, tmp_path: Path) -> None:
        (tmp_path / "một.pdf").write_bytes(b"x")
        page = open_page("/upload/")
        page.locator("#s").select_option("none")

        with page.expect_file_chooser() as asked:
            page.get_by_role("button", name="Tải lên").click()
        asked.value.set_files(tmp_path / "một.pdf")

        expect(page.get_by_role("link", name="Đã nhận một.pdf, none")).to_be_visible()


class TestAutosave:
    def test_saves_by_itself_and_shows_both_texts_on_conflict(self, open_page: OpenPage) -> None:
        page = open_page("/autosave/page/")

        page.locator("#t").press_sequentially("Thống nhất")
        expect(page.locator(".v-saved")).to_have_text("Đã lưu lúc 09:14:05", timeout=6000)
        page.locator("#t").press_sequentially(" cao")

        expect(page.get_by_role("alert")).to_contain_text("Đ/c Hùng", timeout=6000)
        assert page.locator("#t").input_value() == "Thống nhất cao"
        assert page.get_by_label("Bản của người kia").input_value() == "Bản của thư ký"


class TestCombobox:
    def test_finds_without_tone_marks(self, open_page: OpenPage) -> None:
        page = open_page("/ui/gallery/")

        page.locator("#g-place").press_sequentially("tu so")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

        expect(page.locator("#g-place")).to_have_value(re.compile("Tủ số 3"))


class TestWithoutScript:
    def test_the_shell_and_its_forms_stand(self, open_page: OpenPage) -> None:
        page = open_page("/upload/", java_script_enabled=False)

        expect(page.get_by_role("button", name="Tải lên")).to_be_visible()
        expect(page.get_by_role("link", name="Hộp việc 7").first).to_be_visible()
