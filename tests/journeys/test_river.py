"""The whole river through the pages: nine people on three tiers, at desks and on phones."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from core import clock
from search.services import index_pending
from tests.journeys import acts, papers
from tests.journeys.person import DESK, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.journeys.person import Person, Round

    Somebody = Callable[..., Person]

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DIRECTIVE = "Chỉ thị về đẩy mạnh xử lý văn bản và họp giao ban trên môi trường số"
PLAN = "Kế hoạch Thực hiện Chỉ thị số 05/CT-TLĐ"
REASON = "Bổ sung trách nhiệm đôn đốc của Văn phòng."
WARD = "Công đoàn phường Đông Thành"
FEWEST_PEOPLE = 5


class TestRiver:
    def test_a_directive_travels_from_the_scanner_to_the_last_unit(
        self, somebody: Somebody, look_again: Callable[[], None], whole_round: Round, tmp_path: Path
    ) -> None:
        clerk, chair = somebody("van-thu-an-hoa", DESK), somebody("lanh-dao-an-hoa", PHONE)
        office = somebody("chanh-vp-an-hoa", DESK)

        it_is_read_and_registered(clerk, papers.directive(tmp_path))
        it_is_directed(clerk, chair)
        departments_work(somebody)
        an_answer_is_drafted_and_returned(office, chair, papers.plan(tmp_path))
        a_second_version_is_approved(office, chair, papers.plan(tmp_path, "2. Văn phòng đôn đốc hằng tháng."))
        it_is_numbered_and_issued(clerk)
        the_case_is_closed(office, chair)
        the_ward_carries_it_out(somebody, clerk)
        it_is_found_by_those_who_may_see_it(somebody, chair, clerk)
        it_stands_in_the_books(clerk, office)
        look_again()

        assert len(whole_round.sessions) >= FEWEST_PEOPLE


def it_is_read_and_registered(clerk: Person, scan: Path) -> None:
    acts.take_in(clerk, scan)
    acts.open_upload(clerk)
    expect(clerk.page.get_by_label("Trích yếu", exact=True)).to_have_value(
        DIRECTIVE.removeprefix("Chỉ thị ") + " trong các cấp công đoàn"
    )
    due = clock.today() + timedelta(days=14)
    assert acts.confirm_by_keyboard(clerk, {"Hạn hoàn thành": due.isoformat()}) == "01"


def it_is_directed(clerk: Person, chair: Person) -> None:
    acts.present(clerk, "Kính trình đồng chí Chủ tịch cho ý kiến.")
    acts.find_work(chair, DIRECTIVE)
    acts.direct(
        chair,
        "Giao Văn phòng tham mưu kế hoạch triển khai.",
        lead="Văn phòng",
        support=["Ban Chính sách - Pháp luật"],
        fyi=["Ban Tài chính"],
        due=clock.today() + timedelta(days=14),
    )


def departments_work(somebody: Somebody) -> None:
    policy = somebody("truong-ban-cs-an-hoa", DESK)
    acts.find_work(policy, DIRECTIVE, tab="Phối hợp")
    acts.act(policy, "Báo cáo kết quả", "Báo cáo kết quả", {"Kết quả": "Đã góp ý phần chính sách."})
    finance = somebody("truong-ban-tc-an-hoa", PHONE)
    acts.find_work(finance, DIRECTIVE, tab="Để biết")
    acts.act(finance, "Tôi đã xem", "Tôi đã xem")


def an_answer_is_drafted_and_returned(office: Person, chair: Person, file: Path) -> None:
    acts.find_work(office, DIRECTIVE)
    acts.draft_answer(
        office,
        kind="Kế hoạch",
        subject=papers.SUBJECT,
        file=file,
        signer="Chủ tịch, Liên đoàn Lao động tỉnh An Hòa",
        group="Tất cả đơn vị cấp dưới",
        due=clock.today() + timedelta(days=30),
    )
    acts.act(office, "Trình ký", "Trình ký", {"Ý kiến trình người ký": "Kính trình đồng chí duyệt."})
    acts.find_work(chair, PLAN)
    acts.act(chair, "Phê duyệt và chuyển văn thư", "Trả lại người soạn", {"Lý do": REASON})


def a_second_version_is_approved(office: Person, chair: Person, file: Path) -> None:
    acts.find_work(office, PLAN)
    expect(acts.task(office, "Trình ký")).to_contain_text(REASON)
    acts.upload_version(office, file, "Đã bổ sung mục 2.")
    acts.act(office, "Trình ký", "Trình ký", {"Ý kiến trình người ký": "Đã tiếp thu, kính trình lại."})
    acts.find_work(chair, PLAN)
    expect(chair.page.get_by_role("link", name="Dự thảo, bản 2", exact=True)).to_have_attribute("aria-current", "page")
    acts.act(chair, "Phê duyệt và chuyển văn thư", "Phê duyệt và chuyển văn thư", {"Ý kiến": "Đồng ý ban hành."})


def it_is_numbered_and_issued(clerk: Person) -> None:
    acts.find_work(clerk, PLAN)
    acts.act(clerk, "Cấp số và phát hành", "Cấp số và phát hành")
    expect(clerk.page.locator(".v-head")).to_contain_text("01/KH-LĐLĐ")


def the_case_is_closed(office: Person, chair: Person) -> None:
    acts.find_work(office, DIRECTIVE)
    answer = office.page.get_by_label("Văn bản trả lời").locator("option:checked")
    expect(answer).to_have_text("01/KH-LĐLĐ")
    acts.act(office, "Báo cáo kết quả", "Báo cáo kết quả", {"Kết quả": "Đã tham mưu ban hành kế hoạch."})
    acts.find_work(chair, DIRECTIVE)
    acts.act(chair, "Kết thúc xử lý", "Kết thúc xử lý")


def the_ward_carries_it_out(somebody: Somebody, issuer: Person) -> None:
    """On phones, while the issuer's tracker, which is open all the time, says how far it is."""
    issuer.presses("Theo dõi thực hiện: 01/KH-LĐLĐ")
    state = issuer.page.locator("tr").filter(has_text=WARD)
    expect(state).to_contain_text("Chưa nhận")
    clerk, chair = somebody("van-thu-dong-thanh", PHONE), somebody("chu-tich-dong-thanh", PHONE)
    clerk.presses("Chờ tiếp nhận 1")
    assert acts.receive(clerk, PLAN) == "01"
    expect(state).to_contain_text("Đã nhận", timeout=acts.LIVE_MS)
    acts.present(clerk, "Kính trình đồng chí.")
    acts.find_work(chair, PLAN)
    due = clock.today() + timedelta(days=14)
    acts.direct(chair, "Bộ phận Văn phòng triển khai.", lead="Bộ phận Văn phòng", due=due)
    deputy = somebody("pho-chu-tich-dong-thanh", DESK)
    acts.find_work(deputy, PLAN)
    acts.act(deputy, "Báo cáo kết quả", "Báo cáo kết quả", {"Kết quả": "Đã triển khai đến cơ sở."})
    acts.find_work(chair, PLAN)
    acts.act(chair, "Kết thúc xử lý", "Kết thúc xử lý")
    expect(state).to_contain_text("Hoàn thành", timeout=acts.LIVE_MS)
    expect(issuer.page.locator(".v-sentence")).to_contain_text("1/")
    issuer.looks()


def it_is_found_by_those_who_may_see_it(somebody: Somebody, chair: Person, clerk: Person) -> None:
    assert index_pending()
    assert acts.search(chair, "05 ct tld")[0].startswith(DIRECTIVE)
    assert acts.search(clerk, "day manh xu ly van ban va hop giao ban tren moi truong so")[0].startswith(DIRECTIVE)
    outsider = somebody("van-thu-tan-giang", DESK)
    assert acts.search(outsider, "05 ct tld") == []
    expect(outsider.page.locator("main").get_by_role("status")).to_have_text("0 văn bản")


def it_stands_in_the_books(clerk: Person, office: Person) -> None:
    clerk.opens("/van-ban/so/")
    expect(clerk.page.locator("tbody tr")).to_contain_text(["05/CT-TLĐ"])
    clerk.opens("/van-ban/so/?so=di")
    expect(clerk.page.locator("tbody tr")).to_contain_text(["01/KH-LĐLĐ"])
    clerk.opens("/van-ban/den/")
    office.opens("/van-ban/di/")
