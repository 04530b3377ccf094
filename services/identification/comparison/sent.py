"""What was sent of a delivery, whole or in chunks: where it lies, sealed, until it is keyed."""

from pathlib import Path
from uuid import UUID


def path_of(files_dir: Path, delivery_id: UUID, chunk: int | None = None) -> Path:
    """Where what was sent lies."""
    ending = "" if chunk is None else f"-{chunk}"
    return _folder(files_dir) / f"{delivery_id}{ending}.sealed"


def all_of(files_dir: Path, delivery_id: UUID) -> list[Path]:
    """Whatever was sent of a delivery, also beyond the chunks that were announced."""
    return list(_folder(files_dir).glob(f"{delivery_id}*.sealed"))


def chunks_of(files_dir: Path, delivery_id: UUID) -> set[int]:
    """The numbers of the chunks that came."""
    found = _folder(files_dir).glob(f"{delivery_id}-*.sealed")
    return {int(each.stem.rpartition("-")[2]) for each in found}


def purpose(delivery_id: UUID, chunk: int | None = None) -> str:
    """What a sealed delivery is for; it opens for nothing else."""
    return f"delivery|{delivery_id}|{'' if chunk is None else chunk}"


def _folder(files_dir: Path) -> Path:
    return files_dir / "deliveries"
