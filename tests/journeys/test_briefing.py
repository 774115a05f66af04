"""One briefing through the pages: convened, minuted before everybody's eyes, concluded, and its conclusion is work elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from core import clock
from demo.acting import actor, post, unit
from meetings import services as meetings
from tests.journeys import acts
from tests.journeys.person import DESK, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.person import Person

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WARD, NEIGHBOUR = "Công đoàn phường Đông Thành", "Công đoàn xã Phú Lâm Thượng"
LAST_TIME, THIS_TIME = "Giao ban tháng 10 năm 2026", "Giao ban tháng 11 năm 2026"
OPEN_CONCLUSION = "Lập danh sách cán bộ đầu mối số hóa."
CONCLUSION = "Hoàn thành quét văn bản giấy còn lại."


def last_months_briefing() -> None:
    """Held and published a month ago, with one conclusion that is still open."""
    secretary, chair = actor("thu-ky-an-hoa"), actor("lanh-dao-an-hoa")
    meeting = meetings.convene_meeting(
        unit=unit("LDLD-AH"), title=LAST_TIME, starts_at=clock.now() - timedelta(days=30),
        chair_post=post("lanh-dao-an-hoa"), secretary_post=post("thu-ky-an-hoa"), actor=secretary,
    )  # fmt: skip
    meetings.invite_units(meeting=meeting, units=[unit("CDP-DT")], actor=secretary)
    meetings.open_meeting(meeting=meeting, actor=secretary)
    due = clock.today() + timedelta(days=5)
    meetings.draft_conclusion(meeting=meeting, text=OPEN_CONCLUSION, lead=unit("CDP-DT"), due_date=due, actor=secretary)
    meetings.close_meeting(meeting=meeting, actor=chair)
    meetings.publish_conclusions(meeting=meeting, actor=chair)


class TestBriefing:
    def test_a_conclusion_becomes_work_on_the_desk_of_a_unit(
        self, somebody: Callable[..., Person], look_again: Callable[[], None]
    ) -> None:
        last_months_briefing()
        secretary = somebody("thu-ky-an-hoa", DESK)
        ward_chair = somebody("chu-tich-dong-thanh", PHONE)

        # Convened: item 1 is what was left open, units are invited, the agenda is set.
        acts.convene(
            secretary, title=THIS_TIME, chair="Chủ tịch, Liên đoàn Lao động tỉnh An Hòa", units=[WARD, NEIGHBOUR],
            starts="2026-11-27T08:00",
        )  # fmt: skip
        expect(secretary.page.locator(".v-agenda li").first).to_contain_text(OPEN_CONCLUSION)
        acts.add_to_agenda(secretary, "Tiến độ số hóa văn bản", "Văn phòng")
        ward_chair.opens("/hop/")
        ward_chair.presses(THIS_TIME)
        acts.mark(ward_chair, "Bùi Thanh Tùng", "Dự trực tuyến")

        # In session: the roll is called, minutes are typed here and appear there.
        secretary.page.reload()
        secretary.presses("Khai mạc")
        acts.mark(secretary, "Đỗ Văn Khánh", "Có mặt trực tiếp")
        expect(ward_chair.page.locator("#meeting-route [aria-current=step]")).to_contain_text(
            "Đang họp", timeout=acts.LIVE_MS
        )
        acts.type_minutes(secretary, "2. Tiến độ số hóa văn bản", "Đông Thành đề nghị hỗ trợ máy quét.")
        minutes = ward_chair.page.locator("#meeting-live")
        expect(minutes).to_contain_text("Đông Thành đề nghị hỗ trợ máy quét.", timeout=acts.LIVE_MS)
        ward_chair.looks()

        # Concluded: without lead and deadline nothing is published, with both it is, under a number.
        acts.conclude(secretary, CONCLUSION)
        chair = somebody("lanh-dao-an-hoa", DESK)
        chair.opens("/hop/")
        chair.presses(THIS_TIME)
        chair.presses("Bế mạc")
        chair.presses("Cấp số biên bản và ban hành kết luận")
        expect(chair.page.get_by_role("alert")).to_contain_text("kết luận số 1 còn thiếu đơn vị chủ trì hoặc thời hạn")
        secretary.page.reload()
        acts.complete_conclusion(secretary, 1, lead=WARD, due=clock.today() + timedelta(days=10))
        ward_clerk = somebody("van-thu-dong-thanh", PHONE)
        ward_clerk.presses("Chờ tiếp nhận 1")
        acts.receive(ward_clerk, LAST_TIME)
        ward_clerk.opens("/")
        inbox = ward_clerk.page.get_by_role("navigation", name="Các loại việc")
        expect(inbox).not_to_contain_text("Chờ tiếp nhận")
        chair.presses("Cấp số biên bản và ban hành kết luận")
        expect(chair.page.locator(".v-head")).to_contain_text("02/BB-LĐLĐ")

        # It lands on the ward's open desk by itself, and is work like any other.
        expect(inbox).to_contain_text("Chờ tiếp nhận", timeout=acts.LIVE_MS)
        ward_clerk.looks()
        ward_clerk.presses("Chờ tiếp nhận 1")
        assert acts.receive(ward_clerk, "Kết luận số 1") == "02"
        ward_chair.opens("/")
        acts.present(ward_clerk, "Kính trình đồng chí.")
        work = ward_chair.page.locator("#inbox-rows article").filter(has_text=THIS_TIME)
        expect(work).to_be_visible(timeout=acts.LIVE_MS)
        ward_chair.looks()

        look_again()
