"""The main acts of the office where no script runs: forms, links and the browser alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from core import clock
from tests.journeys import acts, papers
from tests.journeys.person import PHONE, Person
from tests.processes import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.journeys.person import Round

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PLAIN = PHONE | {"java_script_enabled": False}
TITLE = "Giao ban tháng 11 năm 2026"


class Plain(Person):
    """Somebody whose browser runs no script: what is examined elsewhere needs one."""

    def looks(self) -> Plain:
        expect(self.page.locator("html")).to_have_attribute("lang", "vi")
        return self


@pytest.fixture
def somebody(browser_page: Callable[..., Any], office: None, whole_round: Round) -> Callable[[str], Plain]:
    def signed_in(username: str) -> Plain:
        person = Plain(username, browser_page(**PLAIN), PLAIN, whole_round)
        person.signs_in()
        return person

    return signed_in


def is_read(clerk: Plain) -> bool:
    clerk.opens("/van-ban/tiep-nhan/")
    return "Chưa xác nhận" in clerk.page.locator("#upload-queue").inner_text()


class TestPaper:
    def test_is_taken_in_directed_and_finished(self, somebody: Callable[[str], Plain], tmp_path: Path) -> None:
        clerk, chair = somebody("van-thu-an-hoa"), somebody("lanh-dao-an-hoa")
        clerk.opens("/van-ban/tiep-nhan/")
        clerk.page.get_by_label("Không có độ mật").check()
        clerk.page.get_by_label("Thả tệp vào bất kỳ đâu").set_input_files(papers.plan(tmp_path))
        clerk.presses("Tải lên")
        wait_for(lambda: is_read(clerk), acts.READING_MS / 1000)

        clerk.page.locator("#upload-queue li a").click()
        acts.form_of(clerk).get_by_label("Số", exact=True).fill("142")
        clerk.presses("Xác nhận và vào sổ")
        assert acts.arrival_number(clerk) == "01"
        acts.present(clerk, "Kính trình.")
        acts.find_work(chair, papers.SUBJECT)
        due = clock.today() + timedelta(days=14)
        acts.direct(chair, "Văn phòng theo dõi.", lead="Văn phòng", due=due, at_hand="")
        office = somebody("chanh-vp-an-hoa")
        acts.find_work(office, papers.SUBJECT)
        acts.act(office, "Báo cáo kết quả", "Báo cáo kết quả", {"Kết quả": "Đã thực hiện."})
        acts.find_work(chair, papers.SUBJECT)
        acts.act(chair, "Kết thúc xử lý", "Kết thúc xử lý")

        expect(chair.page.get_by_text("Đã xong.")).to_be_visible()


class TestBriefing:
    def test_is_convened_minuted_and_published(self, somebody: Callable[[str], Plain]) -> None:
        secretary, chair = somebody("thu-ky-an-hoa"), somebody("lanh-dao-an-hoa")
        acts.convene(
            secretary,
            title=TITLE,
            chair="Chủ tịch, Liên đoàn Lao động tỉnh An Hòa",
            units=["Công đoàn phường Đông Thành"],
            starts="2026-11-27T08:00",
        )
        acts.add_to_agenda(secretary, "Tiến độ số hóa", "Văn phòng")
        secretary.presses("Khai mạc")
        secretary.page.get_by_label("1. Tiến độ số hóa").fill("Văn phòng báo cáo tiến độ.")
        secretary.presses("Lưu")
        acts.conclude(secretary, "Hoàn thành quét văn bản.")
        due = clock.today() + timedelta(days=10)
        acts.complete_conclusion(secretary, 1, lead="Công đoàn phường Đông Thành", due=due)
        chair.opens("/hop/")
        chair.presses(TITLE)
        expect(chair.page.locator("main")).to_contain_text("Văn phòng báo cáo tiến độ.")
        chair.presses("Bế mạc")
        chair.presses("Cấp số biên bản và ban hành kết luận")

        expect(chair.page.locator(".v-head")).to_contain_text("01/BB-LĐLĐ")
