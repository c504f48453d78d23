"""How a file goes to a browser. Rooms call `send` after they have scoped the owner row; nothing here has an address."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from unionhome.core.files.models import SealedFile
from unionhome.core.files.queries import Download, get_download

POLICY = "default-src 'none'; sandbox"
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def send(request: HttpRequest, file: SealedFile) -> HttpResponse:
    """The file, never run and never sniffed; `?small=1` asks for a small picture, a Range for a piece of a recording."""
    download = get_download(file, small=request.GET.get("small") == "1")
    answer = _piece(download, request.headers.get("Range", ""))
    answer["Content-Disposition"] = content_disposition_header(not download.in_place, download.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Accept-Ranges"] = "bytes"
    return answer


def _piece(download: Download, wanted: str) -> HttpResponse:
    """The whole, or the one range asked for: recordings on phones are fetched piece by piece."""
    size = len(download.data)
    found = _RANGE.fullmatch(wanted)
    if not found or not any(found.groups()):
        return HttpResponse(download.data, content_type=download.mime)
    start, end = _limits(found[1], found[2], size)
    if start > end:
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{size}"
        return answer
    answer = HttpResponse(download.data[start : end + 1], status=206, content_type=download.mime)
    answer["Content-Range"] = f"bytes {start}-{end}/{size}"
    return answer


def _limits(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
