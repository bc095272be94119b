"""`python -m tf_integration.web [HOST] PORT`: serve the pages of the home in `TFI_HOME`."""

from __future__ import annotations

import logging
import sys

import uvicorn

from tf_integration.model.settings import Settings
from tf_integration.web.app import create

_AT_ONCE = 40           # requests at work: a password costs memory, and a page a connection


def main(port: int, host: str = "127.0.0.1") -> None:
    """Serve until told to end. Nothing is logged of a request: its path may name a family."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    uvicorn.run(create(Settings.load()), host=host, port=port, access_log=False, log_config=None, server_header=False,
                proxy_headers=False, limit_concurrency=_AT_ONCE, timeout_graceful_shutdown=5)


if __name__ == "__main__":
    main(int(sys.argv[-1]), *sys.argv[1:-1])
