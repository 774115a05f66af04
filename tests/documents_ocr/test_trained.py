"""Where the engine and its model are found, what is said of them, and what they read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from demo.scans import make_scan, sample
from documents.ocr import EngineMissing, read_file, supervisor, trained


@pytest.fixture(autouse=True)
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    trained.engine_version.cache_clear()


class TestFolder:
    def test_is_debians(self) -> None:
        assert (Path(trained.folder()) / trained.MODEL).is_file()

    def test_is_the_one_that_is_set(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))

        assert trained.folder() == str(tmp_path)

    def test_is_where_the_program_looks_on_another_system(self) -> None:
        trained._listed.cache_clear()

        assert Path(trained._listed()) == Path(trained.folder())


class TestPackages:
    def test_holds_the_library(self) -> None:
        assert (Path(trained.packages()) / "tesserocr").is_dir()


class TestEngineVersion:
    def test_changes_with_the_model(self, tmp_path: Path) -> None:
        shutil.copy(Path(trained.folder()) / trained.MODEL, tmp_path)
        same = trained.engine_version(tmp_path)
        with (tmp_path / trained.MODEL).open("ab") as file:
            file.write(b"more")
        trained.engine_version.cache_clear()

        assert same == trained.engine_version(None)
        assert same.startswith("tesserocr 2.")
        assert trained.engine_version(tmp_path) != same

    def test_is_unknown_without_a_model(self, tmp_path: Path) -> None:
        assert trained.engine_version(tmp_path) == ""


class TestLibrary:
    def test_is_another_than_the_program(self) -> None:
        assert trained.library(trained.folder()).startswith("tesseract 5.")
        assert trained.program().startswith("tesseract ")

    def test_is_none_where_it_does_not_load(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "tesserocr.py").write_text("raise ImportError", encoding="utf-8")
        monkeypatch.setattr(trained, "packages", lambda: str(tmp_path))

        assert trained.library(trained.folder()) == ""


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(make_scan(sample("07")))
    return path


def before(given: dict[str, str], folder: Path) -> dict[str, str]:
    """An environment in which packages of a folder come before all others."""
    return given | {"PYTHONPATH": os.pathsep.join([str(folder), given["PYTHONPATH"]])}


class TestReadFile:
    @pytest.mark.parametrize(
        "broken", ["raise ImportError('broken')", "raise ValueError('odd')", "import os; os._exit(3)"]
    )
    def test_is_read_by_the_program_and_keeps_no_page_under_the_librarys_name(
        self, broken: str, scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "tesserocr").mkdir()
        (tmp_path / "tesserocr/__init__.py").write_text(broken, encoding="utf-8")
        usual = supervisor.environment
        monkeypatch.setattr(supervisor, "environment", lambda *given: before(usual(*given), tmp_path))

        reading = read_file(scan, recall=lambda _key: None, scratch=tmp_path)

        assert reading.status == "read"
        assert "Bùi Thanh Tùng" in reading.pages[0].text
        assert not reading.known

    def test_keeps_pages_under_the_librarys_name_otherwise(self, scan: Path, tmp_path: Path) -> None:
        assert read_file(scan, recall=lambda _key: None, scratch=tmp_path).known

    def test_takes_another_model(self, scan: Path, tmp_path: Path) -> None:
        shutil.copy(Path(trained.folder()) / trained.MODEL, tmp_path)

        assert "Bùi Thanh Tùng" in read_file(scan, model=tmp_path, scratch=tmp_path).pages[0].text

    def test_says_that_another_model_is_not_there(self, scan: Path, tmp_path: Path) -> None:
        with pytest.raises(EngineMissing, match=str(tmp_path)):
            read_file(scan, model=tmp_path, scratch=tmp_path)
