"""The papers of the journeys: a scan by the project's scanner, drafts by its renderer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.drafts import Draft, draft_pdf
from demo.scans import make_scan, sample

if TYPE_CHECKING:
    from pathlib import Path

SUBJECT = "Thực hiện Chỉ thị số 05/CT-TLĐ tại các cấp công đoàn tỉnh An Hòa"


def directive(folder: Path) -> Path:
    """The confederation's directive as the province's scanner delivers it."""
    path = folder / sample("01").file_name
    path.write_bytes(make_scan(sample("01"), seed=9))
    return path


def plan(folder: Path, *more: str) -> Path:
    """The province's plan that answers it, with further points."""
    path = folder / f"ke-hoach-{len(more) + 1}.pdf"
    path.write_bytes(
        draft_pdf(
            Draft(
                parent="TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM",
                issuer="LIÊN ĐOÀN LAO ĐỘNG TỈNH AN HÒA",
                symbol="KH-LĐLĐ",
                place="An Hòa",
                year="2026",
                title="KẾ HOẠCH",
                subject=SUBJECT,
                paragraphs=("1. Công đoàn các xã, phường số hóa văn bản đến ngay trong ngày.", *more),
                copies=("- Công đoàn các xã, phường;", "- Lưu: VT, VP."),
                authority=("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"),
                signer="Đỗ Văn Khánh",
            )
        )
    )
    return path
