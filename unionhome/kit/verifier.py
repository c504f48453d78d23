#!/usr/bin/env python3
"""核验程序：检查“职工之家”导出的核验包，不用服务器，不用数据库，只用 Python 自带的库。

用法：python3 verify.py 核验包.zip --fingerprint 密钥指纹

指纹要从别处得到（工会的公告、文件、当面核对），不要从核验包里抄。密钥换过的，把每一把的指纹都写上。
结果：0 没有发现问题；1 有问题，每一处写明在哪里；2 用法不对，或者文件打不开；
3 只有说明和签名，没有清单、行和日志，数是不是由那些行算出来的没有核。

This one file is shipped with every export. It imports nothing but the standard library, so that whoever doubts a
figure needs nothing of ours but this page of code. Its rules are written down in docs/decisions/0008-published-figures.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

FORMAT = "unionhome-figure-1"
MANIFEST, MANIFEST_SIGNATURE, KEYS, JOURNAL = "manifest.json", "manifest.sig", "keys.json", "journal.jsonl"
STATEMENTS, ROWS = "statements/", "rows/"
GENESIS = "0" * 64
COUNTING = ("rows", "people")
LONGEST_LINE = 1 << 20
NOT_WHOLE = "not-whole"


# Ed25519, verification only: RFC 8032, 5.1.7. Points are extended coordinates X, Y, Z, T.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    left = (a[1] - a[0]) * (b[1] - b[0]) % P
    right = (a[1] + a[0]) * (b[1] + b[0]) % P
    across, along = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = right - left, along - across, along + across, right + left
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            found = _add(found, point)
        point = _add(point, point)
        number >>= 1
    return found


def _same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def _find_x(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def _read_point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _find_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _find_x(_BASE_Y, 0) or 0
BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature (64 bytes) of a message is by the holder of a public key (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point = _read_point(public), _read_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or point is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return _same(_times(scalar, BASE), _add(point, _times(challenge, key)))


# Canonical forms


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> bytes:
    """One byte form for one JSON value: sorted keys, no spaces, UTF-8."""
    return _ENCODER.encode(value).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def fingerprint_of(public: bytes) -> str:
    """SHA-256 of the 32 bytes of a public key, in 64 hex digits."""
    return sha256(public)


def plain_fingerprint(text: str) -> str:
    """A fingerprint as typed, without spaces, colons and capitals."""
    return "".join(sign for sign in text.lower() if sign in "0123456789abcdef")


def row_line(number: int, model: str, pk: int, weight: Any, cells: Sequence[str]) -> bytes:
    """One frozen row as its line of the file of rows, with the digest of what it says."""
    facts: dict[str, Any] = {"n": number, "model": model, "pk": pk, "weight": weight, "cells": list(cells)}
    facts["digest"] = sha256(canonical(facts))
    return canonical(facts) + b"\n"


def entry_digest(facts: Mapping[str, Any], seq: int, previous: str) -> str:
    """The digest of a journal entry: over the one before it, its place in the chain and its facts."""
    return sha256(canonical({"previous": previous, "seq": seq, "facts": dict(facts)}))


# The number, once more from the rows


class Tally:
    """Takes the weights of rows one by one and says what they come to by a measure."""

    def __init__(self, way: str) -> None:
        self.way, self.count, self.total = way, 0, Decimal(0)
        self.first: Any = None
        self.all: list[Decimal] = []

    def take(self, weight: Any) -> None:
        if not self.count:
            self.first = weight
        self.count += 1
        self.total += Decimal(str(weight if weight is not None else 0))
        if self.way == "median" and weight is not None:
            self.all.append(Decimal(str(weight)))

    def value(self) -> Decimal | None:
        """None where there is nothing to measure."""
        if self.way in COUNTING:
            return Decimal(self.count)
        if self.way == "sum":
            return self.total
        if not self.count:
            return None
        if self.way == "share":
            return 100 * self.total / self.count
        if self.way == "median":
            ordered, middle = sorted(self.all), len(self.all) // 2
            return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
        return None if self.first is None else Decimal(str(self.first))


def raw_text(raw: Decimal | int | None) -> str:
    """A number as statements keep it: whole numbers as they are, others with six decimals; "" for none."""
    if raw is None:
        return ""
    number = Decimal(raw)
    if number == number.to_integral_value():
        return str(int(number))
    return str(number.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP))


def value_again(measure: Mapping[str, Any], tally: Tally) -> str:
    """What the rows of a statement come to, as `raw_text`. The lower number of a ratio is the statement's own."""
    found = tally.value()
    if "lower" not in measure:
        return raw_text(found)
    lower = Decimal(measure["lower"] or 0)
    return raw_text(100 * (found or Decimal(0)) / lower if lower else None)


# Checking an export


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: a stable word for programs, the place, and what is wrong there."""

    code: str
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}：{self.sentence}"


@dataclass
class Report:
    """What was looked at and what was found."""

    findings: list[Finding] = field(default_factory=list)
    is_whole: bool = True
    statements: int = 0
    rows: int = 0
    entries: int = 0

    def add(self, code: str, place: str, sentence: str) -> None:
        self.findings.append(Finding(code, place, sentence))


HOSTILE = (
    OSError, zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, ValueError, TypeError, ArithmeticError, MemoryError,
)  # fmt: skip
MOST_BYTES = 64 << 20
"""Of a file that is read whole; rows and journal are read line by line."""
MOST_FINDINGS = 1000


class BadExport(Exception):
    """The file is no export that this program can read."""


def check_export(path: Path, expected: Sequence[str]) -> Report:
    """Check everything in an export against the fingerprints that its user brought. Raises BadExport."""
    report = Report()
    try:
        with zipfile.ZipFile(path) as archive:
            _Check(archive, {plain_fingerprint(text) for text in expected}, report).run()
    except HOSTILE as error:
        raise BadExport(f"这个文件打不开，或者不是核验包（{type(error).__name__}）") from error
    return report


class _Check:
    def __init__(self, archive: zipfile.ZipFile, expected: set[str], report: Report) -> None:
        self.archive, self.expected, self.report = archive, expected, report
        listed = archive.namelist()
        self.names = set(listed)
        for name in sorted(
            {name for name in listed if listed.count(name) > 1} if len(listed) > len(self.names) else ()
        ):
            report.add("file-twice", name, "核验包里有两份同名的文件，别的程序打开的可能是另一份")
        for info in archive.infolist():
            if info.file_size > MOST_BYTES and not info.filename.startswith((ROWS, JOURNAL)):
                raise ValueError(info.filename)
        self.keys: dict[str, bytes] = {}
        self.anchors: list[tuple[str, dict[str, Any]]] = []
        self.is_whole = True

    def run(self) -> None:
        self._read_keys()
        manifest = self._check_manifest() if MANIFEST in self.names else self._go_without_manifest()
        statements = sorted(name for name in self.names if name.startswith(STATEMENTS) and name.endswith(".json"))
        if not statements:
            self.report.add("empty", STATEMENTS, "没有一个发布的数")
        for name in statements:
            self._check_statement(name)
        if self.is_whole:
            self._check_journal(manifest.get("journal") or {})
            self._check_listed(manifest)

    def _read_keys(self) -> None:
        for each in json.loads(self.archive.read(KEYS)):
            public = bytes.fromhex(each["public"])
            if fingerprint_of(public) != each["fingerprint"]:
                self.report.add("key", KEYS, f"公钥和它的指纹 {each['fingerprint'][:16]}… 不符")
            self.keys[fingerprint_of(public)] = public

    def _check_signature(self, place: str, key: str, data: bytes, signature_name: str) -> None:
        """One finding at most: whose key it is comes first."""
        if key not in self.expected:
            self.report.add("key", place, f"是用另一把密钥签的（指纹 {key[:16]}…），不是您给的指纹")
            return
        if key not in self.keys:
            self.report.add("key", place, f"核验包里没有指纹是 {key[:16]}… 的公钥")
            return
        if signature_name not in self.names:
            self.report.add("signature", place, "没有签名")
            return
        try:
            signature = bytes.fromhex(self.archive.read(signature_name).decode().strip())
        except ValueError:
            signature = b""
        if not is_signed(self.keys[key], data, signature):
            self.report.add("signature", place, "签名和内容不符，内容或签名改过，或者是用另一把密钥签的")

    def _check_manifest(self) -> dict[str, Any]:
        data = self.archive.read(MANIFEST)
        manifest: dict[str, Any] = json.loads(data)
        if manifest.get("format") != FORMAT:
            raise ValueError(MANIFEST)
        self._check_signature(MANIFEST, str(manifest["key"]), data, MANIFEST_SIGNATURE)
        return manifest

    def _go_without_manifest(self) -> dict[str, Any]:
        """What the public gets: statements and signatures alone. Rows or a journal without their list are a fault."""
        self.is_whole = False
        self.report.is_whole = False
        if JOURNAL in self.names or any(name.startswith(ROWS) for name in self.names):
            self.report.add("file-missing", MANIFEST, "没有清单，少了什么看不出来")
        else:
            self.report.add(
                NOT_WHOLE, MANIFEST, "没有清单、行和操作日志，只核了说明和签名；要核到每一行，请向工会要完整的核验包"
            )
        return {}

    def _check_listed(self, manifest: Mapping[str, Any]) -> None:
        """Files that are missing or none of the export's, and those that changed without anything else showing it."""
        listed: dict[str, str] = manifest["files"]
        found = {finding.place.partition(" ")[0] for finding in self.report.findings}
        for name in sorted(listed):
            if name not in self.names:
                self.report.add("file-missing", name, "导出时有，现在没有了")
            elif name not in found and self._digest_of(name) != listed[name]:
                self.report.add("file-changed", name, "和导出时不一样")
        for name in sorted(self.names - set(listed) - {MANIFEST, MANIFEST_SIGNATURE}):
            self.report.add("file-added", name, "导出时没有，是后来加的")

    def _digest_of(self, name: str) -> str:
        whole = hashlib.sha256()
        with self.archive.open(name) as file:
            while part := file.read(1 << 20):
                whole.update(part)
        return whole.hexdigest()

    def _check_statement(self, name: str) -> None:
        data = self.archive.read(name)
        self.report.statements += 1
        try:
            statement = json.loads(data)
            title = f"{name} “{statement['figure']['name']}”第{statement['version']}版"
            key, value, measure = str(statement["key"]), statement["value"], statement["measure"]
            rows_digest, anchor = str(statement["rows_digest"]), statement["journal"]
        except (ValueError, KeyError, TypeError):
            self.report.add("statement", name, "内容读不出来，改过")
            return
        if f"{STATEMENTS}{statement.get('id')}.json" != name:
            self.report.add("statement", title, "编号和文件名不符")
        self._check_signature(title, key, data, name.removesuffix(".json") + ".sig")
        if anchor:
            self.anchors.append((title, anchor))
        self._check_rows(title, f"{ROWS}{statement.get('id')}.jsonl", value, measure, rows_digest)

    def _check_rows(
        self, title: str, name: str, value: Mapping[str, Any], measure: Mapping[str, Any], rows_digest: str
    ) -> None:
        if name not in self.names:
            if self.is_whole:
                self.report.add("rows-missing", name, f"没有组成{title.partition(' ')[2]}的行")
            return
        whole, tally, before = hashlib.sha256(), Tally(str(measure["way"])), len(self.report.findings)
        with self.archive.open(name) as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
                whole.update(line)
                self._take_row(name, number, line, tally)
        self.report.rows += tally.count
        if whole.hexdigest() != rows_digest and len(self.report.findings) == before:
            self.report.add("rows-digest", name, "这些行的总摘要和签名的不符：有行加了、少了、换了次序或者整行改过")
        if tally.count != value["rows"]:
            self.report.add("total", title, f"写的是{value['rows']}行，实际是{tally.count}行")
        again = value_again(measure, tally)
        if again != value["raw"]:
            self.report.add("total", title, f"合计写的是 {value['raw']}，由行算出来是 {again}")

    def _take_row(self, name: str, number: int, line: bytes, tally: Tally) -> None:
        try:
            facts = json.loads(line)
            digest, weight, n = facts.pop("digest"), facts["weight"], facts["n"]
            tally.take(weight)
        except (ValueError, KeyError, AttributeError, ArithmeticError):
            self.report.add("row", f"{name} 第{number}行", "内容读不出来，改过")
            return
        if digest != sha256(canonical(facts)):
            self.report.add("row", f"{name} 第{number}行", "内容和它的摘要不符，这一行改过")
        elif n != number:
            self.report.add("row", f"{name} 第{number}行", f"这里应当是第{number}行，写的是第{n}行")

    def _check_journal(self, signed: Mapping[str, Any]) -> None:
        if JOURNAL not in self.names:
            if signed or self.anchors:
                self.report.add("journal-missing", JOURNAL, "没有操作日志")
            return
        links = list(self._read_links())
        self.report.entries = len(links)
        self._check_order([seq for _, seq, _ in links], signed)
        self._follow(sorted(links, key=lambda link: link[1]), str(signed.get("previous", GENESIS)))
        self._check_anchors({link["seq"]: link["digest"] for _, _, link in links}, signed)

    def _read_links(self) -> Iterator[tuple[int, int, dict[str, Any]]]:
        with self.archive.open(JOURNAL) as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
                try:
                    link = json.loads(line)
                    seq = int(link["seq"])
                    if not isinstance(link["digest"], str) or not isinstance(link["previous"], str):
                        raise ValueError(number)
                    link["facts"]
                except (ValueError, KeyError, TypeError):
                    self.report.add("journal", f"{JOURNAL} 第{number}行", "内容读不出来，改过")
                    continue
                yield number, seq, link

    def _check_order(self, places: list[int], signed: Mapping[str, Any]) -> None:
        """Entries that are missing, twice there, or out of their order."""
        first, last = int(signed.get("first", 1)), int(signed.get("last", 0))
        present = set(places)
        for seq in islice((seq for seq in range(first, last + 1) if seq not in present), MOST_FINDINGS):
            self.report.add("journal-gap", f"{JOURNAL} 第{seq}条", "这一条不见了")
        for seq in sorted(seq for seq in present if not first <= seq <= last):
            self.report.add("journal-extra", f"{JOURNAL} 第{seq}条", "不在导出的范围里，是后来加的")
        for here, following in pairwise(places):
            if following == here:
                self.report.add("journal-twice", f"{JOURNAL} 第{here}条", "这一条有两份")
            elif following < here:
                self.report.add("journal-order", f"{JOURNAL} 第{following}条、第{here}条", "次序调换了")

    def _follow(self, links: list[tuple[int, int, dict[str, Any]]], previous: str) -> None:
        """What each entry says against its digest, and its digest against the one before."""
        before: int | None = None
        for _, seq, link in links:
            follows = before is None or seq == before + 1
            facts = link["facts"]
            broken = follows and link["previous"] != previous
            if broken or (facts is not None and entry_digest(facts, seq, link["previous"]) != link["digest"]):
                self.report.add("journal-entry", f"{JOURNAL} 第{seq}条", "内容和日志链不符，这一条改过")
            before, previous = seq, link["digest"]

    def _check_anchors(self, digests: Mapping[int, str], signed: Mapping[str, Any]) -> None:
        """What was signed of the chain: its end at the export, and its state at each publication."""
        last, head = signed.get("last"), signed.get("digest")
        if last and last in digests and digests[last] != head:
            self.report.add("journal-head", f"{JOURNAL} 第{last}条", "日志链的末端和签名的不符")
        for title, anchor in self.anchors:
            seq = anchor["seq"]
            if seq in digests and digests[seq] != anchor["digest"]:
                self.report.add("journal-anchor", f"{JOURNAL} 第{seq}条", f"和{title.partition(' ')[2]}签名时的不符")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="核验职工之家导出的核验包", add_help=True)
    parser.add_argument("export", type=Path, metavar="核验包.zip")
    parser.add_argument(
        "--fingerprint", action="append", required=True, metavar="指纹", help="从别处得到的密钥指纹；换过密钥的写几次"
    )
    options = parser.parse_args(arguments)
    if any(len(plain_fingerprint(text)) != 64 for text in options.fingerprint):
        sys.stderr.write("密钥指纹是 64 个十六进制数字，请检查。\n")
        return 2
    try:
        report = check_export(options.export, options.fingerprint)
    except BadExport as error:
        sys.stderr.write(f"{error}。\n")
        return 2
    for finding in report.findings:
        sys.stdout.write(f"{finding}\n")
    faults = sum(finding.code != NOT_WHOLE for finding in report.findings)
    looked = f"看了{report.statements}个发布的数、{report.rows}行、{report.entries}条日志"
    found = f"有{faults}处问题" if faults else "没有发现问题" if report.is_whole else "看了的没有发现问题，但是包不完整"
    sys.stdout.write(f"{looked}：{found}\n")
    if faults:
        return 1
    return 0 if report.is_whole else 3


if __name__ == "__main__":
    raise SystemExit(main())
