"""Searchable PDF/A copies of what was read: every reader gets the words back, and nobody sees anything new."""

from __future__ import annotations

import io
import itertools
import subprocess
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf
import pypdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name, pdfa
from PIL import Image
from rapidfuzz.distance import Levenshtein

from demo.scans import make_scan, sample
from demo.scans.bad import encrypted, text_pages
from documents.ocr import Word, read_file
from documents.ocr.textlayer import read_layer
from documents.rendition.copying import Copied, ReadPage, make_copy
from tests.factories.signed import signature_holds, signed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from documents.ocr import FileReading

WORDS = "Tổng Liên đoàn Lao động Việt Nam"


def placed(text: str = WORDS, *, turn: int = 0) -> tuple[Word, ...]:
    """Words one after the other on a line of a displayed page that lies `turn` degrees from upright."""
    tokens = text.split()
    boxes = [(0.1 + 0.1 * at, 0.3, 0.08, 0.02) for at in range(len(tokens))]
    lying = {0: lambda x, y, w, h: (x, y, w, h), 90: lambda x, y, w, h: (y, 1 - x - w, h, w),
             180: lambda x, y, w, h: (1 - x - w, 1 - y - h, w, h), 270: lambda x, y, w, h: (1 - y - h, x, h, w)}  # fmt: skip
    return tuple(Word(token, *lying[turn](*box), 0.9) for token, box in zip(tokens, boxes, strict=True))


def picture_pdf(*rotates: int, old_words: str = "") -> bytes:
    """Pages with a grey picture, as a scanner makes them, with the invisible words of some other program."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        image = pdf.make_stream(zlib.compress(bytes(range(256)) * 4))
        image.Type, image.Subtype, image.Filter, image.ColorSpace = (
            Name.XObject,
            Name.Image,
            Name.FlateDecode,
            Name.DeviceGray,
        )
        image.Width, image.Height, image.BitsPerComponent = 32, 32, 8
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        drawn = f"q 595 0 0 842 0 0 cm /Im0 Do Q BT 3 Tr /F1 12 Tf 60 600 Td ({old_words}) Tj ET"
        things = Dictionary(XObject=Dictionary(Im0=image), Font=Dictionary(F1=pdf.make_indirect(font)))
        for rotate in rotates or (0,):
            page = Dictionary(
                Type=Name.Page, MediaBox=[0, 0, 595, 842], CropBox=[20, 30, 575, 800], Rotate=rotate,
                Resources=things, Contents=pdf.make_stream(drawn.encode()),
            )  # fmt: skip
            pdf.pages.append(pikepdf.Page(page))
        pdf.save(out)
    return out.getvalue()


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "room").mkdir()
    return tmp_path / "room"


def copied(room: Path, data: bytes, *pages: ReadPage) -> tuple[Copied, Path]:
    original, out = room / "original", room / "copy.pdf"
    original.write_bytes(data)
    result = make_copy(original, pages=pages, out=out, scratch=room)
    assert original.read_bytes() == data
    return result, out


def a_page(words: Sequence[Word] = (), **facts: Any) -> ReadPage:
    return ReadPage(number=1, text=" ".join(word.text for word in words), words=words, **facts)


def as_told(reading: FileReading) -> list[ReadPage]:
    return [
        ReadPage(page.number, page.text, page.words, page.turn, page.width_pt, page.height_pt) for page in reading.pages
    ]


def is_pdfa(path: Path) -> bool:
    return bool(pdfa.validate_written(path, "2b").verdict == "pass")


def drawn(source: Path | bytes) -> Any:
    return pypdfium2.PdfDocument(source)[0].render(scale=1, draw_annots=False).to_numpy()


def flat(text: str) -> str:
    return " ".join(text.split())


def points_off(stored: str, back: str) -> float:
    """CER of what came back, in per cent of what was stored."""
    return 100 * Levenshtein.distance(flat(stored), flat(back)) / len(flat(stored))


@pytest.fixture(scope="module")
def scan() -> bytes:
    return make_scan(sample("07"), profile="skew300")


@pytest.fixture(scope="module")
def reading(scan: bytes, tmp_path_factory: pytest.TempPathFactory) -> FileReading:
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    path.write_bytes(scan)
    return read_file(path, scratch=path.parent)


class TestScan:
    """A generated scan, read and copied once."""

    def test_gives_its_words_back_to_every_reader(self, scan: bytes, reading: FileReading, room: Path) -> None:
        result, out = copied(room, scan, *as_told(reading))

        stored = "\n".join(page.text for page in reading.pages)
        assert result == Copied("made")
        assert is_pdfa(out)
        assert len(stored.split()) > 150
        assert points_off(stored, "\n".join(page.extract_text() for page in pypdf.PdfReader(out).pages)) <= 0.1
        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(out)]
        assert points_off(stored, "\n".join(pages)) <= 0.1
        # Poppler sorts by columns: the letters count, in whatever order its words come.
        said = subprocess.run(["pdftotext", out, "-"], capture_output=True, text=True, check=True).stdout
        assert points_off(" ".join(sorted(stored.split())), " ".join(sorted(said.split()))) <= 1.0

    def test_keeps_pictures_byte_for_byte_and_looks_the_same(
        self, scan: bytes, reading: FileReading, room: Path
    ) -> None:
        _result, out = copied(room, scan, *as_told(reading))

        with pikepdf.open(io.BytesIO(scan)) as before, pikepdf.open(out) as after:
            raw = [bytes(pdf.pages[0].Resources.XObject.Im0.read_raw_bytes()) for pdf in (before, after)]
        assert raw[0] == raw[1]
        assert np.array_equal(drawn(scan), drawn(out))

    def test_that_is_signed_keeps_its_signature_and_the_copy_has_none(
        self, scan: bytes, reading: FileReading, room: Path
    ) -> None:
        data = signed(scan)

        result, out = copied(room, data, *as_told(reading))

        assert signature_holds((room / "original").read_bytes())
        assert not signature_holds(data.replace(b"PKLite", b"PKLita"))
        assert result == Copied("made")
        assert is_pdfa(out)
        with pikepdf.open(out) as pdf:
            assert not {"/AcroForm", "/Perms", "/DSS", "/Extensions"} & set(pdf.Root.keys())
            assert "/Annots" not in pdf.pages[0]


class TestPlaces:
    def test_are_those_of_the_words_whichever_way_the_pages_lie(self, room: Path) -> None:
        ways = list(itertools.product([0, 90, 180, 270], repeat=2))
        pages = [ReadPage(at, WORDS, placed(turn=turn), turn) for at, (_rotate, turn) in enumerate(ways, start=1)]

        result, out = copied(room, picture_pdf(*(rotate for rotate, _turn in ways)), *pages)

        assert result == Copied("made")
        for page, shown in zip(pages, pypdfium2.PdfDocument(out), strict=True):
            found = read_layer(shown).words
            assert [word.text for word in found] == WORDS.split()
            for word, back in zip(page.words, found, strict=True):
                across, down = back.x + back.w / 2, back.y + back.h / 2
                assert word.x - 0.01 <= across <= word.x + word.w + 0.01
                assert word.y - 0.01 <= down <= word.y + word.h + 0.01

    def test_of_words_that_touch_leave_them_two_words(self, room: Path) -> None:
        words = (Word("2016", 0.1, 0.3, 0.08, 0.02, 0.9), Word("-", 0.18, 0.3, 0.01, 0.02, 0.9))

        _result, out = copied(room, picture_pdf(), a_page(words))

        assert flat(pypdfium2.PdfDocument(out)[0].get_textpage().get_text_range()) == "2016 -"

    def test_survive_letters_beyond_the_first_plane_and_words_without_a_place(self, room: Path) -> None:
        words = (Word("𝕏", 0.1, 0.3, 0.08, 0.02, 0.9), Word("không", 0.0, 0.0, 0.0, 0.0, 0.9))

        result, out = copied(room, picture_pdf(), a_page(words))

        assert result == Copied("made")
        assert flat(pypdf.PdfReader(out).pages[0].extract_text()) == "𝕏 không"


class TestOldWords:
    def test_of_another_program_give_way_to_those_that_were_read(self, room: Path) -> None:
        _result, out = copied(room, picture_pdf(old_words="T0ng Lien doan"), a_page(placed()))

        assert flat(pypdf.PdfReader(out).pages[0].extract_text()) == WORDS


class TestPictures:
    @pytest.fixture
    def picture(self) -> Image.Image:
        return Image.effect_noise((120, 170), 40).convert("RGB")

    def saved(self, picture: Image.Image, kind: str, **options: Any) -> bytes:
        out = io.BytesIO()
        picture.save(out, kind, **options)
        return out.getvalue()

    def test_from_a_camera_stay_as_they_came(self, room: Path, picture: Image.Image) -> None:
        data = self.saved(
            picture, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
        )

        result, out = copied(room, data, a_page(placed(), width_pt=842.0, height_pt=595.0))

        assert result == Copied("made")
        assert is_pdfa(out)
        with pikepdf.open(out) as pdf:
            assert bytes(pdf.pages[0].Resources.XObject.Im0.read_raw_bytes()) == data
        page = pypdfium2.PdfDocument(out)[0]
        assert page.get_size() == (842.0, 595.0)
        assert flat(page.get_textpage().get_text_range()) == WORDS

    def test_lose_nothing_when_they_are_packed_anew(self, room: Path, picture: Image.Image) -> None:
        result, out = copied(room, self.saved(picture, "PNG"), a_page(placed(), width_pt=595.0, height_pt=842.0))

        assert result == Copied("made")
        assert is_pdfa(out)
        with pikepdf.open(out) as pdf:
            image: Any = pdf.pages[0].images["/Im0"]
            back = pikepdf.PdfImage(image).as_pil_image()
        assert np.array_equal(np.asarray(back), np.asarray(picture))

    def test_of_a_fax_are_the_pages_of_one_paper_in_one_bit(self, room: Path, picture: Image.Image) -> None:
        bits = picture.convert("1")
        data = self.saved(bits, "TIFF", save_all=True, append_images=[bits], compression="group4", dpi=(200, 200))
        second = ReadPage(2, WORDS, placed(), width_pt=43.2, height_pt=61.2)

        result, out = copied(room, data, a_page(width_pt=43.2, height_pt=61.2), second)

        assert result == Copied("made")
        with pikepdf.open(out) as pdf:
            assert [page.Resources.XObject.Im0.BitsPerComponent for page in pdf.pages] == [1, 1]
        assert [flat(page.extract_text()) for page in pypdf.PdfReader(out).pages] == ["", WORDS]


class TestOtherFiles:
    def test_whose_fonts_are_not_embedded_are_no_pdfa_and_say_which_rule(self, room: Path) -> None:
        result, out = copied(room, text_pages(1), a_page(is_recognised=False))

        assert result.outcome == "not_pdfa"
        assert any("6.2.11.4.1" in rule for rule in result.why)
        assert not out.exists()

    @pytest.mark.parametrize("data", [b"%PDF-1.7\n garbage", b"<html>", encrypted(), b"\x89PNG\r\n\x1a\n and no more"])
    def test_that_cannot_be_opened_end_as_failed(self, room: Path, data: bytes) -> None:
        result, out = copied(room, data, a_page(placed()))

        assert result.outcome == "failed"
        assert not out.exists()
