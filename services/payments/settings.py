"""The knobs of payments, with their units."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ProcessSettings


class Settings(ProcessSettings):
    """What payments must know before it opens; a county's own numbers lie in places/."""

    model_config = SettingsConfigDict(env_prefix="PAYMENTS_")

    nats_url: str = Field(description="NATS, as payments' own user")
    benefits_url: str = Field(pattern=r"^https?://[^/]+$", description="where lines are fetched")
    places_dir: Path | None = Field(
        default=None, description="folder of county files beside the built-in ones"
    )
    banks_dir: Path | None = Field(
        default=None, description="folder of bank profiles beside the built-in ones"
    )
    publish_seconds: float = Field(
        default=1.0, gt=0, le=60, description="how often released envelopes are looked for"
    )
    silence_seconds: float = Field(
        default=5.0, gt=0, le=3600, description="how often silent banks are looked for"
    )
    result_bytes_max: int = Field(
        default=100 * 1024 * 1024, ge=1024, description="largest result file a bank may send"
    )
