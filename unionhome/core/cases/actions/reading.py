"""Reading what was attached to a case: journaled like every other look at what people entrusted."""

from datetime import timedelta

from django.db import transaction

from unionhome.core.cases import queries
from unionhome.core.cases.models import Case
from unionhome.core.files.models import SealedFile
from unionhome.core.journal.actions import record
from unionhome.core.journal.queries import list_entries_about
from unionhome.core.members.actions.privacy.looking import note_attachment_read
from unionhome.core.members.rules.privacy import VIEW_AGAIN_MINUTES
from unionhome.core.registry import Actor

READ = "cases.file.read"


@transaction.atomic
def read_file(actor: Actor, case_id: int, file_id: int) -> SealedFile:
    """A photo or recording of the timeline, for somebody of a union: journaled, and seen by the person it concerns.

    Once per account, file and hour: a recording is fetched piece by piece. Raises NotFound.
    """
    case = queries.get_case(actor, case_id)
    file = queries.get_file(case, file_id, public_only=False)
    if not _was_read(actor, file):
        _note(actor, case, file)
    return file


def _was_read(actor: Actor, file: SealedFile) -> bool:
    since = actor.at - timedelta(minutes=VIEW_AGAIN_MINUTES)
    return list_entries_about(file).filter(kind=READ, user_id=actor.user_id, at__gt=since).exists()


def _note(actor: Actor, case: Case, file: SealedFile) -> None:
    entry = record(
        actor,
        READ,
        node=case.node,
        about=file,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"看了附件：{case.title}",
        data={"case": case.pk},
    )
    if case.person_id is not None:
        note_attachment_read(actor, case.person_id, entry)
