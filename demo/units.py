"""The invented union of the demo office: four tiers, about 120 units. Only the names of the top tier are real."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

LONG_AGO = date(2013, 1, 1)
TWO_LEVELS = date(2025, 7, 1)
"""Ward and commune unions stand since two-level local government (domain.md 12)."""


@dataclass(frozen=True, slots=True)
class UnitSeed:
    """A unit to be created below `parent` (a code, "" for the top); `former` are earlier names with their last day."""

    code: str
    name: str
    kind: str
    tier: int
    symbol: str
    place: str
    parent: str
    since: date = LONG_AGO
    former: str = ""


CONFEDERATION, DEPARTMENT, PROVINCIAL, GRASSROOTS = "CONFEDERATION", "DEPARTMENT", "PROVINCIAL", "GRASSROOTS"
SECTOR, CORPORATION, WARD, ZONE = "SECTOR_CENTRAL", "CORPORATION", "WARD", "INDUSTRIAL_ZONE"

TOP = "TLD"
AN_HOA = "LDLD-AH"
DONG_THANH = "CDP-DT"
GARMENT = "CDCS-MDT"

DEPARTMENTS = {
    TOP: (
        ("VP", "Văn phòng"),
        ("CSPL", "Ban Chính sách - Pháp luật và Quan hệ lao động"),
        ("TCKT", "Ban Tổ chức - Kiểm tra"),
        ("TC", "Ban Tài chính"),
        ("CTDV", "Ban Công tác đoàn viên"),
    ),
    AN_HOA: (
        ("VP", "Văn phòng"),
        ("CSPL", "Ban Chính sách - Pháp luật"),
        ("TCKT", "Ban Tổ chức - Kiểm tra"),
        ("TC", "Ban Tài chính"),
    ),
    "LDLD-SL": (("VP", "Văn phòng"),),
    "LDLD-VH": (("VP", "Văn phòng"),),
    "LDLD-TG": (("VP", "Văn phòng"),),
    "CD-SN": (("VPCD", "Văn phòng Công đoàn"),),
    DONG_THANH: (("VP", "Bộ phận Văn phòng"),),
}
PROVINCES = (
    (AN_HOA, "tỉnh An Hòa", "An Hòa"),
    ("LDLD-SL", "tỉnh Sơn Lâm", "Sơn Lâm"),
    ("LDLD-VH", "tỉnh Vĩnh Hải", "Vĩnh Hải"),
    ("LDLD-TG", "thành phố Tân Giang", "Tân Giang"),
)
SECTORS = (
    ("CD-SN", "Công đoàn Tổng công ty Cơ khí Sao Nam", "CĐSN"),
    ("CDN-CD", "Công đoàn ngành Cơ điện miền Nam", "CĐN"),
)
WARDS = {
    AN_HOA: (
        "phường Đông Thành", "xã Phú Lâm Thượng", "xã Vĩnh Khê", "phường Tây Thành", "phường Bến Sỏi", "phường Hòa Lợi",
        "xã An Phú Trung", "xã Bàu Sen", "xã Cẩm Điền", "xã Đồng Tranh", "xã Gò Muối", "xã Hương Trà Thượng",
        "xã Long Khê", "xã Suối Đá", "xã Tam Lãnh", "xã Thạnh Mỹ Tây",
    ),
    "LDLD-SL": (
        "phường Sơn Trung", "phường Nà Lốc", "xã Bản Pháy", "xã Khe Sung", "xã Mường Tấc", "xã Nậm Chà", "xã Pa Khôm",
        "xã Tả Sìn",
    ),
    "LDLD-VH": (
        "phường Cửa Lở", "phường Hải Xuân", "xã Cồn Mây", "xã Đảo Nứa", "xã Giao Lạc", "xã Hòn Trống", "xã Vĩnh Sa",
    ),
    "LDLD-TG": (
        "phường Bình Khê", "phường Cầu Ngang Thượng", "phường Gia Lộc", "phường Lái Bè", "phường Tân Thới Hạ",
        "phường Xóm Bưởi", "xã Mỹ Hạnh Bắc", "xã Rạch Tre",
    ),
}  # fmt: skip
SPECIAL_WARDS = {"phường Đông Thành": DONG_THANH, "xã Phú Lâm Thượng": "CDX-PLT", "xã Vĩnh Khê": "CDX-VK"}
ZONE_UNION = "CDKCN-AH"
FIRMS = {
    DONG_THANH: (
        "Công ty TNHH May Đông Thành", "Công ty Cổ phần Giày Bình Nguyên", "Trường Tiểu học Đông Thành",
        "Trạm Y tế phường Đông Thành", "Hợp tác xã Vận tải Sông Mây", "Công ty TNHH Gốm Lò Chén",
        "Trường Trung học cơ sở Lê Lai", "Công ty Cổ phần Bao bì Tân Sắc", "Công ty TNHH Nước mắm Cô Ba",
        "Siêu thị Thành Phát",
    ),
    ZONE_UNION: (
        "Công ty TNHH Điện tử Hoàng Vũ", "Công ty TNHH Dệt Sợi Vàng", "Công ty Cổ phần Thép Hưng Nghĩa",
        "Công ty TNHH Nhựa Mặt Trời", "Công ty TNHH Linh kiện Bắc Đẩu", "Công ty Cổ phần Gỗ Trường Lâm",
        "Công ty TNHH Thực phẩm Đồng Xanh", "Công ty TNHH Bao tay Cát Tường",
    ),
    "CD-SN": (
        "Công ty Cơ khí Sao Nam 1", "Công ty Cơ khí Sao Nam 2", "Nhà máy Đúc Phú Hưng",
        "Viện Thiết kế máy Sao Nam", "Công ty Xây lắp Sao Nam", "Trường Cao đẳng nghề Sao Nam",
    ),
    "CDN-CD": (
        "Công ty Điện cơ Thủ Dầu", "Nhà máy Biến áp Nam Phong", "Công ty Thang máy Việt Hưng",
        "Công ty Quạt điện Gió Lành",
    ),
}  # fmt: skip
FIRMS_OF_OTHER_WARDS = (
    "Trường Tiểu học {place}", "Công ty TNHH Chế biến nông sản {place}", "Hợp tác xã Nông nghiệp {place}",
    "Trạm Y tế {place}",
)  # fmt: skip
WARDS_WITH_FIRMS = 32


def unit_seeds() -> tuple[UnitSeed, ...]:
    """Return every unit, parents before children."""
    return (*_upper(), *_departments(), *_wards(), *_grassroots())


def _upper() -> Iterator[UnitSeed]:
    yield UnitSeed(TOP, "Tổng Liên đoàn Lao động Việt Nam", CONFEDERATION, 1, "TLĐ", "Hà Nội", "")
    for code, name, place in PROVINCES:
        yield UnitSeed(code, f"Liên đoàn Lao động {name}", PROVINCIAL, 2, "LĐLĐ", place, TOP)
    for code, name, symbol in SECTORS:
        kind = CORPORATION if "Tổng công ty" in name else SECTOR
        yield UnitSeed(code, name, kind, 2, symbol, "Hà Nội", TOP)


def _departments() -> Iterator[UnitSeed]:
    for parent, departments in DEPARTMENTS.items():
        if parent == DONG_THANH:
            continue
        tier = 1 if parent == TOP else 2
        for code, name in departments:
            former = "Ban Tổ chức" if code == "TCKT" else ""
            yield UnitSeed(f"{parent}-{code}", name, DEPARTMENT, tier, code, "", parent, former=former)


def _wards() -> Iterator[UnitSeed]:
    for parent, names in WARDS.items():
        for at, name in enumerate(names, start=1):
            is_ward = name.startswith("phường")
            code = SPECIAL_WARDS.get(name) or f"{'CDP' if is_ward else 'CDX'}-{parent[-2:]}{at:02d}"
            symbol = "CĐP" if is_ward else "CĐX"
            place = name.split(maxsplit=1)[1]
            yield UnitSeed(code, f"Công đoàn {name}", WARD, 3, symbol, place, parent, TWO_LEVELS)
    yield UnitSeed(ZONE_UNION, "Công đoàn các khu công nghiệp tỉnh An Hòa", ZONE, 3, "CĐKCN", "An Hòa", AN_HOA)
    yield UnitSeed(f"{DONG_THANH}-VP", "Bộ phận Văn phòng", DEPARTMENT, 3, "VP", "", DONG_THANH, TWO_LEVELS)


def _grassroots() -> Iterator[UnitSeed]:
    for parent, firms in FIRMS.items():
        for at, firm in enumerate(firms, start=1):
            code = GARMENT if firm.endswith("May Đông Thành") else f"CDCS-{parent.split('-')[1]}{at:02d}"
            place = {DONG_THANH: "Đông Thành", ZONE_UNION: "An Hòa"}.get(parent, "Hà Nội")
            yield UnitSeed(code, f"Công đoàn cơ sở {firm}", GRASSROOTS, 4, "CĐCS", place, parent)
    yield from _other_grassroots()


def _other_grassroots() -> Iterator[UnitSeed]:
    """One union in each of the first wards that have none yet, so that every province has its fourth tier."""
    wards = [ward for ward in _wards() if ward.kind == WARD and ward.code != DONG_THANH]
    for at, ward in enumerate(wards[:WARDS_WITH_FIRMS]):
        firm = FIRMS_OF_OTHER_WARDS[at % len(FIRMS_OF_OTHER_WARDS)].format(place=ward.place)
        yield UnitSeed(
            f"CDCS-{ward.code.replace('-', '')}",
            f"Công đoàn cơ sở {firm}",
            GRASSROOTS,
            4,
            "CĐCS",
            ward.place,
            ward.code,
        )
