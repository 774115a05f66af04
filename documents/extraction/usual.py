"""Usual words of subjects: a reader that takes one tone for another (đấy mạnh, kiếm tra) has written no other words."""

from __future__ import annotations

import re

from documents.extraction.text import fold, normal, toneless_order

# Pairs of syllables that are written in one way only, whatever is said with them.
_PAIRS = (
    *("triển khai", "thực hiện", "tổ chức", "tăng cường", "đẩy mạnh", "phối hợp", "rà soát", "báo cáo", "kết quả", "chấn chỉnh"),
    *("hướng dẫn", "sơ kết", "tổng kết", "đôn đốc", "hoàn thiện", "kiểm tra", "giám sát", "thành lập", "ban hành", "phê duyệt"),
    *("công tác", "công đoàn", "đoàn viên", "người lao", "lao động", "chăm lo", "đời sống", "quy chế", "dân chủ", "cơ sở"),
    *("tài chính", "đối thoại", "thỏa ước", "phong trào", "thi đua", "khen thưởng", "phát triển", "hồ sơ", "tài liệu", "đại hội"),
    *("hội nghị", "tiếp nhận", "xử lý", "khiếu nại", "tố cáo", "chương trình", "nữ công", "ủy ban", "quản lý", "sử dụng"),
    *("giai đoạn", "nhiệm kỳ", "nhiệm vụ", "phương hướng", "vệ sinh", "bảo hiểm", "xã hội", "pháp luật", "chính sách", "kế hoạch"),
    *("nghị quyết", "tuyên truyền", "đào tạo", "bồi dưỡng", "việc làm", "tiền lương", "cải cách", "hành chính"),
    *("chuyển đổi", "thủ tục", "đơn vị", "trực thuộc", "địa bàn", "tình hình", "đăng ký", "đề nghị", "góp ý", "dự thảo"),
)  # fmt: skip
_KNOWN = {fold(pair): pair for pair in _PAIRS}
_FOUND = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(key) for key in _KNOWN)})(?!\w)")


def respelled(text: str) -> str:
    """The text with the tones of usual words put right, letter for letter in the case they are written in."""
    text = normal(text)
    for found in _FOUND.finditer(fold(text)):
        written, known = text[found.start() : found.end()], _KNOWN[found.group()]
        if toneless_order(written.lower()) == toneless_order(known):
            continue  # uỷ ban is ủy ban
        cased = "".join(new.upper() if old.isupper() else new for old, new in zip(written, known, strict=True))
        text = text[: found.start()] + cased + text[found.end() :]
    return text
