"""What a reader of the office has in mind stands first: the twelve sample papers, asked for as people ask."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from core.vietnamese import fold
from demo.scans import sample
from demo.scans.sample import FOLDER
from search.abbreviations import USUAL
from search.backends.base import ReaderTokens, SearchRequest
from search.parser import parse
from search.resolve import resolved, weighed
from tests.search.conftest import EVERYBODY, fill, found, op
from tests.search.contract.conftest import ENGINES, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.backends.base import Op, SearchBackend

KEYS = [f"{number:02d}" for number in range(1, 13)]
TITLE = "day manh xu ly van ban va hop giao ban tren moi truong so"


@pytest.fixture(scope="module", params=ENGINES)
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchBackend]:
    """The samples, and papers that name 05/CT-TLĐ again and again."""
    for engine in opened(request, tmp_path_factory.mktemp("archive")):
        fill(engine, *papers())
        yield engine


def papers() -> list[Op]:
    papers = []
    for key in KEYS:
        truth = sample(key).truth
        symbol = f"{truth['number']}/{truth['symbol']}"
        papers.append(
            op(
                int(key),
                symbol=symbol,
                title=truth["subject"],
                body=(FOLDER / truth["file"]).read_text(encoding="utf-8"),
            )
        )
    for number in range(101, 109):
        name = f"Thực hiện Chỉ thị số 05/CT-TLĐ của Tổng Liên đoàn tại đơn vị {number}"
        body = f"Báo cáo {name}. Căn cứ Chỉ thị 05/CT-TLĐ ngày 15/9/2025, xử lý văn bản, họp giao ban. " * 6
        papers.append(op(number, symbol=f"{number}/BC-CĐP", title=name, body=body))
    return papers


class TestSymbols:
    @pytest.mark.parametrize("key", KEYS)
    def test_in_every_spelling_find_their_paper_first(self, archive: SearchBackend, key: str) -> None:
        truth = sample(key).truth
        number, symbol = truth["number"], truth["symbol"]
        spellings = [
            f"{number}/{symbol}", f"{number} {symbol}", fold(f"{number} {symbol}").replace("-", " "),
            f"{number.lstrip('0')}/{symbol.lower()}", f"văn bản số {number}/{symbol}", f"{truth['type']} {number}/{symbol}",
        ]  # fmt: skip

        assert {found(archive, typed)[0] for typed in spellings} == {int(key)}

    @pytest.mark.parametrize("typed", ["05 ct tld", "5/ct-tlđ", "ct 05 tld", "chi thi 05 ct tld"])
    def test_own_beats_citations(self, archive: SearchBackend, typed: str) -> None:
        hits = found(archive, typed)

        assert hits[0] == 1
        assert {2, 101, 108} <= set(hits)  # those that name it follow


HALF_REMEMBERED = [
    (TITLE, "01"),
    ("day manh xu ly van ban", "01"),
    ("không dùng mạng xã hội cá nhân để gửi văn bản chỉ đạo", "01"),
    ("chi thi xu ly van ban moi truong so", "01"),
    ("ke hoach thuc hien chi thi 05", "02"),
    ("đôn đốc báo cáo tiến độ số hóa", "03"),
    ("cong van khan so hoa van ban den xa phuong", "03"),
    ("giay moi giao ban thang 11", "04"),
    ("bien ban giao ban truc tuyen thang 11 2025", "05"),
    ("thong bao ket luan giao ban", "06"),
    ("ket luan cua chu tich tai hoi nghi giao ban", "06"),
    ("thành lập tổ chuyển đổi số", "07"),
    ("to chuyen doi so phuong dong thanh", "07"),
    ("đề nghị trang bị máy quét", "08"),
    ("may quet chung thu chu ky so", "08"),
    ("bao cao cong ty may dong thanh", "09"),
    ("kết quả triển khai xử lý văn bản trên môi trường số tháng 11", "09"),
    ("huong dan quet dat ten tep", "10"),
    ("đặt tên tệp nhận dạng", "10"),
    ("ung pho bao", "11"),
    ("công điện bão an toàn đoàn viên", "11"),
    ("nghi quyet hoi nghi ban chap hanh lan thu nam", "12"),
    ("nhiem ky 2025 2030 sao nam", "12"),
]


class TestWords:
    @pytest.mark.parametrize(("typed", "key"), HALF_REMEMBERED)
    def test_half_remembered_find_their_paper_among_the_first_three(
        self, archive: SearchBackend, typed: str, key: str
    ) -> None:
        assert int(key) in found(archive, typed)[:3]

    @pytest.mark.parametrize("key", KEYS)
    def test_of_the_subject_find_it_with_tones_or_without(self, archive: SearchBackend, key: str) -> None:
        """The second place is for papers whose subject names another one, or stands within another's."""
        subject = sample(key).truth["subject"]

        assert int(key) in found(archive, subject)[:2]
        assert int(key) in found(archive, fold(subject))[:2]


def paper(pk: int, day: str, *, title: str = "Chăm lo đời sống", body: str = "văn bản khác", **facts: Any) -> Op:
    at = date.fromisoformat(day)
    usual = {"type_name": "Kế hoạch", "unit_name": "Liên đoàn Lao động tỉnh An Hòa"}
    return op(pk, title=title, body=body, day=at.toordinal(), year=at.year, **{**usual, **facts})


@pytest.fixture
def shelf(engine: SearchBackend) -> SearchBackend:
    """Papers whose own day, kind and office are written nowhere in their text; others name the same."""
    fill(
        engine, paper(1, "2026-03-15", symbol="12/KH-LĐLĐ"), paper(2, "2026-04-15", symbol="3/KH-LĐLĐ"),
        paper(3, "2025-03-15", body="theo kế hoạch ngày 15/03/2026 của Liên đoàn Lao động tỉnh An Hòa", symbol="12/KH-LĐLĐ"),
        paper(4, "2026-03-15", type_name="Báo cáo", symbol="12/BC-LĐLĐ"), paper(5, "2026-03-16", unit_name="Công đoàn ngành Y tế"),
    )  # fmt: skip
    return engine


class TestFacts:
    @pytest.mark.parametrize("written", ["15/3/2026", "15-03-2026", "ngày 15 tháng 3 năm 2026"])
    def test_of_kind_office_and_day_find_the_paper_itself_first(self, shelf: SearchBackend, written: str) -> None:
        hits = found(shelf, f"kế hoạch LĐLĐ tỉnh An Hòa {written}")

        assert hits[0] == 1
        assert 3 in hits  # it names the day

    @pytest.mark.parametrize("month", ["3/2026", "tháng 3/2026", "tháng 03 năm 2026", "thang 3 nam 2026"])
    def test_of_kind_office_and_month_find_the_paper_itself_first(self, shelf: SearchBackend, month: str) -> None:
        assert found(shelf, f"kế hoạch liên đoàn lao động tỉnh An Hòa {month}")[0] == 1

    @pytest.mark.parametrize(
        ("typed", "pk"), [("kế hoạch 12/2026", 1), ("bao cao 12/2026", 4), ("kế hoạch 12/2025", 3)]
    )
    def test_of_kind_number_and_year_do_too(self, shelf: SearchBackend, typed: str, pk: int) -> None:
        assert found(shelf, typed)[0] == pk


class TestTitles:
    def test_answer_with_the_text(self, engine: SearchBackend) -> None:
        fill(engine, op(1, title="Quỹ trợ vốn", body="trả góp hằng tháng"), op(2, title="Quỹ", body="góp ý"))

        assert found(engine, "trợ vốn trả góp") == [1]

    def test_end_where_the_text_begins(self, engine: SearchBackend) -> None:
        fill(engine, op(1, title="Quỹ trợ", body="vốn trả góp"))

        assert found(engine, '"trợ vốn"') == []
        assert found(engine, '"vốn trả"') == [1]


class TestAbbreviations:
    @pytest.mark.parametrize(
        "typed", ["LĐLĐ tỉnh An Hòa", "liên đoàn lao động tỉnh An Hòa", "lien doan lao dong tinh an hoa"]
    )
    def test_meet_what_they_stand_for_both_ways_with_their_neighbours(self, engine: SearchBackend, typed: str) -> None:
        scattered = "An Hòa liên hoan, đoàn kết, lao tâm, động viên, tỉnh táo"
        bodies = ["theo LĐLĐ tỉnh An Hòa", "theo Liên đoàn Lao động tỉnh An Hòa", scattered]
        fill(engine, *(op(pk, body=body) for pk, body in enumerate(bodies, 1)))

        readers = ReaderTokens(frozenset([EVERYBODY]))
        query = weighed(resolved(parse(typed), engine, readers, USUAL), engine, readers)
        page = engine.search(SearchRequest(query), ReaderTokens(frozenset([EVERYBODY])))

        assert {hit.doc_id for hit in page.hits[:2]} == {1, 2}
