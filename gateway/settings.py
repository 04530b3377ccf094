"""The gateway's knobs, with their units."""

from ipaddress import ip_network
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from shared.settings import ProcessSettings


class Settings(ProcessSettings):
    """What the gateway must know before it opens."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    public_url: str = Field(
        pattern=r"^https?://[^/]+$",
        description="how the outside reaches us; the issuer of tokens and their audience",
    )
    notice: str = Field(default="", description="sentence shown at the top of every page")
    county_name: str = Field(default="", description="the county's name as pages show it")
    divisions_file: Path | None = Field(
        default=None, description="YAML: towns and villages by code, for their names"
    )
    help_phone: str = Field(default="12345", description="phone shown on every page")
    cookies_secure: bool = Field(
        default=True, description="false only where the door is http on loopback"
    )
    proxies: str = Field(
        default="",
        validate_default=True,
        description="whose X-Forwarded-For is believed: addresses and networks, or none",
    )

    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="port for Prometheus; none shows no metrics"
    )

    identification_url: str = Field(pattern=r"^https?://[^/]+$", description="where it listens")
    benefits_url: str = Field(pattern=r"^https?://[^/]+$", description="where it listens")
    payments_url: str = Field(pattern=r"^https?://[^/]+$", description="where it listens")
    notifications_url: str = Field(pattern=r"^https?://[^/]+$", description="where it listens")

    connect_seconds: float = Field(default=2.0, gt=0, le=2.0, description="to reach a service")
    answer_seconds: float = Field(default=300.0, gt=0, description="silence of a service allowed")
    upload_silence_seconds: float = Field(
        default=30.0, gt=0, description="silence of an uploading caller before it is cut"
    )

    token_seconds: int = Field(default=600, ge=60, le=600, description="life of an access token")
    assertion_seconds_max: int = Field(
        default=300, ge=60, le=300, description="longest life of a client's own assertion"
    )
    standing_seconds: float = Field(
        default=3.0, ge=0, le=5.0, description="how long a client's standing is believed"
    )

    citizen_idle_minutes: int = Field(default=15, ge=1, le=15, description="sign-out when idle")
    staff_idle_minutes: int = Field(default=30, ge=1, le=60, description="sign-out when idle")
    session_hours_max: int = Field(default=12, ge=1, le=12, description="sign-out in any case")

    code_minutes: int = Field(default=10, ge=1, le=10, description="life of a one-time code")
    code_minutes_said: int = Field(default=5, ge=1, le=10, description="life the page speaks of")
    code_tries_max: int = Field(default=5, ge=1, le=5, description="wrong tries of one code")
    wrong_codes_daily_max: int = Field(default=10, ge=1, description="then the office helps")
    sends_per_minute_max: int = Field(default=1, ge=1, description="codes to one person")
    sends_per_hour_max: int = Field(default=5, ge=1, description="codes to one person")
    sends_per_day_max: int = Field(default=10, ge=1, description="codes to one person")
    sends_per_peer_hourly_max: int = Field(default=20, ge=1, description="codes asked by one peer")
    sends_per_network_hourly_max: int = Field(
        default=200, ge=1, description="codes asked by one /24 (IPv6: /48)"
    )
    sends_breaker_times: int = Field(
        default=5, ge=2, description="of the day's hourly mean, before all sending stops"
    )
    sends_breaker_floor: int = Field(
        default=200, ge=1, description="codes an hour that never trip the breaker"
    )
    sends_breaker_share: int = Field(
        default=10, ge=1, description="codes an hour of one network that the breaker counts"
    )
    wrong_passwords_max: int = Field(default=5, ge=1, le=10, description="then the name rests")
    wrong_password_rest_minutes: int = Field(default=15, ge=1, description="how long it rests")
    wrong_passwords_per_peer_hourly_max: int = Field(
        default=50, ge=1, description="wrong passwords from one peer"
    )

    @field_validator("proxies")
    @classmethod
    def _proxies_are_said(cls, value: str, info: ValidationInfo) -> str:
        if not value.strip() and info.data.get("cookies_secure"):
            raise ValueError(
                "say who ends TLS before the door, as addresses and networks with commas between; "
                "none if nobody passes callers' addresses on: they all count as one caller then"
            )
        for each in _parts(value):
            ip_network(each)
        return value

    @property
    def trusted_proxies(self) -> list[str]:
        """The addresses and networks of whoever stands before the door."""
        return _parts(self.proxies)


def _parts(said: str) -> list[str]:
    return [] if said.strip() in {"", "none"} else [each.strip() for each in said.split(",")]
