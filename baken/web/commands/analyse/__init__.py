"""`baken analyse`: the whole analysis on a file of one's own, without server or database."""
