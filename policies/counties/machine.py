"""From the text of a kernel to code of this machine, kept for the next process.

Loading code from a file runs it, so the folder must be one that nobody but its owner can enter;
one that is not, or cannot be written, is left alone and the kernel is compiled again.
"""

import ctypes
import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from llvmlite import binding

_DIGEST_BYTES: Final = 32


class Code:
    """A kernel ready to run; while it runs, other threads of Python run too."""

    def __init__(self, content: bytes, name: str) -> None:
        # The engine owns the memory the code lies in.
        self._engine = binding.create_mcjit_compiler(binding.parse_assembly(""), _target())
        self._engine.add_object_file(binding.ObjectFileRef.from_data(content))
        self._engine.finalize_object()
        self._address = self._engine.get_function_address(name)

    def function(self, integers: int, columns: int) -> Any:
        """The function, for so many integers and after them so many columns."""
        kinds = [ctypes.c_int64] * integers + [ctypes.c_void_p] * columns
        return ctypes.CFUNCTYPE(None, *kinds)(self._address)


@lru_cache(maxsize=128)
def code_of(text: str, name: str, folder: Path | None) -> Code:
    """The code of a kernel, out of the folder if it lies there."""
    told = (text, *_described(), binding.llvm_version_info)
    key = hashlib.sha256(repr(told).encode()).hexdigest()
    path = folder / f"{key}.o" if folder is not None and _is_private(folder) else None
    content = _kept(path) if path is not None else None
    if content is None:
        content = _compile(text)
        if path is not None:
            with suppress(OSError):
                _keep(path, content)
    return Code(content, name)


@lru_cache(maxsize=1)
def _described() -> tuple[str, str, str]:
    """What code for this machine hangs on."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return (
        binding.get_process_triple(),
        binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten(),
    )


def _target() -> Any:
    triple, cpu, features = _described()
    return binding.Target.from_triple(triple).create_target_machine(
        cpu=cpu, features=features, opt=2, codemodel="jitdefault", jit=True
    )


def _compile(text: str) -> bytes:
    module = binding.parse_assembly(text)
    module.verify()
    target = _target()
    options = binding.create_pipeline_tuning_options(speed_level=2)
    passes = binding.create_pass_builder(target, options)
    passes.getModulePassManager().run(module, passes)
    content: bytes = target.emit_object(module)
    return content


def _is_private(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.lstat()
    except OSError:
        return False
    open_to_others = stat.S_IMODE(found.st_mode) & 0o077
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not open_to_others


def _kept(path: Path) -> bytes | None:
    """What was kept, if it is whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, code = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return code if hashlib.sha256(code).digest() == digest else None


def _keep(path: Path, code: bytes) -> None:
    """Put it there whole or not at all; another process may be doing the same."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, suffix=".draft")
    with os.fdopen(descriptor, "wb") as file:
        file.write(hashlib.sha256(code).digest() + code)
    Path(draft).replace(path)
