"""What people do by the pages, in the words of the office; each act is one function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from playwright.sync_api import Locator

    from tests.journeys.person import Person

FIELDS = 20  # of the confirm page, at most
READING_MS = 90_000
LIVE_MS = 15_000


# ---------- finding work ----------


def find_work(person: Person, words: str, tab: str = "Chờ xử lý") -> None:
    """Open the inbox at a tab, find the row with these words, open its paper."""
    person.opens("/")
    if tab != "Chờ xử lý":
        with person.page.expect_navigation():
            person.page.get_by_role("navigation", name="Các loại việc").get_by_role("link", name=tab).click()
    row = person.page.locator("#inbox-rows article").filter(has_text=words)
    expect(row).to_have_count(1)
    row.get_by_role("link").click()
    beside = person.page.locator("#preview")
    if beside.is_visible():  # at a desk the first press shows the paper beside the list
        opener = beside.locator(".v-button--primary")
        expect(opener).to_be_visible()
        person.looks()
        opener.click()
    person.page.wait_for_url(re.compile(r"/van-ban/\d+/$"))
    person.looks()


def form_of(person: Person) -> Locator:
    """The page without the bar above it, whose search box has words of its own."""
    return person.page.locator("main")


def task(person: Person, title: str) -> Locator:
    """The part of the page in which a task is done."""
    return person.page.get_by_role("region", name=title, exact=True)


def act(person: Person, title: str, button: str, words: Mapping[str, str] | None = None) -> None:
    """Fill the form of a task and press its button; other actions than the usual one are unfolded first."""
    place = task(person, title)
    if button != title:
        place.locator("summary").filter(has_text=button).click()
    for label, value in (words or {}).items():
        place.get_by_label(label, exact=True).and_(place.locator(":visible")).fill(value)
    press_in_sight(person, place, button)


# ---------- the incoming paper ----------


def take_in(clerk: Person, scan: Path) -> None:
    """Answer the question of secrecy, choose the scan, wait at the list until the paper has been read."""
    clerk.opens("/van-ban/tiep-nhan/")
    page = clerk.page
    expect(page.locator("#files")).to_be_hidden()
    page.get_by_label("Không có độ mật").check()
    page.get_by_label("Thả tệp vào bất kỳ đâu").set_input_files(scan)
    expect(page.get_by_role("link", name="đã tiếp nhận")).to_be_visible()
    clerk.looks()
    expect(page.locator("#upload-queue")).to_contain_text("Chưa xác nhận", timeout=READING_MS)


def open_upload(clerk: Person) -> None:
    """The confirm page of the newest upload, with the focus where the reader was in doubt."""
    clerk.page.locator("#upload-queue li a").first.click()
    clerk.page.wait_for_url("**/xac-nhan/")
    clerk.looks()


def confirm_by_keyboard(clerk: Person, doubtful: Mapping[str, str]) -> str:
    """Enter goes from field to field, Ctrl+Enter registers; returns the arrival number. The mouse is not touched."""
    page, form = clerk.page, form_of(clerk)
    expect(form.locator(":focus")).to_have_count(1)
    for label, value in doubtful.items():
        field = form.get_by_label(label)
        for _ in range(FIELDS):
            if field.evaluate("field => field === document.activeElement"):
                break
            page.keyboard.press("Enter")
        expect(field).to_be_focused()
        field.fill(value)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    clerk.looks()
    return arrival_number(clerk)


def arrival_number(clerk: Person) -> str:
    """The number under which the unit took the paper in, as the head of its page says it."""
    said = re.search(r"Số đến (\w+)", clerk.page.locator(".v-head").inner_text())
    assert said, clerk.address
    return said.group(1)


def present(clerk: Person, words: str) -> None:
    act(clerk, "Trình lãnh đạo", "Trình lãnh đạo", {"Ý kiến trình": words})


def direct(
    leader: Person,
    words: str,
    *,
    lead: str,
    due: date,
    support: Sequence[str] = (),
    fyi: Sequence[str] = (),
    at_hand: str = "Đồng ý.",
) -> None:
    """Bút phê: a sentence at hand (if any), own words, one lead, supporters, those who should know, a deadline."""
    place = task(leader, "Ghi bút phê và chuyển")
    text = place.get_by_label("Ý kiến chỉ đạo (bút phê)")
    if at_hand:
        place.get_by_role("button", name=at_hand).click()
        expect(text).to_have_value(at_hand)
    text.fill(f"{at_hand} {words}".strip())
    place.get_by_label("Chủ trì").select_option(label=lead)
    for group, names in (("Phối hợp", support), ("Để biết", fyi)):
        for name in names:
            place.get_by_role("group", name=group).get_by_label(name, exact=True).check()
    place.get_by_label("Hạn hoàn thành").fill(due.isoformat())
    press_in_sight(leader, place, "Ghi bút phê và chuyển")


def press_in_sight(person: Person, place: Locator, button: str) -> None:
    """A form's button stands in the form or, at a desk, below the pane that scrolls."""
    inside = place.get_by_role("button", name=button, exact=True)
    person.presses(button, place if inside.is_visible() else person.page.locator(".v-side__bar"))


# ---------- the answer ----------


def draft_answer(drafter: Person, *, kind: str, subject: str, file: Path, signer: str, group: str, due: date) -> None:
    """From the work itself: a draft that answers, as a PDF, with its signer and recipients."""
    drafter.presses("Soạn văn bản trả lời")
    form = form_of(drafter)
    form.get_by_label("Không có độ mật").check()
    form.get_by_label("Loại văn bản").select_option(label=kind)
    form.get_by_label("Trích yếu").fill(subject)
    form.get_by_label("Tệp dự thảo (PDF)").set_input_files(file)
    form.get_by_label("Người ký").select_option(label=signer)
    form.get_by_label(group).check()
    form.get_by_label("Hạn hoàn thành").fill(due.isoformat())
    drafter.presses("Tạo dự thảo")


def upload_version(drafter: Person, file: Path, comment: str) -> None:
    drafter.presses("Tải bản mới lên")
    drafter.page.get_by_label("Tệp bản mới (PDF)").set_input_files(file)
    drafter.page.get_by_label("Nội dung đã sửa").fill(comment)
    drafter.presses("Tải bản mới lên")


# ---------- between units ----------


def receive(clerk: Person, words: str) -> str:
    """Receive what another unit sent; returns the arrival number here."""
    waiting = clerk.page.locator("#waiting-rows li").filter(has_text=words)
    expect(waiting).to_have_count(1)
    clerk.presses("Tiếp nhận và vào sổ", waiting)
    return arrival_number(clerk)


def search(person: Person, words: str) -> list[str]:
    """Search from the box of the page and return the titles found, best first."""
    person.opens("/tra-cuu/")
    person.page.locator("#search-box").fill(words)
    with person.page.expect_response(lambda answer: "/tra-cuu/?" in answer.url):
        person.presses("Tìm")
    person.page.wait_for_function("!document.querySelector('.htmx-request')")
    return person.page.locator(".v-hit h2").all_inner_texts()


# ---------- the briefing ----------


def convene(secretary: Person, *, title: str, chair: str, units: Sequence[str], starts: str) -> None:
    secretary.opens("/hop/moi/")
    form = form_of(secretary)
    form.get_by_label("Tên cuộc họp").fill(title)
    form.get_by_label("Bắt đầu lúc").fill(starts)
    form.get_by_label("Địa điểm").fill("Phòng họp tầng 3")
    form.get_by_label("Chủ trì cuộc họp").select_option(label=chair)
    for unit in units:
        form.get_by_role("group", name="Đơn vị được mời").get_by_label(unit, exact=True).check()
    secretary.presses("Triệu tập và mời")


def add_to_agenda(secretary: Person, title: str, presenter: str) -> None:
    form = form_of(secretary)
    form.locator("summary").filter(has_text="Thêm vào chương trình").click()
    form.get_by_label("Nội dung", exact=True).fill(title)
    form.get_by_label("Người trình bày").fill(presenter)
    secretary.presses("Thêm nội dung")


def mark(person: Person, name: str, state: str) -> None:
    """The roll-call: the secretary marks anybody, people mark themselves."""
    form = person.page.locator("form").filter(has=person.page.get_by_label(f"Điểm danh: {name}"))
    form.get_by_label(f"Điểm danh: {name}").select_option(label=state)
    person.presses("Ghi", form)


def type_minutes(secretary: Person, item: str, words: str) -> None:
    """Type under an item and wait until the page says that it saved by itself."""
    page = secretary.page
    page.get_by_label(item).press_sequentially(words, delay=5)
    saved = page.locator("vb-autosave").filter(has_text=item).locator(".v-saved")
    expect(saved).to_contain_text("Đã lưu lúc", timeout=LIVE_MS)


def conclude(secretary: Person, words: str) -> None:
    """Put a conclusion down; who leads and until when is still open."""
    place = secretary.page.get_by_role("region", name="Thêm kết luận")
    place.get_by_label("Kết luận", exact=True).fill(words)
    secretary.presses("Chốt kết luận", place)


def complete_conclusion(secretary: Person, number: int, *, lead: str, due: date) -> None:
    page = secretary.page
    page.locator("summary").filter(has_text=f"Sửa kết luận {number}").click()
    form = page.locator("form").filter(has=page.get_by_role("button", name="Lưu kết luận"))
    form.get_by_label("Chủ trì").select_option(label=lead)
    form.get_by_label("Hạn hoàn thành").fill(due.isoformat())
    secretary.presses("Lưu kết luận", form)
