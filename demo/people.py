"""The thirty people of the demo office, their posts and roles (domain.md 13). Every name is invented."""

from dataclasses import dataclass

from demo.units import AN_HOA, DONG_THANH, GARMENT, TOP

PASSWORD = "vanthu-demo-2026"  # noqa: S105 - printed in docs/demo.md on purpose


@dataclass(frozen=True, slots=True)
class PostSeed:
    """A post of a unit and what its holder may do: role codes of domain.md 13."""

    unit: str
    title: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonSeed:
    """A person, the name they sign in with and the posts they hold, the first one mainly."""

    username: str
    name: str
    posts: tuple[PostSeed, ...]


def _person(username: str, name: str, *posts: tuple[str, str, str]) -> PersonSeed:
    return PersonSeed(
        username, name, tuple(PostSeed(unit, title, tuple(roles.split())) for unit, title, roles in posts)
    )


CONFEDERATION = (
    _person("van-thu-tld", "Lê Thị Hạnh", (TOP, "Văn thư", "clerk")),
    _person("lanh-dao-tld", "Nguyễn Hữu Thành", (TOP, "Chủ tịch", "leader chair")),
    _person(
        "chanh-vp-tld",
        "Trịnh Quốc Bảo",
        (TOP, "Chánh Văn phòng", "office_chief"),
        (f"{TOP}-VP", "Phụ trách Văn phòng", "dept_head"),
    ),
    _person("truong-ban-cs-tld", "Hồ Thị Ngọc Diệp", (f"{TOP}-CSPL", "Trưởng ban", "dept_head")),
    _person("chuyen-vien-tld", "Cao Minh Đức", (f"{TOP}-VP", "Chuyên viên", "specialist")),
    _person("thu-ky-tld", "Phùng Thị Lan Anh", (f"{TOP}-VP", "Chuyên viên tổng hợp", "specialist secretary")),
    _person("tro-ly-tld", "Kiều Anh Tuấn", (TOP, "Trợ lý Chủ tịch", "assistant")),
    _person("luu-tru-tld", "Tạ Văn Lực", (f"{TOP}-VP", "Lưu trữ", "archivist")),
    _person("bao-mat-tld", "Đinh Công Sơn", (f"{TOP}-TCKT", "Cán bộ bảo mật", "security_officer")),
    _person("quan-tri", "Vương Đình Nam", (f"{TOP}-VP", "Quản trị hệ thống", "sys_admin")),
)
PROVINCE = (
    _person("van-thu-an-hoa", "Nguyễn Thị Mai", (AN_HOA, "Văn thư", "clerk")),
    _person("lanh-dao-an-hoa", "Đỗ Văn Khánh", (AN_HOA, "Chủ tịch", "leader chair")),
    _person("pho-chu-tich-an-hoa", "Trần Thị Minh Châu", (AN_HOA, "Phó Chủ tịch", "leader")),
    _person(
        "chanh-vp-an-hoa",
        "Phạm Thị Thu Hà",
        (AN_HOA, "Chánh Văn phòng", "office_chief"),
        (f"{AN_HOA}-VP", "Phụ trách Văn phòng", "dept_head"),
    ),
    _person("pho-vp-an-hoa", "Lê Quang Huy", (f"{AN_HOA}-VP", "Phó Chánh Văn phòng", "specialist")),
    _person("thu-ky-an-hoa", "Hoàng Ngọc Lan", (f"{AN_HOA}-VP", "Chuyên viên", "specialist secretary")),
    _person("truong-ban-cs-an-hoa", "Đặng Thị Kim Oanh", (f"{AN_HOA}-CSPL", "Trưởng ban", "dept_head")),
    _person("truong-ban-tckt-an-hoa", "Đinh Thị Bích Thủy", (f"{AN_HOA}-TCKT", "Trưởng ban", "dept_head")),
    _person("truong-ban-tc-an-hoa", "Phan Văn Lợi", (f"{AN_HOA}-TC", "Trưởng ban", "dept_head")),
    _person("quan-tri-an-hoa", "Dương Quốc Việt", (f"{AN_HOA}-VP", "Quản trị đơn vị", "unit_admin")),
)
BELOW = (
    _person("van-thu-dong-thanh", "Mai Thị Hồng Nhung", (DONG_THANH, "Văn thư", "clerk specialist")),
    _person("chu-tich-dong-thanh", "Bùi Thanh Tùng", (DONG_THANH, "Chủ tịch", "leader chair")),
    _person(
        "pho-chu-tich-dong-thanh",
        "Vũ Đức Mạnh",
        (DONG_THANH, "Phó Chủ tịch", "leader"),
        (f"{DONG_THANH}-VP", "Phụ trách bộ phận", "dept_head"),
    ),
    _person("can-bo-phu-lam-thuong", "Lò Thị Thanh", ("CDX-PLT", "Chủ tịch kiêm văn thư", "clerk leader specialist")),
    _person(
        "chu-tich-may-dong-thanh", "Ngô Xuân Trường", (GARMENT, "Chủ tịch kiêm văn thư", "clerk leader specialist")
    ),
)
NEIGHBOURS = (
    _person("van-thu-son-lam", "Hà Thị Phượng", ("LDLD-SL", "Văn thư", "clerk")),
    _person("lanh-dao-son-lam", "Lục Văn Thông", ("LDLD-SL", "Chủ tịch", "leader chair")),
    _person("van-thu-tan-giang", "Huỳnh Mỹ Linh", ("LDLD-TG", "Văn thư", "clerk")),
    _person("lanh-dao-tan-giang", "Võ Thành Trung", ("LDLD-TG", "Chủ tịch", "leader chair")),
    _person("chu-tich-sao-nam", "Lương Thế Dũng", ("CD-SN", "Chủ tịch kiêm văn thư", "clerk leader chair")),
)
PEOPLE = (*CONFEDERATION, *PROVINCE, *BELOW, *NEIGHBOURS)
