"""The files `baken analyse` leaves: figures, a page and a workbook."""
