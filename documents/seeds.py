"""The names of Nghị định 30/2020, article 7, and further ones that offices may switch on (domain.md 4)."""

from __future__ import annotations

from documents.models import DocumentType

NAMED = (
    ("Nghị quyết", "NQ"),
    ("Quyết định", "QĐ"),
    ("Chỉ thị", "CT"),
    ("Quy chế", "QC"),
    ("Quy định", "QyĐ"),
    ("Thông cáo", "TC"),
    ("Thông báo", "TB"),
    ("Hướng dẫn", "HD"),
    ("Chương trình", "CTr"),
    ("Kế hoạch", "KH"),
    ("Phương án", "PA"),
    ("Đề án", "ĐA"),
    ("Dự án", "DA"),
    ("Báo cáo", "BC"),
    ("Biên bản", "BB"),
    ("Tờ trình", "TTr"),
    ("Hợp đồng", "HĐ"),
    ("Công điện", "CĐ"),
    ("Bản ghi nhớ", "BGN"),
    ("Bản thỏa thuận", "BTT"),
    ("Giấy ủy quyền", "GUQ"),
    ("Giấy mời", "GM"),
    ("Giấy giới thiệu", "GGT"),
    ("Giấy nghỉ phép", "GNP"),
    ("Phiếu gửi", "PG"),
    ("Phiếu chuyển", "PC"),
    ("Phiếu báo", "PB"),
    ("Thư công", ""),
    ("Công văn", ""),
)
RARE = (
    ("Kết luận", "KL"),
    ("Thông tri", "TT"),
    ("Quy hoạch", "QH"),
    ("Điều lệ", ""),
    ("Tuyên bố", ""),
    ("Lời kêu gọi", ""),
    ("Luật", ""),
    ("Nghị định", "NĐ"),
    ("Thông tư", "TT"),
)


def seed_document_types(**kwargs: object) -> None:
    """Fill an empty catalogue; runs after every migration, and never touches a catalogue that an office has."""
    if DocumentType.objects.exists():
        return
    offered = [(name, abbreviation, True) for name, abbreviation in NAMED]
    rare = [(name, abbreviation, False) for name, abbreviation in RARE]
    DocumentType.objects.bulk_create(
        DocumentType(name=name, abbreviation=abbreviation, order=place, is_offered=is_offered)
        for place, (name, abbreviation, is_offered) in enumerate(offered + rare)
    )
