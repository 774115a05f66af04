"""Letterheads of offices other than unions': which line is an organ, which a number, and what no catalogue may change."""

from __future__ import annotations

import pytest

from documents.extraction import DEFAULT_CATALOGUE, SURE, Catalogue, Field, extract, extract_text
from documents.extraction.codes import normal_symbol
from documents.extraction.ending import _by_its_end
from documents.extraction.layout import Run, Token, sheet_of
from documents.extraction.letterhead import organs, restored
from documents.ocr import Crops, FileReading, PageReading, Word

LETTER = """{organs}
    {number}                             An Hòa, ngày 21 tháng 11 năm 2025

                              KẾ HOẠCH
                    về tổ chức hội nghị tổng kết

    Thực hiện nhiệm vụ công tác.
"""
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def letter(*left: str, number: str = "Số: 43/KH-VP", motto: tuple[str, ...] = MOTTO) -> dict[str, Field]:
    rows = [f"    {line:<44}{right}" for line, right in zip([*left, ""], [*motto, "", "", ""], strict=False)]
    return extract_text(LETTER.format(organs="\n".join(rows), number=number), DEFAULT_CATALOGUE)


def line(text: str, y: float = 0.1) -> Run:
    pieces = text.split()
    return Run(Token(piece, at * 0.05, y, at * 0.05 + 0.04, y + 0.01, 0.95, 1, None) for at, piece in enumerate(pieces))


class TestIssuer:
    @pytest.mark.parametrize(
        ("printed", "issuer"),
        [
            (["ỦY BAN NHÂN DÂN", "TỈNH PHÚ THỌ", "SỞ NỘI VỤ"], "SỞ NỘI VỤ"),
            (["SỞ GIÁO DỤC VÀ ĐÀO TẠO"], "SỞ GIÁO DỤC VÀ ĐÀO TẠO"),
            (["BỘ NỘI VỤ"], "BỘ NỘI VỤ"),
            (["BẢO HIỂM XÃ HỘI VIỆT NAM", "BẢO HIỂM XÃ HỘI TỈNH GIA LAI"], "BẢO HIỂM XÃ HỘI TỈNH GIA LAI"),
            (["TỔNG CÔNG TY ĐIỆN LỰC MIỀN TRUNG", "CÔNG TY ĐIỆN LỰC GIA LAI"], "CÔNG TY ĐIỆN LỰC GIA LAI"),
            (["ĐẢNG BỘ TỈNH LÀO CAI", "ĐẢNG ỦY PHƯỜNG SA PA", "*"], "ĐẢNG ỦY PHƯỜNG SA PA"),
            (["TỔNG LIÊN ĐOÀN LAO ĐỘNG", "VIỆT NAM"], "TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM"),
            (["CÔNG ĐOÀN CÔNG TY CỔ PHẦN", "DỆT MAY PHƯƠNG NAM"], "CÔNG ĐOÀN CÔNG TY CỔ PHẦN DỆT MAY PHƯƠNG NAM"),
        ],
    )
    def test_is_the_last_organ_of_the_left_column(self, printed: list[str], issuer: str) -> None:
        assert letter(*printed)["issuer"].value == issuer

    def test_an_office_below_a_unit_is_not_cut_off_because_another_office_has_its_name(self) -> None:
        known = Catalogue(organs=("Văn phòng",))

        (organ,) = organs([line("CÔNG ĐOÀN CƠ SỞ"), line("VĂN PHÒNG")], known)

        assert organ.name == "CÔNG ĐOÀN CƠ SỞ VĂN PHÒNG"

    def test_a_name_that_differs_by_a_tone_from_a_known_one_is_not_sure(self) -> None:
        known = Catalogue(organs=("Công đoàn phường Tây Thành",))

        (organ,) = organs([line("CÔNG ĐOÀN PHƯỜNG TÂY THẠNH")], known)

        assert organ.confidence < 0.9

    @pytest.mark.parametrize("words", ["PHƯƠNG NAM", "QUAN HỆ LAO ĐỘNG", "QUÂN KHU BỐN", "TÌNH THƯƠNG"])
    def test_words_like_those_of_levels_keep_their_tones(self, words: str) -> None:
        assert restored(words) == words

    def test_a_level_behind_its_organ_gets_its_tones_back(self) -> None:
        assert restored("ỦY BAN NHÂN DÂN TINH NGHỆ AN") == "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN"


class TestNumber:
    @pytest.mark.parametrize(
        ("printed", "number", "symbol"),
        [
            ("Số 43-KH/ĐU", "43", "KH/ĐU"),
            ("Số       -KL/TW", None, "KL/TW"),
            ("Luật số: 50/2024/QH15", "50", "2024/QH15"),
            ("số: 2 /HD-LĐLĐ", "2", "HD-LĐLĐ"),
        ],
    )
    def test_is_read_in_the_forms_of_party_and_assembly(self, printed: str, number: str | None, symbol: str) -> None:
        found = letter("BAN CHẤP HÀNH TRUNG ƯƠNG", number=printed)

        assert (found["number"].value, found["symbol"].value) == (number, symbol)

    def test_a_pen_run_into_the_label_leaves_the_symbol(self) -> None:
        found = letter("ỦY BAN NHÂN DÂN", "TỈNH QUẢNG NGÃI", number="S6]]  /CT-UBND")

        assert (found["number"].value, found["symbol"].value) == (None, "CT-UBND")

    @pytest.mark.parametrize("printed", ["theo Quyết định số 12/QĐ-TTg", "số 12/QĐ-TTg ngày 5"])
    def test_is_not_one_that_a_sentence_refers_to(self, printed: str) -> None:
        assert letter("BỘ Y TẾ", number=printed)["number"].value is None

    @pytest.mark.parametrize("about", ["V/v", "V/v trả lời Công văn", "V / v trả lời", "Về việc trả lời Công văn"])
    def test_is_not_one_that_the_subject_refers_to(self, about: str) -> None:
        head = [f"{line:<44}{right}" for line, right in zip(["BỘ Y TẾ", "Số:     /BYT-VP"], MOTTO, strict=True)]

        found = extract_text("\n".join([*head, about, "số 12/SNV-CCVC", "", "Kính gửi: Sở Y tế"]), DEFAULT_CATALOGUE)

        assert (found["number"].value, found["symbol"].value) == (None, "BYT-VP")


class TestLetterhead:
    def test_is_looked_for_behind_a_cover(self) -> None:
        cover = page(1, ["PHIẾU", "TRÌNH"], ["Văn", "phòng", "kính", "trình"])
        head = page(2, ["BỘ", "Y", "TẾ", *["ĐỘC", "LẬP", "-", "TỰ", "DO", "-", "HẠNH", "PHÚC"]], ["Số:", "7/CV-BYT"])

        found = extract(FileReading("read", None, (cover, head), 2), DEFAULT_CATALOGUE)

        assert (found["issuer"].value, found["issuer"].page) == ("BỘ Y TẾ", 2)

    def test_without_one_nothing_is_sure(self) -> None:
        found = letter("BỘ Y TẾ", number="Số: 43/KH-BYT", motto=())

        assert max(found[name].confidence for name in ("issuer", "number", "symbol", "date")) <= 0.6


def page(number: int, *lines: list[str]) -> PageReading:
    """A page of words in rows; what stands after the third word of a row stands in the right column."""
    words = tuple(
        Word(text, (0.1 if at < 3 else 0.3) + 0.06 * at, 0.1 + 0.03 * row, 0.05, 0.012, 0.96)
        for row, texts in enumerate(lines)
        for at, text in enumerate(texts)
    )
    return PageReading(number, "ocr", "\n".join(" ".join(texts) for texts in lines), words, 0.96, 595, 842)


class TestCatalogues:
    @pytest.mark.parametrize("symbol", ["SNV-CCVC", "BNVC-VP", "SGDĐX-VP"])
    def test_do_not_turn_a_code_of_other_letters_into_a_known_one(self, symbol: str) -> None:
        assert normal_symbol(symbol, DEFAULT_CATALOGUE, type_name=None, conf=0.9)[0] == symbol

    @pytest.mark.parametrize(
        ("printed", "known"),
        [("SỞ NỘI VỤ", "Bộ Nội vụ"), ("CÔNG ĐOÀN PHƯỜNG 12 QUẬN 3", "Công đoàn phường 13 quận 3")],
    )
    def test_do_not_turn_an_organ_into_another(self, printed: str, known: str) -> None:
        (organ,) = organs([line(printed)], Catalogue(organs=(known,)))

        assert organ.name == printed

    def test_a_signer_whose_name_has_other_tones_than_the_known_one_is_not_sure(self) -> None:
        lines = [("TM.", "BAN", "THƯỜNG", "VỤ"), ("CHỦ", "TỊCH"), ("Nguyễn", "Văn", "Hùng")]
        words = tuple(
            Word(text, 0.6 + 0.06 * at, 0.8 + 0.03 * row, 0.05, 0.012, 0.96)
            for row, texts in enumerate(lines)
            for at, text in enumerate(texts)
        )
        last = PageReading(1, "ocr", "\n".join(" ".join(texts) for texts in lines), words, 0.96, 595, 842)
        known = Catalogue(signers=("Nguyễn Văn Hưng",))

        field = extract(FileReading("read", None, (last,), 1), known)["signer"]

        assert (field.value, field.confidence < 0.9) == ("Nguyễn Văn Hưng", True)


class TestUnseenLetters:
    def test_a_ward_s_letter_keeps_its_symbol_although_a_type_has_one_letter_less(self) -> None:
        for code in ("CĐP-UBKT", "CĐX-VP", "CĐN"):
            assert normal_symbol(code, DEFAULT_CATALOGUE, type_name=None, conf=0.9) == (code, True)

    def test_a_misread_type_still_follows_the_line_that_names_it(self) -> None:
        assert normal_symbol("CĐP-LĐLĐ", DEFAULT_CATALOGUE, type_name="Công điện", conf=0.9)[0] == "CĐ-LĐLĐ"

    def test_a_grassroots_union_stands_for_itself_whatever_the_place_above_is_called(self) -> None:
        lines = [line("CÔNG ĐOÀN PHƯỜNG", 0.060), line("PHƯỚC TỈNH", 0.075), line("CÔNG ĐOÀN CƠ SỞ CÔNG TY", 0.090)]

        assert [organ.name for organ in organs(lines, DEFAULT_CATALOGUE)] == [
            "CÔNG ĐOÀN PHƯỜNG PHƯỚC TỈNH", "CÔNG ĐOÀN CƠ SỞ CÔNG TY",
        ]  # fmt: skip

    def test_a_firm_s_name_goes_on_with_whatever_word_its_line_begins(self) -> None:
        printed = ["CÔNG ĐOÀN PHƯỜNG KỲ LÃM", "CÔNG ĐOÀN CƠ SỞ CÔNG", "TY TNHH MỘT THÀNH", "VIÊN CẤP NƯỚC", "TRƯỜNG SA"]

        found = organs([line(text, 0.06 + 0.015 * at) for at, text in enumerate(printed)], DEFAULT_CATALOGUE)

        assert [organ.name for organ in found] == [
            "CÔNG ĐOÀN PHƯỜNG KỲ LÃM", "CÔNG ĐOÀN CƠ SỞ CÔNG TY TNHH MỘT THÀNH VIÊN CẤP NƯỚC TRƯỜNG SA",
        ]  # fmt: skip

    def test_a_union_below_one_whose_second_line_nobody_could_read_issues_the_paper(self) -> None:
        lines = [line("LIÊN ĐOÀN LAO ĐỘNG", 0.06), line("CÔNG ĐOÀN XÃ HÒA PHƯỚC", 0.09)]

        assert organs(lines, DEFAULT_CATALOGUE)[-1].name == "CÔNG ĐOÀN XÃ HÒA PHƯỚC"

    def test_a_stain_between_two_lines_takes_no_word_of_either(self) -> None:
        placed = [
            ("HÒA", 0.081, 0.012),
            ("¿", 0.090, 0.017),
            ("CÔNG", 0.1045, 0.012),
            ("CƠ", 0.1045, 0.012),
            ("SỞ", 0.097, 0.017),
        ]
        words = tuple(
            Word(text, 0.1 + 0.08 * at, y, 0.06, height, 0.0 if text == "¿" else 0.96)
            for at, (text, y, height) in enumerate(placed)
        )

        rows = sheet_of(PageReading(1, "ocr", "HÒA\n¿\nCÔNG CƠ SỞ", words, 0.96, 595, 842)).rows

        assert next(row.text for row in rows if "CÔNG" in row.text).replace("¿ ", "") == "CÔNG CƠ SỞ"

    def test_an_issuer_whose_two_readings_are_spelled_differently_is_not_sure(self) -> None:
        motto = ["ĐỘC", "LẬP", "-", "TỰ", "DO", "-", "HẠNH", "PHÚC"]
        first, second = (page(1, ["CÔNG", "ĐOÀN", name, *motto], ["Số:", "7/CV-CĐP"]) for name in ("PHÚ", "PHU"))

        found = extract(
            FileReading("read", None, (first,), 1, crops=Crops(header=second.words, header_page=1)), DEFAULT_CATALOGUE
        )["issuer"]

        assert found.confidence < SURE
        assert {found.value, *found.alternatives} == {"CÔNG ĐOÀN PHÚ", "CÔNG ĐOÀN PHU"}

    def test_a_committee_below_a_grassroots_union_is_an_organ_of_its_own(self) -> None:
        lines = [line("CÔNG ĐOÀN CƠ SỞ GIÀY DA", 0.06), line("ỦY BAN KIỂM TRA", 0.075)]

        assert organs(lines, DEFAULT_CATALOGUE)[-1].name == "ỦY BAN KIỂM TRA"

    def test_an_organ_of_which_a_line_is_missing_is_not_believed(self) -> None:
        close, apart = (
            organs([line("CÔNG ĐOÀN PHƯỜNG TAM", 0.06), line("TY TNHH GIÀY DA", 0.06 + step)], DEFAULT_CATALOGUE)[-1]
            for step in (0.016, 0.032)
        )

        assert close.confidence >= SURE > apart.confidence


class TestNameUnderTheSeal:
    KNOWN = ("Huỳnh Thanh Châu", "Cao Văn Hằng", "Cao Văn Hăng", "Lê Minh Ưng", "Tô Minh Ưng")

    @pytest.mark.parametrize(
        ("read", "known"),
        [
            ("Thanh Châu", "Huỳnh Thanh Châu"),
            ("Mơnế Thanh Châu", "Huỳnh Thanh Châu"),
            ("Văn Hằng", "Cao Văn Hằng"),
            ("Văn Hãng", None),
            ("Minh Ưng", None),
            ("Châu", None),
        ],
    )
    def test_is_the_one_person_s_whose_name_ends_so(self, read: str, known: str | None) -> None:
        assert _by_its_end(read.split(), self.KNOWN) == known
