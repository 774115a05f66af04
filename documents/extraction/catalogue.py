"""What every Vietnamese office knows without being told: names of types, usual symbols, titles (domain.md 4 and 12)."""

from documents.extraction.model import Catalogue
from documents.extraction.text import fold

_TYPES = (
    *(("Nghị quyết", "NQ"), ("Quyết định", "QĐ"), ("Chỉ thị", "CT"), ("Quy chế", "QC"), ("Quy định", "QyĐ")),
    *(("Thông cáo", "TC"), ("Thông báo", "TB"), ("Hướng dẫn", "HD"), ("Chương trình", "CTr"), ("Kế hoạch", "KH")),
    *(("Phương án", "PA"), ("Đề án", "ĐA"), ("Dự án", "DA"), ("Báo cáo", "BC"), ("Biên bản", "BB")),
    *(("Tờ trình", "TTr"), ("Hợp đồng", "HĐ"), ("Công điện", "CĐ"), ("Bản ghi nhớ", "BGN")),
    *(("Bản thỏa thuận", "BTT"), ("Giấy ủy quyền", "GUQ"), ("Giấy mời", "GM"), ("Giấy giới thiệu", "GGT")),
    *(("Giấy nghỉ phép", "GNP"), ("Phiếu gửi", "PG"), ("Phiếu chuyển", "PC"), ("Phiếu báo", "PB")),
    *(("Thư công", ""), ("Công văn", "")),
    # of the Party, the union and of lawmakers
    *(("Kết luận", "KL"), ("Thông tri", "TT"), ("Quy hoạch", "QH"), ("Điều lệ", "ĐL"), ("Tuyên bố", "TBo")),
    *(("Lời kêu gọi", "LKG"), ("Nghị định", "NĐ"), ("Thông tư", "TT"), ("Thông tư liên tịch", "TTLT")),
    *(("Nghị quyết liên tịch", "NQLT"), ("Luật", "L"), ("Pháp lệnh", "PL"), ("Lệnh", "L"), ("Quy trình", "QTr")),
    *(("Phiếu trình", "PTr"), ("Bản cam kết", "BCK"), ("Đề cương", "ĐC")),
)
_UNION = "TLĐ LĐLĐ CĐN CĐ CĐP CĐX CĐCS CĐTCT CĐCT CĐVC CĐKCN CĐGD CĐYT NĐCS BCH BTV ĐCT TTr UBKT VP TG TC ToC CSPL"
_UNION_OFFICES = "TCKT QHLĐ NC NCC KTTH CSPLQHLĐ TGNC ĐHCĐ"
_STATE = "CP TTg VPCP UBND HĐND QH QH13 QH14 QH15 UBTVQH UBTVQH15 CTN BNV BTC BTP BCA BQP BNG BCT BXD BYT BVHTTDL"
_STATE_MORE = "BGDĐT BKHCN BTNMT BLĐTBXH BKHĐT BTTTT BGTVT BNN BNNPTNT BNNMT BDTTG UBDT TTCP NHNN KTNN TANDTC VKSNDTC"
_PROVINCE = "VP SNV STC STP SCT SXD SYT SGDĐT SKHCN SNN SNNMT STTTT SVHTTDL SLĐTBXH SKHĐT STNMT SGTVT TTT BHXH CAT BQL"
_PARTY = "TW TU HU ĐU ĐUK VPTW BTCTW BTGTW UBKTTW BNCTW BDVTW BTGDVTW BCĐ BTGTU BTCTU UBKTTU MTTQ MTTW ĐTN TWĐTN HPN HND HCCB"
_TITLES = (
    *("Chủ tịch", "Phó Chủ tịch", "Phó Chủ tịch Thường trực", "Quyền Chủ tịch", "Chánh Văn phòng"),
    *("Phó Chánh Văn phòng", "Trưởng ban", "Phó Trưởng ban", "Giám đốc", "Phó Giám đốc", "Tổng Giám đốc"),
    *("Phó Tổng Giám đốc", "Hiệu trưởng", "Phó Hiệu trưởng", "Trưởng phòng", "Phó Trưởng phòng", "Chủ trì"),
    *("Chủ tọa", "Tổ trưởng", "Chủ nhiệm", "Phó Chủ nhiệm", "Bí thư", "Phó Bí thư", "Phó Bí thư Thường trực"),
    *("Thủ tướng", "Phó Thủ tướng", "Bộ trưởng", "Thứ trưởng", "Cục trưởng", "Phó Cục trưởng", "Vụ trưởng"),
    *("Phó Vụ trưởng", "Tổng Thư ký", "Viện trưởng", "Chánh Thanh tra", "Chánh án", "Thường trực Ban Bí thư"),
    *("Ủy viên", "Ủy viên Thường trực", "Trưởng đoàn", "Thống đốc", "Phó Thống đốc", "Tổng Bí thư", "Chủ tịch nước"),
)
_ORGANS = (
    *("Tổng Liên đoàn Lao động Việt Nam", "Chính phủ", "Thủ tướng Chính phủ", "Văn phòng Chính phủ", "Quốc hội"),
    *("Ban Chấp hành Trung ương", "Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam", "Bộ Nội vụ", "Bộ Tài chính"),
    *("Bộ Tư pháp", "Bộ Công an", "Bộ Quốc phòng", "Bộ Ngoại giao", "Bộ Công Thương", "Bộ Xây dựng", "Bộ Y tế"),
    *("Bộ Giáo dục và Đào tạo", "Bộ Khoa học và Công nghệ", "Bộ Nông nghiệp và Môi trường"),
    *("Bộ Văn hóa, Thể thao và Du lịch", "Ngân hàng Nhà nước Việt Nam"),
)

DEFAULT_CATALOGUE = Catalogue(
    types=_TYPES,
    organs=_ORGANS,
    organ_symbols=tuple(
        dict.fromkeys(f"{_UNION} {_UNION_OFFICES} {_STATE} {_STATE_MORE} {_PROVINCE} {_PARTY}".split())
    ),
    signer_titles=_TITLES,
)

# Words of letterheads: a line that says one of them without its tones is given them back.
PHRASES = (
    *("TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM", "LIÊN ĐOÀN LAO ĐỘNG", "CÔNG ĐOÀN CƠ SỞ", "CÔNG ĐOÀN", "NGHIỆP ĐOÀN"),
    *("ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "BAN CHẤP HÀNH", "BAN THƯỜNG VỤ", "ĐOÀN CHỦ TỊCH", "ỦY BAN KIỂM TRA"),
    *("VĂN PHÒNG", "THÀNH PHỐ", "ĐẢNG BỘ", "TỈNH ỦY", "THÀNH ỦY", "ĐẢNG ỦY", "MẶT TRẬN TỔ QUỐC", "TRUNG ƯƠNG"),
    *("CÔNG TY", "TỔNG CÔNG TY", "TẬP ĐOÀN", "CỔ PHẦN", "TRƯỜNG ĐẠI HỌC", "KHU CÔNG NGHIỆP", "BỆNH VIỆN"),
    *("PHÓ CHỦ TỊCH", "CHỦ TỊCH", "TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "TỔ CHỨC", "KIỂM TRA", "GIÁM ĐỐC", "TUYÊN GIÁO"),
    *("VIỆT NAM", "CHÍNH PHỦ", "THỦ TƯỚNG", "BẢO HIỂM XÃ HỘI"),
    # PHƯƠNG, QUÂN, TINH are words of names: a level is one only behind the organ's head.
    *(
        f"{head} {level}"
        for head in ("ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "LIÊN ĐOÀN LAO ĐỘNG", "CÔNG ĐOÀN", "ĐẢNG BỘ", "ĐẢNG ỦY")
        for level in ("TỈNH", "HUYỆN", "QUẬN", "PHƯỜNG")
    ),
    *("AN GIANG", "BẮC NINH", "CÀ MAU", "CAO BẰNG", "CẦN THƠ", "ĐÀ NẴNG", "ĐẮK LẮK", "ĐIỆN BIÊN", "ĐỒNG NAI"),
    *("ĐỒNG THÁP", "GIA LAI", "HÀ NỘI", "HÀ TĨNH", "HẢI PHÒNG", "HỒ CHÍ MINH", "HƯNG YÊN", "KHÁNH HÒA", "LAI CHÂU"),
    *("LẠNG SƠN", "LÀO CAI", "LÂM ĐỒNG", "NGHỆ AN", "NINH BÌNH", "PHÚ THỌ", "QUẢNG NGÃI", "QUẢNG NINH", "QUẢNG TRỊ"),
    *("SƠN LA", "TÂY NINH", "THÁI NGUYÊN", "THANH HÓA", "TUYÊN QUANG", "VĨNH LONG", "BÌNH DƯƠNG", "BÌNH ĐỊNH"),
    *("QUẢNG NAM", "QUẢNG BÌNH", "THÁI BÌNH", "NAM ĐỊNH", "HÀ NAM", "HẢI DƯƠNG", "VĨNH PHÚC", "BẮC GIANG", "PHÚ YÊN"),
    *("BÌNH THUẬN", "NINH THUẬN", "KIÊN GIANG", "LONG AN", "TIỀN GIANG", "BẾN TRE", "TRÀ VINH", "SÓC TRĂNG"),
    *("HẬU GIANG", "BẠC LIÊU", "ĐẮK NÔNG", "KON TUM", "YÊN BÁI", "HÀ GIANG", "BẮC KẠN", "HÒA BÌNH", "BÌNH PHƯỚC"),
)

_SURNAMES = (
    "NGUYEN TRAN LE PHAM HOANG HUYNH PHAN VU VO DANG BUI DO HO NGO DUONG LY DINH LUONG MAI TRUONG TRINH DAO DOAN TA CAO "
    "LUU LAM TO TON CHU CHAU HA THAI QUACH KIEU TANG VUONG PHUNG NGHIEM LA TRIEU HUA KHUC VI THACH TONG MA NONG LO BE "
    "VIEN UNG KHUONG BACH GIANG MAC NGUY DIEP ONG LIEU SON KIM DAM NINH PHI QUANG HAN TIEU CU CUNG AU KHONG VAN BAN "
    "MA NAY RMAH KSOR SIU ROCHAM HOA THAN CAM DIEN THIEU TU GIAP LAI CHE"
)
SURNAMES = frozenset(_SURNAMES.split())

# Surnames that are written in one way only: their tones are known whatever was read.
SURNAME_FORMS = {
    fold(name): name
    for name in [
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Hoàng",
        "Huỳnh",
        "Phan",
        "Đặng",
        "Bùi",
        "Ngô",
        "Dương",
        "Đinh",
        "Lương",
        "Trương",
        "Trịnh",
        "Đoàn",
        "Lưu",
        "Lâm",
        "Châu",
        "Quách",
        "Vương",
        "Phùng",
        "Nghiêm",
        "Triệu",
        "Hứa",
        "Thạch",
        "Tống",
        "Mạc",
        "Ngụy",
        "Diệp",
        "Đàm",
        "Ninh",
        "Hàn",
        "Tiêu",
        "Khổng",
        "Giáp",
        "Thân",
        "Nông",
    ]
}
