"""Sealing what people send in, opening it again, moving it with its owner row, and erasing it.

Content is sealed before it touches the disk, written under another name and renamed, so that a file is either whole or
not there. The row is written in the act's transaction; a file whose transaction was rolled back has no row and is swept.

The room of the owner row checks who may do what, and journals its own act; only erasing is journalled here.
"""

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from unionhome.core.files.models import Kind, SealedFile
from unionhome.core.files.queries import count_sealed, get_place, list_all_files, list_sealed_models
from unionhome.core.files.rules import clean_name, sniff_document
from unionhome.core.journal.actions import record
from unionhome.core.policy.queries import get_value, get_values
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.kit import crypto
from unionhome.kit.errors import InputRefused
from unionhome.kit.images import CleanImage, clean_image, look_of, sniff_audio, sniff_image

MEGABYTE = 1024**2
MEGAPIXEL = 1_000_000
SWEEP_AFTER = 3600.0
"""Seconds a file without a row may wait for the end of its transaction."""

_NO_SHEET = "这不是能识别的表格，请上传 .xlsx、.xls 或 .csv 表格。"
_ORIGINALS = {
    "JPEG": (".jpg", "image/jpeg"),
    "PNG": (".png", "image/png"),
    "WEBP": (".webp", "image/webp"),
    "HEIF": (".heic", "image/heic"),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be sent in, by the policies in force."""

    image_bytes: int
    image_pixels: int
    image_side: int
    audio_bytes: int
    document_bytes: int
    count: int


@dataclass(frozen=True, slots=True)
class Content:
    """Sealed content on disk that has no row yet; of a picture with its look (`kit.images.look_of`)."""

    stored: str
    kind: Kind
    name: str
    mime: str
    size: int
    digest: str
    width: int | None = None
    height: int | None = None
    original: "Content | None" = None
    look: str = ""


def _get_bounds(actor: Actor, node: Node | None) -> Bounds:
    """The bounds in force at a union, by one query."""
    keys = ("image_megabytes", "image_megapixels", "image_side", "audio_megabytes", "document_megabytes", "count")
    values = get_values([f"files.{key}" for key in keys], timezone.localdate(actor.at), node)
    return Bounds(
        image_bytes=values["files.image_megabytes"] * MEGABYTE,
        image_pixels=values["files.image_megapixels"] * MEGAPIXEL,
        image_side=values["files.image_side"],
        audio_bytes=values["files.audio_megabytes"] * MEGABYTE,
        document_bytes=values["files.document_megabytes"] * MEGABYTE,
        count=values["files.count"],
    )


def prepare_image(actor: Actor, data: bytes, *, name: str, node: Node | None) -> Content:
    """Clean a picture and seal both it and its original on disk. Call it before the transaction: it takes a while.

    Raises BadInput with the sentence for whoever sent it.
    """
    bounds = _get_bounds(actor, node)
    try:
        clean: CleanImage = clean_image(
            data, max_bytes=bounds.image_bytes, max_pixels=bounds.image_pixels, max_side=bounds.image_side
        )
    except InputRefused as refused:
        raise BadInput(refused.sentence, refused.code) from refused
    suffix, mime = _ORIGINALS[sniff_image(data)]
    original = _seal(data, Kind.ORIGINAL, clean_name(name, suffix, "原件"), mime)
    cleaned = _seal(
        clean.data,
        Kind.IMAGE,
        clean_name(name, clean.suffix, "照片"),
        clean.mime,
        width=clean.width,
        height=clean.height,
        original=original,
    )
    return replace(cleaned, look=look_of(clean.data))


def prepare_audio(actor: Actor, data: bytes, *, name: str, node: Node | None) -> Content:
    """Seal a recording on disk. Raises BadInput."""
    try:
        kind = sniff_audio(data, max_bytes=_get_bounds(actor, node).audio_bytes)
    except InputRefused as refused:
        raise BadInput(refused.sentence, refused.code) from refused
    return _seal(data, Kind.AUDIO, clean_name(name, kind.suffix, "录音"), kind.mime)


def prepare_document(actor: Actor, data: bytes, *, name: str, node: Node | None) -> Content:
    """Seal a document on disk. Raises BadInput."""
    mime, suffix = sniff_document(data, _get_bounds(actor, node).document_bytes)
    return _seal(data, Kind.DOCUMENT, clean_name(name, suffix, "文档"), mime)


def prepare_sheet(actor: Actor, data: bytes, *, name: str, node: Node | None) -> Content:
    """Seal a table (.xlsx, .xls, .csv) on disk; a roster of a whole city may be larger than other documents.

    Raises BadInput.
    """
    most = get_value("files.sheet_megabytes", timezone.localdate(actor.at), node) * MEGABYTE
    try:
        mime, suffix = sniff_document(data, most)
    except BadInput as refused:
        if refused.code in ("document.kind", "document.archive"):
            raise BadInput(_NO_SHEET, "sheet.kind") from refused
        raise
    if suffix not in (".xlsx", ".xls", ".csv"):
        raise BadInput(_NO_SHEET, "sheet.kind")
    return _seal(data, Kind.DOCUMENT, clean_name(name, suffix, "表格"), mime)


@transaction.atomic
def attach(
    actor: Actor, content: Content, *, node: Node, about_model: str, about_id: int, hidden_path: str = ""
) -> SealedFile:
    """Give prepared content its row, and so its owner. Raises Refused when the owner row has too many files."""
    model = about_model.lower()
    held = list_all_files(model, about_id).exclude(kind=Kind.ORIGINAL).count()
    most = _get_bounds(actor, node).count
    if held >= most:
        raise Refused(f"一件事项最多 {most} 个附件，请先整理再传。", "too-many-files")
    original = _add_row(actor, content.original, node, model, about_id, hidden_path) if content.original else None
    return _add_row(actor, content, node, model, about_id, hidden_path, original)


@transaction.atomic
def move_files(actor: Actor, row: Model, *, node: Node, hidden_path: str = "") -> int:
    """Let the files follow their owner row to another union; how many."""
    files = list_all_files(row._meta.label_lower, row.pk)
    return files.update(node=node, hidden_path=hidden_path)


@transaction.atomic
def erase_files(actor: Actor, row: Model, *, reason: str) -> int:
    """Erase the content of a row's files, originals included; name, size and digest stay as the proof. How many."""
    files = list(list_all_files(row._meta.label_lower, row.pk).select_for_update(of=("self",)))
    places = [get_place(file) for file in files]
    SealedFile.objects.filter(pk__in=[file.pk for file in files]).update(
        stored=None, erased_at=actor.at, name="（已删除）"
    )
    if files:
        record(
            actor,
            "files.file.erased",
            node=files[0].node,
            about=row,
            hidden_path=files[0].hidden_path,
            summary=f"删除附件 {len(files)} 个：{reason}"[:300],
            data={"digests": [file.digest for file in files], "reason": reason},
        )
    transaction.on_commit(lambda: _unlink(places))
    return len(files)


def _unlink(places: list[Path]) -> None:
    for place in places:
        place.unlink(missing_ok=True)


# -- rotation of keys ------------------------------------------------------------------------------------------------

AT_ONCE = 100
"""Rows resealed in one transaction: sealed lots of rosters are large."""


@dataclass
class Rotation:
    """What a rotation has come to: values resealed and values that no key opens, by the name of their field."""

    resealed: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    done: int = 0


def rotate_keys(actor: Actor, *, progress: Callable[[int, int], None] | None = None) -> Rotation:
    """Put every sealed value and file of the house under the current key. What is already so is passed over.

    Row by row nothing depends on the rest: killed anywhere, it is run again and goes on. Reading works meanwhile, since
    every key of the ring opens. Blind indexes stay: their key is not one of those that rotate (`kit.crypto`).
    """
    found, total = Rotation(), count_sealed()
    for model, columns in list_sealed_models():
        last = 0
        while some := _list_sealed_after(model, columns, last):
            _reseal_rows(model, columns, some, found)
            last = some[-1][0]
            _tell(found, len(some), total, progress)
    for file in SealedFile.objects.filter(stored__isnull=False).order_by("pk").iterator():
        _reseal_file(file, found)
        _tell(found, 1, total, progress)
    record(
        actor,
        "files.keys.rotated",
        summary=f"更换加密密钥：重新加密{sum(found.resealed.values())}处",
        data={"key": crypto.keyring().current_id, "count": sum(found.resealed.values())},
    )
    return found


def _tell(found: Rotation, looked_at: int, total: int, progress: Callable[[int, int], None] | None) -> None:
    found.done += looked_at
    if progress:
        progress(found.done, total)


def _list_sealed_after(model: type[Model], columns: Mapping[str, str], last: int) -> list[tuple[Any, ...]]:
    rows = model._default_manager.filter(pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", *columns)[:AT_ONCE])


@transaction.atomic
def _reseal_rows(
    model: type[Model], columns: Mapping[str, str], rows: Sequence[Sequence[Any]], found: Rotation
) -> None:
    """A value that somebody wrote meanwhile is left as they wrote it."""
    for place, (column, name) in enumerate(columns.items(), 1):
        changed = []
        for row in rows:
            blob = row[place]
            if blob and crypto.needs_reseal(blob):
                fresh = _reseal(blob, name, found)
                changed += [(fresh, row[0], bytes(blob))] if fresh else []
        if changed:
            quote = connection.ops.quote_name
            table, field_name, key = quote(model._meta.db_table), quote(column), quote(str(model._meta.pk.column))
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"UPDATE {table} SET {field_name} = %s WHERE {key} = %s AND {field_name} = %s",  # noqa: S608
                    changed,
                )


def _reseal(blob: crypto.Blob, name: str, found: Rotation) -> bytes | None:
    try:
        fresh = crypto.reseal(blob, field=name)
    except crypto.CryptoError:
        found.closed[name] += 1
        return None
    found.resealed[name] += 1
    return fresh


def _reseal_file(file: SealedFile, found: Rotation) -> None:
    place = get_place(file)
    try:
        blob = place.read_bytes()
        is_old = crypto.needs_reseal(blob)
        fresh = crypto.reseal(blob, field=_field_of(file.stored or "")) if is_old else None
    except (OSError, crypto.CryptoError):
        # A file erased meanwhile is no fault.
        found.closed["files.file"] += SealedFile.objects.filter(pk=file.pk, stored__isnull=False).count()
        return
    if fresh is not None:
        _write(place, fresh)
        found.resealed["files.file"] += 1
        if not SealedFile.objects.filter(pk=file.pk, stored__isnull=False).exists():
            place.unlink(missing_ok=True)


def sweep_files() -> int:
    """Remove sealed files and half-written ones that no row holds and that no transaction can still be about."""
    folder = _folder()
    probe = folder / "tmp" / f"probe-{secrets.token_hex(8)}"
    probe.touch()
    before = probe.stat().st_mtime - SWEEP_AFTER
    removed = 0
    for names in _old_files(folder, before):
        held = set(SealedFile.objects.filter(stored__in=names).values_list("stored", flat=True))
        for name in set(names) - held:
            (folder / name).unlink(missing_ok=True)
            removed += 1
    probe.unlink(missing_ok=True)
    return removed


def _old_files(folder: Path, before: float) -> Iterator[list[str]]:
    """Places of files last written before a moment of the file system's own clock, folder by folder."""
    for part in sorted(path for path in folder.iterdir() if path.is_dir()):
        yield [f"{part.name}/{path.name}" for path in part.iterdir() if path.stat().st_mtime < before]


def _field_of(stored: str) -> str:
    """What the seal is bound to: content moved to another place does not open."""
    return f"files.file.{stored}"


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "files"
    (folder / "tmp").mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _seal(
    data: bytes,
    kind: Kind,
    name: str,
    mime: str,
    *,
    width: int | None = None,
    height: int | None = None,
    original: Content | None = None,
) -> Content:
    token = secrets.token_hex(16)
    stored = f"{token[:2]}/{token}"
    place = _folder() / stored
    place.parent.mkdir(mode=0o700, exist_ok=True)
    _write(place, crypto.seal_bytes(data, field=_field_of(stored)))
    return Content(stored, kind, name, mime, len(data), crypto.digest(data), width, height, original)


def _write(place: Path, blob: bytes) -> None:
    """Write beside, flush, rename: whole or not at all."""
    beside = _folder() / "tmp" / secrets.token_hex(16)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(blob)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(place)


def _add_row(
    actor: Actor,
    content: Content,
    node: Node,
    model: str,
    object_id: int,
    hidden_path: str,
    original: SealedFile | None = None,
) -> SealedFile:
    return SealedFile.objects.create(
        node=node,
        hidden_path=hidden_path,
        model=model,
        object_id=object_id,
        kind=content.kind,
        of=original,
        name=content.name,
        mime=content.mime,
        size=content.size,
        width=content.width,
        height=content.height,
        digest=content.digest,
        stored=content.stored,
        created_at=actor.at,
        created_by=actor.user_id,
    )
