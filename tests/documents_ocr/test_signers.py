"""The name below seal and pen: black ink alone, the crop round the seal, and the known person whom a bad reading names."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from demo.scans.ink import BLUE, RED
from documents.extraction import DEFAULT_CATALOGUE, SURE, Catalogue, Field, extract
from documents.extraction.signers import likeliest
from documents.ocr import Crops, FileReading, PageReading, Word
from documents.ocr.ink import without_colours
from documents.ocr.strategy import _signer_box

KNOWN = (
    "Lý Thị Thu Yến",
    "Lý Thị Thu Yên",
    "Lưu Hữu Đại",
    "Võ Minh Khánh",
    "Vũ Minh Khang",
    "Đặng Đức Khánh",
    "Tô Minh Ưng",
)
YELLOW, BLACK = (226, 214, 180), (62, 58, 50)


def signed(
    *names: str,
    crop: tuple[str, ...] = (),
    heading: tuple[str, str] | None = None,
    conf: float = 0.96,
    catalogue: Catalogue | None = None,
) -> dict[str, Field]:
    """The fields of a page that ends with a title and these lines, and of its crop."""
    lines = ["TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"]
    words = _words([*lines, *names], conf)
    page = PageReading(1, "ocr", "\n".join([*lines, *names]), words, 0.96, 595, 842)
    crops = Crops(signer_page=1, signer_words=_words([*(heading or lines), *crop], conf)) if crop else Crops()
    return extract(FileReading("read", None, (page,), 1, crops=crops), catalogue or Catalogue(signers=KNOWN))


def _words(lines: list[str], conf: float) -> tuple[Word, ...]:
    return tuple(
        Word(text, 0.6 + 0.06 * at, 0.8 + 0.03 * row, 0.05, 0.012, conf)
        for row, line in enumerate(lines)
        for at, text in enumerate(line.split())
    )


class TestWithoutColours:
    @pytest.mark.parametrize("pen", [BLUE, RED, (20, 30, 110)])
    @pytest.mark.parametrize("paper", [(251, 251, 249), YELLOW])
    def test_pens_and_seals_fade_and_print_stays_on_white_and_on_yellowed_paper(
        self, paper: tuple[int, int, int], pen: tuple[int, int, int]
    ) -> None:
        page = Image.new("RGB", (200, 120), paper)
        draw = ImageDraw.Draw(page)
        draw.rectangle((20, 20, 60, 40), fill=BLACK)
        draw.line((10, 80, 190, 80), fill=pen, width=8)

        found = without_colours(np.asarray(page))

        assert found[24:36, 24:56].max() < 100
        assert found[60:].min() == 255
        assert found[0, 0] == 255

    def test_of_a_page_without_colour_only_the_paper_goes(self) -> None:
        page = np.full((20, 20), 240, np.uint8)
        page[5:9] = 60

        found = without_colours(page)

        assert (found[6, 6], found[0, 0]) == (60, 255)


class TestSignerBox:
    MM = 200 / 25.4

    def page(self, *, arrival: bool = False, seal: bool = True) -> np.ndarray:
        """A page of 200 dpi with a large arrival stamp at its left, and a round seal further down."""
        picture = Image.new("RGB", (round(210 * self.MM), round(297 * self.MM)), (251, 251, 249))
        draw = ImageDraw.Draw(picture)
        if arrival:
            draw.rectangle([v * self.MM for v in (20, 80, 75, 110)], outline=RED, width=40)
        if seal:
            draw.ellipse([v * self.MM for v in (120, 180, 156, 216)], outline=RED, width=6)
        return np.asarray(picture)

    @pytest.mark.parametrize("arrival", [False, True])
    def test_lies_round_the_seal_whatever_else_is_red(self, *, arrival: bool) -> None:
        x, y, w, h = _signer_box(self.page(arrival=arrival), 200)

        assert x * 210 == pytest.approx(138 - 35, abs=3)
        assert y * 297 == pytest.approx(198 - 30, abs=3)
        assert (w * 210, h * 297) == pytest.approx((105, 68), abs=1)

    def test_is_the_lower_right_where_nothing_is_red(self) -> None:
        assert _signer_box(self.page(seal=False), 200) == (0.45, 0.45, 0.55, 0.55)


class TestLikeliest:
    @pytest.mark.parametrize(
        ("line", "name"),
        [
            ("kỳ XhỳHãu Yến", None),
            ("ký Thị Thu Yến", None),
            ("› Lưu Hu Đại", "Lưu Hữu Đại"),
            ("(`X Đặng Đúc Khann", "Đặng Đức Khánh"),
            ("Minh Kh", None),
            ("Trần Quang Dũng", None),
            ("", None),
        ],
    )
    def test_is_the_one_known_person_that_a_line_names(self, line: str, name: str | None) -> None:
        found = likeliest(["rác", line], KNOWN)

        assert (found.name if found else None) == name

    def test_tells_which_line_it_was(self) -> None:
        found = likeliest(["^^ << ng", "Tô Minh Ung", "KẾ TOÁN"], KNOWN)

        assert found is not None
        assert (found.name, found.line) == ("Tô Minh Ưng", 1)


class TestSigner:
    @pytest.mark.parametrize(
        "name", ["Lưu Hữu Đại", "Nguyễn Thanh Phong", "Tống Văn An", "Bàn Thị Lan", "Trương Bán", "Lê Văn Phong"]
    )
    def test_may_be_called_as_words_of_offices_are(self, name: str) -> None:
        assert signed(name, catalogue=DEFAULT_CATALOGUE)["signer"].value == name

    @pytest.mark.parametrize("name", ["Nguyễn Như Ý", "Trần Thị Y", "Lê Á"])
    @pytest.mark.parametrize("pen", ["", "_", "xx "])
    def test_may_have_a_given_name_of_one_letter(self, pen: str, name: str) -> None:
        assert signed(f"{pen}{name}", catalogue=DEFAULT_CATALOGUE)["signer"].value == name

    def test_has_no_stroke_for_a_given_name(self) -> None:
        assert signed("Võ Minh Khánh I", catalogue=DEFAULT_CATALOGUE)["signer"].value == "Võ Minh Khánh"

    @pytest.mark.parametrize("line", ["Lưu Văn Thư", "Văn Phòng", "Liên Đoàn Lao Động", "Việt Nam"])
    def test_is_no_office(self, line: str) -> None:
        assert signed(line, catalogue=DEFAULT_CATALOGUE)["signer"].value is None

    def test_is_read_behind_a_stroke_of_the_pen(self) -> None:
        assert signed("_Võ Minh Khánh")["signer"].value == "Võ Minh Khánh"

    def test_is_read_in_a_crop_whose_title_was_not(self) -> None:
        page = signed("rác", crop=("Võ Minh Khánh",), heading=("XX", "A"))["signer"]

        assert page.value == "Võ Minh Khánh"

    def test_that_is_only_like_a_known_name_is_proposed_and_not_sure(self) -> None:
        field = signed("XhýHãu", crop=("X Lưu Hu Đại",), conf=0.6)["signer"]

        assert (field.value, field.confidence < SURE) == ("Lưu Hữu Đại", True)

    def test_who_is_well_read_and_unknown_is_not_turned_into_somebody_known(self) -> None:
        field = signed("Võ Minh Thắng")["signer"]

        assert field.value == "Võ Minh Thắng"

    @pytest.mark.parametrize(("conf", "name"), [(0.96, "Lê Minh Khánh"), (0.6, "Võ Minh Khánh")])
    def test_of_another_family_is_another_person_unless_a_seal_lies_over_it(self, conf: float, name: str) -> None:
        assert signed("Lê Minh Khánh", conf=conf)["signer"].value == name

    def test_whose_middle_alone_was_misread_is_known_by_surname_and_end(self) -> None:
        assert signed("Lý Tnj Thu Yến")["signer"].value == "Lý Thị Thu Yến"


class TestSignerTitle:
    def test_is_the_whole_one_where_the_crop_s_edge_cut_the_other(self) -> None:
        whole, cut = ("TRƯỞNG BAN CHÍNH SÁCH - PHÁP LUẬT", "TRƯỞNG BAN CHÍNH SÁCH - PHÁP LUẬ")

        field = signed(whole, "Lưu Hữu Đại", crop=(cut, "Lưu Hữu Đại"))["signer_title"]

        assert (field.value, field.confidence < SURE) == (whole, True)
        assert field.alternatives == [cut]

    def test_is_the_one_that_begins_with_pho_where_the_other_lost_it(self) -> None:
        field = signed("Z.PHÓ CHỦ TỊCH", "Lưu Hữu Đại", crop=("PHÓ CHỦ TỊCH", "Lưu Hữu Đại"))["signer_title"]

        assert field.value == "PHÓ CHỦ TỊCH"


class TestAuthority:
    @pytest.mark.parametrize("line", ["QUYẾT ĐỊNH:", "QUY CHẾ"])
    def test_is_no_word_that_begins_with_q(self, line: str) -> None:
        assert signed(line, "Lưu Hữu Đại")["authority"].value == ["TM. BAN THƯỜNG VỤ"]

    def test_of_somebody_acting_begins_with_a_q_and_its_stop(self) -> None:
        assert signed("Q. TRƯỞNG BAN", "Lưu Hữu Đại")["authority"].value == ["TM. BAN THƯỜNG VỤ", "Q. TRƯỞNG BAN"]
