"""The headers of the console's answers, in place of those of the gateway's other answers."""

from typing import Final

POLICY: Final = (  # the icon alone is an image, and stands in the page
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# `same-origin`: under `no-referrer` a browser sends `Origin: null` with a plain form, which the gate refuses.
_ALL: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
PAGE: Final = (*_ALL, (b"cache-control", b"no-store"))
FILE: Final = (
    *_ALL,
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"vary", b"accept-encoding"),
)
