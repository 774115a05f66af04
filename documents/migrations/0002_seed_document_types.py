"""The names of Nghị định 30/2020, article 7, and the union's extras, which offices switch on (domain.md 4)."""

from django.db import migrations

NAMED = (
    ("Nghị quyết", "NQ"), ("Quyết định", "QĐ"), ("Chỉ thị", "CT"), ("Quy chế", "QC"), ("Quy định", "QyĐ"),
    ("Thông cáo", "TC"), ("Thông báo", "TB"), ("Hướng dẫn", "HD"), ("Chương trình", "CTr"), ("Kế hoạch", "KH"),
    ("Phương án", "PA"), ("Đề án", "ĐA"), ("Dự án", "DA"), ("Báo cáo", "BC"), ("Biên bản", "BB"), ("Tờ trình", "TTr"),
    ("Hợp đồng", "HĐ"), ("Công điện", "CĐ"), ("Bản ghi nhớ", "BGN"), ("Bản thỏa thuận", "BTT"),
    ("Giấy ủy quyền", "GUQ"), ("Giấy mời", "GM"), ("Giấy giới thiệu", "GGT"), ("Giấy nghỉ phép", "GNP"),
    ("Phiếu gửi", "PG"), ("Phiếu chuyển", "PC"), ("Phiếu báo", "PB"), ("Thư công", ""), ("Công văn", ""),
)
EXTRAS = (
    ("Kết luận", "KL"), ("Thông tri", "TT"), ("Quy hoạch", "QH"), ("Điều lệ", ""), ("Tuyên bố", ""),
    ("Lời kêu gọi", ""), ("Luật", ""), ("Nghị định", "NĐ"), ("Thông tư", "TT"),
)


def seed(apps, schema_editor):
    types = apps.get_model("documents", "DocumentType")
    offered = [(name, abbreviation, True) for name, abbreviation in NAMED]
    rare = [(name, abbreviation, False) for name, abbreviation in EXTRAS]
    types.objects.bulk_create(
        types(name=name, abbreviation=abbreviation, order=place, is_offered=is_offered)
        for place, (name, abbreviation, is_offered) in enumerate(offered + rare)
    )


def unseed(apps, schema_editor):
    apps.get_model("documents", "DocumentType").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunPython(seed, unseed)]
