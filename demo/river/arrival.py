"""The scan arrives: uploaded, read, confirmed, registered, presented, directed."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

from core import clock
from demo.acting import FIELDS, act, actor, confirm_as, open_item, post, read_now, unit
from demo.river.steps import StepFailed, expect
from demo.river.tale import CHAIR, CLERK, Tale
from demo.scans import make_scan, sample
from demo.units import AN_HOA
from documents.models import Document, ExtractedField, Page, ReadState
from documents.services.uploads import receive_upload
from documents.words import reason_words
from workflow.services.incoming import register_and_start

if TYPE_CHECKING:
    from documents.services.uploads import Received

DOUBTFUL = 0.5
LONG_LINE = 7
HANDWRITTEN = {"number", "date"}
PLAIN_FALLBACKS = {"issuer": "Chưa rõ cơ quan ban hành", "type": "Công văn"}
NAMES = {
    "issuer": "cơ quan ban hành",
    "number": "số",
    "symbol": "ký hiệu",
    "date": "ngày",
    "type": "loại",
    "subject": "trích yếu",
    "signer": "người ký",
    "due": "thời hạn",
}


def upload(tale: Tale) -> str:
    """The clerk uploads; a paper that is already there is said to be, and a fresh copy travels."""
    received = _receive(tale)
    note = ""
    if received.is_duplicate:
        again = "bản quét lại" if tale.is_own else "bản sao thêm một dòng chú thích"
        note = f"Tệp này đã có trong kho (văn bản {received.document.pk}), hệ thống báo trùng; {again} đi tiếp. "
        tale.content = _fresh_copy(tale)
        received = _receive(tale)
        expect(not received.is_duplicate, "Bản quét mới vẫn bị báo trùng.")
    tale.document = received.document
    size = f"{len(tale.content) // 1024:,}".replace(",", ".")
    return f"{note}{tale.name}, {size} KB, SHA-256 {received.sha256[:16]}…"


def _receive(tale: Tale) -> Received:
    return receive_upload(
        stream=io.BytesIO(tale.content), name=tale.name, unit=tale.office, actor=actor(CLERK), secrecy="none"
    )


def _fresh_copy(tale: Tale) -> bytes:
    """Scan the built-in paper once more; a paper from outside gets a comment behind its last byte."""
    stamp = time.time_ns()
    if tale.is_own:
        return make_scan(sample("01"), seed=stamp % 1_000_000)
    return tale.content + f"\n% {stamp}\n".encode()


def read(tale: Tale) -> str:
    """Wait until the paper is read, by the worker if one lives, otherwise here."""
    read_now(tale.document)
    if tale.document.read_state in {ReadState.FAILED, ReadState.QUARANTINED}:
        raise StepFailed(f"Không đọc được: {reason_words(tale.document.read_reason)}")
    pages = list(Page.objects.system("demo run").filter(file__document=tale.document).order_by("number"))
    words = sum(len(page.text.split()) for page in pages)
    expect(words > 0, "Không có chữ nào được nhận dạng.")
    sources = ", ".join(sorted({str(page.source) for page in pages}))
    return f"{len(pages)} trang ({sources}), {words} từ. {_said(_proposals(tale.document))}"


def _proposals(document: Document) -> list[ExtractedField]:
    rows = ExtractedField.objects.system("demo run").filter(document=document)
    return list(rows.order_by("id"))


def _said(fields: list[ExtractedField]) -> str:
    said = [f"{NAMES[field.name]}: {field.value} ({field.confidence:.0%})" for field in fields if _is_shown(field)]
    return "Đề xuất: " + "; ".join(said) + "." if said else "Không đề xuất được trường nào."


def _is_shown(field: ExtractedField) -> bool:
    return field.name in NAMES and bool(field.value)


def confirm(tale: Tale) -> str:
    """The clerk confirms: takes what was read, corrects it by the paper, fills what a register cannot do without."""
    tale.document.refresh_from_db()
    read_words = {field.name: str(field.value) for field in _proposals(tale.document) if _is_sure(field)}
    fallbacks = PLAIN_FALLBACKS | {"subject": _first_words(tale.document) or tale.name}
    words = {name: tale.truth.get(name) or read_words.get(name) or fallbacks.get(name, "") for name in FIELDS}
    corrected = [label for name, label in NAMES.items() if words[name] != read_words.get(name, "")]
    confirm_as(CLERK, tale.document, words)
    by_hand = f"Văn thư sửa hoặc điền: {', '.join(corrected)}." if corrected else "Không phải sửa trường nào."
    return f"Xác nhận {tale.document}: {tale.document.subject}. {by_hand}"


def _first_words(document: Document) -> str:
    """A subject from the paper itself: the first line of some length that is neither a heading nor the number's."""
    page = Page.objects.system("demo run").filter(file__document=document, number=1).first()
    lines = page.text.splitlines() if page else []
    return next((line for line in lines if len(line.split()) >= LONG_LINE and not _is_heading(line)), "")


def _is_heading(line: str) -> bool:
    return line.upper() == line or "Độc lập" in line or "/" in line or "ngày" in line


def _is_sure(field: ExtractedField) -> bool:
    """The clerk leaves a place empty rather than keep a doubtful number or date."""
    return bool(field.value) and (field.name not in HANDWRITTEN or field.confidence >= DOUBTFUL)


def register(tale: Tale) -> str:
    """The clerk takes the arrival number; the flow begins in the same act."""
    tale.case = register_and_start(
        document=tale.document, unit=tale.office, received_at=clock.now(), actor=actor(CLERK)
    )
    return f"Số đến {tale.case.entry.number_int}, sổ văn bản đến năm {tale.today.year} của {tale.office.name}."


def present(tale: Tale) -> str:
    """The office presents the paper to the chair."""
    item = open_item(tale.document, tale.office, "present")
    leader = post(CHAIR)
    act(CLERK, item, "present", {"leader_post": leader, "note": "Kính trình đồng chí Chủ tịch cho ý kiến."})
    return f"Văn thư trình {leader.title} {leader.unit.name}."


def direct(tale: Tale) -> str:
    """The chair writes the direction: one lead, supporters, those who should know, a deadline."""
    item = open_item(tale.document, tale.office, "direct")
    lead, support, fyi = (unit(f"{AN_HOA}-{code}") for code in ("VP", "CSPL", "TC"))
    due = tale.due(14)
    payload = {
        "text": "Giao Văn phòng chủ trì tham mưu kế hoạch triển khai, trình Thường trực ký ban hành.",
        "lead": f"unit:{lead.pk}",
        "supporters": [f"unit:{support.pk}"],
        "fyi": [f"unit:{fyi.pk}"],
        "due_date": due,
    }
    act(CHAIR, item, "direct", payload)
    return f"Chủ trì: {lead.name}; phối hợp: {support.name}; để biết: {fyi.name}; hạn {due:%d/%m/%Y}."
