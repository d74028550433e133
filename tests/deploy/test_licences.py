"""The list of licences is what is installed, and nothing in it is a licence that would bind the gateway itself."""

import re

from docs.licences import PAGE, licence_of, needed

ROWS = dict(re.findall(r"^\| (\S+) \| (.+) \|$", PAGE.read_text(), re.MULTILINE))
# The driver is used as a library, unchanged, and can be exchanged: the lesser licence asks for no more.
LESSER = {"psycopg", "psycopg-binary", "psycopg-pool"}


def test_every_dependency_is_listed_with_its_licence() -> None:
    found = {name: licence_of(installed) for name, installed in needed().items()}
    assert len(found) > 30
    assert {name: ROWS.get(name) for name in found} == found, "run `make docs`"


def test_no_licence_is_unknown_or_binds_the_whole() -> None:
    assert [name for name, licence in ROWS.items() if licence == "not stated"] == []
    assert {name for name, licence in ROWS.items() if "GPL" in licence} <= LESSER
