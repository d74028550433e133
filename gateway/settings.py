"""Every setting of the gateway: read once from the environment, frozen, checked for half-set pairs."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PAIRS = (
    ("supabase_url", "supabase_service_key"),
    ("unleash_url", "unleash_api_token"),
    ("aws_access_key_id", "aws_secret_access_key"),
)


class Settings(BaseSettings):
    """The environment, typed. With nothing set, all parts run on this machine under `data_dir`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    # Where it listens
    host: str = "127.0.0.1"
    port: int = Field(10000, ge=0, le=65535)
    max_body_bytes: int = Field(64 * 1024 * 1024, ge=1024, description="request bodies above this are refused with 413")
    drain_seconds: float = Field(20.0, gt=0, description="after SIGTERM, how long running steps may go on")

    # Where state is kept
    data_dir: Path = Path("data")
    database_url: SecretStr | None = None
    allow_embedded_database: bool = False
    database_pool_size: int = Field(8, ge=1, le=200)
    database_timeout_seconds: float = Field(5.0, gt=0, description="for a connection, and for a free one of the pool")
    database_transaction_pooler: bool = Field(
        False, description="DATABASE_URL is a pooler in transaction mode: no prepared statements, no LISTEN"
    )
    supabase_url: str | None = None
    supabase_service_key: SecretStr | None = None

    # Flags
    unleash_url: str | None = None
    unleash_api_token: SecretStr | None = None
    unleash_admin_token: SecretStr | None = None
    unleash_project: str = "default"
    unleash_environment: str = "development"
    unleash_poll_seconds: float = Field(1.0, ge=0.2)
    unleash_timeout_seconds: float = Field(2.0, gt=0)
    in_flight: Literal["finish", "restart"] = "finish"

    # Jobs
    worker_concurrency: int = Field(2, ge=1, le=64)
    shadow_concurrency: int = Field(1, ge=0, le=64)
    job_timeout_seconds: float = Field(1800, gt=0)
    step_timeout_seconds: float = Field(1200, gt=0)
    job_attempts: int = Field(3, ge=1, le=20)
    heartbeat_seconds: float = Field(5.0, gt=0)
    stalled_after_seconds: float = Field(20.0, gt=0, description="a worker silent this long has lost its jobs")
    queue_limit: int | None = Field(None, ge=1, description="accepts answer 503 when more jobs wait; default: never")
    retention_days: int = Field(30, ge=1)

    # Language
    anthropic_api_key: SecretStr | None = None
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    language_model: str | None = None
    aws_access_key_id: SecretStr | None = None
    aws_secret_access_key: SecretStr | None = None
    aws_region: str | None = None
    bedrock_embedding_model_id: str | None = None
    embedding_model: str | None = Field(None, description="at OPENAI_BASE_URL, or at OpenAI with OPENAI_API_KEY")
    language_timeout_seconds: float = Field(120.0, gt=0, description="for one call of a language provider")
    fact_extraction_concurrency: int = Field(3, ge=1, le=50)
    language_calls_per_minute: int | None = Field(None, ge=1, description="across all workers")

    # Who may call
    operator_token: SecretStr | None = None
    vercel_api_url: str | None = None
    rlm_api_key: SecretStr | None = None

    log_format: Literal["json", "text"] = "json"
    log_level: str = "info"

    @model_validator(mode="after")
    def _no_half_set_pairs(self) -> Self:
        for first, second in PAIRS:
            one, other = getattr(self, first), getattr(self, second)
            if (one is None) != (other is None):
                missing, present = (second, first) if other is None else (first, second)
                raise ValueError(f"{missing.upper()} is missing: {present.upper()} is set and needs it")
        if self.supabase_url and not self.database_url and not self.allow_embedded_database:
            raise ValueError(
                "DATABASE_URL is missing: SUPABASE_URL is set, and results would go to a database on this disk "
                "(ALLOW_EMBEDDED_DATABASE=1 allows that)"
            )
        return self
