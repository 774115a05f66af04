"""The paper is worked on and answered: drafted, returned once, approved, numbered and issued to the units below."""

from __future__ import annotations

import io

from core import clock
from demo.acting import act, actor, open_item, post, read_now, unit, user
from demo.drafts import Draft, draft_pdf
from demo.river.steps import expect
from demo.river.tale import CHAIR, CLERK, FINANCE, OFFICE, POLICY, Tale
from demo.units import AN_HOA
from documents.models import DocumentType, DraftVersion
from documents.services.drafting import add_version, create_draft
from exchange.models import Delivery, Dispatch
from workflow.services.outgoing import start_outgoing

OFFICE_UNIT, POLICY_UNIT, FINANCE_UNIT = f"{AN_HOA}-VP", f"{AN_HOA}-CSPL", f"{AN_HOA}-TC"


def work(tale: Tale) -> str:
    """The supporter reports, the one who should know acknowledges."""
    supporter = open_item(tale.document, tale.office, "work", holder=f"unit:{unit(POLICY_UNIT).pk}")
    act(POLICY, supporter, "report", {"text": "Ban đã góp ý phần chính sách, gửi Văn phòng tổng hợp."})
    reader = open_item(tale.document, tale.office, "work", holder=f"unit:{unit(FINANCE_UNIT).pk}")
    act(FINANCE, reader, "acknowledge", {})
    return f"{unit(POLICY_UNIT).name} báo cáo phần phối hợp; {unit(FINANCE_UNIT).name} đã xem."


def draft(tale: Tale) -> str:
    """The lead drafts an answer from the assignment and uploads it as a PDF."""
    drafter, signer = actor(OFFICE, OFFICE_UNIT), post(CHAIR)
    subject = _subject(tale)
    tale.draft = create_draft(
        unit=tale.office,
        doc_type=DocumentType.objects.get(abbreviation="KH"),
        subject=subject,
        stream=io.BytesIO(_plan(tale, extra=())),
        name="du-thao-ke-hoach.pdf",
        due_date=tale.due(30),
        actor=drafter,
        secrecy="none",
    )
    tale.outgoing = start_outgoing(
        document=tale.draft,
        signer_post=signer,
        recipients=[],
        groups=["ALL_BELOW"],
        must_act=True,
        due_date=tale.due(30),
        source=tale.case,
        actor=drafter,
    )
    return f"Dự thảo “{subject}”, bản 1, người ký dự kiến: {signer.title} {user(CHAIR).full_name}."


def _subject(tale: Tale) -> str:
    paper = tale.document
    kind = paper.doc_type.name if paper.doc_type else "văn bản"
    number = f" số {paper.full_symbol}" if paper.number else ""
    issuer = f" của {paper.issuer}" if paper.issuer and not paper.number else ""
    return f"Thực hiện {kind}{number}{issuer} tại các cấp công đoàn tỉnh An Hòa"


def _plan(tale: Tale, *, extra: tuple[str, ...]) -> bytes:
    due = tale.due(30)
    return draft_pdf(
        Draft(
            parent="TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM",
            issuer="LIÊN ĐOÀN LAO ĐỘNG TỈNH AN HÒA",
            symbol="KH-LĐLĐ",
            place="An Hòa",
            year=str(tale.today.year),
            title="KẾ HOẠCH",
            subject=_subject(tale),
            paragraphs=(
                "Ban Thường vụ Liên đoàn Lao động tỉnh An Hòa xây dựng kế hoạch thực hiện như sau:",
                "1. Công đoàn các xã, phường tiếp nhận, số hóa văn bản đến ngay trong ngày; cử một cán bộ đầu mối.",
                "2. Công đoàn cơ sở phổ biến nội dung đến đoàn viên và phản ánh vướng mắc về công đoàn cấp trên.",
                *extra,
                f"Các đơn vị báo cáo kết quả về Văn phòng trước ngày {due:%d} tháng {due:%m} năm {due:%Y}./.",
            ),
            copies=("- Tổng LĐLĐ Việt Nam (để b/c);", "- Công đoàn các xã, phường;", "- Lưu: VT, VP."),
            authority=("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"),
            signer=user(CHAIR).full_name,
        )
    )


def submit(tale: Tale) -> str:
    """The drafter submits."""
    item = open_item(tale.draft, tale.office, "draft")
    act(OFFICE, item, "submit", {"comment": "Kính trình đồng chí Chủ tịch duyệt."}, post_of=OFFICE_UNIT)
    return f"{user(OFFICE).full_name} trình dự thảo lên Chủ tịch."


def send_back(tale: Tale) -> str:
    """The signer returns the draft with a reason bound to its version."""
    item = open_item(tale.draft, tale.office, "approve")
    reason = "Bổ sung trách nhiệm hướng dẫn, đôn đốc của Văn phòng."
    act(CHAIR, item, "return", {"reason": reason, "version": _version(tale)})
    return f"Chủ tịch trả lại: {reason}"


def _version(tale: Tale) -> int:
    last = DraftVersion.objects.system("demo run").filter(document=tale.draft).order_by("-version").first()
    return last.version if last else 1


def resubmit(tale: Tale) -> str:
    """The drafter uploads a second version and submits it."""
    extra = ("3. Văn phòng hướng dẫn, đôn đốc, định kỳ hằng tháng báo cáo Ban Thường vụ.",)
    version = add_version(
        document=tale.draft,
        stream=io.BytesIO(_plan(tale, extra=extra)),
        name="du-thao-ke-hoach-2.pdf",
        comment="Đã bổ sung mục 3 theo ý kiến Chủ tịch.",
        actor=actor(OFFICE, OFFICE_UNIT),
    )
    item = open_item(tale.draft, tale.office, "draft")
    act(OFFICE, item, "submit", {"comment": "Đã tiếp thu, kính trình lại."}, post_of=OFFICE_UNIT)
    return f"Bản {version.version} đã tiếp thu ý kiến, trình lại."


def approve(tale: Tale) -> str:
    """The signer approves the version seen."""
    item = open_item(tale.draft, tale.office, "approve")
    version = _version(tale)
    act(CHAIR, item, "approve", {"comment": "Đồng ý ban hành.", "version": version})
    return f"Chủ tịch duyệt bản {version}."


def issue(tale: Tale) -> str:
    """The clerk takes the next number, which is written over its place, and issues to all units below."""
    read_now(tale.draft)
    item = open_item(tale.draft, tale.office, "issue")
    act(CLERK, item, "issue", {"issued_on": clock.office_date(clock.now())})
    tale.draft.refresh_from_db()
    tale.dispatch = Dispatch.objects.system("demo run").filter(document=tale.draft).order_by("-id")[0]
    count = Delivery.objects.system("demo run").filter(dispatch=tale.dispatch).count()
    expect(count > 0, "Không có đơn vị nào nhận.")
    return f"Ban hành {tale.draft.full_symbol}, gửi {count} đơn vị (nhóm “tất cả đơn vị cấp dưới”)."


def report(tale: Tale) -> str:
    """The lead reports with the issued answer."""
    item = open_item(tale.document, tale.office, "work", holder=f"unit:{unit(OFFICE_UNIT).pk}")
    text = f"Đã tham mưu ban hành {tale.draft.full_symbol}."
    act(OFFICE, item, "report", {"text": text, "reply_document": tale.draft}, post_of=OFFICE_UNIT)
    return f"Văn phòng báo cáo: {text}"


def finish(tale: Tale) -> str:
    """The leader closes the case."""
    item = open_item(tale.document, tale.office, "finish")
    act(CHAIR, item, "finish", {"note": "Hoàn thành."})
    tale.case.refresh_from_db()
    return f"Hồ sơ xử lý {tale.document} đã kết thúc."
