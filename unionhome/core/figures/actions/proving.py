"""Everything that somebody needs to check published figures without us: statements, rows, keys, journal, program."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import transaction

from unionhome.core.figures import queries
from unionhome.core.figures.actions.keys import ensure_key, sign
from unionhome.core.figures.models import PublishedFigure
from unionhome.core.figures.rules.frozen import moment_text
from unionhome.core.journal import actions as journal
from unionhome.core.journal.queries import list_chain
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.models import Node
from unionhome.kit import verifier
from unionhome.kit.verifier import FORMAT, JOURNAL, KEYS, MANIFEST, MANIFEST_SIGNATURE, ROWS, STATEMENTS, canonical

MOST_SEALED = 20
"""So many batches of the journal are sealed for an export at most; the worker keeps what waits small."""
PROGRAM, NOTE = "verify.py", "说明.txt"
WORDS = """核验包：{name}，期间 {first} 至 {last}

怎样核验（不用联网，不用我们的系统）：
  python3 verify.py 这个文件.zip --fingerprint 密钥指纹
密钥指纹要从别处得到：{name}公布的文件、公告，或者当面核对，不要从这个文件里抄。
verify.py 也可以从别处取得，和这里的比一比。

里面有什么：
  statements/  每个发布的数一份说明（原样签名的字节）和签名
  rows/        组成每个数的行，一行一条
  keys.json    签名用过的公钥
  journal.jsonl  这段期间以来的操作日志链；没有权限看的只有摘要
  manifest.json  以上所有文件的摘要和日志链的末端，也签了名
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """The archive, its name, and how much it holds."""

    content: bytes
    name: str
    figures: int
    rows: int

    @property
    def quoted_name(self) -> str:
        """The name as a header carries it."""
        return quote(self.name)


class _Archive:
    """A zip that remembers the digest of each of its files."""

    def __init__(self) -> None:
        self.buffer = io.BytesIO()
        self.zip = zipfile.ZipFile(self.buffer, "w", zipfile.ZIP_DEFLATED)
        self.digests: dict[str, str] = {}

    def put(self, name: str, parts: Iterable[bytes], at: Any) -> None:
        whole = hashlib.sha256()
        info = zipfile.ZipInfo(name, at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        with self.zip.open(info, "w") as file:
            for part in parts:
                whole.update(part)
                file.write(part)
        self.digests[name] = whole.hexdigest()


@transaction.atomic
def export_proof(actor: Actor, node: Node, first: date, last: date) -> Proof:
    """All that a union published of periods within those days, ready to be checked elsewhere; journaled and signed.

    Raises NotFound outside the actor's branches, Refused where nothing was published, or where a row is hidden from a
    branch of the actor's: a file of rows is whole or proves nothing.
    """
    node = queries.get_node(actor, node.code)
    rows = queries.list_of_period(node, first, last)
    if not rows:
        raise Refused("这段期间还没有发布过数。", "nothing-published")
    if any(queries.has_hidden_rows(actor, row) for row in rows):
        raise Refused("里面有不对您所在的单位公开的行，请由本级工会的其他人导出核验包。", "hidden-rows")
    journal.record(
        actor,
        "figures.proof.exported",
        node=node,
        summary=f"导出核验包：{node.name}，{first} 至 {last}，{len(rows)} 个数",
        data={"from": first.isoformat(), "to": last.isoformat(), "count": len(rows)},
    )
    for _ in range(MOST_SEALED):
        if not journal.seal_batch(actor):
            break
    archive = _Archive()
    _put_figures(archive, actor, rows)
    ends = _put_journal(archive, actor, node, first)
    words = WORDS.format(name=node.name, first=first, last=last)
    archive.put(NOTE, [words.encode()], actor.at)
    archive.put(PROGRAM, [Path(verifier.__file__).read_bytes()], actor.at)
    _put_manifest(archive, actor, node, ends)
    archive.zip.close()
    name = f"核验包_{node.name}_{first}_{last}.zip"
    return Proof(archive.buffer.getvalue(), name, len(rows), sum(row.row_count for row in rows))


def _put_figures(archive: _Archive, actor: Actor, rows: list[PublishedFigure]) -> None:
    for row in rows:
        archive.put(f"{STATEMENTS}{row.public_id}.json", [row.statement.encode()], actor.at)
        archive.put(f"{STATEMENTS}{row.public_id}.sig", [row.signature.encode()], actor.at)
        archive.put(f"{ROWS}{row.public_id}.jsonl", queries.list_packs(row), actor.at)
    keys = [
        {
            "fingerprint": key.fingerprint,
            "public": key.public,
            "from": moment_text(key.starts_at),
            "to": moment_text(key.ends_at) if key.ends_at else None,
        }
        for key in queries.list_keys(rows[0].node)
    ]
    archive.put(KEYS, [canonical(keys)], actor.at)


def _put_journal(archive: _Archive, actor: Actor, node: Node, since: date) -> dict[str, Any]:
    """The chain of the union; what the manifest says of its two ends."""
    ends: dict[str, Any] = {}

    def lines() -> Iterator[bytes]:
        for link in list_chain(actor, node.pk, since=since, kinds="figures."):
            if not ends:
                ends.update(chain=node.pk, first=link.seq, previous=link.previous)
            ends.update(last=link.seq, digest=link.digest)
            yield canonical(link.as_dict()) + b"\n"

    archive.put(JOURNAL, lines(), actor.at)
    return ends


def _put_manifest(archive: _Archive, actor: Actor, node: Node, ends: dict[str, Any]) -> None:
    key = ensure_key(actor, node)
    manifest = canonical(
        {
            "format": FORMAT,
            "organization": {"code": node.code, "name": node.name},
            "exported_at": moment_text(actor.at),
            "key": key.fingerprint,
            "journal": ends,
            "files": dict(archive.digests),
        }
    )
    archive.put(MANIFEST, [manifest], actor.at)
    archive.put(MANIFEST_SIGNATURE, [sign(node, manifest).text.encode()], actor.at)


def make_public_proof(row: PublishedFigure) -> Proof:
    """What anybody may take of one published figure: statement, signature, key and program, no rows. Writes nothing."""
    archive = _Archive()
    at = row.published_at
    archive.put(f"{STATEMENTS}{row.public_id}.json", [row.statement.encode()], at)
    archive.put(f"{STATEMENTS}{row.public_id}.sig", [row.signature.encode()], at)
    keys = [{"fingerprint": row.key.fingerprint, "public": row.key.public}] if row.key else []
    archive.put(KEYS, [canonical(keys)], at)
    archive.put(PROGRAM, [Path(verifier.__file__).read_bytes()], at)
    archive.zip.close()
    return Proof(archive.buffer.getvalue(), f"校验包_{row.public_id}.zip", 1, 0)
