"""What people sent in: one row a file, its content sealed on disk."""

from django.db import models

from unionhome.core.tree.models import Node, PathField


class Kind(models.TextChoices):
    IMAGE = "image", "图片"
    AUDIO = "audio", "录音"
    DOCUMENT = "document", "文档"
    ORIGINAL = "original", "原件"


class SealedFile(models.Model):
    """A file of one row of another room. Whoever may see that row may see the file; the room of the row decides.

    A picture has two rows: the cleaned one that is shown, and the sealed original it was made of, kept as evidence.
    """

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="Union that handles the owner row.")
    hidden_path = PathField(blank=True, default="", help_text="Branch that must never see it.")
    model = models.CharField(max_length=60, help_text="Django label of the owner row's model.")
    object_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="made",
        help_text="The sealed original of a cleaned picture.",
    )
    name = models.CharField(max_length=80, help_text="Cleaned: no folder, no control signs, long numbers masked.")
    mime = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes of the content, unsealed.")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    digest = models.CharField(max_length=64, help_text="Of the content, unsealed: SHA-256, or SM3.")
    stored = models.CharField(
        max_length=80, unique=True, null=True, blank=True, help_text="Place under the files folder; none once erased."
    )
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True, blank=True, help_text="Account that sent it.")
    erased_at = models.DateTimeField(null=True, blank=True)

    SCOPE = "node__path"
    SCOPE_HIDDEN = "hidden_path"

    class Meta:
        indexes = [models.Index(fields=["model", "object_id", "id"], name="files_file_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def icon(self) -> str:
        """Name of the icon beside it."""
        return {Kind.IMAGE: "photo", Kind.AUDIO: "microphone"}.get(Kind(self.kind), "file-text")
