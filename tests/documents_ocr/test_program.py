"""A machine whose library cannot be loaded reads with the program; one that has neither says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytesseract
import pytest

from documents.ocr import EngineMissing, program, tesseract, trained
from tests.documents_ocr.test_engine import LINES, engine, engines, read_lines, sheet

__all__ = ["engine"]


@pytest.fixture(autouse=True)
def without_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: None) -> None:
    """The engine starts where the library is broken; what starts later does not meet it."""
    (tmp_path / "tesserocr.py").write_text("raise ImportError('broken')", encoding="utf-8")
    with monkeypatch.context() as broken:
        broken.setattr(trained, "packages", lambda: str(tmp_path))
        tesseract.prepare()


class TestRead:
    def test_finds_the_same_words_in_the_same_lines(self) -> None:
        assert read_lines(LINES) == list(LINES)
        assert engines() == []  # the library's own process has said no and is gone

    def test_is_asked_since_the_library_says_no(self) -> None:
        with pytest.raises(EngineMissing, match=r"tesserocr cannot be loaded with .*: broken"):
            tesseract._by_library(sheet(*LINES), 200, 3)

    def test_says_where_they_stand(self) -> None:
        first, *_others = tesseract.read(sheet(*LINES), 200)

        assert (first.text, first.line) == ("Kính", (1, 1, 1))
        assert first.conf > 0.5
        assert 55 < first.x < 70
        assert 60 < first.y < 80

    def test_says_that_neither_has_a_model(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))

        with pytest.raises(EngineMissing, match="vie"):
            tesseract.read(sheet(*LINES), 200)

    def test_goes_through_the_script_that_limits_it(self) -> None:
        assert shutil.which("tesseract")
        assert pytesseract.pytesseract.tesseract_cmd == str(Path(program.__file__).with_name("tesseract.sh"))
