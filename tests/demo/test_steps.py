"""The run's report: every step is said, a failure is counted and hides nothing."""

from demo.river.steps import Step, StepFailed, expect, play


def refuse(_tale: list[str]) -> str:
    raise StepFailed("Không có đơn vị nào nhận.")


def note(word: str) -> Step[list[str]]:
    def act(tale: list[str]) -> str:
        tale.append(word)
        return f"Đã {word}."

    return Step(word, word.capitalize(), act)


class TestPlay:
    def test_a_run_without_fault_ends_with_all_steps(self) -> None:
        said: list[str] = []
        tale: list[str] = []

        passed = play([note("đọc"), note("viết")], tale, said.append)

        assert (passed, tale) == (2, ["đọc", "viết"])
        assert said[-1] == "demo: 2 of 2 steps passed"

    def test_each_step_says_what_it_did_and_how_long_it_took(self) -> None:
        said: list[str] = []

        play([note("đọc")], [], said.append)

        assert said[0].startswith("[ 1/1] ĐẠT")
        assert "giây" in said[0]
        assert said[1].strip() == "Đã đọc."

    def test_a_step_is_not_tried_when_what_it_needs_failed(self) -> None:
        said: list[str] = []
        tale: list[str] = []
        steps = [
            Step("gửi", "Gửi", refuse),
            Step("nhận", "Nhận", note("nhận").act, ("gửi",)),
            note("tìm"),
        ]

        passed = play(steps, tale, said.append)

        assert (passed, tale) == (1, ["tìm"])
        assert "Không có đơn vị nào nhận." in said[1]
        assert "“Gửi”" in said[2]
        assert said[-1] == "demo: 1 of 3 steps passed"

    def test_an_unforeseen_error_is_a_failed_step_with_its_reason(self) -> None:
        def divide(_tale: list[str]) -> str:
            return str(1 // 0)

        said: list[str] = []

        passed = play([Step("chia", "Chia", divide)], [], said.append)

        assert passed == 0
        assert "ZeroDivisionError" in said[1]


class TestExpect:
    def test_a_fact_that_holds_says_nothing(self) -> None:
        expect(is_so=True, otherwise="không bao giờ")
