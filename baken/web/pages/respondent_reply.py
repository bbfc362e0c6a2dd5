"""How a page of somebody who answers goes out: packed and light, or filled up to one length."""

import gzip
from collections.abc import Mapping
from typing import Final

from litestar import Response
from litestar.enums import MediaType
from litestar.status_codes import HTTP_200_OK

Page = Response[str | bytes]

# What a code gets when it cannot be used to answer is always a whole number of these long, so that
# the length of an encrypted page tells nobody on the way which of those pages it was.
EVEN_BYTES: Final = 16 * 1024
# Near the best that there is for such pages, at a quarter of the work.
_LEVEL: Final = 3


def plain_page(
    text: str, status: int = HTTP_200_OK, headers: Mapping[str, str] | None = None
) -> Page:
    """A page as it is."""
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=headers)


def packed_page(
    text: str, status: int = HTTP_200_OK, headers: Mapping[str, str] | None = None
) -> Page:
    """A page for a browser that unpacks it.

    Packing could betray what stands on a page to somebody who makes a browser ask for it again and
    again with guesses beside it. Nobody can: other sites are refused, and what is secret here comes
    with the request instead of with a cookie.
    """
    more = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"} | dict(headers or {})
    content = gzip.compress(text.encode(), _LEVEL, mtime=0)
    return Response(content, status_code=status, media_type=MediaType.HTML, headers=more)


def even_page(text: str, status: int, headers: Mapping[str, str] | None = None) -> Page:
    """A page of a whole number of `EVEN_BYTES`, which nobody in between packs."""
    missing = -(len(text.encode()) + len("<!---->")) % EVEN_BYTES
    more = {"Content-Encoding": "identity"} | dict(headers or {})
    return plain_page(f"{text}<!--{' ' * missing}-->", status, more)
