"""What lies beside the kept bytes: pictures made of them, and what killed jobs left."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import Any

import pytest

from documents import store
from documents.tasks import KEPT_SECONDS, sweep_store

DAY = 86_400


@pytest.fixture
def root(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


def age(path: Path, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def files_in(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file()}


class TestPicture:
    def test_is_kept_under_the_hash_of_what_it_shows(self, root: Path) -> None:
        sha256 = store.keep(io.BytesIO(b"paper")).sha256

        store.keep_picture(sha256, "1-0-0-500-50", b"picture")

        assert store.picture(sha256, "1-0-0-500-50") == b"picture"
        assert store.picture(sha256, "2-0-0-500-50") is None

    def test_goes_with_the_bytes(self, root: Path) -> None:
        sha256 = store.keep(io.BytesIO(b"paper")).sha256
        store.keep_picture(sha256, "1", b"picture")

        store.remove(sha256)

        assert files_in(root) == set()

    def test_that_was_drawn_while_the_bytes_went_is_not_kept(self, root: Path) -> None:
        sha256 = store.keep(io.BytesIO(b"paper")).sha256
        store.remove(sha256)

        store.keep_picture(sha256, "1", b"picture")

        assert files_in(root) == set()

    def test_of_one_file_there_are_so_many(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(store, "MOST_PICTURES", 2)
        sha256 = store.keep(io.BytesIO(b"paper")).sha256

        for name in "abc":
            store.keep_picture(sha256, name, b"picture")

        assert [store.picture(sha256, name) is not None for name in "abc"] == [True, True, False]


class TestSweep:
    def test_takes_what_is_left_and_old_and_no_kept_bytes(self, root: Path) -> None:
        sha256 = store.keep(io.BytesIO(b"paper")).sha256
        store.keep_picture(sha256, "1", b"picture")
        with store.scratch() as fresh:
            old = fresh.with_name("killed")
            old.mkdir()
            (old / "report.jsonl").write_text("words of a page")
            busy = fresh.with_name("busy")
            busy.mkdir()
            (busy / "report.jsonl").write_text("words of a page")
            half = root / "incoming" / "half"
            half.write_bytes(b"pap")
            picture = root / "pictures" / sha256[:2] / sha256 / "1"
            for path in (store.path_of(sha256), old / "report.jsonl", old, busy, half, picture):
                age(path, 2 * DAY)

            sweep_store(int(time.time()))

            assert fresh.exists()
        assert files_in(root) == {sha256, "report.jsonl"}
        assert [path.parent.name for path in root.rglob("report.jsonl")] == ["busy"]
        assert KEPT_SECONDS == DAY
