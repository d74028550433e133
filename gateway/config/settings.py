"""Every setting of the gateway: read once from the environment, frozen, checked for half-set pairs."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from flags.model import BASELINE
from gateway.config.addresses import check_http_url, read_database_url
from gateway.config.environment import FromEnvironment
from gateway.config.forwarded_routes import check_upstream_url, forwarded_routes
from gateway.config.hosts import split_hosts
from gateway.config.operators import Operator, split_operators
from gateway.config.origins import check_console_origin, split_origins
from gateway.config.ownership import Ownership, read_ownership
from gateway.config.pairs import EMBEDDED_BESIDE_SUPABASE, PAIRS, check_pairs
from gateway.config.secrets import check_tokens, reveal

ADDRESSES = (
    "supabase_url",
    "unleash_url",
    "unleash_webhook_url",
    "openai_base_url",
    "vercel_api_url",
    "otel_exporter_otlp_endpoint",
)
BEATS = 3  # heartbeats that may be late or lost before a worker counts as dead


def lower(value: object) -> object:
    """A word as settings spell it."""
    return value.strip().lower() if isinstance(value, str) else value


class Settings(FromEnvironment):
    """The environment, typed. With nothing set, all parts run on this machine under `data_dir`."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    # Where it listens
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = Field(10000, ge=0, le=65535)
    """Port to listen on; 0 takes any free one."""
    metrics_port: int = Field(10001, ge=0, le=65535)
    """Where `gateway worker` serves /metrics, /health and /ready; when it is taken, a free port is used, and told."""
    max_body_bytes: int = Field(
        64 * 1024 * 1024, ge=1024, description="bodies with an export above this get 413, others above 1 MiB"
    )
    max_open_body_bytes: int = Field(
        128 * 1024 * 1024,
        ge=1024,
        description="of all open requests, beyond 16 KiB of each; above it, more are refused with 503",
    )
    max_waiting_export_bytes: int = Field(
        2 * 1024**3,
        ge=1024,
        description="of exports that came inline and still wait; above it, more are refused with 503",
    )
    connections_per_address: int = Field(512, ge=1, description="more get 503; not behind TRUSTED_PROXIES")
    body_seconds: float = Field(60.0, gt=0, description="a request body that takes longer to arrive gets 408")
    keep_alive_seconds: int = Field(80, ge=1, description="how long an idle connection is kept: longer than proxies do")
    drain_delay_seconds: float = Field(0.0, ge=0, description="after SIGTERM, how long requests are still answered")
    drain_seconds: float = Field(20.0, gt=0, description="after SIGTERM, how long running steps may go on")

    # Where state is kept
    data_dir: Path = Path("data")
    """Where everything local is kept: the embedded Postgres, exports, flags, work in progress."""
    database_url: SecretStr | None = None
    """The Postgres to use instead of the embedded one."""
    allow_embedded_database: bool = False
    """Let results go to the embedded database although SUPABASE_URL is set."""
    database_pool_size: int = Field(8, ge=1, le=200)
    """Connections that one process holds at most."""
    database_timeout_seconds: float = Field(5.0, gt=0, description="for a connection, and for a free one of the pool")
    database_transaction_pooler: bool = False
    """DATABASE_URL is a pooler in transaction mode: no prepared statements, no LISTEN."""
    supabase_url: str | None = None
    """Exports come from the Supabase storage at this address instead of a folder."""
    supabase_service_key: SecretStr | None = Field(None, description="The key for it.")

    # Flags
    unleash_url: str | None = None
    """Flags come from the Unleash server whose API is at this address instead of `flags.json`."""
    unleash_api_token: SecretStr | None = None
    """A client token of that server."""
    unleash_admin_token: SecretStr | None = None
    """An admin token of that server; only needed to change flags with `gateway rollout`."""
    unleash_webhook_token: SecretStr | None = None
    """What Unleash's webhook integration must show; with it, a change made in Unleash's pages is heard of at once."""
    unleash_webhook_url: str | None = None
    """Where Unleash reaches this gateway: `gateway flags init` then sets that integration up."""
    unleash_project: str = "default"
    """The Unleash project that holds the flags."""
    unleash_environment: str = "development"
    """The Unleash environment whose strategies count."""
    unleash_poll_seconds: float = Field(1.0, ge=0.2, description="how often flags are asked for")
    unleash_timeout_seconds: float = Field(2.0, gt=0, description="how long the flag server may take to answer")
    base_pipeline: str = Field(BASELINE, pattern=r"^v[1-9]\d*$")
    """What everybody gets for whom no flag is on, unless a newer version was promoted; each newer one has a flag."""
    candidate_pipeline: str | None = Field(None, pattern=r"^v([2-9]|[1-9]\d+)$")
    """The version that commands address when they name none; by default the newest."""
    in_flight: Literal["finish", "restart"] = "restart"
    """What a rollback does to jobs that run: start again after a grace, as what their users get, or finish."""
    rollback_grace_seconds: float = Field(30.0, ge=0)
    """How long a running job of a version that was rolled back may still end by itself; then it starts again."""

    ramp_look_seconds: float = Field(5.0, ge=0.1)
    """How often each worker looks whether a ramp is due to go on, or a rollout to be rolled back."""
    guard: Annotated[Literal["on", "dry-run", "off"], BeforeValidator(lower)] = "on"
    """Whether a version that fails more, or is slower, is turned off by itself; `dry-run` only says it would be."""
    guard_look_seconds: float = Field(2.0, ge=0.1, le=3, description="how often the guard looks")
    guard_slow_seconds: float = Field(60.0, gt=0)
    """A job is slow above what 95 % of the jobs of its size took before the rollout, or if unknown, above this."""

    shadow_same_percent: float = Field(10.0, ge=0, le=100)
    """Percent of the shadow sample for which one version runs twice, to measure how far two equal runs differ."""
    shadow_against: str | None = Field(None, pattern=r"^v[1-9]\d*$")
    """The version to compare with, whatever is replaced; users of it are compared with the candidate."""
    shadow_wait_seconds: float = Field(60.0, ge=0)
    """How long a comparison whose turn has come waits while jobs of users wait, before it is left out."""
    shadow_timeout_seconds: float = Field(900.0, gt=0, description="a comparison that runs longer is stopped")
    shadow_memory_mb: int = Field(1024, ge=128, description="a comparison that takes more memory is stopped")
    shadow_disk_mb: int = Field(4096, ge=64, description="the same for its folder, in which its export is too")
    shadow_daily_tokens: int = Field(2_000_000, ge=0)
    """Tokens that all comparisons of a day (UTC) may use at a language provider."""
    shadow_daily_usd: float = Field(5.0, ge=0)
    """US dollars that they may cost, as far as prices are known."""
    shadow_judge: bool = False
    """Let the language provider judge, blind and in both orders, whose text is better; costs two calls a pair."""
    shadow_retention_days: int = Field(14, ge=1)
    """How long comparisons, with their samples of users' words, are kept."""

    # Jobs
    worker_concurrency: int = Field(2, ge=1, le=64, description="jobs of v1 that one worker runs at once")
    candidate_concurrency: int | None = Field(None, ge=1, le=64)
    """Jobs of other versions that it runs beside them, in slots of their own; by default as many."""
    job_isolation: Literal["all", "candidates", "none"] = "candidates"
    """Whose jobs run in processes of their own, which can be ended whatever they do."""
    job_memory_mb: int = Field(1024, ge=128, description="a job that takes more memory has failed")
    job_cpu_seconds: float = Field(900.0, gt=0, description="the same for the processor's time")
    job_disk_mb: int = Field(4096, ge=64, description="the same for its folder, where it has a process of its own")
    job_network: bool = False
    """Whether jobs in processes of their own may open connections; asking the model provider needs none."""
    confinement: Annotated[Literal["best-effort", "required"], BeforeValidator(lower)] = "best-effort"
    """Whether comparisons run where this machine cannot impose every restriction on them; `required`: they do not."""
    shadow_concurrency: int = Field(1, ge=0, le=64)
    """Comparisons that one worker runs at once; 0 runs none."""
    job_timeout_seconds: float = Field(1800, gt=0, description="a job that runs longer has failed")
    step_timeout_seconds: float = Field(1200, gt=0, description="the same for one step of it")
    job_attempts: int = Field(3, ge=1, le=20, description="how often a job is begun before it has failed for good")
    heartbeat_seconds: float = Field(5.0, gt=0, description="how often a worker says that it lives")
    stalled_after_seconds: float = Field(20.0, gt=0, description="a worker silent this long has lost its jobs")
    metrics_count_seconds: float = Field(5.0, ge=0, le=30, description="queues are counted at most so often, for all")
    queue_limit: int | None = Field(None, ge=1, description="accepts answer 503 when more jobs wait; default: never")
    chunks_per_user: int = Field(300, ge=3, le=10_000, description="kept at most, the best and newest of every size")
    wait_first_seconds: float = Field(2.0, gt=0, description="until a service that a job lacked is tried again; grows")
    wait_longest_seconds: float = Field(3600.0, gt=0, description="the longest of these pauses")
    wait_in_all_seconds: float = Field(86_400.0, ge=0, description="then the job fails; 0 never waits")
    storage_look_seconds: float = Field(10.0, gt=0, description="how often a worker asks whether it may read exports")
    retention_days: int = Field(30, ge=1, description="how long finished jobs, their steps and their messages are kept")

    # Language
    anthropic_api_key: SecretStr | None = None
    """Facts, sections and MEMORY come from Anthropic instead of the embedded engine."""
    openai_api_key: SecretStr | None = None
    """The same from OpenAI, or the key for OPENAI_BASE_URL."""
    openai_base_url: str | None = None
    """Any server with OpenAI's API; LANGUAGE_MODEL says which of its models."""
    language_model: str | None = None
    """`anthropic:<model>`, `openai:<model>` or `bedrock:<model>`; needed with OPENAI_BASE_URL and for Bedrock."""
    aws_access_key_id: SecretStr | None = None
    """For models of Amazon Bedrock; without it, the machine's own AWS credentials are used."""
    aws_secret_access_key: SecretStr | None = Field(None, description="the secret of that key")
    aws_region: str | None = Field(None, description="where Bedrock is called")
    bedrock_embedding_model_id: str | None = None
    """Which Bedrock model makes embeddings."""
    embedding_model: str | None = Field(None, description="at OPENAI_BASE_URL, or at OpenAI with OPENAI_API_KEY")
    language_timeout_seconds: float = Field(120.0, gt=0, description="for one call of a language provider")
    fact_extraction_concurrency: int = Field(3, ge=1, le=50, description="calls of a provider at once, for one job")
    language_batch: bool = Field(default=False, description="comparisons ask in batches: half the price, and later")
    language_calls_per_minute: int | None = Field(None, ge=1, description="across all workers")
    language_job_usd: float | None = Field(None, ge=0, description="US dollars that one job may cost")
    language_daily_usd: float | None = Field(None, ge=0, description="the same for all users' jobs of a day (UTC)")

    # The service before this one
    legacy_upstream_url: str | None = None
    """Its address: with it, routes are passed on to it, byte for byte."""
    forward_routes: str | None = None
    """Which ones, separated by commas (`/chat, /embedding-status/{user_id}, /api/*`); by default all but our own."""
    legacy_timeout_seconds: float = Field(120.0, gt=0, description="how long it may be silent before we answer 504")
    legacy_job_seconds: float = Field(
        7200.0, ge=0, description="its open jobs are closed as failed once nothing has touched them for so long"
    )

    # Who may call
    operator_token: SecretStr | None = None
    """What operators must show as `Authorization: Bearer <token>`; without any, routes and console are not there."""
    operator_tokens: SecretStr | None = None
    """`name:token,name:token`: a token for each operator, whose name then stands in the history."""
    console_origin: str | None = None
    """Where browsers reach the console, like `https://gateway.example.com`; by default on this machine alone."""
    console_name: str = Field("this machine", min_length=1, max_length=40)
    """What the console calls this environment: `production`, `staging`."""
    gateway_api_keys: SecretStr | None = None
    """Comma-separated; callers must show one (`Authorization: Bearer` or `X-API-Key`). By default all are let in."""
    enforce_ownership: Annotated[Ownership, BeforeValidator(read_ownership)] = "uuid"
    """Refuse another user's `storage_path`: `uuid` where both are UUIDs, `strict` (or 1) always, `off` (or 0) never."""
    rate_limit_per_minute: int | None = Field(None, ge=1)
    """Requests a minute for each key, or address without one; more are answered with 429. By default no limit."""
    trusted_proxies: int = Field(0, ge=0, le=10)
    """How many proxies of yours stand before the gateway: an address is then read from X-Forwarded-For."""
    allowed_hosts: str | None = None
    """Names that requests may call it by (`api.example.com, *.example.com`, or `*`); on loopback, none of web pages."""
    cors_origins: str | None = None
    """Origins whose web pages may call, separated by commas, or `*`; never with cookies. By default none."""
    vercel_api_url: str | None = None
    """The web back end that is told when a job is over."""
    rlm_api_key: SecretStr | None = None
    """The key that it is told with."""

    # What it tells
    otel_exporter_otlp_endpoint: str | None = Field(None, pattern=r"^https?://")
    """Where traces are sent: an OpenTelemetry collector's address for OTLP over HTTP. By default none are made."""
    trace_sample_percent: float = Field(100.0, ge=0, le=100)
    """Percent of jobs that are traced."""
    log_format: Literal["json", "text"] = "json"
    """One JSON object a line, or text for a terminal."""
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lower)] = "info"
    """debug, info, warning or error."""

    @property
    def operators(self) -> tuple[Operator, ...]:
        """Who may operate. Raises ValueError for what is checked at the start."""
        return split_operators(reveal(self.operator_token), reveal(self.operator_tokens))

    @model_validator(mode="before")
    @classmethod
    def _understand_database_url(cls, values: dict[str, Any]) -> dict[str, Any]:
        url = values.get("database_url")
        if not url:
            return values
        found = read_database_url(url.get_secret_value() if isinstance(url, SecretStr) else str(url))
        pooler = {"database_transaction_pooler": True} if found.transaction_pooler else {}
        return {**pooler, **values, "database_url": SecretStr(found.url)}

    @model_validator(mode="after")
    def _addresses(self) -> Self:
        for name in ADDRESSES:
            if (url := getattr(self, name)) is not None:
                check_http_url(name.upper(), url)
        return self

    @model_validator(mode="after")
    def _no_contradictions(self) -> Self:
        least = BEATS * self.heartbeat_seconds
        if self.stalled_after_seconds < least:
            raise ValueError(
                f"STALLED_AFTER_SECONDS is {self.stalled_after_seconds:g}: below {least:g}, {BEATS} times "
                "HEARTBEAT_SECONDS, healthy workers would lose their jobs"
            )
        return self

    @model_validator(mode="after")
    def _forwards_somewhere(self) -> Self:
        if self.forward_routes is not None:
            forwarded_routes(self.forward_routes)
            if self.legacy_upstream_url is None:
                raise ValueError("LEGACY_UPSTREAM_URL is missing: FORWARD_ROUTES is set and needs it")
        if self.legacy_upstream_url is not None:
            check_upstream_url(self.legacy_upstream_url)
        return self

    @model_validator(mode="after")
    def _who_may_call(self) -> Self:
        tokens = {one.token for one in self.operators}
        check_tokens(self.operator_token, self.unleash_webhook_token, self.gateway_api_keys, tokens)
        check_console_origin(self.console_origin)
        if self.unleash_webhook_url is not None and self.unleash_webhook_token is None:
            raise ValueError("UNLEASH_WEBHOOK_TOKEN is missing: UNLEASH_WEBHOOK_URL is set and needs it")
        split_origins(self.cors_origins)
        split_hosts(self.allowed_hosts)
        return self

    @model_validator(mode="after")
    def _candidate_is_newer(self) -> Self:
        candidate, base = self.candidate_pipeline, self.base_pipeline
        if candidate is not None and int(candidate[1:]) <= int(base[1:]):
            raise ValueError(f"CANDIDATE_PIPELINE {candidate} is not newer than BASE_PIPELINE {base}: it has no flag")
        return self

    @model_validator(mode="after")
    def _no_half_set_pairs(self) -> Self:
        check_pairs({name: getattr(self, name) for pair in PAIRS for name in pair})
        if self.supabase_url and not self.database_url and not self.allow_embedded_database:
            raise ValueError(EMBEDDED_BESIDE_SUPABASE)
        return self
