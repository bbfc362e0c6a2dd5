"""Squares that a telephone reads (QR codes), as a picture inside the page."""

import segno


def draw_square(content: str) -> str:
    """Return the ``data:`` address of a QR code; on white, also where the page is dark."""
    drawn: str = segno.make_qr(content, error="m").svg_data_uri(
        scale=5, border=4, dark="#000", light="#fff"
    )
    return drawn
