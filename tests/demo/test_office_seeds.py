"""The invented union: four tiers, one parent each, people with posts, and a page of docs that says the same."""

from pathlib import Path

from demo.people import PASSWORD, PEOPLE
from demo.units import TOP, unit_seeds

DOCS = Path(__file__).resolve().parents[2] / "docs" / "demo.md"
CODES = {
    "clerk", "office_chief", "leader", "dept_head", "specialist", "secretary", "chair", "archivist", "assistant",
    "unit_admin", "sys_admin", "security_officer",
}  # fmt: skip


class TestUnits:
    def test_there_are_about_120_on_four_tiers(self) -> None:
        seeds = unit_seeds()

        assert 115 <= len(seeds) <= 125
        assert {seed.tier for seed in seeds} == {1, 2, 3, 4}

    def test_every_parent_comes_before_its_children(self) -> None:
        known = {""}
        for seed in unit_seeds():
            assert seed.parent in known
            known.add(seed.code)

    def test_codes_are_unique_and_only_the_top_has_no_parent(self) -> None:
        seeds = unit_seeds()

        assert len({seed.code for seed in seeds}) == len(seeds)
        assert [seed.code for seed in seeds if not seed.parent] == [TOP]


class TestPeople:
    def test_there_are_thirty_with_names_of_their_own(self) -> None:
        assert len(PEOPLE) == 30
        assert len({person.username for person in PEOPLE}) == 30
        assert len({person.name for person in PEOPLE}) == 30

    def test_every_role_has_somebody(self) -> None:
        assert {role for person in PEOPLE for post in person.posts for role in post.roles} == CODES

    def test_every_post_is_in_a_unit_that_exists(self) -> None:
        codes = {seed.code for seed in unit_seeds()}

        assert {post.unit for person in PEOPLE for post in person.posts} <= codes


class TestDocs:
    def test_every_person_stands_in_the_docs_as_in_the_office(self) -> None:
        text = DOCS.read_text(encoding="utf-8")
        names = {seed.code: seed.name for seed in unit_seeds()}

        for person in PEOPLE:
            units = "<br>".join(f"{names[post.unit]} (`{post.unit}`)" for post in person.posts)
            titles = "<br>".join(post.title for post in person.posts)
            roles = "<br>".join(" ".join(post.roles) for post in person.posts)
            assert f"|`{person.username}`|{person.name}|{units}|{titles}|{roles}|" in text, person.username

    def test_nobody_else_stands_there_and_the_password_does(self) -> None:
        text = DOCS.read_text(encoding="utf-8")

        assert text.count("\n|`") == len(PEOPLE)
        assert f"`{PASSWORD}`" in text
        assert f"{len(unit_seeds())} units" in text
