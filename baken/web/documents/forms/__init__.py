"""The form of a questionnaire on paper, as a file to print."""
