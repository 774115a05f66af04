"""What invented letters are made of: provinces, wards, firms and people that do not exist."""

from __future__ import annotations

PROVINCES = (
    "An Hòa", "Sơn Lâm", "Vĩnh Hải", "Thạch Bình", "Bắc Tiên", "Phú Lạc", "Long Khê", "Đông Giang", "Tân Uyên Hạ", "Mỹ Thuận",
    "Quế Lĩnh", "Trà Lý",
)  # fmt: skip
WARDS = (
    "Đông Thành", "Hòa Phước", "Bến Nghĩa", "Yên Trạch", "Thượng Đình Tây", "Cẩm Khê", "Ngọc Sơn", "Vạn Xuân", "Kỳ Lãm", "Xuân Ổ",
    "Phước Tỉnh", "Tam Đường", "Hưng Nghĩa", "Lộc Ninh Thượng",
)  # fmt: skip
FIRMS = (
    "CÔNG TY TNHH MAY {}", "CÔNG TY CỔ PHẦN CHẾ BIẾN THỦY SẢN XUẤT KHẨU {}", "BỆNH VIỆN ĐA KHOA {}", "TRƯỜNG THPT {}",
    "CÔNG TY TNHH MỘT THÀNH VIÊN CẤP NƯỚC {}", "TRƯỜNG CAO ĐẲNG KỸ THUẬT {}", "CÔNG TY CỔ PHẦN XI MĂNG {}", "HỢP TÁC XÃ VẬN TẢI {}",
    "CHI NHÁNH VIỄN THÔNG {}", "CÔNG TY TNHH GIÀY DA {}",
)  # fmt: skip
SECTORS = (
    "CÔNG ĐOÀN TỔNG CÔNG TY CƠ KHÍ {}", "CÔNG ĐOÀN TỔNG CÔNG TY DỆT MAY {}", "CÔNG ĐOÀN CÁC KHU CÔNG NGHIỆP TỈNH {}",
    "CÔNG ĐOÀN VIÊN CHỨC TỈNH {}", "CÔNG ĐOÀN NGÀNH GIÁO DỤC TỈNH {}", "CÔNG ĐOÀN NGÀNH Y TẾ TỈNH {}",
)  # fmt: skip
SECTOR_SYMBOLS = ("CĐTCT", "CĐTCT", "CĐKCN", "CĐVC", "CĐGD", "CĐYT")
TOP = "TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM"
TYPES = (
    ("Kế hoạch", "KH"), ("Quyết định", "QĐ"), ("Chỉ thị", "CT"), ("Nghị quyết", "NQ"), ("Hướng dẫn", "HD"), ("Thông báo", "TB"),
    ("Báo cáo", "BC"), ("Tờ trình", "TTr"), ("Chương trình", "CTr"), ("Giấy mời", "GM"), ("Kết luận", "KL"), ("Công điện", "CĐ"),
    ("Đề án", "ĐA"), ("Quy chế", "QC"), ("Phương án", "PA"),
)  # fmt: skip
DEPARTMENTS = ("VP", "CSPL", "TG", "TCKT", "UBKT", "NC")

SURNAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh",
    "Lương", "Mai", "Trịnh", "Đào", "Tạ", "Cao", "Lưu", "Tô", "Chu", "Thái", "Quách",
)  # fmt: skip
MIDDLES = (
    "Văn",
    "Thị",
    "Hữu",
    "Đức",
    "Minh",
    "Thị Thu",
    "Quang",
    "Ngọc",
    "Xuân",
    "Thanh",
    "Thị Bích",
    "Công",
    "Bảo",
    "Tuấn",
    "",
)
GIVEN = (
    "Thành", "Châu", "Hà", "Huy", "Khánh", "Tùng", "Mạnh", "Trường", "Thủy", "Dũng", "Lan", "Phượng", "Hằng", "Ưng", "Sỹ", "Quyết",
    "Oanh", "Diễm", "Kỳ", "Lĩnh", "Ngữ", "Yến", "Vượng", "Đại", "Nghĩa",
)  # fmt: skip
DEGREES = ("TS.", "ThS.", "PGS.TS.", "BS.")

DOING = (
    "tổ chức", "triển khai", "tăng cường", "đẩy mạnh", "phối hợp thực hiện", "rà soát", "báo cáo kết quả", "chấn chỉnh",
    "hướng dẫn", "sơ kết", "đôn đốc", "hoàn thiện", "kiểm tra, giám sát",
)  # fmt: skip
THINGS = (
    "Tháng Công nhân và Tháng hành động về an toàn, vệ sinh lao động", "công tác chăm lo đời sống đoàn viên, người lao động",
    "việc thực hiện quy chế dân chủ ở cơ sở", "công tác tài chính công đoàn", "đối thoại tại nơi làm việc",
    "phong trào thi đua “Lao động giỏi, lao động sáng tạo”", "công tác phát triển đoàn viên, thành lập công đoàn cơ sở",
    "thỏa ước lao động tập thể", "việc số hóa hồ sơ, tài liệu", "Đại hội công đoàn các cấp", "hội nghị người lao động",
    "hoạt động hè cho con đoàn viên", "việc tiếp nhận, xử lý đơn thư khiếu nại, tố cáo", "chương trình “Tết Sum vầy”",
    "công tác nữ công và ủy ban kiểm tra", "việc quản lý, sử dụng tài sản công đoàn",
)  # fmt: skip
WHEN = (
    "", " năm 2026", " quý III/2026", " giai đoạn 2026 - 2030", " 6 tháng đầu năm 2026", " trong tình hình mới",
    " trên địa bàn", " nhiệm kỳ 2025 - 2030", " tại các đơn vị trực thuộc", " và phương hướng nhiệm vụ thời gian tới",
)  # fmt: skip
SENTENCES = (
    "Thực hiện Kế hoạch số 142/KH-LĐLĐ ngày 08 tháng 10 năm 2025 về công tác trọng tâm, đề nghị các đơn vị nghiêm túc triển khai.",
    "Căn cứ Điều lệ Công đoàn Việt Nam và tình hình thực tế tại đơn vị, Ban Thường vụ thống nhất các nội dung sau đây.",
    "Các cấp công đoàn chủ động nắm tình hình việc làm, tiền lương, thưởng của người lao động, kịp thời kiến nghị giải quyết.",
    "Gửi báo cáo bằng văn bản về Văn phòng trước ngày 20 tháng 12 năm 2026 để tổng hợp, báo cáo cấp trên theo quy định.",
    "Tuyên truyền sâu rộng tới đoàn viên về mục đích, ý nghĩa và nội dung của chương trình, bảo đảm thiết thực, tiết kiệm.",
    "Giao Ban Chính sách - Pháp luật chủ trì, phối hợp với các ban liên quan theo dõi, đôn đốc và kiểm tra việc thực hiện.",
    "Kinh phí thực hiện từ nguồn tài chính công đoàn và các nguồn huy động hợp pháp khác theo quy định hiện hành.",
    "Trong quá trình thực hiện nếu có khó khăn, vướng mắc, đề nghị các đơn vị phản ánh về cơ quan để được hướng dẫn.",
    "Hội nghị có 45 đại biểu tham dự, trong đó 12 đại biểu nữ; tỷ lệ tán thành đạt 97,5 phần trăm số phiếu.",
)  # fmt: skip
