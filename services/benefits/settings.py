"""The knobs of benefits, with their units."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ProcessSettings


class Settings(ProcessSettings):
    """Read once at the start and passed down; missing or unknown ones refuse the start."""

    model_config = SettingsConfigDict(env_prefix="BENEFITS_")

    nats_url: str = Field(description="NATS, as benefits' own user")
    identification_url: str = Field(description="where determinations are fetched")
    places_dir: Path | None = Field(
        default=None, description="places outside the tree; unset reads policies/places"
    )
    chunk_items: int = Field(
        default=2000,
        ge=1,
        le=100_000,
        description="lines, recoveries and holds loaded in one transaction",
    )
    arrears_months_max: int = Field(
        default=24,
        ge=0,
        le=120,
        description="how far back a decision or a death may mark months due; 0 marks none",
    )
    hold_limit_working_days: int = Field(
        default=5, ge=1, le=60, description="working days within which a hold must end"
    )
    line_fen_max: int = Field(
        default=5_000_000, ge=1, description="a sum above this is held for a person to look at"
    )
    run_faults_max: int = Field(
        default=5, ge=1, description="faults after which a run is failed instead of tried again"
    )
