"""A briefing: agenda, attendance, minutes, a conclusion with lead and deadline that lands on a unit's desk."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from demo.acting import actor, post, unit, user
from demo.river.steps import StepFailed, expect
from demo.river.tale import CHAIR, SECRETARY, WARD_CLERK, Tale
from demo.units import DONG_THANH
from exchange.models import Delivery
from exchange.selectors import waiting_for
from meetings.models import AgendaItem, Attendance, Conclusion
from meetings.services import (
    IncompleteConclusions,
    add_agenda_item,
    close_meeting,
    convene_meeting,
    draft_conclusion,
    invite_units,
    mark_attendance,
    open_meeting,
    publish_conclusions,
    revise_conclusion,
    write_minutes,
)
from workflow.services.incoming import receive_delivery

SUPPORTER = "CDX-PLT"
INVITED = (DONG_THANH, SUPPORTER, "CDX-VK")


def convene(tale: Tale) -> str:
    """The secretary convenes, with last time's conclusions as item 1, and calls units of two tiers."""
    secretary = actor(SECRETARY)
    tale.meeting = convene_meeting(
        unit=tale.office,
        title=f"Hội nghị giao ban trực tuyến công tác công đoàn tháng {tale.today.month} năm {tale.today.year}",
        period=f"{tale.today.month:02d}/{tale.today.year}",
        starts_at=clock.now() + timedelta(minutes=5),
        chair_post=post(CHAIR),
        secretary_post=post(SECRETARY),
        place="Phòng họp tầng 3, trụ sở Liên đoàn Lao động tỉnh",
        actor=secretary,
    )
    add_agenda_item(
        meeting=tale.meeting,
        title=f"Tiến độ thực hiện {tale.draft.full_symbol}",
        presenter="Văn phòng",
        actor=secretary,
    )
    add_agenda_item(meeting=tale.meeting, title="Các nội dung khác", actor=secretary)
    invite_units(meeting=tale.meeting, units=[unit(code) for code in INVITED], actor=secretary)
    items = AgendaItem.objects.system("demo run").filter(meeting=tale.meeting).order_by("order")
    return (
        f"Mời {len(INVITED)} đơn vị. Chương trình: " + "; ".join(f"{item.order}. {item.title}" for item in items) + "."
    )


def attend(tale: Tale) -> str:
    """The meeting opens; the secretary marks who is there."""
    secretary = actor(SECRETARY)
    open_meeting(meeting=tale.meeting, actor=secretary)
    rows = list(Attendance.objects.system("demo run").filter(meeting=tale.meeting).order_by("id"))
    for at, row in enumerate(rows):
        state = Attendance.State.ONLINE if at else Attendance.State.PRESENT
        mark_attendance(attendance=row, state=state, actor=secretary)
    return f"{len(rows)} đại biểu có mặt (trực tiếp hoặc trực tuyến)."


def write(tale: Tale) -> str:
    """The secretary types the minutes under the items."""
    items = AgendaItem.objects.system("demo run").filter(meeting=tale.meeting).order_by("order")
    text = "Văn phòng báo cáo tiến độ; Công đoàn phường Đông Thành đề nghị hỗ trợ máy quét."
    versions = [
        write_minutes(item=item, text=text, expected_version=item.text_version, actor=actor(SECRETARY))
        for item in items
    ]
    return f"Ghi biên bản {len(versions)} mục."


def conclude(tale: Tale) -> str:
    """A conclusion without lead and deadline is refused; with both it is published as a directive."""
    secretary, chair = actor(SECRETARY), actor(CHAIR)
    text = "Công đoàn phường Đông Thành hoàn thành quét văn bản giấy còn lại."
    conclusion = draft_conclusion(meeting=tale.meeting, text=text, actor=secretary)
    close_meeting(meeting=tale.meeting, actor=chair)
    try:
        publish_conclusions(meeting=tale.meeting, actor=chair)
    except IncompleteConclusions as refused:
        reason = str(refused)
    else:
        expect(is_so=False, otherwise="Kết luận thiếu chủ trì và thời hạn mà vẫn công bố được.")
    due = tale.due(10)
    revise_conclusion(
        conclusion=conclusion,
        text=text,
        lead=tale.ward,
        supports=[unit(SUPPORTER)],
        due_date=due,
        measure="Không còn văn bản giấy chưa quét.",
        expected_version=conclusion.version,
        actor=secretary,
    )
    minutes = publish_conclusions(meeting=tale.meeting, actor=chair)
    fresh = Conclusion.objects.system("demo run").get(pk=conclusion.pk)
    if fresh.dispatch is None:
        raise StepFailed("Kết luận công bố rồi mà chưa được gửi đi.")
    tale.conclusion_dispatch = fresh.dispatch
    given = f"Giao {tale.ward.name}, hạn {due:%d/%m/%Y}: biên bản {minutes.full_symbol}."
    return f"Lần đầu bị từ chối ({reason}) {given}"


def land(tale: Tale) -> str:
    """The conclusion waits at the ward, and taking it there makes it work on the desk."""
    waiting = [row.pk for row in waiting_for([tale.ward])]
    delivery = Delivery.objects.system("demo run").get(dispatch=tale.conclusion_dispatch, unit=tale.ward)
    expect(delivery.pk in waiting, "Kết luận chưa đến đơn vị được giao.")
    case = receive_delivery(delivery=delivery, received_at=clock.now(), actor=actor(WARD_CLERK))
    number = case.entry.number_int
    return f"{tale.ward.name} tiếp nhận (số đến {number}); việc nằm ở bàn của {user(WARD_CLERK).full_name}."
