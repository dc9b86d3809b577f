"""Hostile input at the door, over real sockets, against the program that people run.

   python3 tests/door/run.py          in at most a minute and a half
   python3 tests/door/run.py --quick  without those that are slow
   python3 tests/door/run.py --long   with 10,000 slow connections of each kind
"""
import re
import sys

import probes
import slow
from wire import Others, Server, check, closing, get


def main():
    long = "--long" in sys.argv[1:]
    quick = "--quick" in sys.argv[1:]
    server = Server()
    try:
        others = Others(server)
        probes.table(server)
        probes.desync(server)
        probes.pages(server)
        probes.memory(server)
        others.end("requests are malformed, ambiguous and too large")
        slow.flood(server)
        # The largest file that is served, asked for many times on one connection: more than the sockets between hold.
        page = get(server, "/sign-in").decode("utf-8", "replace")
        files = {path: len(get(server, path)) for path in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page)}
        big = max(files, key=files.get).encode()
        if not quick:
            slow.slow(server, big, {"idle": 500, "drip": 300, "kept": 300, "body": 300, "reader": 200})
        if long:
            for kind in ("idle", "drip", "kept", "body"):
                slow.slow(server, big, {kind: 10_000}, evicted=True)
        check("the server is still there", server.alive())
        slow.going_down(server)
    finally:
        server.stop()
    return closing()


sys.exit(main())
