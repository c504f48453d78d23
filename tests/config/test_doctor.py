from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.core.files import samples
from tests.worlds import World
from unionhome.config import doctor
from unionhome.core.access.models import User
from unionhome.core.files.queries import get_place
from unionhome.core.jobs.models import Job, ScheduleRun, State
from unionhome.core.journal.actions import record, seal_batch
from unionhome.core.journal.models import Entry
from unionhome.core.policy.models import CalendarYear, PolicyParameter
from unionhome.kit import crypto
from unionhome.kit.channels import Gateway


@pytest.fixture(autouse=True)
def deployment(tmp_path: Path, settings: Any) -> Any:
    tmp_path.chmod(0o700)
    (tmp_path / "build" / "static").mkdir(parents=True)
    (tmp_path / "build" / "static" / "icons.svg").touch()
    settings.DATA_DIR, settings.BUILD_DIR = tmp_path, tmp_path / "build"
    settings.SILENCED_SYSTEM_CHECKS = ["async.E001"]  # a browser test in the same process allows what it names
    return settings


def status(name: str) -> tuple[str, str]:
    return next((finding.status, finding.note) for finding in doctor.examine() if finding.name == name)


def test_a_sound_deployment_has_nothing_to_fail(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    ScheduleRun.objects.create(name="journal.seal", last_at=timezone.now())
    assert doctor.run() == 0
    table = capsys.readouterr().out
    assert "0 fail" in table
    assert status("worker")[0] == doctor.OK
    assert status("sealed fields") == (doctor.OK, "open and are found")


def test_missing_secret_or_demo_keys_fail(world: World, deployment: Any) -> None:
    deployment.FIELD_KEYS = f"demo:{crypto.generate_key()}"
    assert status("field keys")[0] == doctor.FAIL
    deployment.DEMO = True
    assert status("field keys")[0] == doctor.OK
    assert status("demo")[0] == doctor.WARN
    deployment.SECRET_KEY = "short"
    assert status("secret key")[0] == doctor.FAIL
    assert doctor.run() == 1


@pytest.mark.parametrize(
    ("gateway", "demo", "expected"),
    [
        (Gateway(""), False, doctor.WARN),
        (Gateway(""), True, doctor.OK),
        (Gateway("http://sms.example.com/", "k"), False, doctor.WARN),
        (Gateway("https://sms.example.com/"), False, doctor.WARN),
        (Gateway("https://sms.example.com/", "k"), False, doctor.OK),
    ],
)
def test_a_missing_or_open_gateway_is_told(gateway: Gateway, demo: bool, expected: str, deployment: Any) -> None:
    deployment.SMS_GATEWAY, deployment.DEMO = gateway, demo
    assert [finding.status for finding in doctor.check_sms()] == [expected]


@pytest.mark.parametrize(
    ("host", "sender", "tls", "public", "expected"),
    [
        ("", "", "ssl", "https://union.example", [doctor.OK]),
        ("mail.example", "", "ssl", "https://union.example", [doctor.FAIL]),
        ("mail.example", "a@union.example", "none", "https://union.example", [doctor.WARN]),
        ("127.0.0.1", "a@union.example", "none", "", [doctor.OK, doctor.WARN]),
        ("mail.example", "a@union.example", "ssl", "http://union.example", [doctor.OK, doctor.WARN]),
    ],
)
def test_mail_and_links_are_looked_at(
    host: str, sender: str, tls: str, public: str, expected: list[str], deployment: Any
) -> None:
    deployment.EMAIL_HOST, deployment.DEFAULT_FROM_EMAIL, deployment.PUBLIC_URL = host, sender, public
    deployment.EMAIL_USE_SSL, deployment.EMAIL_USE_TLS, deployment.DEMO = tls == "ssl", False, False
    assert [finding.status for finding in doctor.check_mail()] == expected


def test_other_keys_than_those_that_sealed_fail(world: World, deployment: Any) -> None:
    try:
        crypto.configure(f"x1:{crypto.generate_key()}")
        assert status("sealed fields")[0] == doctor.FAIL
        crypto.configure(f"{deployment.FIELD_KEYS},x1:{crypto.generate_key()}")
        assert "index key" in status("sealed fields")[1]
    finally:
        crypto.configure(deployment.FIELD_KEYS)
    User.objects.update(phone_sealed=None)
    assert status("sealed fields")[0] == doctor.OK


def test_debug_and_open_hosts_fail(world: World, deployment: Any) -> None:
    deployment.DEBUG, deployment.ALLOWED_HOSTS = True, ["*"]
    assert status("debug")[0] == doctor.FAIL
    assert status("hosts")[0] == doctor.FAIL


def test_a_changed_journal_fails(world: World) -> None:
    record(world.actor("town"), "tree.node.opened", node=world.nodes["town"], summary="甲")
    seal_batch(world.actor("system"))
    assert status("journal")[0] == doctor.OK
    Entry.objects.update(summary="乙")
    assert status("journal")[0] == doctor.FAIL


def test_a_silent_worker_and_failed_jobs_warn(world: World) -> None:
    ScheduleRun.objects.create(name="journal.seal", last_at=timezone.now() - timedelta(hours=1))
    assert status("worker")[0] == doctor.WARN
    Job.objects.create(task="x", state=State.FAILED, enqueued_at=world.at)
    assert status("jobs") == (doctor.WARN, "0 ready, 0 running, 0 done, 1 failed")


def test_a_year_not_announced_warns_and_a_missing_policy_fails(world: World) -> None:
    CalendarYear.objects.filter(year=world.today.year + 1).delete()
    assert status("calendar") == (doctor.WARN, f"provisional (暂定): {world.today.year + 1}")
    PolicyParameter.objects.filter(key="policy.duty_hours").delete()
    assert status("policies") == (doctor.FAIL, "policy.duty_hours")


def test_a_damaged_file_and_a_folder_that_cannot_be_written_fail(world: World, deployment: Any) -> None:
    node = world.nodes["town"]
    file = samples.store_image(
        world.actor("town"), samples.jpeg(), name="a.jpg", node=node, about_model="tree.Node", about_id=node.pk
    )
    assert status("sealed files")[0] == doctor.OK
    get_place(file).unlink()
    assert status("sealed files")[0] == doctor.FAIL
    blocked = deployment.DATA_DIR / "blocked"
    blocked.touch()
    deployment.DATA_DIR = blocked
    assert status("data folder")[0] == doctor.FAIL


def test_another_federation_fails(world: World, deployment: Any) -> None:
    deployment.ROOT_CODE = "610400"
    assert status("federation")[0] == doctor.FAIL


def test_without_tables_the_rest_is_left_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.MigrationExecutor, "migration_plan", lambda *_: [object()])
    names = [finding.name for finding in doctor.examine()]
    assert status("migrations")[0] == doctor.FAIL
    assert "journal" not in names
