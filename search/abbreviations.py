"""Abbreviations of union papers, both ways: in the query, so that no index has to be made anew when the table changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from search.analysis import folded_words
from search.query import Spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from search.query import Words

LONGEST = 12  # words of a long form


class Abbreviation(NamedTuple):
    """A short form and its long one; one that is not sure has other readings."""

    short: str
    long: str
    is_sure: bool = True


def _listed(text: str, *, is_sure: bool) -> Iterator[Abbreviation]:
    """`LĐLĐ: liên đoàn lao động; …`"""
    for entry in " ".join(text.split()).split("; "):
        short, long = entry.split(": ")
        yield Abbreviation(short, long, is_sure)


# What an office begins with (domain.md 5, 24); its own table is edited on a page. Every office reads the sure ones one way alone.
_SURE = """
LĐLĐ: liên đoàn lao động; CĐCS: công đoàn cơ sở; TLĐ: tổng liên đoàn; BCH: ban chấp hành; BTV: ban thường vụ; UBKT: ủy ban kiểm tra;
UBND: ủy ban nhân dân; HĐND: hội đồng nhân dân; NLĐ: người lao động; NSDLĐ: người sử dụng lao động; BHXH: bảo hiểm xã hội;
BHYT: bảo hiểm y tế; BHTN: bảo hiểm thất nghiệp; CNVCLĐ: công nhân viên chức lao động; CNLĐ: công nhân lao động;
TƯLĐTT: thỏa ước lao động tập thể; HĐLĐ: hợp đồng lao động; ATVSLĐ: an toàn vệ sinh lao động; TNLĐ: tai nạn lao động;
BNN: bệnh nghề nghiệp; CBCĐ: cán bộ công đoàn; KPCĐ: kinh phí công đoàn; QCDC: quy chế dân chủ; KCN: khu công nghiệp;
DNNN: doanh nghiệp nhà nước; TNHH: trách nhiệm hữu hạn; HTX: hợp tác xã; CBCCVC: cán bộ công chức viên chức; TP: thành phố;
MTTQ: mặt trận tổ quốc; TAND: tòa án nhân dân; VKSND: viện kiểm sát nhân dân; NSNN: ngân sách nhà nước; CNTT: công nghệ thông tin;
PCCC: phòng cháy chữa cháy; TTHC: thủ tục hành chính; VPHC: vi phạm hành chính; GTGT: giá trị gia tăng; TNCN: thu nhập cá nhân;
TNDN: thu nhập doanh nghiệp; QSDĐ: quyền sử dụng đất; CCCD: căn cước công dân; CMND: chứng minh nhân dân; BLLĐ: bộ luật lao động;
BLDS: bộ luật dân sự; BLHS: bộ luật hình sự; CSGT: cảnh sát giao thông; GPLX: giấy phép lái xe; THPT: trung học phổ thông;
THCS: trung học cơ sở; ĐPCĐ: đoàn phí công đoàn; CBCC: cán bộ công chức; CNVC: công nhân viên chức; XKLĐ: xuất khẩu lao động;
GCN: giấy chứng nhận; ĐKKD: đăng ký kinh doanh; HKD: hộ kinh doanh; DNTN: doanh nghiệp tư nhân; CTCP: công ty cổ phần;
HĐQT: hội đồng quản trị; HĐTV: hội đồng thành viên; NSDĐ: người sử dụng đất; BĐS: bất động sản; SHTT: sở hữu trí tuệ;
KCB: khám bệnh chữa bệnh; ATTP: an toàn thực phẩm; ATGT: an toàn giao thông; BVMT: bảo vệ môi trường; NVQS: nghĩa vụ quân sự;
XPVPHC: xử phạt vi phạm hành chính; TNHS: trách nhiệm hình sự; THADS: thi hành án dân sự; BLTTDS: bộ luật tố tụng dân sự;
BLTTHS: bộ luật tố tụng hình sự; PCTN: phòng chống tham nhũng; QLNN: quản lý nhà nước; VBQPPL: văn bản quy phạm pháp luật;
GDĐT: giáo dục và đào tạo; GTVT: giao thông vận tải; NHNN: ngân hàng nhà nước
"""
_UNSURE = """
CĐ: công đoàn; QĐ: quyết định; CV: công văn; HD: hướng dẫn; KH: kế hoạch; TB: thông báo; NQ: nghị quyết; BC: báo cáo; CT: chỉ thị;
NĐ: nghị định; TT: thông tư; ĐV: đoàn viên; LĐ: lao động; DN: doanh nghiệp; VP: văn phòng; HN: hội nghị; CP: chính phủ;
QH: quốc hội; TW: trung ương; VB: văn bản; HĐ: hợp đồng
"""
USUAL = (*_listed(_SURE, is_sure=True), *_listed(_UNSURE, is_sure=False))


def table() -> tuple[Abbreviation, ...]:
    """The office's own, as it is now; one query."""
    from search.models import AbbreviationEntry  # the usual ones are also read where no database is

    rows = AbbreviationEntry.objects.order_by("id").values_list("short", "long", "is_sure")
    return tuple(Abbreviation(*row) for row in rows)


@lru_cache(maxsize=4096)
def _folded(text: str) -> tuple[str, ...]:
    """The whole table is folded for every query otherwise."""
    return tuple(folded_words(text))


def spellings(words: Words, table: Iterable[Abbreviation]) -> tuple[Spelling, ...]:
    """What stretches of the folded words may also be written as."""
    return tuple(sorted(_found(words, _by_words(tuple(table))), key=lambda one: (one.start, -one.end, one.words)))


def _found(words: Words, known: Mapping[Words, Sequence[tuple[Words, bool]]]) -> Iterator[Spelling]:
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + LONGEST) + 1):
            for other, is_sure in known.get(words[start:end], ()):
                yield Spelling(start, end, other, is_sure)


@lru_cache(maxsize=8)
def _by_words(table: tuple[Abbreviation, ...]) -> dict[Words, list[tuple[Words, bool]]]:
    """Both ways, from folded words to folded words; read once for as long as the table stays."""
    known: dict[Words, list[tuple[Words, bool]]] = {}
    for entry in table:
        short, long = _folded(entry.short), _folded(entry.long)
        for has, gets in ((short, long), (long, short)):
            if has and gets:
                known.setdefault(has, []).append((gets, entry.is_sure))
    return known
