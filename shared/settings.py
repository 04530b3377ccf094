"""A process knows its knobs before it starts, or says which one is wrong and does not start."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from shared.clock import Clock

MISCONFIGURED: Final = 78  # EX_CONFIG of sysexits.h.


class ProcessSettings(BaseSettings):
    """The knobs every process has; each carries the process's own prefix in the environment."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    county: str = Field(pattern=r"^\d{6}$", description="division code of the county")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(ge=1, le=65535, description="port to listen on")
    database_url: SecretStr = Field(description="PostgreSQL, as the process's runtime role")
    keys_dir: Path = Field(description="folder of the process's own private keys, mode 0700")
    public_keys_file: Path = Field(description="JSON: public signing key of each process, by name")
    files_dir: Path = Field(description="folder for the files this process owns")
    clock: str = Field(default="system", description='"system" or "file:" and a path')
    log_file: str = Field(default="-", description='path of the log, "-" for standard output')

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` has read and checked counts; nothing is read behind its back."""
        return (init_settings,)

    @field_validator("clock")
    @classmethod
    def _clock_is_known(cls, value: str) -> str:
        Clock.open(value)
        return value


class SettingsRefused(Exception):
    """A knob is missing, unknown or wrong; the text names each."""


SomeSettings = TypeVar("SomeSettings", bound=BaseSettings)


def load(kind: type[SomeSettings], environment: Mapping[str, str] | None = None) -> SomeSettings:
    """Read a process's knobs from the environment; `X_FILE` names a file that holds `X`.

    Raises:
        SettingsRefused: naming every missing, unknown or wrong knob.
    """
    environment = os.environ if environment is None else environment
    prefix = kind.model_config.get("env_prefix", "")
    values: dict[str, Any] = {}
    faults: list[str] = []
    for variable, value in environment.items():
        if not prefix or not variable.startswith(prefix):
            continue
        knob = variable.removeprefix(prefix).lower()
        if knob in kind.model_fields:
            values[knob] = value
        elif knob.endswith("_file") and knob.removesuffix("_file") in kind.model_fields:
            try:
                values[knob.removesuffix("_file")] = Path(value).read_text("utf-8").strip()
            except OSError as problem:
                faults.append(f"{variable}: the file cannot be read ({problem.strerror})")
        else:
            faults.append(f"{variable}: no such knob")
    if not faults:
        try:
            return kind(**values)
        except ValidationError as problem:
            for fault in problem.errors(include_input=False, include_url=False):
                knob = ".".join(str(part) for part in fault["loc"])
                faults.append(f"{prefix}{knob.upper()}: {fault['msg']}")
    raise SettingsRefused("; ".join(sorted(faults)))


def load_or_exit(kind: type[SomeSettings]) -> SomeSettings:
    """The same for a process about to start: the faults go to standard error, and it ends."""
    try:
        return load(kind)
    except SettingsRefused as refused:
        sys.stderr.write(f"refused to start: {refused}\n")
        raise SystemExit(MISCONFIGURED) from refused
