"""Numbers and symbols meet in one normal form, however they were typed."""

from __future__ import annotations

import re

import pytest

from core.symbols import normal_symbol, split_number, symbols_in


class TestNormalSymbol:
    @pytest.mark.parametrize(
        "typed",
        [
            "15/QĐ-TLĐ",
            "15 QD TLD",
            "qđ 15 tlđ",
            "Số: 15/QĐ-TLĐ",
            "015/qđ-tlđ",
            "15/QĐ–TLĐ",
            "15 /QĐ-TLĐ",
            "15/QÐ-TLÐ",
            "(15/QĐ-TLĐ),",
            "15/QD-TLD",
        ],
    )
    def test_variants_meet(self, typed: str) -> None:
        assert normal_symbol(typed) == "15/qd-tld"

    @pytest.mark.parametrize(
        ("printed", "normal"),
        [
            ("05/CT-TLĐ", "5/ct-tld"),
            ("05 ct tld", "5/ct-tld"),
            ("10b/NQ-BCH", "10b/nq-bch"),
            ("60-NQ/TW", "60/nq-tw"),
            ("30/2020/NĐ-CP", "30/2020/nd-cp"),
            ("50/2024/QH15", "50/2024/qh15"),
            ("2301/LĐLĐ-CSPL", "2301/ldld-cspl"),
            ("1046 /QĐ-ĐHCĐ", "1046/qd-dhcd"),
            ("10bis/NQ-BCH", "10bis/nq-bch"),
        ],
    )
    def test_real_forms(self, printed: str, normal: str) -> None:
        assert normal_symbol(printed) == normal

    def test_15_is_not_151(self) -> None:
        assert normal_symbol("151/QĐ-TLĐ") != normal_symbol("15/QĐ-TLĐ")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "   ",
            "2026",
            "chỉ thị",
            "văn bản 05/CT-TLĐ",
            "05/",
            "đẩy mạnh xử lý văn bản",
            "1 2 3 4 5 6 7",
            "\x00",
            "/" * 99,
        ],
    )
    def test_other_text_is_none(self, text: str) -> None:
        assert normal_symbol(text) is None


class TestSymbolsIn:
    @pytest.mark.parametrize(
        ("text", "symbols"),
        [
            ("Thực hiện Chỉ thị số 05/CT-TLĐ về đẩy mạnh", ["5/ct-tld"]),
            ("chi thi 05 ct tld day manh", ["5/ct-tld"]),
            ("ct 05 tld", ["5/ct-tld"]),
            ("05/CT – TLĐ", ["5/ct-tld"]),
            ("142/KH-LĐLĐ và 58/HD-LĐLĐ, 142/KH-LĐLĐ", ["142/kh-ldld", "58/hd-ldld"]),
            ("nghị định 30/2020/NĐ-CP", ["30/2020/nd-cp"]),
            ("nghi dinh 30 2020 nd cp", ["30/2020/nd-cp"]),
            ("08-NQ/TU", ["8/nq-tu"]),
            ("Luật số 50/2024/QH15 của Quốc hội", ["50/2024/qh15"]),
            ("10b nq bch", ["10b/nq-bch"]),
        ],
    )
    def test_finds_them_written_out_or_typed_without_signs(self, text: str, symbols: list[str]) -> None:
        assert symbols_in(text) == symbols

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "ngày 15/9/2025",
            "15 tháng 9 năm 2025",
            "02 ngày làm việc",
            "nhiệm kỳ 2025 - 2030",
            "tháng 11/2025",
            "\x00",
            "/" * 99,
            "9" * 99,
        ],
    )
    def test_sees_none_in_dates_and_counts(self, text: str) -> None:
        assert symbols_in(text) == []


class TestSplitNumber:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [("05", (5, "")), ("10b", (10, "b")), (" 7 bis", (7, "bis")), ("10B", (10, "b")), ("0", (0, ""))],
    )
    def test_value_and_suffix(self, text: str, parts: tuple[int, str]) -> None:
        assert split_number(text) == parts

    @pytest.mark.parametrize("text", ["b", "10/CT", "1234567890", "-1", "1.5"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=re.escape(text)):
            split_number(text)
