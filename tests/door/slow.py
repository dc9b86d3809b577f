"""Clients that take their time, and clients that come in floods."""
import selectors
import socket
import threading
import time

from wire import Line, Others, check, more_files, request, statuses

HEAD = b"GET /ping HTTP/1.1\r\nHost: x\r\n"
WAITS = {"idle": 10, "drip": 10, "kept": 10, "body": 30, "reader": 30}  # seconds of the server's deadlines


class Slow:
    """`count` connections of one kind from one address; each second a byte where the kind drips. Keeps when each closed."""

    def __init__(self, server, kind, count, source, big):
        self.kind, self.count = kind, count
        self.began = time.monotonic()
        self.closed = []
        self.refused = 0
        self.selector = selectors.DefaultSelector()
        self.open = {}
        for _ in range(count):
            line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            if kind == "reader":
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            try:
                line.settimeout(5)
                line.bind((source, 0))
                line.connect(("127.0.0.1", server.port))
                if kind == "kept":
                    line.sendall(HEAD + b"\r\n")
                elif kind == "body":
                    line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                 b"Content-Length: 100000\r\n\r\n")
                elif kind == "reader":
                    line.sendall(b"GET " + big + b" HTTP/1.1\r\nHost: x\r\n\r\n" * 1 +
                                 (b"GET " + big + b" HTTP/1.1\r\nHost: x\r\n\r\n") * 120)
            except OSError:
                self.refused += 1
                line.close()
                continue
            line.setblocking(False)
            self.open[line] = time.monotonic()
            if kind != "reader":
                self.selector.register(line, selectors.EVENT_READ)

    def gone(self, line):
        self.closed.append(time.monotonic() - self.open.pop(line))
        if self.kind != "reader":
            self.selector.unregister(line)
        line.close()

    def step(self):
        for key, _ in self.selector.select(0):
            line = key.fileobj
            try:
                if not line.recv(65536):
                    self.gone(line)
            except BlockingIOError:
                pass
            except OSError:
                self.gone(line)
        for line in list(self.open):
            try:
                if self.kind == "drip":
                    line.send(b"A")
                elif self.kind == "body":
                    line.send(b"a")
                elif self.kind == "reader" and line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0:
                    self.gone(line)
                elif self.kind == "reader" and time.monotonic() - self.open[line] < WAITS["reader"]:
                    line.recv(1)
            except BlockingIOError:
                pass
            except OSError:
                self.gone(line)

    def run(self, until):
        while self.open and time.monotonic() < until:
            self.step()
            time.sleep(1)
        if self.kind == "reader":
            self.ends()

    def ends(self):
        """A reader learns that it was closed only when it reads on: what was on the way comes first."""
        for line in list(self.open):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            line.settimeout(6)
            try:
                while line.recv(65536):
                    pass
                self.gone(line)
            except socket.timeout:
                pass
            except OSError:
                self.gone(line)

    def close(self):
        for line in list(self.open):
            line.close()
        self.selector.close()


def slow(server, big, counts, evicted=False):
    """All kinds at once, each from its own addresses of at most 500 connections."""
    more_files(sum(counts.values()) + 300)
    before = server.rss()
    others = Others(server)
    groups = []
    for number, (kind, count) in enumerate(counts.items()):
        for part in range(0, count, 500):
            groups.append(Slow(server, kind, min(500, count - part), f"127.0.{10 + number}.{1 + part // 500}", big))
    opened = time.monotonic()
    threads = [threading.Thread(target=group.run, args=(opened + WAITS[group.kind] + (30 if evicted else 8),)) for group in groups]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = server.rss()
    for kind, count in counts.items():
        mine = [group for group in groups if group.kind == kind]
        closed = sorted(when for group in mine for when in group.closed)
        left = sum(len(group.open) for group in mine)
        refused = sum(group.refused for group in mine)
        print(f"     {kind}: {count} connections, {len(closed)} closed after {closed[0] if closed else 0:.1f} to "
              f"{closed[-1] if closed else 0:.1f} s, {refused} turned away, {left} left open", flush=True)
        check(f"{count} connections that are slow ({kind}) are closed at their deadline",
              left == 0 and (evicted or refused == 0) and closed and (evicted or closed[-1] < WAITS[kind] + 8),
              f"{left} left, {refused} turned away")
    for group in groups:
        group.close()
    others.end("%d slow connections are open" % sum(counts.values()))
    after = server.rss()
    print(f"     memory: {before:.0f} MiB before, {held:.0f} MiB with them, {after:.0f} MiB after", flush=True)
    check("slow connections cost little memory", held - before < 200, f"{before:.0f}, {held:.0f}")


def flood(server):
    """More connections from one address than one address may hold."""
    more_files(1500)
    others = Others(server)
    lines = []
    turned_away = 0
    for _ in range(700):
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        line.settimeout(5)
        try:
            line.bind(("127.0.8.1", 0))
            line.connect(("127.0.0.1", server.port))
            lines.append(line)
        except OSError:
            turned_away += 1
    time.sleep(0.5)
    for line in lines:
        line.setblocking(False)
        try:
            answer = line.recv(4096)
            if not answer or b" 503 " in answer:
                turned_away += 1
        except BlockingIOError:
            pass
        except OSError:
            turned_away += 1
    check("one address holds at most 500 connections", turned_away == 200, f"{turned_away} of 700 were turned away")
    for line in lines:
        line.close()
    others.end("one address floods the server")
    time.sleep(0.3)
    with Line(server, "127.0.8.1") as line:
        line.send(HEAD + b"Connection: close\r\n\r\n")
        check("it is served again when it has let go", statuses(line.read(3)) == [200])


def going_down(server):
    """SIGTERM while a form is on its way: it is answered, and then the server ends by itself."""
    idle = Line(server)
    kept = Line(server)
    kept.send(HEAD + b"\r\n")
    kept.read(0.5)
    busy = Line(server, timeout=20)
    body = b"token=a&practitioner=nobody"
    busy.send(request("POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                      f"Content-Length: {len(body)}", body[:10]))
    time.sleep(0.3)
    began = time.monotonic()
    server.terminate()
    time.sleep(0.5)
    check("the server waits for a form that is on its way", server.alive())
    busy.send(body[10:])
    answer = busy.read(5)
    check("a form that was on its way is answered", statuses(answer) == [403] and busy.closed, repr(answer[:100]))
    for line in (idle, kept):
        line.read(3)
    check("connections that wait are closed", idle.closed and kept.closed)
    try:
        code = server.process.wait(20)
    except Exception:
        code = None
    took = time.monotonic() - began
    print(f"     went down in {took:.1f} s", flush=True)
    check("the server ends by itself, without a fault", code == 0, f"exit {code} after {took:.1f} s")
