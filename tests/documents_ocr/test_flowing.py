"""Fields of Word files: text that flows, whose columns are cells or tabs; right, or not sure, whatever the table is like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import pytest

from documents.extraction import DEFAULT_CATALOGUE, SURE, extract_text

if TYPE_CHECKING:
    from collections.abc import Callable

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
PARTY = ("ĐẢNG CỘNG SẢN VIỆT NAM",)
LONG = "Trong thời gian qua, các cấp công đoàn đã tích cực triển khai nhiệm vụ, đạt được nhiều kết quả đáng ghi nhận."


@dataclass(frozen=True)
class Letter:
    """A letter by its parts, and what its fields are."""

    organs: tuple[str, ...]
    number: str
    date: str
    text: tuple[str, ...]
    listed: tuple[str, ...]
    signed: tuple[str, ...]
    fields: dict[str, Any]
    about: tuple[str, ...] = ()
    motto: tuple[str, ...] = MOTTO


ASKING = Letter(
    organs=(
        "LIÊN ĐOÀN LAO ĐỘNG TỈNH AN HÒA",
        "CÔNG ĐOÀN CƠ SỞ CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN CẤP NƯỚC TÂY THẠNH",
    ),
    number="Số: 12/CĐCS-VP",
    date="An Hòa, ngày 05 tháng 3 năm 2026",
    about=("V/v triển khai tháng an toàn lao động", "theo Công văn số 7/LĐLĐ-CSPL ngày 02 tháng 3 năm 2026"),
    text=("Kính gửi: Các tổ công đoàn trực thuộc.", LONG, "Đề nghị các tổ gửi báo cáo trước ngày 20/3/2026./."),
    listed=("Nơi nhận:", "- Như trên;", "- Lưu: VT."),
    signed=("TM. BAN CHẤP HÀNH", "CHỦ TỊCH", "Nguyễn Như Ý"),
    fields={
        "issuer": "CÔNG ĐOÀN CƠ SỞ CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN CẤP NƯỚC TÂY THẠNH",
        "number": "12",
        "symbol": "CĐCS-VP",
        "place": "An Hòa",
        "date": "2026-03-05",
        "type": "Công văn",
        "subject": "triển khai tháng an toàn lao động theo Công văn số 7/LĐLĐ-CSPL ngày 02 tháng 3 năm 2026",
        "recipients": ["Như trên", "Lưu: VT"],
        "authority": ["TM. BAN CHẤP HÀNH"],
        "signer_title": "CHỦ TỊCH",
        "signer": "Nguyễn Như Ý",
        "due": "2026-03-20",
    },
)
DECIDING = Letter(
    organs=("LIÊN ĐOÀN LAO ĐỘNG TỈNH AN HÒA", "CÔNG ĐOÀN PHƯỜNG TÂY THẠNH"),
    number="Số: 27/QĐ-CĐP",
    date="Tây Thạnh, ngày 20 tháng 10 năm 2025",
    text=(
        "QUYẾT ĐỊNH",
        "Về việc thành lập Tổ chuyển đổi số Công đoàn phường Tây Thạnh trong toàn bộ các công đoàn cơ sở trực thuộc",
        "BAN THƯỜNG VỤ CÔNG ĐOÀN PHƯỜNG TÂY THẠNH",
        "Căn cứ Luật Công đoàn ngày 27 tháng 11 năm 2024;",
        "QUYẾT ĐỊNH:",
        "Điều 1. Thành lập Tổ chuyển đổi số gồm các đồng chí:",
        "Bùi Thanh Tùng",
        "Mai Thị Hồng Nhung",
        *(f"{at}. {LONG}" for at in range(80)),
    ),
    listed=("Nơi nhận:", "Như Điều 3;", "Lưu: VT, VP."),
    signed=("TM. BAN THƯỜNG VỤ", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "(Đã ký)", "Vũ Đức Mạnh"),
    fields={
        "issuer": "CÔNG ĐOÀN PHƯỜNG TÂY THẠNH",
        "parent": "LIÊN ĐOÀN LAO ĐỘNG TỈNH AN HÒA",
        "number": "27",
        "symbol": "QĐ-CĐP",
        "place": "Tây Thạnh",
        "date": "2025-10-20",
        "type": "Quyết định",
        "subject": "Về việc thành lập Tổ chuyển đổi số Công đoàn phường Tây Thạnh trong toàn bộ các công đoàn cơ sở trực thuộc",
        "recipients": ["Như Điều 3", "Lưu: VT, VP"],
        "authority": ["TM. BAN THƯỜNG VỤ", "KT. CHỦ TỊCH"],
        "signer_title": "PHÓ CHỦ TỊCH",
        "signer": "Vũ Đức Mạnh",
    },
)
PLANNING = Letter(
    organs=("TỈNH ỦY AN HÒA", "VĂN PHÒNG"),
    number="Số 43-KH/VPTU",
    date="An Hòa, ngày 21 tháng 11 năm 2025",
    motto=PARTY,
    text=(
        "KẾ HOẠCH",
        "tổ chức hội nghị tổng kết năm 2025",
        "Thực hiện nhiệm vụ công tác, Văn phòng xây dựng kế hoạch như sau:",
        LONG,
    ),
    listed=("Nơi nhận:", "- Thường trực Tỉnh ủy (để b/c);", "- Lưu Văn phòng."),
    signed=("CHÁNH VĂN PHÒNG", "Lê Thị Hồng"),
    fields={
        "issuer": "VĂN PHÒNG",
        "number": "43",
        "symbol": "KH/VPTU",
        "date": "2025-11-21",
        "type": "Kế hoạch",
        "subject": "tổ chức hội nghị tổng kết năm 2025",
        "signer_title": "CHÁNH VĂN PHÒNG",
        "signer": "Lê Thị Hồng",
    },
)
LETTERS = {"công văn": ASKING, "quyết định": DECIDING, "kế hoạch": PLANNING}


def two_cells(letter: Letter) -> list[str]:
    left = [*letter.organs, letter.number, *letter.about]
    return [*left, *letter.motto, letter.date, "", *letter.text, *letter.listed, *letter.signed]


def four_cells(letter: Letter) -> list[str]:
    head = [*letter.organs, "-----", *letter.motto, letter.number, *letter.about, letter.date]
    return [*head, *letter.text, "", *letter.listed, "", *letter.signed]


def by_tab(letter: Letter, sign: str = " ") -> list[str]:
    head = [*zip_longest(letter.organs, letter.motto, fillvalue=""), (letter.number, letter.date)]
    end = zip_longest(letter.listed, letter.signed, fillvalue="")
    between = [*letter.about, *letter.text]
    return [*(sign.join(row) for row in head), *between, *(sign.join(row) for row in end)]


def by_spaces(letter: Letter) -> list[str]:
    return by_tab(letter, " " * 12)


def paragraphs(letter: Letter) -> list[str]:
    head = [*letter.motto, "", *letter.organs, "", letter.date, letter.number, *letter.about]
    return [*head, "", *letter.text, "", *letter.signed, "", *letter.listed]


LAYOUTS: list[Callable[[Letter], list[str]]] = [two_cells, four_cells, by_tab, by_spaces, paragraphs]


def fields(lines: list[str]) -> dict[str, Any]:
    found = extract_text("\n".join(lines), DEFAULT_CATALOGUE)
    return {name: (field.value, field.confidence) for name, field in found.items()}


class TestExtractText:
    @pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
    @pytest.mark.parametrize("kind", LETTERS)
    def test_finds_every_field_of_a_flowing_letter(self, kind: str, layout: Callable[[Letter], list[str]]) -> None:
        letter = LETTERS[kind]

        found = fields(layout(letter))

        assert {name: found[name][0] for name in letter.fields} == letter.fields

    @pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
    def test_does_not_take_the_signer_of_an_annex(self, layout: Callable[[Letter], list[str]]) -> None:
        annex = ["DANH SÁCH", "1. Trần Văn Bình", "Nơi nhận:", "- Như trên.", "GIÁM ĐỐC", "Trần Văn Bình"]

        found = fields([*layout(DECIDING), "PHỤ LỤC 1", *annex])

        assert (found["signer"][0], found["signer_title"][0]) == ("Vũ Đức Mạnh", "PHÓ CHỦ TỊCH")

    def test_finds_the_signer_above_the_recipients_whatever_the_annex_is_called(self) -> None:
        rows = ["STT", "Họ và tên", "Chức vụ", "1", "Bùi Thanh Tùng", "Chủ tịch CĐCS", "2", "Mai Thị Hồng Nhung"]
        head = [*ASKING.organs, *MOTTO, ASKING.number, ASKING.date, *ASKING.about, *ASKING.text]

        found = fields([*head, *ASKING.signed, *ASKING.listed, "DANH SÁCH", "Thành viên Tổ", "(Kèm theo)", *rows])

        assert (found["signer"][0], found["signer_title"][0]) == ("Nguyễn Như Ý", "CHỦ TỊCH")

    def test_cuts_the_date_from_the_subject_beside_it(self) -> None:
        head = [f"LIÊN ĐOÀN LAO ĐỘNG TỈNH AN HÒA\t{MOTTO[0]}", f"Số: 12/LĐLĐ-VP\t{MOTTO[1]}"]

        found = fields([*head, f"V/v triển khai tháng an toàn\t{ASKING.date}", "Kính gửi: Các tổ công đoàn.", LONG])

        assert (found["date"][0], found["subject"][0]) == ("2026-03-05", "triển khai tháng an toàn")

    def test_takes_no_day_that_the_subject_names_for_the_letter_s(self) -> None:
        found = fields(two_cells(replace(ASKING, date="")))

        assert found["date"] == (None, 0.0)

    def test_is_not_sure_of_a_subject_that_may_go_on(self) -> None:
        text = ("KẾ HOẠCH", "Tổ chức hội nghị", "Ban Thường vụ xây dựng kế hoạch", "1. Mục đích")

        value, confidence = fields(two_cells(replace(PLANNING, text=text)))["subject"]

        assert (value, confidence < SURE) == ("Tổ chức hội nghị", True)

    def test_is_not_sure_of_a_subject_where_the_text_begins_at_once(self) -> None:
        text = ("THÔNG BÁO", "Văn phòng Tỉnh ủy thông báo lịch nghỉ Tết như sau:", LONG)

        assert fields(two_cells(replace(PLANNING, text=text)))["subject"][1] < SURE

    def test_leaves_open_which_of_two_signers_it_is(self) -> None:
        two = ("GIÁM ĐỐC", "Trần Văn Bình", "CHỦ TỊCH", "Vũ Đức Mạnh")

        assert fields(two_cells(replace(DECIDING, signed=two)))["signer"][0] is None

    def test_a_symbol_names_the_type_where_the_title_is_not_recognised(self) -> None:
        """A file of an old font that prints small letters as capitals: the title is small, and a letter's symbol names no type."""
        head = ["BỘ TÀI CHÍNH", "Số: 12/2001/QĐ-BTC", *MOTTO, "Hà Nội, ngày 13 tháng 3 năm 2001"]
        titled = ["quyết định của bộ trưởng bộ tài chính", "Về việc ban hành Chế độ kế toán"]

        found = fields([*head, *titled, f"Căn cứ Nghị định số 15/CP ngày 2/3/1993 của Chính phủ; {LONG}"])

        assert found["type"][0] == "Quyết định"
        assert found["type"][1] < SURE
        assert found["subject"][0] == "ban hành Chế độ kế toán"
