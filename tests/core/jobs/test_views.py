from tests.worlds import World
from unionhome.core.jobs.models import Job, State


def failed_job(world: World) -> Job:
    return Job.objects.create(
        task="tests.core.jobs.samples.slow_effect",
        state=State.FAILED,
        tries=5,
        error="名册缺一列。",
        enqueued_at=world.at,
    )


def test_the_page_names_what_failed_and_why(world: World) -> None:
    failed_job(world)
    page = world.client("sysadmin").get("/desk/jobs/?state=FAILED").content.decode()
    assert "样例" in page
    assert "名册缺一列。" in page
    assert "重办" in page
    assert "把新日志封进日志链" in page and "journal.seal" not in page


def test_an_empty_queue_says_so(world: World) -> None:
    assert "这里没有任务" in world.client("sysadmin").get("/desk/jobs/").content.decode()


def test_retrying_queues_again_and_says_what_happens(world: World) -> None:
    job = failed_job(world)
    client = world.client("sysadmin")
    answer = client.post(f"/desk/jobs/{job.pk}/retry/", follow=True)
    assert f"第 {job.pk} 号任务已重新排队" in answer.content.decode()
    job.refresh_from_db()
    assert job.state == State.READY
    assert client.post(f"/desk/jobs/{job.pk}/retry/").status_code == 409


def test_others_do_not_get_in(world: World) -> None:
    for name in ("chair", "secadmin", "town"):
        assert world.client(name).get("/desk/jobs/").status_code == 403
    world.cadre("county_admin", "county", "sysadmin")
    assert world.client("county_admin").get("/desk/jobs/").status_code == 403
    assert world.client().get("/desk/jobs/").status_code == 302
    assert world.client("sysadmin").get("/desk/jobs/1/retry/").status_code == 405
