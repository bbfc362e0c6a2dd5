"""The files `baken analyse` leaves: all formats that were asked for."""
