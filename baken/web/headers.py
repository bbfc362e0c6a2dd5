"""The headers that every answer carries, errors included."""

from collections.abc import Mapping
from typing import Any, Final

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
POLICY_WITH_FETCH: Final = f"{POLICY}; connect-src 'self'"

ALWAYS: Final = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-robots-tag", "noindex, nofollow"),
    (
        "permissions-policy",
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), microphone=(), midi=(), payment=(), usb=()",
    ),
)
TWO_YEARS: Final = ("strict-transport-security", "max-age=63072000")
FOREVER: Final = "public, max-age=31536000, immutable"
NEVER: Final = "no-store"
# Uvicorn and proxies name themselves; we do not.
UNWANTED: Final = frozenset({b"server", b"x-powered-by"})


def protected(
    headers: list[tuple[bytes, bytes]], opt: Mapping[str, Any], *, is_https: bool
) -> list[tuple[bytes, bytes]]:
    """Add our headers to those of an answer.

    Parameters
    ----------
    opt : Mapping
        The options of the route; empty for an answer that no route gave.
    """
    added = dict(ALWAYS)
    added["content-security-policy"] = POLICY_WITH_FETCH if may_fetch(opt) else POLICY
    if is_https:
        added[TWO_YEARS[0]] = TWO_YEARS[1]
    present = {name.lower() for name, _ in headers}
    is_file = opt.get("static") and b"cache-control" in present
    if not is_file:
        added["cache-control"] = NEVER
    ours = {name.encode() for name in added}
    kept = [(n, v) for n, v in headers if n.lower() not in ours and n.lower() not in UNWANTED]
    return kept + [(name.encode(), value.encode()) for name, value in added.items()]


def may_fetch(opt: Mapping[str, Any]) -> bool:
    """Whether scripts of the page may send requests: signed-in pages, and routes that say so."""
    return bool({"action", "account", "half"} & set(opt) or opt.get("fetches"))
