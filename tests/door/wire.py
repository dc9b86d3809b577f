"""Raw sockets and a served demonstration: what the probes of the door share. Standard library only."""
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))

passed = 0
failed = 0
tally = threading.Lock()


def check(name, good, why=""):
    global passed, failed
    with tally:
        if good:
            passed += 1
            if os.environ.get("WAYMARK_DOOR_LOUD"):
                print(f"ok   {name}", flush=True)
        else:
            failed += 1
            print(f"FAIL {name}\n     {why}", flush=True)
    return good


def closing():
    print(f"{passed} passed, {failed} failed", flush=True)
    return 0 if failed == 0 and passed > 0 else 1


def more_files(wanted):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class Server:
    """The demonstration, served by the program that people run."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="waymark-door-")
        program = os.environ.get("WAYMARK", os.path.join(ROOT, "build/release/waymark"))
        self.errors = open(os.path.join(self.folder, "err"), "w+")
        self.process = subprocess.Popen(
            [program, "demo", "--fresh", "--db", os.path.join(self.folder, "demo.db"), "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.port = None
        for line in self.process.stdout:
            found = re.search(r"Waymark is at http://127\.0\.0\.1:(\d+)/", line)
            if found:
                self.port = int(found.group(1))
                break
        if self.port is None:
            self.errors.seek(0)
            raise RuntimeError("the server did not start: " + self.errors.read()[-2000:])
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def rss(self):
        """MiB that the process holds in memory."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1)) / 1024

    def alive(self):
        return self.process.poll() is None

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stop(self):
        if self.alive():
            self.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Line:
    """One connection; `source` is any address of 127.0.0.0/8, which the server takes for another client."""

    def __init__(self, server, source="127.0.0.1", timeout=10, receive_buffer=None):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.bind((source, 0))
        self.socket.connect(("127.0.0.1", server.port))
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """False where the server has closed before all was sent."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError, socket.timeout):
            return False

    def read(self, quiet=0.5, most=1 << 24):
        """What comes until the server closes or is quiet that long."""
        self.socket.settimeout(quiet)
        parts = []
        size = 0
        while size < most:
            try:
                part = self.socket.recv(65536)
            except socket.timeout:
                break
            except (ConnectionResetError, BrokenPipeError):
                self.closed = True
                break
            if not part:
                self.closed = True
                break
            parts.append(part)
            size += len(part)
        return b"".join(parts)


def statuses(answer):
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def say(server, data, quiet=0.5, source="127.0.0.1", timeout=10):
    """Sends and reads; gives the bytes and whether the server has closed."""
    with Line(server, source, timeout) as line:
        line.send(data)
        answer = line.read(quiet)
        return answer, line.closed


def get(server, path, source="127.0.0.1", headers="", method="GET"):
    data = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n".encode("latin-1")
    return say(server, data, quiet=10, source=source)[0]


def request(head, body=b""):
    if isinstance(head, str):
        head = head.encode("latin-1")
    return head + b"\r\n\r\n" + body


def together(work, items, threads=24):
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, items))


class Others:
    """Somebody else who uses the service all the while: /health ten times a second, each on a connection of its own."""

    def __init__(self, server, source="127.0.9.9", pause=0.1):
        self.server, self.source, self.pause = server, source, pause
        self.times, self.faults = [], []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.over.is_set():
            began = time.monotonic()
            try:
                answer = get(self.server, "/health", self.source)
                if statuses(answer) != [200]:
                    self.faults.append(answer[:60])
            except OSError as fault:
                self.faults.append(repr(fault))
            self.times.append(time.monotonic() - began)
            self.over.wait(self.pause)

    def end(self, name, slowest=5.0):
        self.over.set()
        self.thread.join()
        times = sorted(self.times)
        worst = times[-1] if times else 0
        print(f"     others meanwhile: {len(times)} requests, {len(self.faults)} faults, median "
              f"{times[len(times) // 2] * 1000:.0f} ms, worst {worst * 1000:.0f} ms", flush=True)
        check(f"others are served while {name}", times and not self.faults and worst < slowest,
              f"{len(self.faults)} faults {self.faults[:3]}, worst {worst:.2f} s")


class Person:
    """Signed in by a choice of names, as the demonstration allows."""

    def __init__(self, server, name):
        self.server, self.cookies, self.csrf = server, {}, ""
        page = self.get("/sign-in").decode()
        token = re.search(r'name="token" value="([0-9a-f]+)"', page).group(1)
        self.post("/sign-in", f"token={token}&next=%2F&practitioner={name}")
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/").decode())
        if not found:
            raise RuntimeError("not signed in")
        self.csrf = found.group(1)

    def head(self):
        return "Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()) + "\r\n" if self.cookies else ""

    def keep(self, answer):
        for name, value in re.findall(rb"Set-Cookie: ([^=]+)=([^;\r]*)", answer):
            if value:
                self.cookies[name.decode()] = value.decode()
        return answer

    def get(self, path):
        return self.keep(get(self.server, path, headers=self.head()))

    def post(self, path, body, kind="application/x-www-form-urlencoded", token=False):
        if isinstance(body, str):
            body = body.encode()
        if token:
            body += (b"&" if body else b"") + b"csrf=" + self.csrf.encode()
        head = (f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{self.head()}"
                f"Content-Type: {kind}\r\nContent-Length: {len(body)}")
        return self.keep(say(self.server, request(head, body), quiet=10)[0])
