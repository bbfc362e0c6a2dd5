"""A PDF without what stands beside its pages, made in a process of its own.

Author, program, dates, the XMP packet, files attached, scripts and who wrote a remark go; what is
printed on a page stays, names too, and so does what a picture inside it carries. A document that
somebody built to break a reader breaks that process, which holds no key:
``python -m baken.actionplan.register.bare_pdf``.
"""

import io
import re
import resource
import subprocess
import sys
from typing import Final

LOCKED: Final = 3
"""How the process ends at a document that asks for a password."""

# The moment of sending is nobody's business, and the same file sent twice is the same file.
_MADE_AT: Final = re.compile(rb"(/CreationDate ?\(D:)\d{14}")
_NUMBER: Final = re.compile(rb"(/ID ?\[ ?<)[0-9A-Fa-f]{32}(> ?<)[0-9A-Fa-f]{32}>")
_MEMORY: Final = 1024**3
_SECONDS: Final = 20


class PdfLocked(ValueError):
    """The document asks for a password."""


def bare_pdf(content: bytes) -> bytes:
    """Return a document with the same pages and nothing beside them.

    Raises
    ------
    PdfLocked
        It asks for a password.
    ValueError
        It is damaged, or takes more time or memory than any document needs.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and no word of anybody in the call
            [sys.executable, "-m", __name__],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ValueError("It takes too long.") from error
    if done.returncode == LOCKED:
        raise PdfLocked
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise ValueError("It cannot be read.")
    return done.stdout


def _rebuild(content: bytes) -> bytes:
    # Loaded in this process alone: it speaks with a library for documents.
    import pypdfium2  # noqa: PLC0415
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            sys.exit(LOCKED)
        raise
    made = pypdfium2.PdfDocument.new()
    made.import_pages(document)
    if len(made) == 0:
        raise ValueError("No page is left.")
    nobody = "\0".encode("utf-16-le")
    for place in range(len(made)):
        page = made[place]
        for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
            remark = pdfium.FPDFPage_GetAnnot(page, number)
            for key in (b"T", b"M", b"CreationDate", b"NM"):
                if pdfium.FPDFAnnot_HasKey(remark, key):
                    text = (pdfium.FPDF_WCHAR * 1).from_buffer_copy(nobody)
                    pdfium.FPDFAnnot_SetStringValue(remark, key, text)
            pdfium.FPDFPage_CloseAnnot(remark)
    out = io.BytesIO()
    made.save(out)
    fixed = _MADE_AT.sub(rb"\g<1>20000101000000", out.getvalue())
    return _NUMBER.sub(lambda found: found[1] + b"0" * 32 + found[2] + b"0" * 32 + b">", fixed)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    # A library that dies of a document must not leave it on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(_rebuild(sys.stdin.buffer.read()))
