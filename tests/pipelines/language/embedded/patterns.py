"""Every regular expression of the embedded engine, and texts that nearly match: repeats of its own repeated parts.

Run as a program it tries them all, naming each before it begins, so that whoever started it knows which never ended.
"""

import ast
import contextlib
import importlib
import importlib.util
import inspect
import pkgutil
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import flags
import gateway
import pipelines
import pipelines.language.embedded as engine
from pipelines.work.late_patterns import LatePattern

SHORT, LONG = 500, 2000  # characters
MEASURABLE = 0.01  # seconds of processor time: below it a ratio says nothing
WORTH_MORE = 0.001  # seconds: what takes this long is tried on longer texts, where its ratio says something
STEEPEST = 9.0  # times the time for four times the text: 4 is linear, 16 quadratic
_IMPORTED = re.compile(r"^(?:import|from pipelines\.work import late_patterns as) re$", re.MULTILINE)
SCANS = frozenset(["search", "finditer", "sub", "split", "findall"])  # begin at every place of a text


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """The modules of a package that have patterns."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        spec = importlib.util.find_spec(found.name)
        if spec and spec.origin and _IMPORTED.search(Path(spec.origin).read_text(encoding="utf-8")):
            yield importlib.import_module(found.name)


def patterns(*packages: ModuleType) -> dict[str, tuple["re.Pattern[str]", bool]]:
    """Each pattern by its place, with whether it is looked for anywhere in a text; the engine's, or all of packages."""
    found: dict[str, tuple[re.Pattern[str], bool]] = {}
    trees = {
        module: ast.parse(inspect.getsource(module)) for package in packages or (engine,) for module in modules(package)
    }
    scanned = {name for tree in trees.values() for name in scanned_names(tree)}
    for module, tree in trees.items():
        by_loops = not set(scanned_names(tree)) <= {*vars(module)}  # "for pattern in ...: pattern.search(text)"
        for name, value in vars(module).items():
            anywhere = name in scanned or (by_loops and not isinstance(value, re.Pattern | LatePattern))
            for index, pattern in enumerate(patterns_in(value)):
                found[f"{module.__name__}.{name}[{index}]"] = (pattern, anywhere)
        for call in calls_of_re(tree):
            try:
                text = eval(compile(ast.Expression(call.args[0]), "pattern", "eval"), vars(module))
            except NameError:  # made of a function's own values, none of them in the engine
                continue
            anywhere = isinstance(call.func, ast.Attribute) and call.func.attr in SCANS
            found[f"{module.__name__}:{call.lineno}"] = (re.compile(text, re.IGNORECASE), anywhere)
    return found


def patterns_in(value: object) -> Iterator["re.Pattern[str]"]:
    """The patterns that a module's value is or holds."""
    if isinstance(value, LatePattern):
        yield value.compiled()
    elif isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from patterns_in(tuple(value.values()))
    elif isinstance(value, tuple):
        for each in value:
            yield from patterns_in(each)


def scanned_names(tree: ast.AST) -> Iterator[str]:
    """Names of the patterns whose search begins at every place of a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in SCANS and isinstance(node.value, ast.Name):
            yield node.value.id


def calls_of_re(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls such as `re.match(r"...", text)`, whose pattern has no name."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr not in {"compile", "escape"}
        ):
            yield node


class _Long(Exception):
    """The text is long enough."""


class NearMiss:
    """Writes a text that matches up to one repeated part, repeats this to `length`, and then breaks off."""

    def __init__(self, target: object, length: int, seed: int) -> None:
        self.target, self.length = target, length
        self.random = random.Random(seed)
        self.written: list[str] = []
        self.known: dict[tuple[Any, int], list[str]] = {}  # by parts of the tree, which outlive this

    def write(self, tree: Any) -> str:
        with contextlib.suppress(_Long):
            self._all(tree)
        return "".join(self.written)[: self.length] + "\x01"

    def _all(self, nodes: Any) -> None:
        for kind, value in nodes:
            self._one(kind, value)

    def _one(self, kind: Any, value: Any) -> None:
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            self._repeat(value)
        elif kind is op.BRANCH:
            self._all(self.random.choice(value[1]))
        elif kind is op.SUBPATTERN:
            self._all(value[-1])
        elif kind is op.ATOMIC_GROUP:
            self._all(value)
        elif kind is op.LITERAL:
            self.written.append(chr(value))
        elif kind in {op.IN, op.ANY, op.NOT_LITERAL, op.CATEGORY}:
            self.written.append(self._letter(kind, value))

    def _repeat(self, value: Any) -> None:
        least, most, body = value
        if value is self.target:
            size, nodes = 0, [*body]  # a list is quicker to go through than what the parser gives
            while size < self.length:
                before = len(self.written)
                self._all(nodes)
                size += max(1, sum(map(len, self.written[before:])))
            raise _Long
        for _ in range(self.random.randint(int(least), min(int(most), int(least) + 1))):
            self._all(body)

    def _letter(self, kind: Any, value: Any) -> str:
        fitting = self.known.get((kind, id(value)))
        if fitting is None:
            pattern = re.compile("." if kind is op.ANY else _class_of(kind, value))
            fitting = [letter for letter in "a aA1'-,.b" if pattern.match(letter)] or ["x"]
            self.known[kind, id(value)] = fitting
        return self.random.choice(fitting)


def _class_of(kind: Any, value: Any) -> str:
    """The character class of these parsed items, as text."""
    if kind is op.NOT_LITERAL:
        return f"[^{re.escape(chr(value))}]"
    names = {
        op.CATEGORY_WORD: r"\w",
        op.CATEGORY_SPACE: r"\s",
        op.CATEGORY_DIGIT: r"\d",
        op.CATEGORY_NOT_SPACE: r"\S",
        op.CATEGORY_NOT_WORD: r"\W",
        op.CATEGORY_NOT_DIGIT: r"\D",
    }
    text = ""
    for each, inner in value if kind is op.IN else [(kind, value)]:
        if each is op.NEGATE:
            text += "^"
        elif each is op.LITERAL:
            text += re.escape(chr(inner))
        elif each is op.RANGE:
            text += f"{re.escape(chr(inner[0]))}-{re.escape(chr(inner[1]))}"
        else:
            text += names[inner]
    return f"[{text}]"


def repeats_of(nodes: Any) -> Iterator[Any]:
    """The parts of a parsed pattern that may come more than a few times."""
    for kind, value in nodes:
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            if value[1] > 3:
                yield value
            yield from repeats_of(value[2])
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from repeats_of(branch)
        elif kind is op.SUBPATTERN:
            yield from repeats_of(value[-1])
        elif kind is op.ATOMIC_GROUP:
            yield from repeats_of(value)


def near_misses(pattern: "re.Pattern[str]") -> Iterator[tuple[str, str]]:
    """Pairs of a text and one of four times its length, made alike."""
    tree = _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    for target in repeats_of(tree):
        for seed in range(2):
            short, long = (NearMiss(target, length, seed).write(tree) for length in (SHORT, LONG))
            yield short, long
    for piece in ("a", "a ", " ", "'a ", "' a", "Ab ", "a-", "a, ", "\n", ".", "a.", "[a", "I ", "@a", '"a', "\u0301"):
        yield piece * (SHORT // len(piece)) + "\x01", piece * (LONG // len(piece)) + "\x01"


def seconds(pattern: "re.Pattern[str]", text: str, *, anywhere: bool) -> float:
    """Processor time of one try."""
    start = time.process_time()
    (pattern.search if anywhere else pattern.match)(text)
    return time.process_time() - start


def steepness(pattern: "re.Pattern[str]", short: str, long: str, *, anywhere: bool) -> float:
    """How many times longer four times the text takes, tried again while it looks too long; 0 when it is quick.

    Twice the text is measured between: one slow moment of the machine is then no steep pattern.
    """
    if WORTH_MORE < seconds(pattern, long, anywhere=anywhere) < MEASURABLE:
        short, long = long, long[:-1] * 4 + long[-1]
    for _ in range(4):
        four_times = seconds(pattern, long, anywhere=anywhere)
        if four_times < MEASURABLE:
            return 0.0
        once = max(seconds(pattern, short, anywhere=anywhere), MEASURABLE / STEEPEST)
        twice = seconds(pattern, long[: len(long) // 2] + long[-1], anywhere=anywhere)
        least = max(four_times / once, (four_times / max(twice, MEASURABLE / 3)) ** 2 if twice > MEASURABLE else 0.0)
        if least <= STEEPEST:
            break
    return least


def try_all(found: dict[str, tuple["re.Pattern[str]", bool]]) -> Iterator[str]:
    """The names of those that grow faster than the text; each name is printed before its tries."""
    for name, (pattern, anywhere) in found.items():
        print(f"trying {name}", flush=True)
        worst = max(steepness(pattern, short, long, anywhere=anywhere) for short, long in near_misses(pattern))
        if worst > STEEPEST:
            yield f"{name} ({worst:.1f})"


EVERYTHING = (flags, gateway, pipelines)

if __name__ == "__main__":
    steep = [*try_all(patterns())]
    print("steep:", *steep, flush=True)
    sys.exit(bool(steep))
