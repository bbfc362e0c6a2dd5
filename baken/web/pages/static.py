"""Fonts, styles and scripts, from memory, for ever under an address that names their content."""

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.web.assets import StaticFiles
from baken.web.headers import FOREVER
from baken.web.pages.reply import PageRequest


@get("/static/{version:str}/{name:path}", opt={"public": True, "static": True})
async def static_file(
    request: PageRequest, version: FromPath[str], name: FromPath[str]
) -> Response[bytes]:
    """Send one file; an address of another version is not kept by the browser."""
    static: StaticFiles = request.app.state.static
    file = static.files.get(str(name).lstrip("/"))
    if file is None:
        raise NotFoundException
    headers = {"Vary": "Accept-Encoding"}
    if version == static.version:
        headers["Cache-Control"] = FOREVER
    content = file.content
    if file.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content = file.gzipped
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=file.media_type, headers=headers)
