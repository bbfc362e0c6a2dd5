"""A file between two steps of a form: kept by the browser, sealed, and by nobody else.

Nothing is written on the server. The key comes from the token of the session, which is kept nowhere
either: after logging out, or in another browser, what the page holds opens for nobody.
"""

import base64
import binascii
import zlib
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from baken.storage.keys import KEY_BYTES, KeyDamaged, seal, unseal
from baken.survey.errors import CannotImport
from baken.web.body import UPLOAD_LIMIT
from baken.web.pages.access import session_token
from baken.web.pages.reply import PageRequest

# As text a third longer than its bytes, and a file that cannot be made smaller a little longer.
SEALED_LIMIT: Final = UPLOAD_LIMIT * 4 // 3 + 256 * 1024


def seal_upload(request: PageRequest, content: bytes) -> str:
    """Return a file as text for a hidden field."""
    box = seal(_key(request), zlib.compress(content), _address(request))
    return base64.b64encode(box).decode()


def open_upload(request: PageRequest, text: str) -> bytes:
    """Return the file that `seal_upload` sealed for this person in this session."""
    try:
        box = base64.b64decode(text, validate=True)
        return zlib.decompress(unseal(_key(request), box, _address(request)))
    except (binascii.Error, ValueError, KeyDamaged) as error:
        raise CannotImport(
            "survey.import_cut_off",
            "The file did not arrive in one piece, or you logged in anew meanwhile. Nothing was "
            "imported. Choose the file again.",
        ) from error


def _key(request: PageRequest) -> bytes:
    info = b"baken: a file between two steps"
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(session_token(request).encode())


def _address(request: PageRequest) -> bytes:
    return f"{request.path_params['organisation_id']}|upload|v1".encode()
