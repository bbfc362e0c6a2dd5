"""What is written to the log: when, how grave, which kind of error and where in the code.

Never what an error says: it may quote what somebody typed. Who came, and from where, is not written
either: the server keeps no list of visits.
"""

import logging
import threading
import traceback
from pathlib import Path
from types import TracebackType

_FORMAT = "%(asctime)s %(levelname)s %(message)s"


def set_up_logs(level: int = logging.INFO) -> None:
    """Write to standard error, without the words of any exception."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(_FORMAT))
    handler.addFilter(without_words)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    threading.excepthook = _note_end_of_thread
    # Libraries say at lower levels what they do, with addresses and values.
    for name in ("uvicorn", "asyncio", "sqlalchemy", "httpx", "httpcore", "mail.log"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # What a server set up for itself would write words past the filter above.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        own = logging.getLogger(name)
        own.handlers.clear()
        own.propagate = True


def without_words(record: logging.LogRecord) -> bool:
    """Leave kind and place of an exception, and drop the rest of it."""
    if record.exc_info:
        kind, _, trace = record.exc_info
        name = kind.__name__ if kind else "nothing"
        record.msg = f"{record.msg} [{name} at {place_of(trace)}]"
        record.exc_info, record.exc_text, record.stack_info = None, None, None
    record.args = (
        tuple(map(_without_words, record.args)) if type(record.args) is tuple else record.args
    )
    return True


def _note_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    """Write of a thread that broke what is written of any error; Python would quote it whole."""
    if ended.exc_value is None:
        return
    name = ended.thread.name if ended.thread else "?"
    trace = (ended.exc_type, ended.exc_value, ended.exc_traceback)
    logging.getLogger("baken").error("The thread %s ended.", name, exc_info=trace)


def place_of(trace: TracebackType | None) -> str:
    """Files and lines, the innermost first."""
    lines = traceback.extract_tb(trace)
    return " < ".join(f"{Path(line.filename).name}:{line.lineno}" for line in reversed(lines))


def _without_words(argument: object) -> object:
    return type(argument).__name__ if isinstance(argument, BaseException) else argument
