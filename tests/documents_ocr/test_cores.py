"""How the cores are shared among files that are read at once."""

from __future__ import annotations

import pytest

from documents.ocr.cores import Cores


class TestLanes:
    def test_a_file_alone_gets_what_it_wishes_and_no_more_than_there_is(self) -> None:
        cores = Cores(2)

        with cores.lanes(1) as modest:
            pass
        with cores.lanes(4) as greedy:
            pass

        assert (modest, greedy) == (1, 2)

    def test_a_file_beside_others_gets_what_they_left_and_one_at_least(self) -> None:
        cores = Cores(3)

        with cores.lanes(2) as first, cores.lanes(2) as second, cores.lanes(2) as third:
            assert (first, second, third) == (2, 1, 1)

    def test_what_a_file_had_is_free_again_however_it_ended(self) -> None:
        cores = Cores(2)

        with pytest.raises(ValueError, match="broken"), cores.lanes(2):
            raise ValueError("broken")
        with cores.lanes(2) as given:
            assert given == 2
