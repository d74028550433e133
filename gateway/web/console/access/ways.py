"""Where a log-in leads afterwards: pages of the console alone, with what was typed in their address."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from gateway.web.console.links import PAGES

START: Final = "/console/now"
OFF: Final = "/console/off"
OWN: Final = re.compile(rf"/console/(?:{'|'.join(name for name, _ in PAGES)})(?:/[A-Za-z0-9_.-]{{1,64}})?")
LONGEST: Final = 4096


def own_page(address: str | None) -> str:
    """The page of ours that an address names, with its query; the first page where it names none."""
    parts = urlsplit(address or "") if (address or "").isprintable() else urlsplit("")
    if not OWN.fullmatch(parts.path):
        return START
    query = urlencode(parse_qsl(parts.query, max_num_fields=100))
    return f"{parts.path}?{query}" if query and len(query) <= LONGEST else parts.path


def page_of_action(action: str, referer: str | None, typed: dict[str, str]) -> str:
    """The page that a form stood on, with what was typed into it, so that nobody types it again."""
    fallback = "/".join(action.split("/")[:3])
    page = urlsplit(own_page(referer if referer and OWN.fullmatch(urlsplit(referer).path) else fallback))
    return own_page(f"{page.path}?{urlencode({**dict(parse_qsl(page.query)), **typed})}")
