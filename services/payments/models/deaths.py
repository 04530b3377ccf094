"""Who died: nobody is paid for a month after the month of their death."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from services.payments.models.rows import Row, instant


class PersonDeath(Row, table=True):
    """A death that identification told of; the last word on a person counts."""

    __tablename__ = "person_death"

    person_id: UUID = Field(primary_key=True)
    died_on: date
    heard_at: datetime = instant()
