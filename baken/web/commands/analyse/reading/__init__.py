"""The files `baken analyse` is given: answers, units, headcounts and what to compare with."""
