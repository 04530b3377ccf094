"""The knobs of notifications, with their units."""

from typing import Final

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ProcessSettings

HTTP: Final = r"^https?://[^/]+$"


class Settings(ProcessSettings):
    """What notifications must know before it starts."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_")

    nats_url: str = Field(description="NATS, as the user who speaks for notifications")
    payments_url: str = Field(pattern=HTTP, description="where the lines of results lie")

    sign: str = Field(min_length=2, max_length=12, description="stands before each text: 青神民政")
    question_phone: str = Field(
        default="12345", pattern=r"^[0-9-]{5,12}$", description="telephone named in each text"
    )
    notice_hours: int = Field(default=72, ge=1, description="a payment notice is tried so long")
    away_seconds: float = Field(
        default=60, ge=0, description="a carrier away so long lets notices run out of their hours"
    )
    retry_seconds: float = Field(
        default=30, gt=0, description="pause before a second try; it doubles, up to an hour"
    )

    smpp_host: str = Field(description="the carrier's SMS centre")
    smpp_port: int = Field(ge=1, le=65535, description="its SMPP port")
    smpp_system_id: str = Field(max_length=15, description="our account there")
    smpp_password: SecretStr = Field(max_length=8, description="its password; SMPP allows eight")
    smpp_source: str = Field(pattern=r"^\d{3,20}$", description="the number that people see")
    smpp_window: int = Field(default=100, ge=1, le=1000, description="texts unanswered at once")
    smpp_reserved: int = Field(default=10, ge=0, description="of these, free for one-time codes")
    smpp_answer_seconds: float = Field(
        default=120, gt=0, description="patience with one answer; giving up may tell twice"
    )
    smpp_enquire_seconds: float = Field(default=30, gt=0, description="silence before we ask")
