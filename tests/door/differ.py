"""Our readers against Python's: JSON, forms, UTF-8, instants, base64, CSV and what an escaped text is read back as.
Inputs are made by rule from a fixed seed. Where ours is stricter on purpose the rule stands here."""
import base64
import csv
import datetime
import html
import html.parser
import io
import json
import os
import random
import re
import subprocess
import sys
import urllib.parse

from wire import ROOT, check, closing

COUNT = int(os.environ.get("WAYMARK_DIFFER", "4000"))  # of each reader
chance = random.Random(20261122)

SEEDS = {
    "json": [b'{"a": [1, -2.5e3, true, false, null], "b": {"c": "\\u00e9\\ud83d\\ude00\\n"}}', b'[[], {}, "", 0, -0, 1e5, 1E-5]', b'"\\"\\\\\\/\\b\\f\\n\\r\\t"', b' {"a" : 1 , "a" : 2 } ', b"[1e400, 123456789012345678901234567890]"],
    "form": [b"a=b&c=d+e&c=%C3%A9&=x&y", b"a=%0D%0Ab%0d&b=%2525&c=%00", b"summary=caf%C3%A9+%F0%9F%91%BB;x&&a", b"%61=%zz&b=%4"],
    "utf8": ["aé€😀".encode(), b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"],
    "instant": [b"2026-03-27T16:55:00Z", b"2026-03-27T16:55:00.123456+01:00", b"1999-12-31T23:59:59-11:30"],
    "date": [b"2024-02-29", b"2026-12-31", b"1000-01-01"],
    "base64": [base64.b64encode(bytes(range(50))), b"QQ==", b"QUI=", b"+/+/"],
    "markup": [b"<script>alert(1)</script>", "Zoë & \"Łukasz\" <b>'`".encode(), b"&amp;&#60;&lt", "a\u2028b\ufeff".encode()],
    "csv": [b'a,b\r\n"1, ""x""",2\r\n', b'"two\r\nlines",x\n', b",,\n1,2,3"],
}
PIECES = [b"\x00", b"\xff", b"\xc3", b"%", b"%41", b"&", b"=", b"+", b'"', b"\\", b"\\u", b"\\ud800", b"{", b"}", b"[", b"]", b",", b":", b"1", b"-", b"e", b".", b"Z", b"T", b"\r\n", b"\n", b" ", b"<", b">", b"&#", b";", b"'", "é".encode(), "😀".encode(), b"null", b"1e999", b"24"]


def changed(seed):
    out = bytearray(seed)
    for _ in range(chance.randint(0, 4)):
        at = chance.randint(0, len(out))
        what = chance.random()
        if what < 0.4:
            out[at:at] = chance.choice(PIECES)
        elif what < 0.6 and out:
            del out[at:at + chance.randint(1, 4)]
        elif what < 0.8 and out:
            out[min(at, len(out) - 1)] = chance.choice(b"0123456789abcdefTZ+-:.,\"{}[]%&= \x7f")
        else:
            other = chance.choice(chance.choice(list(SEEDS.values())))
            out[at:at] = other[:chance.randint(0, len(other))]
    return bytes(out)


class Doubled(Exception):
    pass


def no_doubles(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Doubled
    return found


def sane(value, depth=0):
    """No surrogate, no infinity, and no deeper than ours takes."""
    if depth > 32:
        return False
    if isinstance(value, str):
        return not re.search("[\ud800-\udfff]", value)
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    if isinstance(value, list):
        return all(sane(one, depth + 1) for one in value)
    if isinstance(value, dict):
        return all(sane(key) and sane(one, depth + 1) for key, one in value.items())
    return True


def refuse_constant(_):
    raise ValueError


def whole_number(text):
    """Ours, like JavaScript's, holds a whole number beyond 64 bits as a floating one."""
    number = int(text)
    return number if -(1 << 63) <= number < 1 << 64 else float(text)


def python_json(data):
    text = data.decode("utf-8")
    value = json.loads(text, object_pairs_hook=no_doubles, parse_constant=refuse_constant, parse_int=whole_number)
    if not sane(value):
        raise ValueError
    return value


def python_form(data):
    """WHATWG's reading, with what ours refuses refused: bad escapes, NUL, what is not UTF-8."""
    fields = {}
    count = 0
    for pair in data.split(b"&"):
        if not pair:
            continue
        count += 1
        name, _, value = pair.partition(b"=")
        both = []
        for part in (name, value):
            if re.search(rb"%(?![0-9A-Fa-f]{2})", part):
                raise ValueError
            part = urllib.parse.unquote_to_bytes(part.replace(b"+", b" "))
            part.decode("utf-8")
            if b"\x00" in part:
                raise ValueError
            both.append(part)
        fields.setdefault(both[0], []).append(both[1].replace(b"\r\n", b"\n"))
    return "".join(f"{name.hex()}={value.hex()}&" for name in sorted(fields) for value in fields[name])


def python_instant(data):
    text = data.decode("ascii")
    # Python takes 60 minutes of an offset.
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:[0-5]\d)", text):
        raise ValueError
    fraction = re.search(r"\.(\d+)", text)
    whole = re.sub(r"\.\d+", "", text).upper().replace("Z", "+00:00")
    when = datetime.datetime.fromisoformat(whole)
    since = when - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    micros = (since.days * 86400 + since.seconds) * 1000000
    return micros + int((fraction.group(1) + "000000")[:6] if fraction else 0)


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.tags = "", 0

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attrs):
        self.tags += 1

    def handle_comment(self, data):
        self.tags += 1


def agree(reader, data, ours):
    """None where both agree; else why not."""
    try:
        if reader == "json":
            theirs = python_json(data)
            if ours is None:
                return "refused"
            mine = json.loads(ours)
            return None if mine == theirs or repr(mine) == repr(theirs) else f"another value: {mine!r}"
        if reader == "form":
            theirs = python_form(data)
            return None if ours is not None and ours.decode() == theirs else f"read as {ours!r}"
        if reader == "utf8":
            data.decode("utf-8")
            return None if ours == data else "refused"
        if reader == "instant":
            theirs = python_instant(data)
            return None if ours is not None and int(ours) == theirs else f"read as {ours!r}, not {theirs}"
        if reader == "date":
            if not re.fullmatch(rb"\d{4}-\d\d-\d\d", data):
                raise ValueError
            theirs = datetime.date.fromisoformat(data.decode("ascii"))
            if theirs.year < 1000:
                raise ValueError
            return None if ours == data else f"read as {ours!r}"
        if reader == "base64":
            theirs = base64.b64decode(data, validate=True)
            if base64.b64encode(theirs) != data:
                raise ValueError
            return None if ours == theirs else f"read as {ours!r}"
        if reader == "markup":
            text = data.decode("utf-8")
            shown = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "\ufffd", text)
            written = ours.decode("utf-8")
            if html.unescape(written) != shown:
                return f"unescaped: {html.unescape(written)!r}"
            parser = Reader()
            parser.feed(f"<p>{written}</p>")
            parser.close()
            return None if parser.text == shown and parser.tags == 1 else f"parsed: {parser.text!r}, {parser.tags} tags"
        if reader == "csv":
            text = data.decode("utf-8")
            if "\x00" in text or "\ufeff" in text:
                return None
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row and row != [""]]
            theirs = "".join("".join(field.encode().hex() + "," for field in row) + "\n" for row in rows)
            if ours is None:
                return "refused"
            mine = "".join(line + "\n" for line in ours.decode().split("\n")[:-1] if line != ",")
            return None if mine == theirs else f"read as {mine!r}, not {theirs!r}"
    except (ValueError, Doubled, csv.Error, RecursionError, OverflowError):
        return None if ours is None or reader in ("markup", "csv") else f"taken as {ours[:80]!r}"
    return "no such reader"


def main():
    cases = [(reader, changed(chance.choice(seeds))) for reader, seeds in SEEDS.items() for _ in range(COUNT)]
    program = os.environ.get("WAYMARK_DOOR_READINGS", os.path.join(ROOT, "build/release/tests/door_readings"))
    lines = "".join(f"{reader} {data.hex()}\n" for reader, data in cases)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, timeout=120)
    answers = done.stdout.split("\n")[:-1]
    check("every input was read or refused", done.returncode == 0 and len(answers) == len(cases), f"{done.returncode}, {len(answers)} of {len(cases)}")
    for reader in SEEDS:
        mine = [(data, answer) for (one, data), answer in zip(cases, answers) if one == reader]
        taken = sum(answer.startswith("+") for _, answer in mine)
        faults = []
        for data, answer in mine:
            why = agree(reader, data, bytes.fromhex(answer[1:]) if answer.startswith("+") else None)
            if why:
                faults.append(f"{data!r}: {why}")
        print(f"     {reader}: {len(mine)} inputs, {taken} taken, {len(faults)} read otherwise", flush=True)
        check(f"{reader} is read as Python reads it", not faults and 0 < taken, "\n     ".join(faults[:8]))
    return closing()


if __name__ == "__main__":
    sys.exit(main())
