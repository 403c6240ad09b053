"""Which file systems reach over a network, and where they are mounted."""

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""Linux's list of mounts; other systems have none, and there only UNC paths are told."""

_KINDS = frozenset(
    {
        "9p",
        "acfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "fuse.ceph",
        "fuse.cephfs",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.juicefs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "orangefs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
    }
)
_MOUNT = re.compile(r"^(?:\S+ ){4}(?P<point>\S+) .*? - (?P<kind>\S+) ", re.MULTILINE)


def network_kind(folder: Path, mounts: Path) -> str | None:
    """The kind of network file system that a folder lies on; None where it is local."""
    place = folder.absolute().resolve()
    if place.drive.startswith("\\\\"):
        return "UNC"
    if not mounts.exists():
        return None
    kind = _kind_below(place, mounts.read_text(encoding="utf-8", errors="surrogateescape"))
    return kind if kind in _KINDS else None


def _kind_below(place: Path, mounts: str) -> str:
    """Of the deepest mount that holds the place; of two on one point the later hides the other."""
    kind, depth = "", 0
    for mount in _MOUNT.finditer(mounts):
        point = Path(_unescaped(mount["point"]))
        if place.is_relative_to(point) and len(point.parts) >= depth:
            kind, depth = mount["kind"], len(point.parts)
    return kind


def _unescaped(point: str) -> str:
    """The kernel writes blanks, tabs, line ends and backslashes in octal."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)
