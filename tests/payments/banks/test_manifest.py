"""What stands beside a file: enough for a stranger to check it, signed by whoever may."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.payments.banks import manifest
from services.payments.banks.manifest import FileSeal
from services.payments.banks.writers import write
from tests.payments.banks.makers import an_envelope, cooperative, four_lines


def test_a_manifest_states_the_file_and_its_place_in_the_row() -> None:
    lines, profile = four_lines(), cooperative()
    envelope = an_envelope(lines)
    content = b"".join(write(profile, envelope, lines))
    seal = FileSeal(hashlib.sha256(content).hexdigest(), len(content), "ab" * 32)
    words = json.loads(manifest.text_of(profile, envelope, "511425", seal))
    assert words["sha256"] == hashlib.sha256(content).hexdigest()
    assert words["previous_sha256"] == "ab" * 32
    assert (words["count"], words["total_fen"], words["sequence"]) == (4, 148010, 7)
    assert words["layout"]["separator"] == "|"
    assert all(line.account_number not in json.dumps(words) for line in lines)


def test_its_bytes_are_always_the_same_and_one_changed_fen_breaks_the_signature() -> None:
    profile, envelope = cooperative(), an_envelope(four_lines())
    text = manifest.text_of(profile, envelope, "511425", FileSeal("00" * 32, 1, None))
    assert text == manifest.text_of(profile, envelope, "511425", FileSeal("00" * 32, 1, None))
    key = Ed25519PrivateKey.generate()
    signature = key.sign(text)
    key.public_key().verify(signature, text)
    with pytest.raises(InvalidSignature):
        key.public_key().verify(signature, text.replace(b"148010", b"148011"))


@pytest.mark.parametrize("fake", [b"", b" "])
def test_the_check_printed_for_banks_works_and_sees_a_forged_file(
    tmp_path: Path, fake: bytes
) -> None:
    page = (Path(manifest.__file__).with_name("README.md")).read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    profile, lines = cooperative(), four_lines()
    content = b"".join(write(profile, an_envelope(lines), lines))
    seal = FileSeal(hashlib.sha256(content).hexdigest(), len(content), None)
    text = manifest.text_of(profile, an_envelope(lines), "511425", seal)
    key = Ed25519PrivateKey.generate()
    x = base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("=")
    (tmp_path / "public.json").write_text(json.dumps({"payments-files": {"x": x}}))
    (tmp_path / "manifest.json").write_bytes(text)
    (tmp_path / "manifest.sig").write_bytes(key.sign(text))
    (tmp_path / json.loads(text)["file"]).write_bytes(content + fake)
    done = subprocess.run(  # noqa: S603 # The page's own example.
        [sys.executable, "-c", example], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode == 0) == (fake == b""), done.stderr.decode()
