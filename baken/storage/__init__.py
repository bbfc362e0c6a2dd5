"""Where it is kept: engine, sessions, keys, audit chain, migrations."""
