"""Files of a request: kept in memory until they are sealed, and only so many of them."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers


class LeftOut(InMemoryUploadedFile):
    """A file that was more than one request may carry: name and size are known, the content is not kept."""

    left_out = True


class BoundedUploads(FileUploadHandler):
    """Keeps files in memory up to `FILE_UPLOAD_MAX_MEMORY_SIZE` for the whole request; what goes beyond is read past
    and handed on as `LeftOut`, so that the form can say so and keeps what was typed."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.kept = 0
        self.parts: list[bytes] = []
        self.is_over = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.parts, self.is_over = [], False
        raise StopFutureHandlers()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.kept += len(raw_data)
        if self.is_over or self.kept > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            self.kept -= len(raw_data) + sum(map(len, self.parts))
            self.parts, self.is_over = [], True
        else:
            self.parts.append(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        made = LeftOut if self.is_over else InMemoryUploadedFile
        data = BytesIO(b"".join(self.parts))
        self.parts = []
        return made(
            data, self.field_name, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )
