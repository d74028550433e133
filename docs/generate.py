"""Writes docs/reference from the code, and the list of decisions. `--check` only says what is out of date."""

import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

import typer
from annotated_types import Ge, Gt, Le, Lt
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from typer.cli import get_docs_for_click

from docs.json_page import json_page
from docs.log_events import logs_page
from docs.metrics_page import metrics_page
from gateway.cli.main import app as command_line
from gateway.config.pairs import PAIRS
from gateway.config.settings import Settings
from gateway.services import Services
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.tracing.marks import UNTRACED
from gateway.web.app import create_app
from pipelines.registry import Registry

DOCS = Path(__file__).parent
NOTE = "<!-- Written by `make docs` from the code: do not edit. -->\n"
BOUNDS: dict[type, tuple[str, str]] = {
    Ge: ("at least", "ge"),
    Gt: ("above", "gt"),
    Le: ("at most", "le"),
    Lt: ("below", "lt"),
}


def main() -> None:
    stale = list(write_pages(check="--check" in sys.argv[1:]))
    for name in stale:
        sys.stdout.write(f"{name}\n")
    if stale and "--check" in sys.argv[1:]:
        raise SystemExit(1)


def write_pages(*, check: bool) -> Iterator[str]:
    """Write the pages that changed (or only name them)."""
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if not check:
            path.write_text(text, encoding="utf-8")
        yield name


# -- settings


def settings_page() -> str:
    rows = [
        f"| `{name.upper()}` | {type_of(info)} | {default_of(info)} | {meaning_of(info)} |"
        for name, info in Settings.model_fields.items()
    ]
    pairs = "\n".join(f"- `{first.upper()}` and `{second.upper()}`" for first, second in PAIRS)
    return (
        f"{NOTE}# Settings\n\nRead once, at start, from the environment. With nothing set, everything runs on this "
        "machine under `./data`.\n\n| variable | type | default | meaning |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + f"\n\nThese belong together; one without the other stops the start and is named:\n\n{pairs}\n\n"
        "`SUPABASE_URL` without `DATABASE_URL` stops the start too, unless `ALLOW_EMBEDDED_DATABASE=1`.\n"
    )


def type_of(info: FieldInfo) -> str:
    return " or ".join(name_type(member) for member in members_of(info.annotation))


def members_of(annotation: Any) -> list[Any]:
    """The alternatives of a union, None left out: an absent variable says that."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [member for member in typing.get_args(annotation) if member is not type(None)]
    return [annotation]


def name_type(annotation: Any) -> str:
    if typing.get_origin(annotation) is typing.Literal:
        return " or ".join(f"`{value}`" for value in typing.get_args(annotation))
    names: dict[Any, str] = {
        str: "text",
        int: "integer",
        float: "number",
        bool: "0 or 1",
        Path: "path",
        SecretStr: "secret",
    }
    return names.get(annotation, getattr(annotation, "__name__", str(annotation)))


def default_of(info: FieldInfo) -> str:
    value = info.get_default(call_default_factory=True)
    if value is None:
        return "-"
    return f"`{int(value) if isinstance(value, bool) else value}`"


def meaning_of(info: FieldInfo) -> str:
    limits = [
        f"{words} {getattr(bound, key)}"
        for bound in info.metadata
        for kind, (words, key) in BOUNDS.items()
        if isinstance(bound, kind)
    ]
    parts = [info.description or "", ", ".join(limits)]
    return "; ".join(part for part in parts if part)


# -- command line


def cli_page() -> str:
    command = typer.main.get_command(command_line)
    text = get_docs_for_click(obj=command, ctx=typer.Context(command), name="gateway")
    return f"{NOTE}{text.rstrip()}\n"


# -- HTTP


def http_page() -> str:
    document = describe_api()
    sections = [
        operation_section(path, method, operation, document)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    return f"{NOTE}# HTTP API\n\n{document['info']['description']}\n\n" + "\n".join(sections)


def describe_api() -> Mapping[str, Any]:
    """The application's OpenAPI document; nothing is opened for it."""
    services = types.SimpleNamespace(
        settings=Settings.model_construct(
            **{name: info.get_default(call_default_factory=True) for name, info in Settings.model_fields.items()}
            | {
                "operator_token": SecretStr("shown"),
                "unleash_webhook_token": SecretStr("shown"),
            }  # all routes are there
        ),
        metrics=Metrics(CollectorRegistry()),
        imports=None,
        registry=Registry({}, {}),
        tracing=UNTRACED,
    )
    return create_app(cast("Services", services)).openapi()


def operation_section(path: str, method: str, operation: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    lines = [f"## {method.upper()} `{path}`", ""]
    if text := operation.get("description") or operation.get("summary"):
        lines += [text.strip(), ""]
    if body := operation.get("requestBody"):
        lines += ["Body:", "", *field_rows(schema_in(body), document), ""]
    for status, response in operation.get("responses", {}).items():
        lines += [f"{status}: {response['description']}", "", *field_rows(schema_in(response), document), ""]
    return "\n".join(lines).rstrip() + "\n"


def schema_in(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    for content in holder.get("content", {}).values():
        schema: Mapping[str, Any] = content.get("schema", {})
        return schema
    return {}


def field_rows(schema: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    properties = resolve(schema, document).get("properties", {})
    if not properties:
        return []
    required = resolve(schema, document).get("required", [])
    rows = ["| field | type | |", "|---|---|---|"]
    for name, field in properties.items():
        rows.append(f"| `{name}` | {json_type(field)} | {'required' if name in required else ''} |")
    return rows


def resolve(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    if reference := schema.get("$ref"):
        found: Mapping[str, Any] = document["components"]["schemas"][reference.rsplit("/", 1)[-1]]
        return found
    return schema


def json_type(field: Mapping[str, Any]) -> str:
    if alternatives := field.get("anyOf"):
        return " or ".join(json_type(alternative) for alternative in alternatives)
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[-1]
    if field.get("type") == "array":
        return f"list of {json_type(field.get('items', {}))}"
    return str(field.get("format") or field.get("type") or "any")


# -- decisions


def decisions_page() -> str:
    pages = sorted(path for path in (DOCS / "decisions").glob("*.md") if path.name != "index.md")
    links = [f"- [{title_of(path)}]({path.name})" for path in pages]
    return f"{NOTE}# Decisions\n\nWhat was decided, why, and what else was considered.\n\n" + "\n".join(links) + "\n"


def title_of(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0].lstrip("# ").rstrip()


PAGES: Mapping[str, Callable[[], str]] = {
    "reference/settings.md": settings_page,
    "reference/cli.md": cli_page,
    "reference/json.md": partial(json_page, NOTE),
    "reference/http.md": http_page,
    "reference/metrics.md": partial(metrics_page, NOTE),
    "reference/logs.md": partial(logs_page, NOTE),
    "decisions/index.md": decisions_page,
}

if __name__ == "__main__":
    main()
