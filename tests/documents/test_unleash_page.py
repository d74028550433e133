"""The page on Unleash is followed with a real server: its flags are made, and its integration."""

import pytest

from flags.model import SHADOW_FLAG, V2_FLAG
from tests.documents.page import ROOT, blocks_of
from tests.documents.session import Session
from tests.unleash_server import ADMIN_TOKEN, CLIENT_TOKEN, UnleashServer

pytestmark = pytest.mark.unleash
PAGE = ROOT / "docs" / "how-to" / "use-unleash.md"


def test_the_page_is_followed(unleash_server: UnleashServer, session: Session) -> None:
    unleash_server.forget_flags()
    session.environment |= {
        "UNLEASH_URL": unleash_server.url, "UNLEASH_API_TOKEN": CLIENT_TOKEN, "UNLEASH_ADMIN_TOKEN": ADMIN_TOKEN
    }  # fmt: skip
    wrong = session.follow(list(blocks_of(PAGE.read_text())))
    assert not wrong, "\n\n".join(wrong)
    with unleash_server.admin() as admin:
        flags = admin.get("/projects/default/features").json()["features"]
        addons = admin.get("/addons").json()["addons"]
        for made in addons:
            admin.delete(f"/addons/{made['id']}")
    assert {V2_FLAG, SHADOW_FLAG} <= {flag["name"] for flag in flags}
    assert [made["provider"] for made in addons] == ["webhook"], "Unleash shows no address of it"
