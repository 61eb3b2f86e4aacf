"""Whether a disk is read-only, as /proc/self/mountinfo says."""

from agent.io import proc

MOUNTS = """\
36 35 254:0 / / ro,relatime shared:1 - ext4 /dev/vda rw,errors=remount-ro
37 36 8:1 / /mnt/cán\\040bộ rw,relatime - vfat /dev/sda1 ro,fmask=0022
"""


def test_a_sandbox_that_shows_everything_read_only_is_not_mistaken_for_a_broken_disk() -> None:
    assert proc.read_only(MOUNTS) == {"/": False, "/mnt/cán bộ": True}
