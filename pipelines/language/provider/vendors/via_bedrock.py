"""Amazon Bedrock. The client neither retries nor gives up: `calls.retry.CallLimit` does."""

import asyncio
from dataclasses import dataclass

import boto3
from botocore.config import Config
from botocore.exceptions import NoRegionError
from pydantic_ai.embeddings import EmbeddingModel
from pydantic_ai.embeddings.bedrock import BedrockEmbeddingModel
from pydantic_ai.models import Model
from pydantic_ai.models.bedrock import BedrockConverseModel
from pydantic_ai.providers.bedrock import BedrockProvider

from pipelines.language.provider.vendors.connection import CLIENT_SECONDS, Close, ConnectError, Connection


@dataclass(frozen=True, slots=True)
class AwsKeys:
    """How to reach Bedrock; what is None, the AWS client finds by its own rules (instance role, profile)."""

    access_key_id: str | None = None
    secret_access_key: str | None = None
    region: str | None = None


def connect(model: str, keys: AwsKeys, url: str | None = None) -> Connection[Model]:
    """A connection to one model over the Converse API; `url` for a proxy. Raises ConnectError without keys, region."""
    provider, close = _provider(keys, url)
    return Connection(BedrockConverseModel(model, provider=provider), f"bedrock:{model}", close, marks=True)


def connect_embeddings(model: str, keys: AwsKeys) -> Connection[EmbeddingModel]:
    """A connection to one embedding model. Raises ConnectError without keys or region."""
    provider, close = _provider(keys)
    return Connection(BedrockEmbeddingModel(model, provider=provider), f"bedrock:{model}", close)


def _provider(keys: AwsKeys, url: str | None = None) -> tuple[BedrockProvider, Close]:
    session = boto3.Session(
        aws_access_key_id=keys.access_key_id, aws_secret_access_key=keys.secret_access_key, region_name=keys.region
    )
    if session.get_credentials() is None:
        raise ConnectError("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are missing, and this machine has no AWS role")
    config = Config(retries={"total_max_attempts": 1}, read_timeout=CLIENT_SECONDS)
    try:
        client = session.client("bedrock-runtime", config=config, endpoint_url=url)
    except NoRegionError as missing:
        raise ConnectError("AWS_REGION is missing: Bedrock needs it") from missing

    async def close() -> None:
        await asyncio.to_thread(client.close)

    return BedrockProvider(bedrock_client=client), close
