"""Keeps the flags in Unleash, through its Admin API. Somebody else's change is never overwritten."""

import asyncio
from http import HTTPStatus
from typing import Any

import msgspec

from flags.change.edit import Edit, FlagSetting
from flags.change.errors import Conflict, ControlUnavailable, InvalidChange
from flags.change.log import ChangeLog, LoggedChange
from flags.document.defaults import description_of, rollout_strategy, type_of
from flags.document.document import BadDocument, Json, read_document
from flags.evaluate.decider import read_rollout
from flags.model import Rollout, Versions
from flags.unleash.api import Answer, Endpoint, FlagServerError, Http
from flags.unleash.events import CannotUndo, Event, Settings, replay

EDITED = ("parameters", "constraints")  # of an existing strategy, the fields that we change
MOST_EVENTS = 100  # read at once; older ones have no lines of their own
BUCKET_HELP = "0 to 9,999, computed by the gateway: a hundredth of a percent of users each"


class UnleashStore:
    """A `FlagStore` over one project and environment of an Unleash server."""

    def __init__(self, endpoint: Endpoint, project: str, environment: str, versions: Versions) -> None:
        self._http = Http(endpoint)
        self._project = project
        self._environment = environment
        self._versions = versions

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()

    async def logged(self, since: int | None) -> ChangeLog:
        """From Unleash's own event log, whose numbers rise; without a `since`, only where it stands."""
        events = await self._events(1 if since is None else MOST_EVENTS)
        mark, author = max((event.id for event in events), default=0), events[0].created_by if events else None
        new = [event for event in events if event.id > (mark if since is None else since)]
        if not new:
            return ChangeLog(max(mark, since or 0), author)
        try:
            found = replay(await self._settings(), new, self._environment)
        except CannotUndo:
            return ChangeLog(mark, author)  # its changes are one then, seen by what the flags say now
        changes = (
            LoggedChange(one.author, _rollout(one.before, self._versions), _rollout(one.after, self._versions))
            for one in found
        )
        return ChangeLog(mark, author, tuple(changes))

    async def _events(self, most: int) -> list[Event]:
        query = f"feature=IS_ANY_OF:{','.join(self._versions.flags)}&limit={most}"
        events = _json(await self._ask("GET", f"/admin/search/events?{query}")).get("events", [])
        try:
            return msgspec.convert(events, list[Event])
        except msgspec.ValidationError as error:
            raise ControlUnavailable(f"Unleash's event log cannot be read: {error}") from error

    async def create_missing(self) -> tuple[str, ...]:
        """Create flags, and strategies for those that have none and are off; whatever a person made stays."""
        await self._define_bucket()
        created = [flag for flag in self._versions.flags if await self._create(flag)]
        return tuple(created)

    async def read(self) -> Rollout:
        """Read all flags."""
        return _rollout(await self._settings(), self._versions)

    async def change(self, flag: str, edit: Edit, expected_version: str | None) -> Rollout:
        """Edit one flag: each strategy is only written over what was read a moment ago."""
        settings = await self._settings()
        before = settings[flag]
        if before is None:
            raise InvalidChange("flag", f"{flag} does not exist; `gateway flags init` creates it")
        current = _rollout(settings, self._versions)
        if expected_version not in {None, current.version}:
            raise Conflict(current)
        await self._write(flag, before, edit(before))
        return await self.read()

    async def _write(self, flag: str, before: FlagSetting, after: FlagSetting) -> None:
        if before.enabled and not after.enabled:
            await self._switch(flag, on=False)
        known = {strategy["id"]: strategy for strategy in before.strategies}
        for strategy in after.strategies:
            old = known.pop(strategy.get("id"), None)
            if old is None:
                await self._ask("POST", f"{self._home(flag)}/strategies", strategy)
            elif old != strategy:
                await self._patch(flag, old, strategy)
        for strategy_id in known:
            await self._ask("DELETE", f"{self._home(flag)}/strategies/{strategy_id}")
        if after.enabled and not before.enabled:
            await self._switch(flag, on=True)

    async def _patch(self, flag: str, old: Json, new: Json) -> None:
        """JSON Patch with its own test: the server refuses if the strategy is not what we read."""
        tests = [{"op": "test", "path": f"/{field}", "value": old[field]} for field in EDITED if field in old]
        edits = [{"op": "add", "path": f"/{field}", "value": new[field]} for field in EDITED if field in new]
        answer = await self._call("PATCH", f"{self._home(flag)}/strategies/{old['id']}", tests + edits)
        if answer.status == HTTPStatus.NOT_FOUND or b"TEST_OPERATION_FAILED" in answer.body:
            raise Conflict(await self.read())
        _good(answer)

    async def _create(self, flag: str) -> bool:
        setting = await self._setting(flag)
        if setting is None:
            description = {
                "name": flag,
                "type": type_of(flag),
                "description": description_of(flag),
                "impressionData": False,
            }
            answer = await self._call("POST", f"/admin/projects/{self._project}/features", description)
            if answer.status == HTTPStatus.CONFLICT:
                raise ControlUnavailable(
                    f"{flag} cannot be created, its name is taken in Unleash: an archived flag is revived in its pages "
                    "(Archived flags), one of another project is moved to this one"
                )
            _good(answer)
        elif setting.strategies or setting.enabled:
            return False
        await self._ask("POST", f"{self._home(flag)}/strategies", rollout_strategy(flag))
        await self._switch(flag, on=True)
        return True

    async def _define_bucket(self) -> None:
        """Let Unleash's UI know the field that fractions of a percent are cut by."""
        answer = await self._call("GET", "/admin/context/bucket")
        if answer.status == HTTPStatus.NOT_FOUND:
            field = {"name": "bucket", "description": BUCKET_HELP, "stickiness": False, "legalValues": []}
            await self._ask("POST", "/admin/context", field)

    async def _switch(self, flag: str, *, on: bool) -> None:
        await self._ask("POST", f"{self._home(flag)}/{'on' if on else 'off'}")

    async def _settings(self) -> Settings:
        found = await asyncio.gather(*(self._setting(flag) for flag in self._versions.flags))
        return dict(zip(self._versions.flags, found, strict=True))

    async def _setting(self, flag: str) -> FlagSetting | None:
        answer = await self._call("GET", f"/admin/projects/{self._project}/features/{flag}")
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        body = _json(_good(answer))
        if body.get("archived"):
            return None
        for environment in body.get("environments", ()):
            if environment["name"] == self._environment:
                return FlagSetting(environment["enabled"], tuple(environment["strategies"]))
        raise ControlUnavailable(f"{flag} has no environment {self._environment} in Unleash")

    async def _ask(self, method: str, path: str, json: Any = None) -> Answer:
        return _good(await self._call(method, path, json))

    async def _call(self, method: str, path: str, json: Any = None) -> Answer:
        try:
            return await self._http.call(method, path, json)
        except FlagServerError as error:
            raise ControlUnavailable(f"Unleash: {error}") from error

    def _home(self, flag: str) -> str:
        return f"/admin/projects/{self._project}/features/{flag}/environments/{self._environment}"


def _good(answer: Answer) -> Answer:
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise ControlUnavailable(f"Unleash answered {answer.status}: {answer.body[:300].decode(errors='replace')}")
    return answer


def _json(answer: Answer) -> Any:
    try:
        return answer.json()
    except FlagServerError as error:
        raise ControlUnavailable(f"Unleash: {error}") from error


def _rollout(settings: Settings, versions: Versions) -> Rollout:
    features = [
        {"name": name, "enabled": setting.enabled, "strategies": setting.strategies}
        for name, setting in settings.items()
        if setting is not None
    ]
    try:
        return read_rollout(read_document(msgspec.json.encode({"features": features}), versions))
    except BadDocument as error:
        raise ControlUnavailable(f"Unleash holds something that cannot be read: {error}") from error
