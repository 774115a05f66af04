"""The order of the run."""

from demo.river import answer, arrival, below, briefing, finding
from demo.river.steps import Step
from demo.river.tale import Tale

STEPS: tuple[Step[Tale], ...] = (
    Step("upload", "Tải bản quét lên", arrival.upload),
    Step("read", "Nhận dạng chữ, bóc tách thông tin", arrival.read, ("upload",)),
    Step("confirm", "Văn thư kiểm tra và xác nhận", arrival.confirm, ("read",)),
    Step("register", "Vào sổ, cấp số đến", arrival.register, ("confirm",)),
    Step("present", "Trình lãnh đạo", arrival.present, ("register",)),
    Step("direct", "Lãnh đạo cho ý kiến chỉ đạo", arrival.direct, ("present",)),
    Step("work", "Đơn vị phối hợp xử lý", answer.work, ("direct",)),
    Step("draft", "Soạn dự thảo văn bản trả lời", answer.draft, ("direct",)),
    Step("submit", "Trình dự thảo", answer.submit, ("draft",)),
    Step("return", "Trả lại để hoàn thiện", answer.send_back, ("submit",)),
    Step("resubmit", "Sửa và trình lại", answer.resubmit, ("return",)),
    Step("approve", "Duyệt", answer.approve, ("resubmit",)),
    Step("issue", "Cấp số, phát hành xuống cấp dưới", answer.issue, ("approve",)),
    Step("report", "Báo cáo kết quả", answer.report, ("issue", "work")),
    Step("finish", "Kết thúc xử lý văn bản đến", answer.finish, ("report",)),
    Step("receive", "Cấp dưới tiếp nhận, cấp số đến (03)", below.receive, ("issue",)),
    Step("carry-out", "Cấp dưới chỉ đạo và thực hiện", below.carry_out, ("receive",)),
    Step("done-below", "Cấp dưới hoàn thành (06)", below.finish, ("carry-out",)),
    Step("track", "Nơi ban hành theo dõi", below.track, ("done-below",)),
    Step("find", "Tìm theo số, ký hiệu không dấu", finding.find, ("register",)),
    Step("find-words", "Tìm theo trích yếu không dấu", finding.find_by_words, ("register",)),
    Step("not-found", "Người không có quyền không tìm thấy", finding.do_not_find, ("register",)),
    Step("convene", "Triệu tập giao ban, lập chương trình", briefing.convene, ("issue",)),
    Step("attend", "Khai mạc, điểm danh", briefing.attend, ("convene",)),
    Step("minutes", "Ghi biên bản", briefing.write, ("attend",)),
    Step("conclude", "Kết luận có chủ trì và thời hạn", briefing.conclude, ("minutes",)),
    Step("land", "Kết luận thành việc của đơn vị", briefing.land, ("conclude",)),
)
