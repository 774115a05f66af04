"""Abbreviations of union papers, both ways: in the query, so that no index has to be made anew when the table changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from search.analysis import folded_words
from search.query import Spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from search.query import Words


class Abbreviation(NamedTuple):
    """A short form and its long one; one that is not sure has other readings."""

    short: str
    long: str
    is_sure: bool = True


# What an office begins with (domain.md 5, 24); its own table is edited on a page.
USUAL = (
    Abbreviation("LĐLĐ", "liên đoàn lao động"), Abbreviation("CĐCS", "công đoàn cơ sở"),
    Abbreviation("TLĐ", "tổng liên đoàn"), Abbreviation("BCH", "ban chấp hành"), Abbreviation("BTV", "ban thường vụ"),
    Abbreviation("UBKT", "ủy ban kiểm tra"), Abbreviation("UBND", "ủy ban nhân dân"), Abbreviation("NLĐ", "người lao động"),
    Abbreviation("BHXH", "bảo hiểm xã hội"), Abbreviation("BHYT", "bảo hiểm y tế"), Abbreviation("BHTN", "bảo hiểm thất nghiệp"),
    Abbreviation("CNVCLĐ", "công nhân viên chức lao động"), Abbreviation("CNLĐ", "công nhân lao động"),
    Abbreviation("TƯLĐTT", "thỏa ước lao động tập thể"), Abbreviation("HĐLĐ", "hợp đồng lao động"),
    Abbreviation("ATVSLĐ", "an toàn vệ sinh lao động"), Abbreviation("CBCĐ", "cán bộ công đoàn"),
    Abbreviation("KCN", "khu công nghiệp"), Abbreviation("DNNN", "doanh nghiệp nhà nước"), Abbreviation("TP", "thành phố"),
    Abbreviation("CĐ", "công đoàn", is_sure=False), Abbreviation("QĐ", "quyết định", is_sure=False),
    Abbreviation("CV", "công văn", is_sure=False), Abbreviation("HD", "hướng dẫn", is_sure=False),
    Abbreviation("KH", "kế hoạch", is_sure=False), Abbreviation("TB", "thông báo", is_sure=False),
    Abbreviation("NQ", "nghị quyết", is_sure=False), Abbreviation("BC", "báo cáo", is_sure=False),
    Abbreviation("CT", "chỉ thị", is_sure=False), Abbreviation("NĐ", "nghị định", is_sure=False),
    Abbreviation("TT", "thông tư", is_sure=False), Abbreviation("ĐV", "đoàn viên", is_sure=False),
)  # fmt: skip


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
    return tuple(sorted(_found(words, table), key=lambda one: (one.start, -one.end, one.words)))


def _found(words: Words, table: Iterable[Abbreviation]) -> Iterator[Spelling]:
    for entry in table:
        short, long = _folded(entry.short), _folded(entry.long)
        for has, gets in ((short, long), (long, short)):
            for start in range(len(words) - len(has) + 1):
                if has and words[start : start + len(has)] == has:
                    yield Spelling(start, start + len(has), gets, entry.is_sure)
