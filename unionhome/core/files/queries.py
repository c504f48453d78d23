"""Files of a row, and their content. The room of the row has scoped the row before it asks here."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Model, QuerySet
from django.db.models.functions import Substr

from unionhome.core.files.models import Kind, SealedFile
from unionhome.core.registry import Refused, rooms
from unionhome.kit import crypto
from unionhome.kit.images import CleanImage, thumbnail

logger = logging.getLogger(__name__)

HEAD = 35
"""Bytes that hold the longest header of a sealed value."""
SHOWN = (Kind.IMAGE, Kind.AUDIO, Kind.DOCUMENT)


def list_all_files(model: str, object_id: int) -> QuerySet[SealedFile]:
    """Every file of a row that is not erased, originals included, oldest first."""
    return SealedFile.objects.filter(model=model.lower(), object_id=object_id, erased_at__isnull=True).order_by("id")


def list_files(row: Model) -> QuerySet[SealedFile]:
    """The files of a row that people see, oldest first."""
    return list_all_files(row._meta.label_lower, row.pk).filter(kind__in=SHOWN)


def list_files_of(model: str, object_ids: Iterable[int]) -> dict[int, list[SealedFile]]:
    """The same for the rows of one list, by one query."""
    found: dict[int, list[SealedFile]] = defaultdict(list)
    files = SealedFile.objects.filter(
        model=model.lower(), object_id__in=list(object_ids), kind__in=SHOWN, erased_at__isnull=True
    )
    for file in files.order_by("id"):
        found[file.object_id].append(file)
    return found


def get_place(file: SealedFile) -> Path:
    """Where the sealed content lies. Raises Refused when it was erased."""
    if not file.stored:
        raise Refused("这个文件已经按规定删除。", "file-erased")
    return Path(settings.DATA_DIR) / "files" / file.stored


def get_content(file: SealedFile) -> bytes:
    """The content, unsealed and checked. Raises Refused when it was erased, is missing or was changed."""
    place = get_place(file)
    try:
        data = crypto.open_bytes(place.read_bytes(), field=f"files.file.{file.stored}")
    except (OSError, crypto.CryptoError) as error:
        logger.error("file %s cannot be read: %s", file.pk, type(error).__name__)
        raise Refused("这个文件暂时打不开，请联系系统管理员。", "file-unreadable") from error
    if not crypto.same_digest(data, file.digest):
        logger.error("file %s does not match its digest", file.pk)
        raise Refused("这个文件和上传时不一致，已停止打开，请联系系统管理员。", "file-changed")
    return data


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way to a browser. Pictures and recordings are shown in place, documents are saved."""

    data: bytes
    mime: str
    name: str
    in_place: bool


def get_download(file: SealedFile, *, small: bool = False) -> Download:
    """The checked content with its type and name; `small` is a picture of at most 320 pixels for lists."""
    data = get_content(file)
    if small and file.kind == Kind.IMAGE:
        data = thumbnail(CleanImage(data, file.mime, file.width or 0, file.height or 0)).data
    return Download(data, file.mime, file.name, file.kind in (Kind.IMAGE, Kind.AUDIO))


def find_broken(limit: int = 200) -> Iterator[tuple[int, str]]:
    """Newest files whose content cannot be read or does not match, with the reason. For the check of a deployment."""
    for file in SealedFile.objects.filter(stored__isnull=False).order_by("-id")[:limit]:
        try:
            get_content(file)
        except Refused as refused:
            yield file.pk, refused.code


def list_sealed_models() -> list[tuple[type[Model], Mapping[str, str]]]:
    """Models with sealed columns, of every room, and the field that each column's seal names (`SEALED` of the model)."""
    models = (model for room in rooms() for model in room.get_models())
    return [(model, model.SEALED) for model in models if hasattr(model, "SEALED")]


def count_sealed() -> int:
    """Rows and files that hold something sealed: what a rotation of keys looks at."""
    rows = sum(model._default_manager.count() for model, _ in list_sealed_models())
    return rows + SealedFile.objects.filter(stored__isnull=False).count()


def list_keys_in_use() -> dict[str, int]:
    """How many values and files each key has sealed, the most first."""
    found: Counter[str] = Counter()
    for model, columns in list_sealed_models():
        for column in columns:
            heads = model._default_manager.exclude(**{column: None}).values_list(Substr(column, 1, HEAD))
            for (head,) in heads.order_by().iterator(chunk_size=5000):
                if head:
                    found[crypto.key_id_of(head)] += 1
    for file in SealedFile.objects.filter(stored__isnull=False).iterator():
        try:
            with get_place(file).open("rb") as sealed:
                found[crypto.key_id_of(sealed.read(HEAD))] += 1
        except OSError:
            continue
    return dict(found.most_common())
