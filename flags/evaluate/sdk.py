"""UnleashClient as the engine: the SDK's own answer for one flag, without its threads or its network."""

import logging
from typing import Any

from UnleashClient.cache import BaseCache
from UnleashClient.clients.unleash_client import UnleashClient
from UnleashClient.constants import FEATURES_URL
from UnleashClient.utils import InstanceAllowType

from flags.document.document import BadDocument, FlagPart
from flags.evaluate.hashing import bucket

BUCKET_FIELD = "bucket"  # context property, 0 to 9,999: what fractions of a percent are cut by


class SdkEngine:
    """Answers for exactly one state of one flag, for ever: another state gets another engine."""

    def __init__(self, part: FlagPart, group: str, app_name: str, environment: str) -> None:
        """`group`: by whose hash the flag's buckets are cut. Raises BadDocument."""
        self._flag = part.feature.name
        self._group = group
        self._client = UnleashClient(
            url="http://unused.invalid/api",  # never called: the client is not initialised, only evaluated
            app_name=app_name,
            environment=environment,
            cache=_DocumentCache(part.engine_json),
            disable_metrics=True,
            disable_registration=True,
            multiple_instance_mode=InstanceAllowType.SILENTLY_ALLOW,
            verbose_log_level=logging.DEBUG,
        )
        if self._flag not in self._client.feature_definitions():
            raise BadDocument(f"{self._flag}: Unleash's engine cannot read it")

    def is_on(self, user_id: str) -> bool:
        """The SDK's answer. Raises UnicodeEncodeError on a lone surrogate, which the SDK would answer with "off"."""
        context = {"userId": user_id, "properties": {BUCKET_FIELD: str(bucket(self._group, user_id))}}
        return self._client.is_enabled(self._flag, context)


class _DocumentCache(BaseCache):
    """The SDK reads its flags from a cache: this one holds a document in memory."""

    bootstrapped = True

    def __init__(self, features: str) -> None:
        self._items: dict[str, Any] = {FEATURES_URL: features}

    def set(self, key: str, value: Any) -> None:
        self._items[key] = value

    def mset(self, data: dict[str, Any]) -> None:
        self._items.update(data)

    def get(self, key: str, default: Any = None) -> Any:
        return self._items.get(key, default)

    def exists(self, key: str) -> bool:
        return key in self._items

    def destroy(self) -> None:
        self._items.clear()
