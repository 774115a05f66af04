"""The embedded index on a disk of another machine is refused, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from search import disks
from search.disks import is_network, mounted_at, refusal

if TYPE_CHECKING:
    from pytest_django import Settings

TABLE = """\
/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
nas:/vol/office /srv/van\\040thu nfs4 rw,vers=4.2 0 0
/dev/sdb1 /srv/van\\040thu/local xfs rw 0 0
tmpfs /mnt tmpfs rw 0 0
//pc/share /mnt/share cifs rw 0 0
/dev/sdc1 /mnt/share ext4 rw 0 0
broken
"""


class TestMountedAt:
    @pytest.mark.parametrize(
        ("path", "found"),
        [
            ("/var/search", ("ext4", "/")),
            ("/srv/van thu", ("nfs4", "/srv/van thu")),
            ("/srv/van thu/search/gen", ("nfs4", "/srv/van thu")),
            ("/srv/van thu/local/search", ("xfs", "/srv/van thu/local")),
            ("/srv/van thu2/search", ("ext4", "/")),
            ("/mnt/share/search", ("ext4", "/mnt/share")),
        ],
    )
    def test_is_the_deepest_place_and_the_last_on_it(self, path: str, found: tuple[str, str]) -> None:
        assert mounted_at(Path(path), TABLE) == found

    def test_of_no_table_is_nothing(self) -> None:
        assert mounted_at(Path("/x"), "") == ("", "")


class TestKinds:
    @pytest.mark.parametrize(
        "kind",
        [
            "nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs",
            "fuse.vmhgfs-fuse", "NFS4",
        ],
    )  # fmt: skip
    def test_of_other_machines(self, kind: str) -> None:
        assert is_network(kind)

    @pytest.mark.parametrize(
        "kind", ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "fuseblk", "fuse.ntfs-3g", "ecryptfs", ""]
    )
    def test_of_this_machine(self, kind: str) -> None:
        assert not is_network(kind)


class TestRefusal:
    def test_says_what_to_do(self) -> None:
        words = refusal(Path("/srv/van thu/search"), TABLE)

        assert words.startswith(
            "Chỉ mục tra cứu không được đặt trên ổ đĩa mạng: /srv/van thu/search nằm trên nfs4, gắn tại /srv/van thu."
        )
        assert "SEARCH_URL" in words

    def test_is_none_on_a_local_disk(self) -> None:
        assert refusal(Path("/srv/van thu/local/search"), TABLE) == ""

    def test_follows_links(self, tmp_path: Path) -> None:
        (tmp_path / "search").symlink_to("/srv/van thu/search")

        assert refusal(tmp_path / "search", TABLE) != ""

    def test_reads_the_machine_s_own_table(self, tmp_path: Path) -> None:
        assert refusal(tmp_path) == ""


class TestStart:
    @pytest.fixture
    def on_a_share(self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        table = tmp_path / "mounts"
        table.write_text(f"nas:/office {tmp_path} nfs rw 0 0\n")
        monkeypatch.setattr(disks, "MOUNTS", table)
        settings.SEARCH_ROOT = tmp_path / "search"

    def test_is_refused_by_the_check_and_by_the_indexer(self, on_a_share: None) -> None:
        found = [message for message in run_checks() if message.id == "search.E001"]

        assert len(found) == 1
        with pytest.raises(CommandError) as refused:
            call_command("search_indexer")
        assert "không được đặt trên ổ đĩa mạng" in str(refused.value)

    def test_with_a_cluster_needs_no_disk(self, on_a_share: None, settings: Any) -> None:
        settings.SEARCH_URL = ["http://127.0.0.1:1"]

        assert disks.refused() == ""

    def test_on_this_machine_s_disk_is_in_order(self) -> None:
        assert [message for message in run_checks() if message.id == "search.E001"] == []
