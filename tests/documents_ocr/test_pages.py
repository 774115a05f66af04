"""How single pages are read: own text, stamps, old encodings, pictures that lie on their side."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

from demo.scans import make_scan, sample
from documents.extraction import DEFAULT_CATALOGUE, extract
from documents.ocr import Limits, Reason, legacy, read_file
from documents.ocr.marks import is_seal, secrecy_in_header, secrecy_of, urgency_of
from documents.ocr.model import PageReading, Word
from documents.ocr.source import PictureSource
from documents.ocr.strategy import HEADER, is_signing_page, letterhead_of
from documents.ocr.tesseract import Token
from documents.ocr.turns import displayed, upright_box
from documents.ocr.upright import turned_back

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from documents.ocr import FileReading

SENTENCE = "Công đoàn cơ sở báo cáo kết quả thực hiện nhiệm vụ công tác năm và phương hướng thời gian tới"


@pytest.fixture(scope="module")
def scan() -> bytes:
    return make_scan(sample("07"))


@pytest.fixture(scope="module")
def picture(scan: bytes) -> Image.Image:
    """The first page of a scan as a picture of 150 dots per inch."""
    with pypdfium2.PdfDocument(scan) as document:
        drawn: Image.Image = document[0].render(scale=150 / 72).to_pil()
    return drawn


def read(tmp_path: Path, data: bytes, limits: Limits | None = None) -> FileReading:
    path = tmp_path / "giay"
    path.write_bytes(data)
    return read_file(path, scratch=tmp_path, limits=limits)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def typed(*lines: bytes, rotate: int = 0, under: bytes | None = None, mode: int = 0) -> bytes:
    """A PDF with lines of WinAnsi text, over the page of another PDF if given; in mode 3 nobody sees them."""
    with pikepdf.open(io.BytesIO(under)) if under else pikepdf.new() as pdf:
        if not under:
            pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[0]
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        page.add_resource(pdf.make_indirect(font), Name.Font, Name("/FOwn"))
        shown = b"".join(b"<%s> Tj 0 -14 Td " % line.hex().encode() for line in lines)
        page.contents_add(pikepdf.Stream(pdf, b"BT %d Tr /FOwn 9 Tf 60 780 Td " % mode + shown + b"ET"))
        if rotate:
            page.obj.Rotate = rotate
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


def tcvn3(text: str) -> bytes:
    """Vietnamese as an office wrote it before Unicode."""
    codes = {letter: code for code, letter in legacy._TCVN3.items() if code < 0x100}
    return bytes(codes.get(letter, ord(letter)) for letter in text)


class TestTextLayer:
    def test_old_encodings_become_unicode(self, tmp_path: Path) -> None:
        (page,) = read(tmp_path, typed(*[tcvn3(SENTENCE)] * 4)).pages

        assert page.source == "legacy"
        assert page.mean_confidence is None
        assert page.text.split("\n")[0] == SENTENCE

    def test_words_stand_where_they_are_shown_also_on_a_turned_page(self, tmp_path: Path) -> None:
        (page,) = read(tmp_path, typed(*[tcvn3(SENTENCE)] * 4, rotate=90)).pages

        first = page.words[0]
        assert page.turn == 270
        assert (page.width_pt, page.height_pt) == (842, 595)
        assert first.x > 0.85  # the top of the sheet is now at the right
        assert first.h > first.w

    def test_a_signature_stamp_in_the_content_does_not_pass_for_the_page(self, tmp_path: Path, scan: bytes) -> None:
        stamp = [b"Ky boi: Lien doan Lao dong tinh An Hoa, co quan van thu, ngay ky 20 thang 10 nam 2025 theo gio"] * 3

        page = read(tmp_path, typed(*stamp, under=scan)).pages[0]

        assert page.source == "ocr"
        assert "QUYẾT ĐỊNH" in page.text

    def test_what_a_scanner_read_itself_does_not_pass_for_the_page(self, tmp_path: Path, scan: bytes) -> None:
        misread = [tcvn3(SENTENCE)] * 20

        page = read(tmp_path, typed(*misread, under=scan, mode=3)).pages[0]

        assert page.source == "ocr"
        assert "QUYẾT ĐỊNH" in page.text
        assert SENTENCE not in page.text

    def test_a_blank_page_is_called_blank(self, tmp_path: Path) -> None:
        reading = read(tmp_path, typed())

        assert [page.source for page in reading.pages] == ["blank"]
        assert (reading.status, reading.reason) == ("failed", Reason.NO_TEXT)


class TestPictures:
    def test_an_upside_down_scan_is_read_and_its_fields_are_placed_as_displayed(
        self, tmp_path: Path, picture: Image.Image
    ) -> None:
        reading = read(tmp_path, saved(picture.rotate(180), "JPEG", quality=80, dpi=(150, 150)))

        found = extract(reading, DEFAULT_CATALOGUE)
        issuer = found["issuer"]
        assert reading.pages[0].turn == 180
        assert (found["number"].value, found["symbol"].value) == ("27", "QĐ-CĐP")
        assert reading.crops.header[0].y > 0.6  # the letterhead was read again where it lies
        assert issuer.value == "CÔNG ĐOÀN PHƯỜNG ĐÔNG THÀNH"
        assert issuer.box is not None
        assert issuer.box[1] > 0.85

    def test_a_photograph_turned_by_its_camera_is_read_upright(self, tmp_path: Path, picture: Image.Image) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6  # has to be turned by 90 degrees clockwise for display

        (page,) = read(tmp_path, saved(picture.rotate(90, expand=True), "JPEG", quality=80, exif=exif)).pages

        assert page.turn == 0
        assert page.width_pt < page.height_pt
        assert "ĐÔNG THÀNH" in page.text

    @pytest.mark.parametrize(("rows", "down"), [(0.5, 98), (2, 391)])
    def test_a_fax_is_read_in_its_proportions(
        self, tmp_path: Path, picture: Image.Image, rows: float, down: int
    ) -> None:
        sent = picture.resize((1728, round(2444 * rows)))

        (page,) = read(tmp_path, saved(sent, "TIFF", dpi=(204, down))).pages

        assert page.height_pt / page.width_pt == pytest.approx(842 / 595, rel=0.05)
        assert "ĐÔNG THÀNH" in page.text

    def test_a_fax_turned_by_its_scanner_is_read_in_its_proportions(self, tmp_path: Path, picture: Image.Image) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        lying = picture.rotate(90, expand=True).resize((2444 // 2, 1728))

        (page,) = read(tmp_path, saved(lying, "JPEG", quality=80, dpi=(98, 204), exif=exif)).pages

        assert page.height_pt / page.width_pt == pytest.approx(842 / 595, rel=0.05)

    @pytest.mark.parametrize("dots", [(150, 2), (150, 151), (150, 0)])
    def test_what_is_said_of_rows_is_believed_only_if_it_can_be_true(
        self, tmp_path: Path, picture: Image.Image, dots: tuple[int, int]
    ) -> None:
        path = tmp_path / "giay"
        path.write_bytes(saved(picture, "TIFF", dpi=dots))

        assert PictureSource(path, Limits()).native(1).shape[:2] == (picture.height, picture.width)

    def test_every_frame_of_a_tiff_is_a_page(self, tmp_path: Path) -> None:
        frames = [Image.new("1", (600, 800), 1) for _ in range(3)]

        reading = read(tmp_path, saved(frames[0], "TIFF", save_all=True, append_images=frames[1:]))

        assert [page.source for page in reading.pages] == ["blank"] * 3

    def test_frames_beyond_the_limit_are_refused(self, tmp_path: Path) -> None:
        frames = [Image.new("1", (60, 80), 1) for _ in range(4)]
        data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])

        assert read(tmp_path, data, Limits(pages=3)).reason == Reason.TOO_MANY_PAGES


class TestTurnedBack:
    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    def test_four_quarters_lead_home(self, turn: int) -> None:
        token = Token((1, 1, 1), 10, 20, 30, 5, 1.0, "a")
        width, height = 200.0, 100.0

        back = turned_back(token, turn, width, height)
        other = (360 - turn) % 360
        size = (width, height) if turn in (0, 180) else (height, width)

        assert turned_back(back, other, *size) == token


class TestTurns:
    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    def test_a_box_comes_back_from_the_upright_page(self, turn: int) -> None:
        box = (0.1, 0.2, 0.3, 0.05)

        assert displayed(upright_box(box, turn), turn) == pytest.approx(box)


class TestLegacy:
    def test_vni_and_tcvn3_are_told_apart_by_their_text(self) -> None:
        old = tcvn3(SENTENCE).decode("latin-1")

        assert legacy.encoding_of_text(old) == "tcvn3"
        assert legacy.encoding_of_text("Lieân ñoaøn Lao ñoäng tænh baùo caùo keát quaû coâng taùc naêm") == "vni"

    @pytest.mark.parametrize(
        ("old", "new"), [("Boä Taøi chiùnh", "Bộ Tài chính"), ("THÒ XAÕ", "THỊ XÃ"), ("quaûn liø", "quản lì")]
    )
    def test_vni_has_letters_of_its_own_for_i_and_marks_too(self, old: str, new: str) -> None:
        assert legacy.convert(old, "vni") == new

    @pytest.mark.parametrize(
        "text", [SENTENCE, "Le comité a été élu à la majorité des délégués présents", "The report of the committee"]
    )
    def test_other_texts_are_left_alone(self, text: str) -> None:
        assert legacy.encoding_of_text(text) is None

    @pytest.mark.parametrize(
        ("font", "expected"),
        [
            ("ABCDEF+.VnTimeH", ("tcvn3", True)),
            (".VnTime", ("tcvn3", False)),
            ("VNI-Times", ("vni", False)),
            ("TimesNewRomanPSMT", (None, False)),
        ],
    )
    def test_fonts_tell_the_encoding(self, font: str, expected: tuple[str | None, bool]) -> None:
        assert legacy.encoding_of_font(font) == expected


class TestIsSeal:
    def drawn(self, shape: str) -> NDArray[np.bool_]:
        """A red outline of 36 mm at 10 points a millimetre."""
        picture = Image.new("1", (400, 400))
        pen = ImageDraw.Draw(picture)
        (pen.ellipse if shape == "round" else pen.rectangle)((20, 20, 380, 380), outline=1, width=12)
        return np.asarray(picture)

    def test_a_round_seal_is_one_and_a_frame_of_its_size_is_none(self) -> None:
        area = (20, 20, 381, 381)

        assert is_seal(self.drawn("round"), area, 10)
        assert not is_seal(self.drawn("framed"), area, 10)

    def test_what_is_wider_than_tall_is_none(self) -> None:
        assert not is_seal(self.drawn("round")[:250], (20, 20, 381, 250), 10)


class TestIsSigningPage:
    @pytest.mark.parametrize("text", ["Nơi nhận:", "TM. BAN THƯỜNG VỤ", "(KT. CHỦ TỊCH", "Lưu: VT.\nTUQ. GIÁM ĐỐC"])
    def test_is_one_that_names_recipients_or_who_signs(self, text: str) -> None:
        assert is_signing_page(PageReading(1, "ocr", text))

    @pytest.mark.parametrize("text", ["rút tiền bằng thẻ ATM.", "theo HTTL. và", "nhận nơi"])
    def test_is_none_by_letters_within_a_word(self, text: str) -> None:
        assert not is_signing_page(PageReading(1, "ocr", text))


class TestLetterheadOf:
    def test_ends_below_number_and_date(self) -> None:
        words = [Word(text, 0.1, 0.1, 0.05, 0.012, 0.9) for text in ("Số:", "ngày", "tháng", "năm")]
        reading = PageReading(1, "ocr", words=(*words, Word("Kính", 0.1, 0.25, 0.05, 0.012, 0.9)))

        assert letterhead_of(reading) == pytest.approx((0, 0, 1, 0.152))

    def test_is_the_whole_top_where_they_were_not_seen(self) -> None:
        reading = PageReading(1, "ocr", words=(Word("Kính", 0.1, 0.25, 0.05, 0.012, 0.9),))

        assert letterhead_of(reading) == HEADER


class TestMarks:
    @pytest.mark.parametrize(
        ("line", "level"),
        [("MẬT", "MẬT"), ("[MÂT]", "MẬT"), ("TỐI MẬT", "TỐI MẬT"), ("TUYÊT MẠT", "TUYỆT MẬT")],
    )
    def test_secrecy_is_seen_through_slips_of_the_reader(self, line: str, level: str) -> None:
        assert secrecy_of(["rác", line]) == level

    @pytest.mark.parametrize("line", ["MẶT", "MẤT", "BÍ MẬT NHÀ NƯỚC", "MẬT ONG", "mật", "MẶT TRẬN", "KHẨN"])
    def test_other_words_are_no_secrecy(self, line: str) -> None:
        assert secrecy_of([line]) is None

    def test_urgency_is_known(self) -> None:
        assert urgency_of(["CHU", "HỎA TÔC"]) == "HỎA TỐC"

    def test_in_a_header_a_mark_stands_alone_at_the_left(self) -> None:
        mark = Word("MẬT", 0.2, 0.15, 0.05, 0.012, 0.9)

        assert secrecy_in_header([mark]) == "MẬT"
        assert secrecy_in_header([mark, Word("độ", 0.26, 0.15, 0.02, 0.012, 0.9)]) is None
        assert secrecy_in_header([Word("MẬT", 0.7, 0.15, 0.05, 0.012, 0.9)]) is None
        assert secrecy_in_header([Word("MẬT", 0.2, 0.6, 0.05, 0.012, 0.9)]) is None
