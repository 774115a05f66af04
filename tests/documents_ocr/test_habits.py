"""Words that official style tells better than the engine."""

from __future__ import annotations

import pytest

from documents.ocr.habits import in_style
from documents.ocr.tesseract import Token


def line(text: str, number: int = 1) -> list[Token]:
    return [Token((1, 1, number), 10 * at, 0, 9, 9, 0.9, word) for at, word in enumerate(text.split())]


class TestInStyle:
    @pytest.mark.parametrize(
        ("read", "meant"),
        [
            ("- Lưu: VI, CSPL.", "- Lưu: VT, CSPL."),
            ("Lưu: VI.", "Lưu: VT."),
            ("LƯU: Vl;", "LƯU: VT;"),
            ("-Lưu: VI", "-Lưu: VT"),
            ("Lưu: VT.", "Lưu: VT."),
            ("Lưu: NV1.", "Lưu: NV1."),
            ("Lưu: XVI, VT", "Lưu: XVI, VT"),
            ("Lưu: VIP.", "Lưu: VIP."),
            ("Chương VI, Điều 5", "Chương VI, Điều 5"),
            ("lưu VI tháng", "lưu VI tháng"),
        ],
    )
    def test_papers_are_filed_by_the_clerk(self, read: str, meant: str) -> None:
        assert [word.text for word in in_style(line(read))] == meant.split()

    def test_the_next_line_begins_anew(self) -> None:
        assert [word.text for word in in_style([*line("Lưu:"), *line("VI. TỔ CHỨC", 2)])] == [
            "Lưu:",
            "VI.",
            "TỔ",
            "CHỨC",
        ]
