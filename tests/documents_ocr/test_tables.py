"""Tables of Excel: cells in rows, a page for each sheet, old fonts converted, old files by way of LibreOffice."""

from __future__ import annotations

import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from documents.ocr import FileReading, Limits, Reason, read_file, sniff
from tests.documents_ocr.test_office_files import PROGRAMS, ole
from tests.documents_ocr.test_word_files import SENTENCE, VNI, tcvn3


def table(path: Path, *sheets: list[list[Any]], font: str = "Arial") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for y, row in enumerate(rows, start=1):
            for x, value in enumerate(row, start=1):
                sheet.cell(y, x, value).font = Font(name=font)
    book.save(path)
    return path


def read(path: Path, limits: Limits | None = None, program: Path | None = None) -> FileReading:
    return read_file(path, scratch=path.parent / "scratch", limits=limits, office=program)


class TestReadFile:
    def test_gives_rows_as_lines_and_sheets_as_pages(self, tmp_path: Path) -> None:
        path = table(
            tmp_path / "a", [["Đơn vị", "Số"], ["Công đoàn\nBệnh viện", 1207.5]], [["Hai", None, date(2026, 11, 26)]]
        )

        reading = read(path)

        assert [page.text for page in reading.pages] == ["Đơn vị Số\nCông đoàn Bệnh viện 1207.5", "Hai 26/11/2026"]
        assert (reading.status, sniff(path).kind) == ("read", "xlsx")

    @pytest.mark.parametrize(
        ("font", "text", "right"),
        [
            (".VnTime", tcvn3(SENTENCE), SENTENCE),
            (".VnTimeH", tcvn3("báo cáo"), "BÁO CÁO"),
            ("VNI-Times", VNI, "Liên đoàn Lao động tỉnh báo cáo kết quả công tác năm"),
        ],
    )
    def test_converts_what_old_fonts_show(self, tmp_path: Path, font: str, text: str, right: str) -> None:
        [page] = read(table(tmp_path / "a", [[text]], font=font)).pages

        assert (page.source, page.text) == ("legacy", right)

    def test_one_long_text_in_many_cells_is_told_as_often_as_there_is_room(self, tmp_path: Path) -> None:
        path = table(tmp_path / "a", [["mười ký tự"] * 300])

        [page] = read(path, Limits(text_chars=1000)).pages

        assert 900 < len(page.text) <= 1000 + 100

    def test_locks_a_secret_table_away(self, tmp_path: Path) -> None:
        assert read(table(tmp_path / "a", [["TỐI MẬT"], ["Danh sách"]])).status == "quarantined"

    def test_locks_a_secret_table_away_whatever_stands_beside_its_mark(self, tmp_path: Path) -> None:
        path = table(tmp_path / "a", [["MẬT", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["Danh sách"]])

        assert read(path).status == "quarantined"

    def test_looks_for_marks_above_every_sheet(self, tmp_path: Path) -> None:
        assert read(table(tmp_path / "a", [["Danh sách"]], [["MẬT"], ["Tên"]])).status == "quarantined"
        assert (
            read(table(tmp_path / "b", [["Danh mục"]], [[f"dòng {at}"] for at in range(10)] + [["MẬT"]])).status
            == "read"
        )

    @pytest.mark.parametrize("cell", ["MAT-01", "MAT.2026", "MAT", "MẠT", "MẬT 2", "MẬT-01"])
    def test_takes_no_number_of_a_thing_for_a_mark(self, tmp_path: Path, cell: str) -> None:
        assert read(table(tmp_path / "a", [["Mã", "Tên"], [cell, "Máy tính"]])).status == "read"

    def test_finds_no_mark_in_what_cells_say_together(self, tmp_path: Path) -> None:
        [page] = read(table(tmp_path / "a", [["BÍ MẬT", "MẬT KHẨU", "TỐI"], ["MẬT ONG"]])).pages

        assert page.text == "BÍ MẬT MẬT KHẨU TỐI\nMẬT ONG"

    def test_refuses_a_part_that_unpacks_to_too_much(self, tmp_path: Path) -> None:
        path = table(tmp_path / "a", [["một"]])
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/sharedStrings.xml", b" " * (3 << 20))

        assert read(path, Limits(content_bytes=2 << 20)).reason == Reason.TOO_MUCH_MEMORY

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_old_tables_are_read_where_libreoffice_is(self, tmp_path: Path, program: Path | None) -> None:
        path = old_table(tmp_path, table(tmp_path / "bảng.xlsx", [["Công đoàn cơ sở Bệnh viện", 1207]]), program)

        reading = read(path, program=program)

        assert sniff(path).media_type == "application/vnd.ms-excel"
        assert reading.reason == (None if program else Reason.NO_OFFICE)
        assert [page.text for page in reading.pages] == ["Công đoàn cơ sở Bệnh viện 1207"] * bool(program)


def old_table(room: Path, new: Path, program: Path | None) -> Path:
    """A table of the time before archives; without a program to write it, a frame that holds nothing else."""
    if program is None:
        (path := room / "a.xls").write_bytes(ole("Root Entry", "Workbook"))
        return path
    profile = f"-env:UserInstallation={(room / 'profile').as_uri()}"
    command = [str(program), profile, "--headless", "--convert-to", "xls", "--outdir", str(room / "old"), str(new)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return room / "old" / "bảng.xls"
