"""What a backup is on disk: dumps, files, and a manifest with the hash of each."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from shared import dumps, passwords

MANIFEST: Final = "manifest.json"
FILES: Final = "files"
REMADE: Final = "remade"
"""A folder of this name holds what its process makes again, code among it: never out, never in."""
CHUNK_BYTES: Final = 1 << 20


class BackupRefused(Exception):
    """A backup cannot be made or used as asked; the text says why and what to do."""


@dataclass
class Backup:
    """One backup in its folder."""

    folder: Path
    made_at: str
    counties: list[str] = field(default_factory=list)
    databases: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # SHA-256 by the way below DATA.

    @classmethod
    def begin(cls, folder: Path) -> Self:
        """Begin one in an empty folder.

        Raises:
            BackupRefused: something lies there.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        if any(folder.iterdir()):
            raise BackupRefused(f"{folder} is not empty: choose another folder")
        return cls(folder, datetime.now(UTC).isoformat(timespec="seconds"))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read one, and compare every file with its hash.

        Raises:
            BackupRefused: it is unfinished, damaged or no backup.
        """
        try:
            words = json.loads((folder / MANIFEST).read_text("utf-8"))
        except FileNotFoundError:
            raise BackupRefused(f"{folder} holds no finished backup: no {MANIFEST}") from None
        found = cls(folder, **words)
        expected = {dump["file"]: dump["sha256"] for dump in found.databases.values()}
        if any(Path(way).is_absolute() or ".." in Path(way).parts for way in found.files):
            raise BackupRefused(f"{folder / MANIFEST} names files outside the backup")
        expected |= {f"{FILES}/{way}": digest for way, digest in found.files.items()}
        for way, digest in expected.items():
            path = folder / way
            if not path.is_file() or _sha256(path) != digest:
                raise BackupRefused(f"{path} is missing or not as it was written: use another")
        return found

    def dump(self, name: str) -> Path:
        """The dump of one database.

        Raises:
            BackupRefused: there is none.
        """
        if name not in self.databases:
            raise BackupRefused(f"{self.folder} holds no database of {name}")
        return self.folder / str(self.databases[name]["file"])

    def add_database(self, name: str, moment: dumps.Moment, owner_url: str) -> None:
        """Write one database as it stood at the moment."""
        path = self.folder / f"{name}.dump"
        path.touch(mode=0o600)
        dumps.write(owner_url, moment.snapshots[name], path)
        _sync(path)
        self.databases[name] = {
            "file": path.name,
            "sha256": _sha256(path),
            "bytes": path.stat().st_size,
            "rows": moment.rows(name),
            "audit": moment.audited(name),
        }
        self.counties = sorted({*self.counties, *moment.counties(name)})

    def add_files(self, data: Path) -> None:
        """Copy what the processes keep as files, and the notes that lie in DATA itself."""
        for path in _worth_keeping(data):
            way = path.relative_to(data)
            target = self.folder / FILES / way
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                digest = _copy(path, target)
            except FileNotFoundError:  # A draft that was renamed meanwhile.
                continue
            self.files[str(way)] = digest

    def finish(self) -> None:
        """Write the manifest: from now on it is a backup."""
        words = asdict(self)
        del words["folder"]
        text = json.dumps(words, ensure_ascii=False, indent=1, sort_keys=True)
        passwords.write_private(self.folder / MANIFEST, text + "\n")

    def summary(self) -> str:
        """What is in it, in a line."""
        rows = sum(sum(dump["rows"].values()) for dump in self.databases.values())
        return (
            f"{self.folder}: {len(self.databases)} databases with {rows} rows, "
            f"{len(self.files)} files, as of {self.made_at}"
        )


def copy_files(backup: Backup, data: Path, *, stamp: str) -> None:
    """Put a backup's files in place; what was there is kept beside, as `files.before-<stamp>`.

    What an earlier restore kept is never touched, not even by one of the same second: then the name
    is followed by a number.
    """
    fresh = data / f"{FILES}.restoring"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    for way in backup.files:
        if REMADE in Path(way).parts:
            continue
        source = backup.folder / FILES / way
        inside = Path(way).is_relative_to(FILES)
        target = fresh / Path(way).relative_to(FILES) if inside else data / way
        if not inside and target.exists():
            continue  # A note such as the clock's only ever moves forward.
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy(source, target)
    before = data / FILES
    if before.exists() and any(path.is_file() for path in before.rglob("*")):
        before.rename(_unused(data, f"{FILES}.before-{stamp}"))
    else:
        shutil.rmtree(before, ignore_errors=True)
    fresh.rename(before)


def _unused(folder: Path, name: str) -> Path:
    """The name itself, or the first of name-2, name-3, … that nothing has."""
    path, number = folder / name, 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}"
    return path


def _worth_keeping(data: Path) -> Iterator[Path]:
    for folder, inner, names in os.walk(data / FILES):
        inner[:] = [name for name in inner if name != REMADE]
        for name in sorted(names):
            yield Path(folder) / name
    # A claim and a mark belong to a run, not to the county.
    for path in sorted(data.iterdir()):
        if path.is_file() and not path.is_symlink() and path.name not in ("claim", MANIFEST):
            yield path


def _copy(source: Path, target: Path) -> str:
    """Copy a file to the disk, privately; its hash."""
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with source.open("rb") as reading, os.fdopen(descriptor, "wb") as writing:
        while chunk := reading.read(CHUNK_BYTES):
            digest.update(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
