"""What can be wrong with a file of scanned pages as a whole."""

from baken.survey.errors import SurveyError


class CannotReadScan(SurveyError):
    """The file gives no pages; the sentence says what to do."""


def not_a_scan() -> CannotReadScan:
    return CannotReadScan(
        "scanning.not_a_scan",
        "This is not a scan that can be read here. Choose a PDF, TIFF, JPEG or PNG file; on an "
        "iPhone, set the camera to “Most compatible” or scan to PDF.",
    )


def empty_scan() -> CannotReadScan:
    return CannotReadScan(
        "scanning.empty", "This file is empty. Scan the pages again, or choose another file."
    )


def locked_scan() -> CannotReadScan:
    return CannotReadScan(
        "scanning.locked",
        "This PDF is locked with a password. Save it without a password, or scan it again.",
    )


def damaged_scan() -> CannotReadScan:
    return CannotReadScan(
        "scanning.damaged",
        "This file is damaged: no page of it can be read. Scan the pages again, or copy the file "
        "again from the scanner.",
    )


def large_scan(most: int) -> CannotReadScan:
    return CannotReadScan(
        "scanning.too_large",
        "This file is larger than {most} MiB. Scan in parts, or in grey at 200 to 300 dpi.",
        most=most,
    )


def long_scan(most: int) -> CannotReadScan:
    return CannotReadScan(
        "scanning.too_long",
        "This file has more than {most} pages. Scan the pile in parts.",
        most=most,
    )


def doubtful_scan() -> CannotReadScan:
    return CannotReadScan(
        "scanning.too_doubtful",
        "So many pages of this file cannot be read for certain that nothing of it was kept. Scan "
        "the pile again, in grey or colour at 200 to 300 dpi, or in smaller parts.",
    )


def no_room_for_scan() -> CannotReadScan:
    return CannotReadScan(
        "scanning.no_room",
        "The disk of the server has no room for this file. Nothing of it was kept. Scan in smaller "
        "parts, or ask whoever keeps the server to make room.",
    )


def slow_scan() -> CannotReadScan:
    return CannotReadScan(
        "scanning.too_slow",
        "Reading this file went so slowly that it was stopped. Nothing of it was kept. Scan again "
        "in grey at 200 to 300 dpi, with fewer forms in one file. If it happens again, the server "
        "has too much to do.",
    )
