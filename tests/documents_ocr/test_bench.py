"""What the comparison with other readers counts: words against a truth, and everything a program starts."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from bench.ocr import measured
from bench.ocr.__main__ import Tally, described
from bench.ocr.measured import Cost
from bench.ocr.truth import score, truths_of

if TYPE_CHECKING:
    from pathlib import Path

BLOCKS = {"hl": ["LIÊN ĐOÀN LAO ĐỘNG", "Số: 05/CT-LĐLĐ"], "hr": ["Độc lập", "An Hòa"], "body": ["Kính gửi: các đơn vị"]}
RIGHT = "LIÊN ĐOÀN LAO ĐỘNG\nSố: 05/CT-LĐLĐ\nĐộc lập\nAn Hòa\nKính gửi: các đơn vị"


class TestScore:
    def test_a_right_text_has_no_fault_in_whatever_order_its_columns_are_read(self) -> None:
        by_turns = "LIÊN ĐOÀN LAO ĐỘNG Độc lập Số: 05/CT-LĐLĐ An Hòa Kính gửi: các đơn vị"

        for text in (RIGHT, by_turns):
            assert score(BLOCKS, text).rates == {"cer": 0.0, "wer": 0.0, "recall": 100.0}

    def test_a_lost_tone_is_a_wrong_letter_and_still_a_found_word(self) -> None:
        counts = score(BLOCKS, RIGHT.replace("Kính", "Kinh"))

        assert (counts.wrong_chars, counts.wrong_words, counts.found - counts.listed) == (1, 1, 0)

    def test_a_missing_word_is_not_found(self) -> None:
        counts = score(BLOCKS, RIGHT.replace("gửi: ", ""))

        assert counts.listed - counts.found == 1


class TestTruthsOf:
    def test_of_all_profiles_and_of_single_pages_lie_beside_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "L00.gt.json").write_text(json.dumps({"pages": [{"blocks": BLOCKS}, {"blocks": {}}]}))
        (tmp_path / "04CT.p2.gt.json").write_text(json.dumps(BLOCKS))

        assert truths_of(tmp_path / "L00.fax200.pdf") == {1: BLOCKS, 2: {}}
        assert truths_of(tmp_path / "04CT.pdf") == {2: BLOCKS}
        assert truths_of(tmp_path / "05CT.pdf") == {}


class TestRun:
    def test_counts_what_a_program_starts(self, tmp_path: Path) -> None:
        inner = "held = bytearray(b'x') * (60 << 20); import time; time.sleep(0.5)"
        outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}], check=True)"

        idle = measured.run([sys.executable, "-c", "pass"], folder=tmp_path, seconds=60)
        busy = measured.run([sys.executable, "-c", outer], folder=tmp_path, seconds=60)

        assert (idle.code, busy.code) == (0, 0)
        assert busy.cpu > idle.cpu
        assert busy.largest_mb > idle.largest_mb + 50
        assert busy.memory_mb > 60

    def test_a_program_that_does_not_end_is_ended(self, tmp_path: Path) -> None:
        cost = measured.run([sys.executable, "-c", "import time; time.sleep(600)"], folder=tmp_path, seconds=0.3)

        assert cost.code < 0


class TestDescribed:
    def test_of_the_rounds_the_median_counts_over_what_both_sides_read(self, tmp_path: Path) -> None:
        both, ours_alone = tmp_path / "a.pdf", tmp_path / "b.pdf"
        own, peer = Tally(), Tally()
        for seconds in (2.0, 9.0, 4.0):
            own.take(both, Cost(0, seconds, seconds, 100, 120), ["a", "b"])
            own.take(ours_alone, Cost(0, 50, 50, 100, 120), ["a"])
            peer.take(both, Cost(0, 2 * seconds, 4 * seconds, 100, 120), ["a", "b"])
        peer.take(ours_alone, Cost(2, 1, 1, 100, 120), [])

        report = described({"own": own, "ocrmypdf": peer})

        assert report["systems"]["own"]["pages"] == 3
        assert report["systems"]["ocrmypdf"]["refused"] == ["b.pdf"]
        assert report["against"]["ocrmypdf"] == {"cpu": 0.25, "wall": 0.5, "files": 1, "pages": 2}
