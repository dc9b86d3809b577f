"""One request each: what is hostile, malformed or ambiguous, and the status that it deserves."""
from wire import Line, Person, check, get, request, say, statuses, together

H = "\r\nHost: x"
PING = b"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n"
FORM = "\r\nContent-Type: application/x-www-form-urlencoded"


def refused(server, name, data, wanted, quiet=1.5):
    """Refused with one of these statuses, once, and the connection is closed: what follows is never taken."""
    answer, closed = say(server, data, quiet)
    got = statuses(answer)
    check(name, len(got) == 1 and got[0] in wanted and closed and b"pong" not in answer,
          f"wanted one of {sorted(wanted)} and closed, got {got}, closed {closed}, {answer[:80]!r}")


def answered(server, name, data, wanted, quiet=1.5):
    answer, _ = say(server, data, quiet)
    got = statuses(answer)
    check(name, got == wanted, f"wanted {wanted}, got {got}: {answer[:120]!r}")


# ---- readings that differ: none may be taken -------------------------------------------------------------------------

ENCODINGS = [
    "Transfer-Encoding: chunked", "Transfer-Encoding:chunked", "Transfer-Encoding:\tchunked",
    "Transfer-Encoding: chunked ", "transfer-encoding: CHUNKED", "Transfer-Encoding : chunked",
    "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity, chunked",
    "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity",
    "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: 'chunked'", "Transfer-Encoding: chunked;q=1",
    "Transfer-Encoding: chunke", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding:\r\n chunked", "Transfer-Encoding\r\n : chunked", " Transfer-Encoding: chunked",
    "X: y\nTransfer-Encoding: chunked", "X: y\rTransfer-Encoding: chunked", "X: y\r\n\tTransfer-Encoding: chunked",
    "Transfer-Encoding: \x0bchunked", "Transfer-Encoding: chunked\x0b", "Transfer-Encoding: chunked\x00",
    "Transfer-Encoding\x00: chunked", "Transfer-Encoding: \xa0chunked", "Transfer-Encoding: c\xc4\xb1hunked",
    "Transfer-Encoding: ,chunked", "Transfer-Encoding: chunked,", "Transfer-Encoding:",
]
# Alone and in HTTP/1.1 these say clearly that the body is chunked.
CLEAR = {"Transfer-Encoding: chunked", "Transfer-Encoding:chunked", "Transfer-Encoding:\tchunked",
         "Transfer-Encoding: chunked ", "transfer-encoding: CHUNKED"}


def desync(server):
    cases = []
    smuggled = b"0\r\n\r\n" + PING
    for encoding in ENCODINGS:
        for method in ("POST", "GET"):
            for version in ("1.1", "1.0"):
                for order in ("before", "after", "alone"):
                    if order == "alone" and encoding in CLEAR and version == "1.1":
                        continue
                    for length in ((len(smuggled), 5) if order != "alone" else (0,)):
                        lines = [f"Content-Length: {length}", encoding]
                        if order == "after":
                            lines.reverse()
                        elif order == "alone":
                            lines = [encoding]
                        head = f"{method} /csp-report HTTP/{version}{H}\r\n" + "\r\n".join(lines)
                        cases.append((f"{head!r} then a hidden request", request(head, smuggled)))
    for length in ("+6", "-6", "0x6", "6, 6", "6,6", "6 6", "6\x0b", "6;", "6.0", "6a", "1e1", "", "six", "\xb2",
                   "18446744073709551616", "99999999999999999999999999", "6\r\nContent-Length: 6",
                   "6\r\nContent-Length: 5", "6\r\ncontent-length: 0", "0\r\nContent-Length: 6"):
        for method in ("POST", "GET"):
            head = f"{method} /csp-report HTTP/1.1{H}\r\nContent-Length: {length}"
            cases.append((f"{head!r}", request(head, b"abcdef" + PING)))
    for size in ("0x6", "-6", "+6", " 6", "6_", "6\x00", "g", "", "\t6", "6\n", "6\r", "FFFFFFFFFFFFFFFFF", "6,", "6 6", "\xb2"):
        head = f"POST /csp-report HTTP/1.1{H}\r\nTransfer-Encoding: chunked"
        cases.append((f"a chunk size of {size!r}", request(head, size.encode("latin-1") + b"\r\nabcdef\r\n0\r\n\r\n" + PING)))
    for name, body in (("no line end after a chunk", b"6\r\nabcdefX0\r\n\r\n"), ("a chunk longer than it says", b"3\r\nabcdef\r\n0\r\n\r\n"),
                       ("LF alone after a chunk", b"6\r\nabcdef\n0\r\n\r\n"), ("LF alone after the last chunk's size", b"6\r\nabcdef\r\n0\n\r\n"),
                       ("a trailer with a length", b"6\r\nabcdef\r\n0\r\nContent-Length: 40\r\n\r\n"),
                       ("a trailer with an encoding", b"6\r\nabcdef\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                       ("a trailer that is no field", b"6\r\nabcdef\r\n0\r\nGET /ping HTTP/1.1\r\n\r\n")):
        cases.append((name, request(f"POST /csp-report HTTP/1.1{H}\r\nTransfer-Encoding: chunked", body + PING)))

    def one(case):
        name, data = case
        answer, closed = say(server, data, 2.0)
        got = statuses(answer)
        # Refused once and closed; or, where the reading waits for bytes that never come, no answer at all.
        good = b"pong" not in answer and len(got) <= 1 and all(400 <= code < 600 for code in got) and (closed or not got)
        check("never taken in two ways: " + name[:150], good, f"got {got}, closed {closed}: {answer[:200]!r}")

    together(one, cases)
    print(f"     {len(cases)} requests that can be read in two ways", flush=True)


# ---- the table -------------------------------------------------------------------------------------------------------

def table(server):
    big = b"a" * (10 << 20)
    rows = [
        ("a header of 1 MB", request(f"GET / HTTP/1.1{H}\r\nA: " + "a" * (1 << 20)), {431}),
        ("20,000 headers", request(f"GET / HTTP/1.1{H}" + "\r\nA: b" * 20000), {431}),
        ("101 lines in the header", request(f"GET / HTTP/1.1{H}" + "\r\nA: b" * 100), {431}),
        ("a cookie bomb of 17 KB", request(f"GET / HTTP/1.1{H}\r\nCookie: " + "a=b;" * 4400), {431}),
        ("a target of 9 KB", request("GET /" + "a" * 9000 + f" HTTP/1.1{H}"), {414}),
        ("a target of 64 KB", request("GET /" + "a" * 65536 + f" HTTP/1.1{H}"), {414}),
        ("lines that end with LF alone", b"GET / HTTP/1.1\nHost: x\n\n", {400}),
        ("one line that ends with LF alone", b"GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", {400}),
        ("CR alone in a header", b"GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", {400}),
        ("a folded line", request(f"GET / HTTP/1.1{H}\r\nA: b\r\n c"), {400}),
        ("a line folded with a tab", request(f"GET / HTTP/1.1{H}\r\nA: b\r\n\tc"), {400}),
        ("a space before the colon", request("GET / HTTP/1.1\r\nHost : x"), {400}),
        ("NUL in a header", request(f"GET / HTTP/1.1{H}\r\nA: b\x00c"), {400}),
        ("a control character in a header", request(f"GET / HTTP/1.1{H}\r\nA: b\x01c"), {400}),
        ("DEL in a header", request(f"GET / HTTP/1.1{H}\r\nA: b\x7fc"), {400}),
        ("empty lines before the request", b"\r\n\r\n" + PING, {400}),
        ("no Host", request("GET / HTTP/1.1\r\nA: b"), {400}),
        ("an empty Host", request("GET / HTTP/1.1\r\nHost:"), {400}),
        ("two Hosts", request(f"GET / HTTP/1.1{H}\r\nHost: y"), {400}),
        ("the same Host twice", request(f"GET / HTTP/1.1{H}{H}"), {400}),
        ("a Host with a user", request("GET / HTTP/1.1\r\nHost: a@x"), {400}),
        ("a Host with a path", request("GET / HTTP/1.1\r\nHost: x/y"), {400}),
        ("a Host with a space", request("GET / HTTP/1.1\r\nHost: x y"), {400}),
        ("a list of Hosts", request("GET / HTTP/1.1\r\nHost: x, y"), {400}),
        ("two Cookie lines", request(f"GET / HTTP/1.1{H}\r\nCookie: a=b\r\nCookie: c=d"), {400}),
        ("two Content-Types", request(f"POST / HTTP/1.1{H}\r\nContent-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: 0"), {400}),
        ("two Origins", request(f"POST / HTTP/1.1{H}\r\nOrigin: http://x\r\nOrigin: http://y\r\nContent-Length: 0"), {400}),
        ("a target with a scheme and a host", request(f"GET http://x/ HTTP/1.1{H}"), {400}),
        ("a target with another host", request(f"GET http://elsewhere/ HTTP/1.1{H}"), {400}),
        ("a target that is an authority", request(f"GET x:443 HTTP/1.1{H}"), {400}),
        ("a target that is an asterisk", request(f"GET * HTTP/1.1{H}"), {400}),
        ("no target", request(f"GET  HTTP/1.1{H}"), {400}),
        ("a target with a space", request(f"GET /a b HTTP/1.1{H}"), {400}),
        ("a target with a tab", request(f"GET /a\tb HTTP/1.1{H}"), {400}),
        ("a target with bytes above 127", request(b"GET /\xc3\xa9 HTTP/1.1\r\nHost: x"), {400}),
        ("a target with a fragment", request(f"GET /a#b HTTP/1.1{H}"), {400}),
        ("another Transfer-Encoding", request(f"POST / HTTP/1.1{H}\r\nTransfer-Encoding: xchunked", b"0\r\n\r\n"), {501}),
        ("another Expect", request(f"POST / HTTP/1.1{H}\r\nExpect: 200-ok\r\nContent-Length: 0"), {417}),
        ("a body of 10 MB", request(f"POST /sign-in HTTP/1.1{H}{FORM}\r\nContent-Length: {len(big)}", big), {413}),
        ("a body of 10 MB that waits to be asked", request(f"POST /sign-in HTTP/1.1{H}{FORM}\r\nContent-Length: {len(big)}\r\nExpect: 100-continue"), {413}),
        ("a body of 18 EB", request(f"POST /sign-in HTTP/1.1{H}{FORM}\r\nContent-Length: 18446744073709551615"), {400, 413}),
        ("a chunk of 2 GB", request(f"POST / HTTP/1.1{H}\r\nTransfer-Encoding: chunked", b"7fffffff\r\nabc"), {413}),
        ("a chunk of 16 EB", request(f"POST / HTTP/1.1{H}\r\nTransfer-Encoding: chunked", b"ffffffffffffffff\r\nabc"), {400, 413}),
        ("an extension of 1 MB on a chunk", request(f"POST / HTTP/1.1{H}\r\nTransfer-Encoding: chunked", b"6;" + b"a" * (1 << 20) + b"\r\nabcdef\r\n0\r\n\r\n"), {400, 413, 431}),
        ("1 MB of trailers", request(f"POST / HTTP/1.1{H}\r\nTransfer-Encoding: chunked", b"6\r\nabcdef\r\n0\r\n" + b"A: b\r\n" * 180000 + b"\r\n"), {400, 413, 431}),
        ("HTTP/0.9", b"GET /ping\r\n\r\n", {400}),
        ("HTTP/1.0 without a Host", b"GET /ping HTTP/1.0\r\n\r\n", {400}),
        ("HTTP/1.2", request(f"GET /ping HTTP/1.2{H}"), {400, 505}),
        ("HTTP/2.0 in words", request(f"GET /ping HTTP/2.0{H}"), {400, 505}),
        ("HTTP/11.1", request(f"GET /ping HTTP/11.1{H}"), {400, 505}),
        ("http in small letters", request(f"GET /ping http/1.1{H}"), {400}),
        ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", {400, 405, 505}),
        ("a TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 60 + b"\r\n\r\n", {400}),
        ("nothing but NUL", b"\x00" * 100, {400}),
        ("a header without a name", request(f"GET / HTTP/1.1{H}\r\n: b"), {400}),
        ("a header without a colon", request(f"GET / HTTP/1.1{H}\r\nAAAA"), {400}),
    ]
    rows += [(f"a header named {name!r}", request(f"GET / HTTP/1.1{H}\r\n{name}: b"), {400})
             for name in ("A B", "A@B", "(A)", "A\x80", "A\xff", "A/B", "A[", "A{}", '"A"', "A;B", "A,B", "A=B", "A<B", "A?")]
    rows += [(f"the method {method}", request(f"{method} /ping HTTP/1.1{H}\r\nContent-Length: 0"), {405})
             for method in ("TRACE", "CONNECT", "OPTIONS", "PUT", "DELETE", "PATCH", "PROPFIND", "PURGE", "M-SEARCH", "LINK",
                            "UNLINK", "FOO", "get", "Get")]
    rows += [(f"the method {method!r}", request(f"{method} /ping HTTP/1.1{H}"), {400}) for method in ("G\x80T", "G(T", "G\"T")]
    for target in ("/a/../ping", "/..", "/%2e%2e/ping", "/.%2e/ping", "/./ping", "/%2e/ping", "//ping", "/a//ping", "/a%2fping",
                   "/a%2Fping", "/%00", "/ping%00", "/%c0%af", "/%c0%ae%c0%ae/", "/%e0%80%af", "/%f0%80%80%af", "/%ff", "/%c3",
                   "/%ed%a0%80", "/%f5%80%80%80", "/%", "/%4", "/%zz", "/%u0041", "/ping?%", "/ping?a=%00", "/ping?a=%ff",
                   "/%0d%0aSet-Cookie:a=b", "/%0a", "/%7f", "/?" + "&".join(["a=b"] * 501),
                   "/" + "/".join(["a"] * 501)):
        rows.append((f"the target {target[:50]}", request(f"GET {target} HTTP/1.1{H}"), {400}))

    together(lambda row: refused(server, *row), rows, threads=12)

    good = [
        ("decoded once", request(f"GET /%70ing HTTP/1.1{H}\r\nConnection: close"), [200]),
        ("never decoded twice", request(f"GET /%2570ing HTTP/1.1{H}\r\nConnection: close"), [404]),
        ("a backslash is no slash", request(f"GET /a\\..\\ping HTTP/1.1{H}\r\nConnection: close"), [404]),
        ("an id of 200 digits", request(f"GET /children/{'9' * 200} HTTP/1.1{H}\r\nConnection: close"), [303]),
        ("HTTP/1.0 with a Host", request(f"GET /ping HTTP/1.0{H}"), [200]),
        ("HTTP/1.0 that wants to stay", request(f"GET /ping HTTP/1.0{H}\r\nConnection: keep-alive") + PING, [200]),
        ("a cookie line of 15 KB", request(f"GET /ping HTTP/1.1{H}\r\nConnection: close\r\nCookie: " + "a=b;" * 3800), [200]),
        ("an upgrade to a web socket", request(f"GET /ping HTTP/1.1{H}\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x"), [200]),
        ("an upgrade to HTTP/2", request(f"GET /ping HTTP/1.1{H}\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: x"), [200]),
        ("a hundred ranges", request(f"GET /ping HTTP/1.1{H}\r\nConnection: close\r\nRange: bytes=" + ",".join(["0-"] * 100)), [200]),
        ("a form where only reading is possible", request(f"POST /ping HTTP/1.1{H}\r\nConnection: close{FORM}\r\nContent-Length: 0"), [405]),
        ("ten requests at once", PING * 9 + request(f"GET /ping HTTP/1.1{H}\r\nConnection: close"), [200] * 10),
        ("a body with GET, and the next request", request(f"GET /ping HTTP/1.1{H}\r\nContent-Length: {len(PING)}", PING) + request(f"GET /ping HTTP/1.1{H}\r\nConnection: close"), [200, 200]),
        ("a chunked body, and the next request", request(f"POST /ping HTTP/1.1{H}\r\nTransfer-Encoding: chunked", b"3;a=b\r\nabc\r\n0\r\nA: b\r\n\r\n") + request(f"GET /ping HTTP/1.1{H}\r\nConnection: close"), [405, 200]),
        ("two answers, none after Connection: close", request(f"GET /ping HTTP/1.1{H}\r\nConnection: close") + PING, [200]),
        ("a small body that waits to be asked", request(f"POST /ping HTTP/1.1{H}\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 3", b"abc"), [100, 405]),
    ]
    together(lambda row: answered(server, *row), good)

    head, _ = say(server, request(f"HEAD /sign-in HTTP/1.1{H}\r\nConnection: close"), 2)
    check("HEAD has no body", statuses(head) == [200] and head.endswith(b"\r\n\r\n"), repr(head[-100:]))
    # A trailer is no header: neither a session nor where the form came from is read there.
    trailed, _ = say(server, request(f"POST /sign-in HTTP/1.1{H}{FORM}\r\nConnection: close\r\nTransfer-Encoding: chunked",
                                     b"7\r\ntoken=a\r\n0\r\nCookie: waymark-visit=a\r\n\r\n"), 3)
    check("a cookie in a trailer is not believed", statuses(trailed) == [403], repr(trailed[:100]))
    elsewhere = get(server, "/sign-in", headers="X-Forwarded-Host: elsewhere.example\r\nX-Forwarded-For: 1.2.3.4\r\nForwarded: host=elsewhere.example\r\n")
    check("a forwarded host is written nowhere", b"elsewhere" not in elsewhere, "")
    odd = get(server, "/no-such-page-%3Cscript%3Ealert(1)")
    check("an address is not echoed as markup", statuses(odd) == [404] and b"<script>alert" not in odd, repr(odd[:80]))
    split = get(server, "/children/x%0d%0aSet-Cookie:%20a=b")
    check("a header cannot be written from an address", b"Set-Cookie: a=b" not in split, repr(split[:200]))
    for name, answer in (("a page", get(server, "/sign-in")), ("a refusal", say(server, request("GET / HTTP/1.1"), 1)[0])):
        for line in (b"Content-Security-Policy: default-src 'none'", b"Cross-Origin-Opener-Policy: same-origin",
                     b"Cross-Origin-Embedder-Policy: require-corp", b"Cross-Origin-Resource-Policy: same-origin",
                     b"Referrer-Policy: no-referrer", b"X-Content-Type-Options: nosniff", b"Cache-Control: no-store",
                     b"require-trusted-types-for 'script'", b"report-uri /csp-report"):
            check(f"{name} says {line.decode()}", line in answer, repr(answer[:300]))
        check(f"{name} does not say what serves it", b"\r\nServer:" not in answer)


def pages(server):
    """The same through a person who is signed in: forms, ids and bodies that pages take."""
    person = Person(server, "m.brennan")
    answer = person.get("/children/" + "9" * 300)
    check("an id of 300 digits is no page", statuses(answer) == [404], repr(answer[:60]))
    for path in ("/children/00000000-0000-4000-8000-000000000000", "/concerns/%F0%9F%91%BB", "/children/%2e%2e%2e",
                 "/concerns/-1", "/concerns/1e9", "/concerns/0x10", "/concerns/%27%20OR%201=1--", "/cases/null", "/children/;ls"):
        got = statuses(person.get(path))
        check(f"{path} is no page", got == [404], str(got))
    for path in ("/search?q=" + "%F0%9F%91%BB" * 200, "/search?q=%25%5F%27%22%3B", "/search?q=a&q=b&q=c", "/children?" + "&".join(f"f{i}=1" for i in range(400))):
        got = statuses(person.get(path))
        check(f"{path[:40]} does not bring the page down", len(got) == 1 and got[0] < 500, str(got))
    for kind in ("", "text/plain", "application/json", "multipart/form-data; boundary=a", "application/x-www-form-urlencoded; charset=utf-7",
                 "application/xml", "image/svg+xml", "a" * 2000, "application/x-www-form-urlencoded\x0b"):
        answer = person.post("/sign-out", "a=b", kind=kind, token=True)
        got = statuses(answer)
        check(f"a body of {kind[:50]!r} is not read", got in ([415], [400]), str(got))
    for name, body, wanted in (
            ("10,000 fields", "&".join(f"f{i}=v" for i in range(10000)), {400}),
            ("one field 400 times", "&".join(["csrf=a"] * 400), {403}),
            ("a field's name of 10 KB", "a" * 10240 + "=b", {400, 403}),
            ("a bad escape", "a=%zz", {400, 403}),
            ("bytes that are no UTF-8", b"a=%ff%fe", {400, 403}),
            ("NUL in a value", "a=%00", {400, 403}),
            ("nothing but separators", "&" * 100000, {400, 403}),
            ("a value of 2 MB", "a=" + "b" * ((1 << 21) - 100), {400, 403, 413}),
            ("JSON in place of a form", '{"csrf": 1}', {400, 403})):
        got = statuses(person.post("/sign-out", body))
        check(f"a form with {name}", len(got) == 1 and got[0] in wanted, str(got))
    for name, body, wanted in (("deep", "[" * 10000, 400), ("wide", "[" + "1," * 5000 + "1]", 400), ("empty", "", 400),
                               ("with a key twice", '{"csp-report": {}, "csp-report": {}}', 400),
                               ("with half a character", '{"csp-report": {"a": "\\ud800"}}', 400),
                               ("with infinity", '{"csp-report": 1e999}', 400),
                               ("too large", '{"csp-report": "' + "a" * 20000 + '"}', 413)):
        got = statuses(person.post("/csp-report", body, kind="application/csp-report"))
        check(f"JSON that is {name} is refused", got in ([wanted], [429]), str(got))
    flood = [statuses(person.post("/csp-report", '{"csp-report": {"violated-directive": "img-src"}}', kind="application/csp-report"))
             for _ in range(70)]
    check("a flood of reports is turned away", flood[-1] == [429], str(flood[-1]))
    check("the person is still signed in", statuses(person.get("/")) == [200])
    out = person.post("/sign-out", "", token=True)
    check("signing out clears what the browser keeps", statuses(out) == [303] and b"Clear-Site-Data: " in out, repr(out[:200]))


def memory(server):
    """Bodies larger than are taken, many at once: what the server holds must not follow what is sent."""
    before = server.rss()

    def chunked(_):
        with Line(server, timeout=20) as line:
            line.send(request(f"POST /sign-in HTTP/1.1{H}{FORM}\r\nTransfer-Encoding: chunked"))
            piece = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
            for _ in range(64):
                if not line.send(piece):
                    break
            return statuses(line.read(2))

    got = together(chunked, range(8), threads=8)
    check("64 MB in chunks is refused", all(one in ([413], []) for one in got) and [413] in got, str(got))

    def endless(_):
        with Line(server, timeout=20) as line:
            line.send(request(f"POST /sign-in HTTP/1.1{H}{FORM}\r\nTransfer-Encoding: chunked", b"1;"))
            for _ in range(64):
                if not line.send(b"a" * 0x100000):
                    break
            return statuses(line.read(2))

    got = together(endless, range(8), threads=8)
    check("an extension without an end is refused", all(one in ([431], [413], [400], []) for one in got), str(got))
    after = server.rss()
    print(f"     memory: {before:.0f} MiB before, {after:.0f} MiB after 1 GB of bodies", flush=True)
    check("memory does not follow what is sent", after - before < 96, f"{before:.0f} MiB, then {after:.0f} MiB")
