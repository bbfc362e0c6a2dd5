"""The demonstration organisation: invented people and answers, made by the real actions."""
