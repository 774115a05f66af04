"""A machine whose library cannot be loaded reads with the program; one that has neither says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytesseract
import pytest

from documents.ocr import EngineMissing, program, tesseract
from documents.ocr import engine as engine_process
from tests.documents_ocr.test_engine import LINES, engine, read_lines, sheet

__all__ = ["engine"]
SAYS_NO = "import socket, sys; socket.socket(fileno=int(sys.argv[1])).send(b'missing libtesseract is not installed')"


@pytest.fixture(autouse=True)
def without_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: None) -> None:
    (tmp_path / "engine.py").write_text(SAYS_NO)
    monkeypatch.setattr(engine_process, "__file__", str(tmp_path / "engine.py"))


class TestRead:
    def test_finds_the_same_words_in_the_same_lines(self) -> None:
        assert read_lines(LINES) == list(LINES)

    def test_says_where_they_stand(self) -> None:
        first, *_others = tesseract.read(sheet(*LINES), 200)

        assert (first.text, first.line) == ("Kính", (1, 1, 1))
        assert first.conf > 0.5
        assert 55 < first.x < 70
        assert 60 < first.y < 80

    def test_says_that_neither_is_there(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", str(tmp_path / "none"))

        with pytest.raises(EngineMissing):
            tesseract.read(sheet(*LINES), 200)

    def test_goes_through_the_script_that_limits_it(self) -> None:
        assert shutil.which("tesseract")
        assert pytesseract.pytesseract.tesseract_cmd == str(Path(program.__file__).with_name("tesseract.sh"))
