"""The knobs of identification, with their units."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ProcessSettings


class Settings(ProcessSettings):
    """Read once at the start and passed down; missing or unknown ones refuse the start."""

    model_config = SettingsConfigDict(env_prefix="IDENTIFICATION_")

    nats_url: str = Field(description="NATS, as identification's own user")
    payments_url: str = Field(description="where accounts are handed on")
    benefits_url: str = Field(description="who reckons what a household would be paid")
    notifications_url: str = Field(description="where contacts are handed on")
    divisions_file: Path = Field(description="YAML: the county's towns and villages by code")
    banks_file: Path = Field(description="YAML: the banks a roster may name, by code and name")
    casework_file: Path | None = Field(
        default=None, description="YAML: what the place sets of casework; else the nation's"
    )
    reports_dir: Path | None = Field(
        default=None, description="YAML: lines the place adds to its reports, month.yaml and so on"
    )
    exchange_dir: Path | None = Field(
        default=None, description="a folder of the place's own templates of the exchange"
    )
    upload_bytes_max: int = Field(
        default=512 * 1024 * 1024, ge=1024, description="a larger roster file is refused"
    )
    roster_rows_max: int = Field(
        default=3_000_000, ge=1, description="a roster with more rows is refused"
    )
    import_children: int = Field(
        default=1, ge=0, le=1, description="0 when another replica runs the imports"
    )
    import_chunk_rows: int = Field(
        default=5_000, ge=10, le=50_000, description="rows loaded in one transaction"
    )
    import_retry_seconds: int = Field(
        default=5, ge=1, le=600, description="pause before an import that was cut short goes on"
    )
    import_falls_max: int = Field(
        default=20, ge=1, le=1000, description="falls at one place after which others go first"
    )
    places_dir: Path | None = Field(
        default=None, description="places outside the tree; unset reads policies/places"
    )
    feeds_file: Path | None = Field(
        default=None, description="YAML: the place's own feeds; else the nation's"
    )
    comparison_children: int = Field(
        default=1, ge=0, le=1, description="0 when another replica keys and compares"
    )
    alerts_max: int = Field(
        default=50_000, ge=1, le=1_000_000, description="more alerts at once are raised by nobody"
    )
