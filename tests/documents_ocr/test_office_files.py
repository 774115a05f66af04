"""
Files that only an office program opens. LibreOffice is not on every machine: tests say what holds without it and with it.
"""

from __future__ import annotations

import struct
import subprocess
import zipfile
from pathlib import Path
from shutil import which

import pytest
from PIL import Image, ImageDraw

from demo.scans.fonts import face
from documents.ocr import FileReading, Reason, office, read_file, sniff
from tests.documents_ocr.test_word_files import SENTENCE, VNI, tcvn3

PROGRAMS = [None, *(Path(found) for found in [which("soffice")] if found)]
NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
ODT = "application/vnd.oasis.opendocument.text"


def rtf(*paragraphs: tuple[str, str]) -> bytes:
    """Paragraphs of a font and a text; letters beyond one byte as Unicode."""
    fonts = "".join(rf"{{\f{at}\fcharset0 {font};}}" for at, (font, _) in enumerate(paragraphs))
    body = "".join(rf"{{\f{at} {escaped(text)}\par}}" for at, (_, text) in enumerate(paragraphs))
    return rf"{{\rtf1\ansi\ansicpg1252{{\fonttbl{fonts}}}{body}}}".encode("ascii")


def escaped(text: str) -> str:
    signs = (
        chr(code) if (code := ord(one)) < 128 else rf"\'{code:02x}" if code < 256 else rf"\u{code}?" for one in text
    )
    return "".join(signs)


def odt(path: Path, body: str) -> Path:
    spaces = "".join(
        f' xmlns:{short}="{NAMES}{name}:1.0"'
        for short, name in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
    )
    entry = '<m:file-entry m:full-path="{}" m:media-type="{}"/>'
    entries = (
        entry.format("/", ODT) + entry.format("content.xml", "text/xml") + entry.format("Pictures/a.png", "image/png")
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", ODT)
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{NAMES}manifest:1.0">{entries}</m:manifest>')
        archive.writestr(
            "content.xml",
            f'<office:document-content{spaces} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
    return path


def picture(path: Path, words: str) -> Path:
    sheet = Image.new("L", (1200, 400), 255)
    ImageDraw.Draw(sheet).text((60, 150), words, fill=0, font=face("Regular", 60))
    sheet.save(path, dpi=(200, 200))
    return path


def ole(*names: str, padding: int = 0) -> bytes:
    """The frame of an old office file: its directory holds streams of these names, behind sectors of something else."""
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<2I", head, 76, 0, 0xFFFFFFFF)
    struct.pack_into("<I", head, 48, 1)
    links = struct.pack("<128I", 0xFFFFFFFD, 2 + padding, *[0xFFFFFFFE] * 126)
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2).ljust(64, b"\0")
        for name in names
    )
    sectors = (b"Root Entry".ljust(512, b"\0"), *[bytes(512)] * padding, entries.ljust(512, b"\0"))
    return bytes(head) + links + b"".join(sectors)


def read(path: Path, program: Path | None) -> FileReading:
    return read_file(path, scratch=path.parent / "scratch", office=program)


def said(reading: FileReading) -> str | Reason | None:
    """The text, or why there is none."""
    return reading.reason if reading.status == "failed" else "\n".join(page.text for page in reading.pages)


@pytest.mark.parametrize("program", PROGRAMS)
class TestReadFile:
    def test_gives_the_words_of_a_rich_text_whatever_its_fonts_encode(
        self, tmp_path: Path, program: Path | None
    ) -> None:
        path = tmp_path / "giấy"
        path.write_bytes(
            rtf(("Arial", "Số: 05/CT"), (".VnTime", tcvn3(SENTENCE)), (".VnTimeH", tcvn3("báo")), ("VNI-Times", VNI))
        )
        before = path.read_bytes()

        reading = read(path, program)

        read_so = f"Số: 05/CT\n{SENTENCE}\nBÁO\nLiên đoàn Lao động tỉnh báo cáo kết quả công tác năm"
        assert said(reading) == (read_so if program else Reason.NO_OFFICE)
        assert path.read_bytes() == before
        assert list((tmp_path / "scratch").glob("*")) == []

    def test_reads_a_scan_that_was_pasted_into_a_word_file(self, tmp_path: Path, program: Path | None) -> None:
        scan, path = picture(tmp_path / "quét.png", "Công đoàn"), tmp_path / "giấy"
        with zipfile.ZipFile(odt(path, frame("Pictures/a.png")), "a") as archive:
            archive.write(scan, "Pictures/a.png")

        reading = read(path, program)

        assert said(reading) == ("Công đoàn" if program else Reason.NO_OFFICE)

    def test_shows_nothing_of_the_files_that_a_paper_names(self, tmp_path: Path, program: Path | None) -> None:
        others = picture(tmp_path / "khác.png", "Của người khác")

        reading = read(odt(tmp_path / "giấy", frame(others.as_uri())), program)

        assert reading.pages == () or "người" not in str(said(reading))
        assert reading.reason in ((Reason.NO_TEXT,) if program else (Reason.NO_OFFICE,))

    def test_says_that_a_broken_file_could_not_be_opened(self, tmp_path: Path, program: Path | None) -> None:
        path = odt(tmp_path / "giấy", "<text:p>")

        assert read(path, program).reason == (Reason.NOT_CONVERTED if program else Reason.NO_OFFICE)


def frame(link: str) -> str:
    """A picture beside nothing."""
    return (
        '<text:p><draw:frame svg:width="15cm" svg:height="5cm" text:anchor-type="as-char">'
        f'<draw:image xlink:href="{link}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p>'
    )


class TestConvert:
    def test_a_program_that_does_nothing_gives_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "giấy"
        path.write_bytes(rtf(("Arial", "một")))

        assert read(path, Path("/bin/true")).reason == Reason.NOT_CONVERTED

    def test_a_program_that_never_ends_is_ended(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(office, "SECONDS", 1.5)
        endless = tmp_path / "endless"
        endless.write_text("#!/bin/sh\nexec sleep 31415\n")
        endless.chmod(0o755)
        path = tmp_path / "giấy"
        path.write_bytes(rtf(("Arial", "một")))

        assert read(path, endless).reason == Reason.TOO_SLOW
        assert subprocess.run(["pgrep", "-f", "sleep 31415"], check=False, capture_output=True).stdout == b""


class TestSniff:
    @pytest.mark.parametrize(
        ("names", "padding", "media_type"),
        [
            (("Root Entry", "WordDocument"), 0, "application/msword"),
            (("Root Entry", "Workbook"), 3, "application/vnd.ms-excel"),
            (("EncryptedPackage",), 0, "application/x-encrypted-office"),
            (("PowerPoint Document",), 0, "application/x-ole-storage"),
            ((), 200, "application/x-ole-storage"),
        ],
    )
    def test_knows_old_files_by_their_directory(
        self, tmp_path: Path, names: tuple[str, ...], padding: int, media_type: str
    ) -> None:
        path = tmp_path / "a"
        path.write_bytes(ole(*names, padding=padding))

        assert (sniff(path).kind, sniff(path).media_type) == ("office", media_type)

    def test_a_directory_that_is_its_own_next_part_ends(self, tmp_path: Path) -> None:
        data = bytearray(ole("Root Entry"))
        struct.pack_into("<I", data, 512 + 4, 1)
        (path := tmp_path / "a").write_bytes(data)

        assert sniff(path).media_type == "application/x-ole-storage"

    def test_a_locked_word_file_is_not_read(self, tmp_path: Path) -> None:
        (path := tmp_path / "a.docx").write_bytes(ole("EncryptedPackage"))

        assert read(path, None).reason == Reason.ENCRYPTED

    def test_knows_open_documents_by_their_first_words(self, tmp_path: Path) -> None:
        assert sniff(odt(tmp_path / "a.pdf", "")).media_type == ODT
