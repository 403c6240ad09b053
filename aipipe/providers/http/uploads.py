"""Files that go to a provider once, however many calls of this process read them."""

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future

FRESH = 3000.0
"""Seconds in which an address that an upload gave is taken for good."""

_uploads: dict[Hashable, tuple[float, Future[str]]] = {}
_lock = threading.Lock()


def once(key: Hashable, upload: Callable[[], str], *, fresh: float = FRESH) -> str:
    """The address of a file: of the upload with this key, or of a new one.

    `key` names the account, the place and the content. Whoever comes meanwhile waits for the
    upload that is under way. Raises what `upload` raises; the next one tries again.
    """
    with _lock:
        began, known = _uploads.get(key, (0.0, None))
        is_ours = known is None or time.monotonic() - began > fresh
        if is_ours or known is None:
            known = Future()
            _uploads[key] = (time.monotonic(), known)
    if not is_ours:
        return known.result()
    try:
        address = upload()
    except BaseException as error:
        with _lock:
            _uploads.pop(key, None)
        known.set_exception(error)
        raise
    known.set_result(address)
    return address
