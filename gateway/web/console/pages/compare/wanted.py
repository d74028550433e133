"""Which pairs a page is asked for, as its address says it; the same in every link of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self, get_args
from urllib.parse import urlencode
from uuid import UUID

from gateway.config.moments import EVER, parse_since
from gateway.shadow.compare.model import Class
from gateway.shadow.report.queries import Wanted

CLASSES: Final = get_args(Class)
ORDERS: Final = ("harm", "new")
SINCE: Final = "7d"
LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class WantedPairs:
    """What is typed in the filters; a field that cannot be is left as it was, and said."""

    since: str = SINCE
    class_: str = ""
    kind: str = ""
    order: str = "harm"
    folded: bool = True
    after: str = ""
    problem: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], now: datetime) -> Self:
        """From an address. What is not known is left out; only a wrong `since` is worth a word."""
        since, problem = query.get("since", SINCE).strip()[:40].strip(), ""
        try:
            if since:
                parse_since(since, now)
        except (ValueError, OverflowError):
            problem = f"{since!r} is neither an age (7d, 24h, 90m) nor a date"
        class_, order = query.get("class", ""), query.get("order", "harm")
        return cls(
            since=since,
            class_=class_ if class_ in CLASSES else "",
            kind=query.get("kind", "").replace("\0", "")[:LONGEST],
            order=order if order in ORDERS else "harm",
            folded=query.get("fold", "1") != "0",
            after=uuid_text(query.get("after", "")),
            problem=problem,
        )

    def moment(self, now: datetime) -> datetime:
        """Since when; without a word, or with a wrong one, since ever."""
        return EVER if self.problem or not self.since else parse_since(self.since, now)

    @property
    def filter(self) -> Wanted:
        return Wanted(self.class_ or None, self.kind or None, harmed=self.order == "harm", mode="shadow")

    def address(self, path: str = "/console/compare", **changed: object) -> str:
        """A link with these filters; what is as usual is left out of it."""
        wanted: WantedPairs = replace(self, **changed) if changed else self  # type: ignore[arg-type]
        fields: dict[str, str | None] = {
            "since": None if wanted.since == SINCE else wanted.since,  # empty: since ever
            "class": wanted.class_ or None,
            "kind": wanted.kind or None,
            "order": None if wanted.order == "harm" else wanted.order,
            "fold": None if wanted.folded else "0",
            "after": wanted.after or None,
        }
        query = urlencode({name: value for name, value in fields.items() if value is not None})
        return f"{path}?{query}" if query else path


def uuid_text(text: str) -> str:
    """A job's id; nothing, where it is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""
