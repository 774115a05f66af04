"""Word files: their own words, old fonts converted, archives that are traps refused."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest

from documents.ocr import FileReading, Limits, Reason, legacy, read_file, sniff

if TYPE_CHECKING:
    from pathlib import Path

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SENTENCE = "Công đoàn cơ sở báo cáo kết quả thực hiện nhiệm vụ công tác năm và phương hướng thời gian tới"
VNI = "Lieân ñoaøn Lao ñoäng tænh baùo caùo keát quaû coâng taùc naêm"
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
TAB = "<w:r><w:tab/></w:r>"
STYLED = '<w:r><w:rPr><w:rFonts w:ascii="Arial"/></w:rPr><w:t'
STYLES = (
    f'<w:styles xmlns:w="{SPACE}"><w:style w:type="paragraph" w:default="1" w:styleId="Normal">%s</w:style></w:styles>'
)


def run(text: str, font: str = "") -> str:
    fonts = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>' if font else ""
    return f'<w:r>{fonts}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def document(*paragraphs: str, before: str = "") -> str:
    body = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    return f'{before}<w:document xmlns:w="{SPACE}"><w:body>{body}</w:body></w:document>'


def text_box(words: str) -> str:
    """A box as it is drawn for new programs, and once more for old ones."""
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = f"<w:txbxContent><w:p>{run(words)}</w:p></w:txbxContent>"
    alternatives = f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    return f'<w:r><mc:AlternateContent xmlns:mc="{space}">{alternatives}</mc:AlternateContent></w:r>'


def header(*paragraphs: str) -> str:
    return document(*paragraphs).replace("w:document", "w:hdr").replace("w:body>", "w:sdt>")


def word_file(content: str | bytes, *, font: str = "", **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", content)
        for name, words in parts.items():
            archive.writestr(f"word/{name}.xml", words)
        archive.writestr("word/styles.xml", STYLES % (f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>' if font else ""))
    return out.getvalue()


def read(tmp_path: Path, data: bytes, limits: Limits | None = None) -> FileReading:
    path = tmp_path / "giấy.docx"
    path.write_bytes(data)
    return read_file(path, scratch=tmp_path, limits=limits)


def tcvn3(text: str) -> str:
    codes = {letter: code for code, letter in legacy._TCVN3.items() if code < 0x100}
    return "".join(chr(codes.get(letter, ord(letter))) for letter in text)


class TestReadFile:
    def test_gives_the_words_of_each_page_without_places(self, tmp_path: Path) -> None:
        end = '<w:r><w:br w:type="page"/></w:r>'

        reading = read(tmp_path, word_file(document(run("Số: 05/CT"), run("một ") + run("hai") + end, run("ba"))))

        assert reading.status == "read"
        assert [(page.source, page.text) for page in reading.pages] == [("text", "Số: 05/CT\nmột hai"), ("text", "ba")]
        assert not any(page.words for page in reading.pages)

    def test_converts_what_old_fonts_show_also_where_a_letter_is_cut_in_two(self, tmp_path: Path) -> None:
        cut = VNI.index("oa") + 1
        paragraphs = (
            run(tcvn3(SENTENCE), ".VnTime"), run("b\xb8o c\xb8o", ".VnTimeH"),
            run(VNI[:cut], "VNI-Times") + run(VNI[cut:], "VNI-Times"),
            run("Arial vẫn là Unicode", "Arial"),
        )  # fmt: skip

        [page] = read(tmp_path, word_file(document(*paragraphs))).pages

        assert page.source == "legacy"
        assert page.text.splitlines() == [
            SENTENCE, "BÁO CÁO", "Liên đoàn Lao động tỉnh báo cáo kết quả công tác năm", "Arial vẫn là Unicode",
        ]  # fmt: skip

    def test_knows_the_font_of_a_style_and_of_no_font_at_all(self, tmp_path: Path) -> None:
        by_style = read(tmp_path, word_file(document(run(tcvn3(SENTENCE))), font=".VnTime"))
        by_text = read(tmp_path, word_file(document(*[run(tcvn3(SENTENCE))] * 4)))

        assert by_style.pages[0].text == SENTENCE
        assert by_text.pages[0].text.splitlines() == [SENTENCE] * 4

    def test_locks_a_secret_paper_away(self, tmp_path: Path) -> None:
        reading = read(tmp_path, word_file(document(run("Số: 05/BC"), run("MẬT"), run(SENTENCE))))

        assert (reading.status, reading.pages) == ("quarantined", ())

    @pytest.mark.parametrize(
        "paragraphs",
        [
            (run("MẬT") + TAB + run(NATION), run("Số: 05/BC")),
            (run("CÔNG ĐOÀN CƠ SỞ") + TAB + run(NATION), run("TỐI MẬT          Hà Nội, ngày 5 tháng 11 năm 2026")),
            (run("Số: 12/BC-CĐCS") + text_box("MẬT"), run(SENTENCE)),
            (text_box("MẬT") + run("Số: 12/BC-CĐCS"), run(SENTENCE)),
        ],
        ids=["tab", "blanks", "box-behind", "box-before"],
    )
    def test_locks_a_secret_paper_away_whatever_stands_beside_its_mark(
        self, tmp_path: Path, paragraphs: tuple[str, ...]
    ) -> None:
        assert read(tmp_path, word_file(document(*paragraphs))).status == "quarantined"

    def test_locks_a_paper_away_whose_mark_stands_above_its_pages(self, tmp_path: Path) -> None:
        words = document(run("Số: 12/BC-CĐCS"), run(SENTENCE))

        reading = read(tmp_path, word_file(words, header1=header(run("2")), header2=header(run("MẬT"))))

        assert (reading.status, reading.pages) == ("quarantined", ())

    def test_finds_no_mark_in_sentences_and_keeps_headers_out_of_the_text(self, tmp_path: Path) -> None:
        lines = (run("BẢO VỆ BÍ MẬT NHÀ NƯỚC"), run("Danh mục tài liệu") + TAB + run("độ MẬT của năm"), run("mật"))

        reading = read(tmp_path, word_file(document(*lines), header1=header(run("BẢO VỆ BÍ MẬT"))))

        assert [page.text for page in reading.pages] == [
            "BẢO VỆ BÍ MẬT NHÀ NƯỚC\nDanh mục tài liệu độ MẬT của năm\nmật"
        ]

    def test_gives_a_text_box_lines_of_its_own_and_its_paragraph_its_font_back(self, tmp_path: Path) -> None:
        style = '<w:pPr><w:pStyle w:val="Normal"/></w:pPr>'
        paragraph = style + run("một", "Arial") + text_box("hai").replace("<w:r><w:t", STYLED) + run(tcvn3(SENTENCE))

        [page] = read(tmp_path, word_file(document(paragraph), font=".VnTime")).pages

        assert page.text == f"một\nhai\n{SENTENCE}"

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"<w:document>" + b" " * (3 << 20), Reason.TOO_MUCH_MEMORY),
            (document(run("&e;"), before='<!DOCTYPE d [<!ENTITY e "bom">]>').replace("&amp;", "&"), Reason.BROKEN),
            ("<w:document", Reason.BROKEN),
        ],
        ids=["bomb", "entity", "cut"],
    )
    def test_refuses_traps(self, tmp_path: Path, content: str | bytes, reason: Reason) -> None:
        reading = read(tmp_path, word_file(content), Limits(content_bytes=2 << 20))

        assert (reading.status, reading.reason, reading.pages) == ("failed", reason, ())

    def test_refuses_an_archive_without_its_end(self, tmp_path: Path) -> None:
        data = word_file(document(run(SENTENCE)))

        assert read(tmp_path, data[:-8]).reason == Reason.BROKEN

    def test_says_of_unknown_office_files_that_they_are_kept_unread(self, tmp_path: Path) -> None:
        reading = read(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)

        assert (reading.status, reading.reason) == ("failed", Reason.OLD_OFFICE)

    def test_keeps_a_letter_that_looks_like_a_soft_hyphen_and_no_soft_hyphen(self, tmp_path: Path) -> None:
        letter, _, rest = tcvn3("ưu tiên").partition("u")
        old = f'<w:r><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr><w:softHyphen/><w:t>u{rest}</w:t></w:r>'
        new = run("đoàn", "Arial") + "<w:r><w:softHyphen/><w:noBreakHyphen/></w:r>" + run("viên", "Arial")

        [page] = read(tmp_path, word_file(document(old, new))).pages

        assert letter == "\xad"
        assert page.text == "ưu tiên\nđoàn-viên"


class TestSniff:
    def test_other_archives_are_not_word_files(self, tmp_path: Path) -> None:
        path = tmp_path / "a.docx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("ppt/presentation.xml", "<x/>")

        assert sniff(path).kind is None
