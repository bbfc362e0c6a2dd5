"""Every route of the application with its rule, and the page of the reference that lists them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from baken.organisation.permissions import ALLOWED, Action, Role

_ANSWERED_BY_THE_FRAMEWORK: Final = {"HEAD", "OPTIONS"}
_KINDS: Final = ("action", "account", "half", "public")
_TITLE: Final = """# Roles and routes

Written by `make docs` from the application itself; a test compares. `{organisation_id}` names an
organisation: whoever has no role there today gets the answer of an address that does not exist.
*Fresh* routes ask for a second factor shown within the last ten minutes.
"""


@dataclass(frozen=True, slots=True)
class RouteRule:
    """One way into the application and who may take it."""

    path: str
    method: str
    opt: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """By what it is guarded: an action, an account, half a log-in, or nothing."""
        return next((kind for kind in _KINDS if self.opt.get(kind)), "none")

    @property
    def action(self) -> Action | None:
        return Action(self.opt["action"]) if self.kind == "action" else None

    @property
    def is_fresh(self) -> bool:
        """Whether it asks for a second factor shown a moment ago."""
        return bool(self.opt.get("fresh"))

    def is_open_to(self, role: Role) -> bool:
        """Whether the table of roles lets somebody with this one role in."""
        return self.action is None or role in ALLOWED[self.action]


def list_rules(routes: Iterable[Any]) -> list[RouteRule]:
    """Return the rule of every method of the application's routes, by address."""
    found = [
        RouteRule(route.path, method, dict(handler.opt))
        for route in routes
        for handler in getattr(route, "route_handlers", ())
        for method in handler.http_methods
        if method not in _ANSWERED_BY_THE_FRAMEWORK
    ]
    return sorted(found, key=lambda rule: (rule.path, rule.method))


def in_markdown(rules: Iterable[RouteRule]) -> str:
    """Return the page of the reference: one table per action, then what needs no action."""
    by_action: dict[Action, list[RouteRule]] = {action: [] for action in Action}
    others: dict[str, list[RouteRule]] = {kind: [] for kind in _KINDS[1:]}
    for rule in rules:
        if rule.action is not None:
            by_action[rule.action].append(rule)
        else:
            others[rule.kind].append(rule)
    parts = [_TITLE, *(_of_action(action, rules) for action, rules in by_action.items())]
    parts += [
        _section("A logged-in account, outside any organisation", others["account"]),
        _section(
            "Half a log-in: the password was right, the second factor is missing", others["half"]
        ),
        _section("Everybody", others["public"]),
    ]
    return "\n".join(part for part in parts if part)


def _of_action(action: Action, rules: list[RouteRule]) -> str:
    allowed = ALLOWED[action]
    who = "everybody with a role" if allowed == frozenset(Role) else _names(allowed)
    return _section(f"`{action}`", rules, who=who)


def _section(title: str, rules: list[RouteRule], *, who: str = "") -> str:
    if not rules:
        return ""
    by_path: dict[str, list[str]] = {}
    for rule in rules:
        said = f"{rule.method} (fresh)" if rule.is_fresh else rule.method
        by_path.setdefault(rule.path, []).append(said)
    lines = [f"| `{path}` | {', '.join(methods)} |" for path, methods in by_path.items()]
    intro = [f"Roles: {who}.", ""] if who else []
    return "\n".join([f"## {title}", "", *intro, "| Address | Methods |", "|---|---|", *lines, ""])


def _names(roles: frozenset[Role]) -> str:
    return ", ".join(f"`{role}`" for role in Role if role in roles)
