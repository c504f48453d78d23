"""Files of a row, and their content. The room of the row has scoped the row before it asks here."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Model, QuerySet

from unionhome.core.files.models import Kind, SealedFile
from unionhome.core.registry import Refused
from unionhome.kit import crypto
from unionhome.kit.images import CleanImage, thumbnail

logger = logging.getLogger(__name__)

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
