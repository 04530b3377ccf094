"""The facts behind an attempt's alerts, kept sealed, so that each can be explained and weighed."""

from pathlib import Path
from uuid import UUID

import policies
from services.identification.models import Comparison
from services.identification.sealed_files import SealedWriter, unseal
from shared.secrets import KeyRing


def path_of(files_dir: Path, comparison_id: UUID, attempt: int) -> Path:
    """Where they lie."""
    return files_dir / "alert-facts" / f"{comparison_id}-{attempt}.sealed"


def keep(
    files_dir: Path, keys: KeyRing, this: Comparison, law_sha256: str, facts: policies.Snapshot
) -> None:
    """Keep the facts the alerts rest on, and the hash of the law they were raised by."""
    path, purpose = path_of(files_dir, this.id, this.attempt), _purpose(this.id, this.attempt)
    with SealedWriter(path, keys, purpose) as file:
        file.write(f"{law_sha256}\n".encode())
        file.write(facts.to_bytes())


def kept(
    files_dir: Path, keys: KeyRing, comparison_id: UUID, attempt: int
) -> tuple[str, policies.Snapshot]:
    """The hash of the law an attempt's alerts were raised by, and the facts they rest on."""
    path, purpose = path_of(files_dir, comparison_id, attempt), _purpose(comparison_id, attempt)
    law_sha256, _, content = unseal(path, keys, purpose).partition(b"\n")
    return law_sha256.decode(), policies.Snapshot.from_bytes(content)


def _purpose(comparison_id: UUID, attempt: int) -> str:
    """What that file is for; it opens for nothing else."""
    return f"alert-facts|{comparison_id}|{attempt}"
