"""Files as a list, with words about number and size."""

from __future__ import annotations

from math import ceil
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

MEBIBYTE = 1024 * 1024


class ManyFilesInput(forms.FileInput):
    """A file control for one or several files, with a plain button once a script runs."""

    template_name = "kit/widgets/upload.html"
    kit_kind = "upload"
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else list(files.get(name) or ())

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class UploadField(forms.FileField):
    """Files as a list, in the order chosen; `max_bytes` is for each file, `accept` as in HTML.

    The kind of a file is decided again from its bytes where it is sealed; here only names and sizes are looked at.
    """

    default_error_messages: ClassVar = {
        "too_many": "最多%(limit)d个文件，现在选了%(count)d个",
        "too_big": "“%(name)s”有%(size)s，超过了%(limit)s，请压缩后再传",
        "left_out": "这些文件合起来太大了，“%(name)s”没有收下，请分几次传",
        "empty": "“%(name)s”是空文件，请重新选",
    }

    def __init__(
        self,
        *,
        multiple: bool = True,
        max_count: int = 9,
        max_bytes: int = 10 * MEBIBYTE,
        accept: str = "image/*",
        button: str = "选照片或文件",
        **kwargs: Any,
    ) -> None:
        self.max_count = max_count if multiple else 1
        self.max_bytes = max_bytes
        attrs: dict[str, Any] = {
            "accept": accept,
            "data-limit": max_bytes,
            "data-count": self.max_count,
            "data-button": button,
            "multiple": multiple,
        }
        super().__init__(widget=ManyFilesInput(attrs=attrs), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = list(data or ())
        if self.required and not chosen:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(chosen) > self.max_count:
            self._refuse("too_many", limit=self.max_count, count=len(chosen))
        for one in chosen:
            self._check(one)
        return chosen

    def _check(self, one: UploadedFile) -> None:
        size = one.size or 0
        if size == 0:
            self._refuse("empty", name=one.name)
        if size > self.max_bytes:
            self._refuse("too_big", name=one.name, size=size_text(size), limit=size_text(self.max_bytes))
        if getattr(one, "left_out", False):
            self._refuse("left_out", name=one.name)

    def _refuse(self, code: str, **params: Any) -> None:
        raise forms.ValidationError(self.error_messages[code], code=code, params=params)


def size_text(count: int) -> str:
    """Bytes as people read them: 48KB, 11.4MB; rounded up, so that what is over a limit never reads like the limit."""
    if count < MEBIBYTE:
        return f"{max(1, round(count / 1024))}KB"
    return f"{ceil(count / MEBIBYTE * 10) / 10:.1f}".removesuffix(".0") + "MB"
