"""Setting a questionnaire on pages: questions in, places and ink out; nothing is drawn here."""
