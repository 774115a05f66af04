"""One tier below: the answer is received, directed, carried out, and the issuer sees it."""

from __future__ import annotations

from core import clock
from demo.acting import act, actor, open_item, post, unit
from demo.river.steps import expect
from demo.river.tale import WARD_CHAIR, WARD_CLERK, WARD_DEPUTY, Tale
from demo.units import DONG_THANH
from exchange.models import Delivery, DeliveryState
from exchange.selectors import tracker
from workflow.services.incoming import receive_delivery

WARD_OFFICE = f"{DONG_THANH}-VP"


def receive(tale: Tale) -> str:
    """The ward's clerk receives the delivery: an arrival number there, 03 to the sender."""
    rows = Delivery.objects.system("demo run").filter(dispatch=tale.dispatch, unit=tale.ward)
    tale.delivery = rows.get()
    tale.below = receive_delivery(delivery=tale.delivery, received_at=clock.now(), actor=actor(WARD_CLERK))
    tale.delivery.refresh_from_db()
    expect(tale.delivery.state == DeliveryState.REGISTERED, f"Trạng thái là {tale.delivery.state}, không phải 03.")
    return f"{tale.ward.name}: số đến {tale.below.entry.number_int}, trạng thái 03 (đã tiếp nhận)."


def carry_out(tale: Tale) -> str:
    """The ward presents, directs and reports."""
    act(WARD_CLERK, open_item(tale.draft, tale.ward, "present"), "present", {"leader_post": post(WARD_CHAIR)})
    office = unit(WARD_OFFICE)
    direction = {
        "text": "Bộ phận Văn phòng triển khai đến công đoàn cơ sở.",
        "lead": f"unit:{office.pk}",
        "supporters": [],
        "fyi": [],
        "due_date": tale.due(10),
    }
    act(WARD_CHAIR, open_item(tale.draft, tale.ward, "direct"), "direct", direction)
    item = open_item(tale.draft, tale.ward, "work")
    text = "Đã triển khai đến 36 công đoàn cơ sở, cử một cán bộ đầu mối."
    act(WARD_DEPUTY, item, "report", {"text": text}, post_of=WARD_OFFICE)
    return f"Chủ tịch giao {office.name}; bộ phận báo cáo: {text}"


def finish(tale: Tale) -> str:
    """The ward's chair closes the case: 06 goes to the sender by itself."""
    act(WARD_CHAIR, open_item(tale.draft, tale.ward, "finish"), "finish", {"note": "Đã xong."})
    tale.delivery.refresh_from_db()
    expect(tale.delivery.state == DeliveryState.DONE, f"Trạng thái là {tale.delivery.state}, không phải 06.")
    return f"{tale.ward.name} hoàn thành, trạng thái 06 tự gửi về nơi ban hành."


def track(tale: Tale) -> str:
    """The issuer's tracker counts the ward as done."""
    seen = tracker(tale.dispatch, tale.today)
    counts = seen.direct
    expect(counts.done >= 1, "Bảng theo dõi chưa thấy đơn vị hoàn thành.")
    return (
        f"{counts.total} đơn vị: {counts.waiting} chưa nhận, {counts.received} đã nhận, "
        f"{counts.working} đang xử lý, {counts.done} hoàn thành, {counts.refused} từ chối."
    )
