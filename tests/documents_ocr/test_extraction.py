"""Fields from readings: every field of the samples, variants of real papers, and honesty about what a pen wrote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.scans import samples
from documents.extraction import DEFAULT_CATALOGUE, FIELDS, Catalogue, extract, extract_text
from documents.extraction.codes import normal_symbol
from documents.extraction.letterhead import restored
from documents.extraction.text import nearest
from documents.ocr import Crops, FileReading, PageReading, Word, boxes

TEXTS = Path("demo/samples")
LINES = "Số: 05/CT-TLĐ ngày 1 tháng 2 năm 2025 CHỈ THỊ Nơi nhận: - TM. CHỦ TỊCH"
HEADER = """     ỦY BAN NHÂN DÂN                   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
      TỈNH QUẢNG NGÃI                        Độc lập - Tự do - Hạnh phúc
    {number}                       {place}
                              {title}
                    {subject}

    Thực hiện nhiệm vụ công tác.
"""


def fields(text: str, catalogue: Catalogue = DEFAULT_CATALOGUE) -> dict[str, Any]:
    return {name: field.value for name, field in extract_text(text, catalogue).items()}


def paper(**said: str) -> str:
    usual = {
        "number": "Số: 05/CT-UBND",
        "place": "Quảng Ngãi, ngày 15 tháng 4 năm 2020",
        "title": "CHỈ THỊ",
        "subject": "Về việc mở rộng nộp thuế điện tử",
    }
    return HEADER.format(**(usual | said))


def reading(number: str, day: str, *, conf: float = 0.96, again: str | None = None, gap: float = 0.008) -> FileReading:
    """Page one as OCR gives it: two lines that hold number and date, once at each scale."""
    line = [("Số:", 0.1), *((piece, 0.0) for piece in number.split("|"))]
    words = [*_row(line, 0.12, gap, conf), *_row([(w, 0.55) for w in f"An Hòa, ngày {day} năm 2025".split()], 0.12)]
    other = words if again is None else [*_row([("Số:", 0.1), (again, 0.0)], 0.12, gap, conf), *words[len(line) :]]
    organ = _row([("CÔNG", 0.12), ("ĐOÀN", 0.0), ("CƠ", 0.0), ("SỞ", 0.0)], 0.08)
    head = [*organ, *_row([(word, 0.5) for word in ["Độc", "lập", "-", "Tự", "do", "-", "Hạnh", "phúc"]], 0.08)]
    text = "\n".join(" ".join(word.text for word in part) for part in (head, words))
    page = PageReading(1, "ocr", text, (*head, *words), 0.95, 595, 842)
    return FileReading("read", None, (page,), 1, crops=Crops(header=(*head, *other), header_page=1))


def _row(pieces: list[tuple[str, float]], y: float, gap: float = 0.008, conf: float = 0.96) -> list[Word]:
    words, x = [], pieces[0][1]
    for text, _ in pieces:
        width = 0.01 * len(text)
        words.append(Word(text, round(x, 4), y, width, 0.012, conf))
        x += width + gap
    return words


class TestSamples:
    @pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.key)
    def test_every_field_is_found(self, sample: Any) -> None:
        text = (TEXTS / sample.truth["file"]).read_text(encoding="utf-8")

        found = fields(text)

        wanted = {name: sample.truth.get(name) or None for name in FIELDS}
        assert found == wanted


class TestVariants:
    @pytest.mark.parametrize(
        ("printed", "number", "symbol"),
        [
            ("Số: 34 /KH-LĐLĐ", "34", "KH-LĐLĐ"),
            ("Số : 02 / CĐ - LĐLĐ", "02", "CĐ-LĐLĐ"),
            ("Số: 215/TB–LĐLĐ", "215", "TB-LĐLĐ"),
            ("Số: 06//BC-CĐCS", "06", "BC-CĐCS"),
            ("Sô: 10b/NQ-BCH", "10b", "NQ-BCH"),
            ("Số 60-NQ/TW", "60", "NQ/TW"),
            ("Số: 30/2020/NĐ-CP", "30", "2020/NĐ-CP"),
            ("Số: 199/CSPL-CĐN", "199", "CSPL-CĐN"),
            ("Số:        /CT-UBND", None, "CT-UBND"),
            ("Số: ......../CT-UBND", None, "CT-UBND"),
        ],
    )
    def test_numbers(self, printed: str, number: str | None, symbol: str) -> None:
        found = fields(paper(number=printed, title="THÔNG BÁO"))

        assert (found["number"], found["symbol"]) == (number, symbol)

    @pytest.mark.parametrize(
        ("printed", "place", "day"),
        [
            ("Hà Nội, ngày 3 tháng 01 năm 2025", "Hà Nội", "2025-01-03"),
            ("TP. Hồ Chí Minh, ngày 03/11/2025", "TP. Hồ Chí Minh", "2025-11-03"),
            ("Bà Rịa - Vũng Tàu, ngày 20 tháng 10 năm 2025", "Bà Rịa - Vũng Tàu", "2025-10-20"),
            ("An Hòa, ngày ..... tháng 11 năm 2025", "An Hòa", None),
            ("An Hòa, ngày 31 tháng 02 năm 2025", "An Hòa", None),
            ("An Hòa, ngày 37 tháng 5 năm 2026", "An Hòa", "2026-05-27"),
            ("An Hòa, ngày 81 tháng 13 năm 2026", "An Hòa", None),
        ],
    )
    def test_dates(self, printed: str, place: str, day: str | None) -> None:
        found = fields(paper(place=printed))

        assert (found["place"], found["date"]) == (place, day)

    def test_a_day_that_no_month_has_is_proposed_as_what_it_was_and_hardly_believed(self) -> None:
        assert (
            extract_text(paper(place="An Hòa, ngày 81 tháng 5 năm 2026"), DEFAULT_CATALOGUE)["date"].confidence <= 0.3
        )

    @pytest.mark.parametrize(
        ("title", "symbol", "name"),
        [
            ("THÔNG TƯ", "Số: 8/2025/TT-BNV", "Thông tư"),
            ("THÔNG TRI", "Số: 8-TT/TU", "Thông tri"),
            ("LỆNH", "Số: 8/L-CTN", "Lệnh"),
        ],
    )
    def test_types_that_share_an_abbreviation_are_what_is_printed(self, title: str, symbol: str, name: str) -> None:
        field = extract_text(paper(title=title, number=symbol), DEFAULT_CATALOGUE)["type"]

        assert (field.value, field.confidence >= 0.9) == (name, True)

    def test_a_symbol_alone_names_all_that_it_may_be(self) -> None:
        field = extract_text(paper(title="", subject="", number="Số: 8/2025/TT-BNV"), DEFAULT_CATALOGUE)["type"]

        assert {field.value, *field.alternatives} == {"Thông tư", "Thông tri"}
        assert field.confidence <= 0.6

    def test_an_organ_is_not_the_type_that_is_called_nearly_so(self) -> None:
        assert fields(paper(title="HỘI ĐỒNG", number="Số: 8/UBND-VP"))["type"] != "Hợp đồng"

    @pytest.mark.parametrize(
        ("read", "subject"),
        [
            ("Sơ kết công tác quý II1/2026", "Sơ kết công tác quý III/2026"),
            ("Sơ kết công tác quý IIL/2026", "Sơ kết công tác quý III/2026"),
            ("Sơ kết công tác quý II/2026", "Sơ kết công tác quý II/2026"),
            ("“Sơ kết công tác", "Sơ kết công tác"),
            ("Về đấy mạnh kiếm tra và Kiêm Trà", "Về đẩy mạnh kiểm tra và Kiểm Tra"),
            ("Kiện toàn Uỷ ban kiểm tra", "Kiện toàn Uỷ ban kiểm tra"),
            ("“Tết Sum vầy” năm 2026", "“Tết Sum vầy” năm 2026"),
        ],
    )
    def test_subjects(self, read: str, subject: str) -> None:
        assert fields(paper(subject=read))["subject"] == subject

    def test_a_stamp_beside_the_subject_is_no_part_of_it(self) -> None:
        usual = ["Độc", "lập", "-", "Tự", "do", "-", "Hạnh", "phúc"]
        lines = [_row([(word, 0.5 if not at else 0) for at, word in enumerate(usual)], 0.05)]
        lines += [
            _row([("BÁO", 0.45), ("CÁO", 0)], 0.18),
            _row([("Sơ", 0.4), ("kết", 0), ("công", 0), ("tác", 0)], 0.2),
        ]
        lines[2] += _row([("ĐẾ", 0.2)], 0.2, conf=0.58)
        lines.append([*_row([("lô", 0.2)], 0.22, conf=0.0), *_row([("năm", 0.43), ("2026", 0)], 0.22)])
        lines.append([*_row([("quý", 0.38)], 0.24), *_row([("III/20262026", 0.42)], 0.24, conf=0.2)])
        text = "\n".join(" ".join(word.text for word in line) for line in lines)
        page = PageReading(1, "ocr", text, tuple(word for line in lines for word in line), 0.95, 595, 842)

        found = extract(FileReading("read", None, (page,), 1), DEFAULT_CATALOGUE)

        assert found["subject"].value == "Sơ kết công tác năm 2026 quý III/20262026"

    def test_an_organ_on_two_lines_is_one(self) -> None:
        assert fields(paper())["issuer"] == "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"

    def test_a_known_name_decides_where_a_letterhead_is_cut(self) -> None:
        text = paper().replace("ỦY BAN NHÂN DÂN ", "CÔNG ĐOÀN CƠ SỞ ").replace("TỈNH QUẢNG NGÃI", "TRƯỜNG ĐẠI HỌC")
        known = Catalogue(DEFAULT_CATALOGUE.types, ("Công đoàn cơ sở Trường Đại học",), ("UBND",))

        assert fields(text, known)["issuer"] == "CÔNG ĐOÀN CƠ SỞ TRƯỜNG ĐẠI HỌC"

    def test_an_empty_text_has_every_field_and_no_value(self) -> None:
        assert fields("") == dict.fromkeys(FIELDS)

    @given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
    def test_no_text_makes_it_fail(self, text: str) -> None:
        assert set(extract_text(text, DEFAULT_CATALOGUE)) == set(FIELDS)

    @given(st.lists(st.tuples(*[st.floats(0, 1)] * 5), max_size=30), st.sampled_from([0, 90, 180, 270]))
    def test_no_layout_makes_it_fail(self, places: list[tuple[float, ...]], turn: int) -> None:
        tokens = LINES.split()
        words = tuple(Word(tokens[at % len(tokens)], *place) for at, place in enumerate(places))
        page = PageReading(1, "ocr", " ".join(w.text for w in words), words, 0.9, 595, 842, turn=turn)
        crops = Crops(header=words, header_page=1, signer_words=words, signer_page=1, written=((0.1, 0.1, 0.2, 0.2),))

        found = extract(FileReading("read", None, (page,), 1, crops=crops), DEFAULT_CATALOGUE)

        assert set(found) == set(FIELDS)


class TestHonesty:
    def test_a_printed_number_read_twice_alike_is_sure(self) -> None:
        field = extract(reading("05/CT-TLĐ", "15 tháng 9"), DEFAULT_CATALOGUE)["number"]

        assert field.value == "05"
        assert field.confidence >= 0.9

    def test_two_readings_that_differ_are_never_sure(self) -> None:
        field = extract(reading("05/CT-TLĐ", "15 tháng 9", again="08/CT-TLĐ"), DEFAULT_CATALOGUE)["number"]

        assert field.confidence <= 0.6
        assert {field.value, *field.alternatives} - {None} == {"05", "08"}

    def test_a_number_that_only_the_second_reading_shows_is_never_sure(self) -> None:
        both = reading("05/CT-TLĐ", "15 tháng 9")
        page = both.pages[0]
        once = replace(page, words=tuple(word for word in page.words if word.y < 0.12 or word.x > 0.5))

        field = extract(replace(both, pages=(once,)), DEFAULT_CATALOGUE)["number"]

        assert (field.value, field.confidence) == ("05", 0.5)

    def test_a_number_apart_from_its_stroke_was_filled_in(self) -> None:
        field = extract(reading("05|/CT-TLĐ", "15 tháng 9"), DEFAULT_CATALOGUE)["number"]

        assert field.confidence < 0.9

    def test_of_two_symbols_the_one_that_needs_no_mending_is_taken(self) -> None:
        page = reading("28b/CĐP-UBKT", "15 tháng 9", conf=0.6, again="28b/CĐÐP-UBKT")

        assert extract(page, DEFAULT_CATALOGUE)["symbol"].value == "CĐP-UBKT"

    def test_of_two_symbols_the_one_of_of_the_printed_type_is_taken(self) -> None:
        page = reading("97/CIT-CĐP", "15 tháng 9", again="97/CTr-CĐP")
        titled = _row([("CHƯƠNG", 0.4), ("TRÌNH", 0)], 0.2)
        first = page.pages[0]
        first = replace(first, words=(*first.words, *titled), text=f"{first.text}\nCHƯƠNG TRÌNH")

        field = extract(replace(page, pages=(first,)), DEFAULT_CATALOGUE)["symbol"]

        assert (field.value, field.confidence < 0.9) == ("CTr-CĐP", True)

    def test_a_number_hardly_read_is_empty(self) -> None:
        field = extract(reading("05|/CT-TLĐ", "15 tháng 9", conf=0.5), DEFAULT_CATALOGUE)["number"]

        assert field.value is None

    def test_a_number_hardly_read_but_twice_alike_is_proposed_and_not_believed(self) -> None:
        field = extract(reading("05|/CT-TLĐ", "15 tháng 9", conf=0.6), DEFAULT_CATALOGUE)["number"]

        assert (field.value, field.confidence) == ("05", 0.5)

    def test_a_day_that_touches_its_line_was_filled_in(self) -> None:
        even = extract(reading("05/CT-TLĐ", "15 tháng 9"), DEFAULT_CATALOGUE)["date"]
        filled = extract(reading("05/CT-TLĐ", "15tháng 9"), DEFAULT_CATALOGUE)["date"]

        assert (even.value, even.confidence >= 0.9) == ("2025-09-15", True)
        assert filled.confidence < 0.9

    def test_a_blue_pen_is_never_sure(self) -> None:
        page = reading("05/CT-TLĐ", "15 tháng 9")
        written = Crops(header=page.crops.header, header_page=1, written=((0.1, 0.1, 0.3, 0.05),))

        field = extract(FileReading("read", None, page.pages, 1, crops=written), DEFAULT_CATALOGUE)["number"]

        assert field.confidence < 0.9

    def test_a_number_is_placed_where_it_stands(self) -> None:
        field = extract(reading("05/CT-TLĐ", "15 tháng 9"), DEFAULT_CATALOGUE)["number"]

        assert field.page == 1
        assert field.box == pytest.approx((0.138, 0.12, 0.09, 0.012))


class TestNormalSymbol:
    @pytest.mark.parametrize(
        ("read", "name", "expected"),
        [
            ("CTI-TLĐ", "Chỉ thị", "CT-TLĐ"),
            ("TIr-CĐP", "Tờ trình", "TTr-CĐP"),
            ("QĐÐ-CĐP", "Quyết định", "QĐ-CĐP"),
            ("KH - LĐLPĐ", "Kế hoạch", "KH-LĐLĐ"),
            ("CT - UBND", "Chỉ thị", "CT-UBND"),
            ("LĐLĐ-VP", "Công văn", "LĐLĐ-VP"),
        ],
    )
    def test_catalogues_decide_what_the_reader_confused(self, read: str, name: str, expected: str) -> None:
        assert normal_symbol(read, DEFAULT_CATALOGUE, type_name=name, conf=0.8)[0] == expected

    def test_a_symbol_that_nobody_knows_stays_as_read(self) -> None:
        assert normal_symbol("QĐ-XYZW", DEFAULT_CATALOGUE, type_name="Quyết định", conf=0.95) == ("QĐ-XYZW", False)


class TestNearest:
    def test_units_named_nearly_alike_are_not_taken_for_each_other(self) -> None:
        assert nearest("CÔNG ĐOÀN XÃ PHÚ LÂN", ["Công đoàn xã Phú Lâm", "Công đoàn xã Phú Lập"]) is None

    def test_tones_and_spaces_are_forgiven(self) -> None:
        assert nearest("LIÊN ĐOAN LAO ĐỘNG TÌNH ANHÒA", ["Liên đoàn Lao động tỉnh An Hòa"]) is not None

    def test_usual_words_get_their_tones_and_spaces_back(self) -> None:
        assert restored("CÔNG ĐOÀNCƠSỞ TỈNH QUANG NGÀI") == "CÔNG ĐOÀN CƠ SỞ TỈNH QUẢNG NGÃI"


class TestBoxes:
    @given(st.lists(st.tuples(*[st.floats(0, 1)] * 5), max_size=40))
    def test_places_survive_packing_within_a_ten_thousandth(self, places: list[tuple[float, ...]]) -> None:
        words = [Word(f"w{at}", *place) for at, place in enumerate(places)]

        again = boxes.unpack(boxes.pack(words), " ".join(word.text for word in words))

        for word, back in zip(words, again, strict=True):
            assert back.text == word.text
            assert (back.x, back.y, back.w, back.h) == pytest.approx((word.x, word.y, word.w, word.h), abs=6e-5)

    def test_a_blob_of_another_text_is_refused(self) -> None:
        with pytest.raises(ValueError, match="boxes for"):
            boxes.unpack(boxes.pack([Word("a", 0, 0, 0, 0, 1)]), "a b")


def _rest(text: str) -> list[tuple[str, float]]:
    return [(word, 0.0) for word in text.split()]


class TestDueAcrossPages:
    @pytest.mark.parametrize("number", ["2", "- 2 -", ""])
    def test_the_number_of_a_page_is_no_part_of_a_sentence(self, number: str) -> None:
        first = reading("05/CT-TLĐ", "15 tháng 9").pages[0]
        begun = _row([("Gửi", 0.1), *_rest("báo cáo trước ngày 10 tháng")], 0.9)
        ended = _row([("12", 0.1), *_rest("năm 2025 về Văn phòng.")], 0.1)
        above = _row([(number, 0.48)], 0.06) if number else []
        pages = (
            replace(first, words=(*first.words, *begun)),
            PageReading(2, "ocr", f"{number} 12 năm 2025 về Văn phòng.", (*above, *ended), 0.95, 595, 842),
        )

        found = extract(FileReading("read", None, pages, 2), DEFAULT_CATALOGUE)

        assert found["due"].value == "2025-12-10"
