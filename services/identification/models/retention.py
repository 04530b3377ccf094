"""The table of what outstayed its days: how many of which kind went, and when; never what."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.identification.models.rows import Row, instant_column, text_column
from shared.database import new_id


class RetentionSweep(Row, table=True):
    """So many of one kind, taken away together."""

    __tablename__ = "retention_sweep"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = text_column()
    count: int
    kept_days: int
    swept_at: datetime = instant_column()
