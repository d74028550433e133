"""Addresses in settings: pooler URLs as providers print them, and what can be no address at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from gateway.config.addresses import read_database_url
from gateway.config.settings import Settings

PLAIN = "postgresql://u:p@h:5432/n"
NEON = "postgresql://u:p@ep-cool-name-123-pooler.eu-central-1.aws.neon.tech/n?sslmode=require&channel_binding=require"
SUPABASE = "postgresql://postgres.abc:p@aws-0-eu-central-1.pooler.supabase.com"


@pytest.mark.parametrize(
    ("printed", "used", "pooled"),
    [
        (PLAIN, PLAIN, False),
        (f"{PLAIN}?pgbouncer=true", PLAIN, True),
        (f"{PLAIN}?pgbouncer=true&connection_limit=1", PLAIN, True),
        (f"{PLAIN}?pgbouncer=false", PLAIN, False),
        (f"{PLAIN}?sslmode=require&pgbouncer=true&supa=base-pooler.x", f"{PLAIN}?sslmode=require", True),
        (f"{PLAIN}?schema=public&sslmode=require", f"{PLAIN}?sslmode=require", False),
        (f"{SUPABASE}:6543/postgres", f"{SUPABASE}:6543/postgres", True),
        (f"{SUPABASE}:6543/postgres?pgbouncer=true", f"{SUPABASE}:6543/postgres", True),
        (f"{SUPABASE}:5432/postgres", f"{SUPABASE}:5432/postgres", False),
        (NEON, NEON, True),
        ("postgres://u@/n?host=/tmp/socket", "postgres://u@/n?host=/tmp/socket", False),
        ("postgresql://a:1,b:2/n", "postgresql://a:1,b:2/n", False),
        ("postgresql://[::1]:5432/n", "postgresql://[::1]:5432/n", False),
        ("postgresql://[::1]/n", "postgresql://[::1]/n", False),
        ("host=h port=5432 dbname=n", "host=h port=5432 dbname=n", False),
    ],
)
def test_a_database_url_is_used_as_it_is_printed(printed: str, used: str, pooled: bool) -> None:
    settings = Settings.model_validate({"database_url": printed})
    assert settings.database_url == SecretStr(used)
    assert settings.database_transaction_pooler is pooled


def test_what_is_said_of_the_pooler_outright_counts() -> None:
    values = {"database_url": f"{PLAIN}?pgbouncer=true", "database_transaction_pooler": False}
    assert Settings.model_validate(values).database_transaction_pooler is False


@pytest.mark.parametrize(
    "url",
    ["mysql://u:hush@h/n", "https://hush.example", "hush", "postgresql://", "postgresql://u:hush@h:badport/n",
     "postgresql://u:hush@h:99999/n", "postgresql://u:hush@h:0/n", "postgresql://u:hush@h:5432,i:x/n", "sqlite:///hush"],
)  # fmt: skip
def test_what_is_no_postgres_is_one_line_that_names_the_setting_and_no_secret(url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({"database_url": url})
    (error,) = caught.value.errors()
    assert "DATABASE_URL" in error["msg"]
    assert "\n" not in error["msg"]
    assert "hush@" not in error["msg"]
    assert ":hush" not in error["msg"]


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    try:
        found = read_database_url(text)
    except ValueError:
        return
    assert found.url == text


@pytest.mark.parametrize("name", ["supabase_url", "unleash_url", "openai_base_url", "vercel_api_url"])
@pytest.mark.parametrize("url", ["example.com", "ftp://example.com", "http://", "https://h:badport", "https://a b"])
def test_an_address_that_is_none_names_its_setting(name: str, url: str) -> None:
    rest = {"supabase_service_key": "k", "unleash_api_token": "t", "allow_embedded_database": True}
    pairs = {"supabase_url": "supabase_service_key", "unleash_url": "unleash_api_token"}
    more = {key: rest[key] for key in (pairs.get(name), "allow_embedded_database") if key in rest}
    with pytest.raises(ValidationError, match=f"{name.upper()} is no address"):
        Settings.model_validate({name: url, **more})


def test_settings_that_contradict_each_other_are_named() -> None:
    with pytest.raises(ValidationError, match=r"STALLED_AFTER_SECONDS is 14.*HEARTBEAT_SECONDS"):
        Settings.model_validate({"stalled_after_seconds": 14})
    with pytest.raises(ValidationError, match="STALLED_AFTER_SECONDS is 20"):
        Settings.model_validate({"heartbeat_seconds": 7})
    assert Settings.model_validate({"stalled_after_seconds": 15}).stalled_after_seconds == 15


def test_log_levels_are_those_that_are_written_down() -> None:
    assert Settings.model_validate({"log_level": "WARNING"}).log_level == "warning"
    with pytest.raises(ValidationError, match="log_level"):
        Settings.model_validate({"log_level": "loud"})
