"""Settings: defaults, then `ingest.toml`, then `INGEST_*` variables, then options of the command line.

Only entry points (the command line and the flows) read them; stages get what they need as arguments.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings"]


class Settings(BaseSettings):
    """Everything that an operator can set; `ingest config show` prints it with its descriptions."""

    model_config = SettingsConfigDict(env_prefix="INGEST_", frozen=True, extra="forbid")

    database_url: Annotated[
        str, Field(description="The store: `sqlite:///PATH`, or `postgresql://USER:PASSWORD@HOST/NAME`.")
    ] = "sqlite:///var/ingest.db"
    archive_url: Annotated[
        str, Field(description="Where raw bytes are kept: a folder, or any address that fsspec takes.")
    ] = "var/archive"
    time_zone: Annotated[
        str, Field(description="IANA zone of times that carry none; empty: such a time is believed to the day only.")
    ] = ""
    max_bytes: Annotated[
        int, Field(ge=1024, description="A larger document is dropped, before or after unpacking.")
    ] = 20_000_000
    window: Annotated[int, Field(ge=1, le=10_000, description="Documents claimed and held in memory at a time.")] = 64
    window_bytes: Annotated[int, Field(ge=1024, description="Bytes of documents held in memory at a time.")] = (
        64_000_000
    )
    lease_seconds: Annotated[
        int, Field(ge=5, description="How long a worker may be silent before its documents go to another.")
    ] = 300
    max_attempts: Annotated[
        int, Field(ge=1, description="A document that killed its worker so often is dropped as crashed_repeatedly.")
    ] = 3
    settle_seconds: Annotated[
        float,
        Field(gt=0, description="How long a file is left alone before `ingest watch` takes it for complete."),
    ] = 1.0
