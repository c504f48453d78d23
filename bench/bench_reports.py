"""Whether the product takes 200 hazards a minute, each with one photograph of 12 megapixels, minute after minute.

    python bench/bench_reports.py                                 three minutes on SQLite in a temporary folder
    python bench/bench_reports.py --minutes 1 --rate 240
    tools/postgres.py -- python bench/bench_reports.py --postgres

The server is `unionhome serve --with-worker` as it is installed. Clients do what a browser does: open the form, send it
with its token and a photograph of 3 to 5 MB with place, time and camera in it, follow to the page of the report and fetch
the small picture on it. A report is due every 60/rate seconds whether or not the ones before were answered. Everybody
has a phone of their own, and fifty share a network address (of 127.0.0.0/8), so that the limits of one phone and of one
address hold as they are installed; at the end both are run into. Every photograph that was kept is opened and looked
through for EXIF. Clients and server share the machine. Beside it: Pillow alone, making the same photographs anew in one
process. Prints, asserts nothing; ends with 1 where a report failed.
"""

import argparse
import contextlib
import http.client
import io
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from bench_pages import free_port  # noqa: E402
from records import environment, tell  # noqa: E402

WIDTH, HEIGHT, SIDE = 4000, 3000, 2560
PHOTOS, CLIENTS, OF_AN_ADDRESS, MOST_OF_AN_ADDRESS, MOST_OF_A_PHONE = 12, 24, 50, 60, 5
TOWN = "610502001000"
LIMIT_SECONDS = 60


# -- photographs -----------------------------------------------------------------------------------------------------


def make_photo(number: int) -> bytes:
    """Soft shapes under the grain of a sensor, as large as what a telephone writes, with all it writes beside."""
    grain = Image.effect_noise((WIDTH // 2, HEIGHT // 2), 50 + number).resize((WIDTH, HEIGHT))
    round_ = Image.radial_gradient("L").resize((WIDTH, HEIGHT)).rotate(30 * number)
    slope = Image.linear_gradient("L").resize((WIDTH, HEIGHT)).rotate(17 * number)
    bands = [Image.blend(grain, shape, 0.6) for shape in (round_, slope, Image.blend(round_, slope, 0.5))]
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Example", f"Phone {number}", (1, 6)[number % 2]
    exif[0x0132] = f"2026:11:29 10:{number:02d}:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 30.0, float(number)), 3: "E", 4: (109.0, 30.0, 0.0)})
    out = io.BytesIO()
    Image.merge("RGB", bands).save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def small_photo() -> bytes:
    """One for the limits, which count reports and not bytes."""
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, "JPEG")
    return out.getvalue()


def measure_bare(photos: list[bytes]) -> float:
    """Processor seconds that Pillow alone takes to make one of them anew."""
    started = time.process_time()
    for data in photos:
        with Image.open(io.BytesIO(data)) as picture:
            picture.thumbnail((SIDE, SIDE), Image.Resampling.HAMMING)
            picture.convert("RGB").save(io.BytesIO(), "JPEG", quality=85)
    return (time.process_time() - started) / len(photos)


# -- the server ------------------------------------------------------------------------------------------------------


def lay_ground() -> None:
    """A town with its union under a county and a city."""
    from tests.sample_places import enter_divisions
    from unionhome.core.organizations.models import Organization
    from unionhome.core.registry import Actor
    from unionhome.core.tree.actions import NewNode, add_nodes

    day = date(2015, 1, 1)
    news = (("610500", "city", ""), ("610502", "county", "610500"), ("610502001", "town", "610502"))
    system = Actor.system("bench", datetime.now(UTC))
    enter_divisions()
    nodes = add_nodes(
        system, [NewNode(code, f"示例{code}总工会", level, above, day, True) for code, level, above in news]
    )
    for node in nodes:
        Organization.objects.create(node=node, form="federation", division_id=node.code.ljust(12, "0"), founded_on=day)


@contextlib.contextmanager
def served(workers: int) -> Iterator[tuple[int, int]]:
    """The port and process of a server that answers."""
    port = free_port()
    command = [sys.executable, "-m", "unionhome", "serve", "--port", str(port), "--workers", str(workers)]
    server = subprocess.Popen([*command, "--with-worker"], env=os.environ | {"PYTHONPATH": str(ROOT)}, cwd=ROOT)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                if Person(port, "127.0.0.1").ask("GET", "/healthz")[0] == 200:
                    break
            time.sleep(0.2)
        else:
            raise SystemExit("the server does not answer")
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def family(pid: int) -> list[int]:
    """A process and all beneath it."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def processor_seconds(pids: list[int]) -> float:
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pids: list[int]) -> int:
    """Bytes of memory; what processes share is counted once."""
    kilobytes = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            kilobytes += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1])  # type: ignore[index]
    return kilobytes * 1024


@dataclass
class Watch:
    """What the server uses while it is watched."""

    pid: int
    peak: int = 0
    seconds: float = 0.0
    end: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Watch":
        self.before = processor_seconds(family(self.pid))
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def look(self) -> None:
        while not self.end.wait(1.0):
            self.peak = max(self.peak, memory(family(self.pid)))

    def __exit__(self, *_: Any) -> None:
        self.seconds = processor_seconds(family(self.pid)) - self.before
        self.end.set()
        self.thread.join()


# -- people ----------------------------------------------------------------------------------------------------------


class Person:
    """A browser at a network address of its own."""

    def __init__(self, port: int, address: str) -> None:
        self.port, self.address, self.cookies = port, address, dict[str, str]()

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=LIMIT_SECONDS, source_address=(self.address, 0)
        )
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        try:
            connection.request(method, path, body, headers | ({"Content-Type": kind} if kind else {}))
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), data

    def report(self, photo: bytes, phone: str, number: int) -> tuple[int, float]:
        """The status of the answer to the form, and its seconds; 302 only where the page and its picture came as well."""
        _, _, page = self.ask("GET", "/open/hazards/")
        hidden = {name: self.hidden(page, name) for name in ("csrfmiddlewaretoken", "submit_key")}
        words = hidden | {
            "category": "hz_height",
            "text": f"第{number}处：楼梯口没有护栏。",
            "town": TOWN,
            "point": f"{34.4 + number % 400 / 2000:.5f},{109.4 + number // 400 / 2000:.5f}",
            "phone": phone,
            "hide": "on",
        }
        body, kind = form_of(words, photo)
        started = time.perf_counter()
        status, where, _ = self.ask("POST", "/open/hazards/", body, kind)
        took = time.perf_counter() - started
        if status == 302:
            got, _, page = self.ask("GET", where)
            small = re.search(rb'src="([^"]+small=1)"', page)
            if got != 200 or small is None or self.ask("GET", small[1].decode())[0] != 200:
                return 599, took
        return status, took

    def hidden(self, page: bytes, name: str) -> str:
        field_ = re.search(rb'<input[^>]*name="' + name.encode() + rb'"[^>]*>', page)
        value = re.search(rb'value="([^"]*)"', field_[0]) if field_ else None
        return value[1].decode() if value else ""


def form_of(words: dict[str, str], photo: bytes) -> tuple[bytes, str]:
    mark = secrets.token_hex(12)
    lines = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{w}\r\n'.encode() for n, w in words.items()
    ]
    head = 'Content-Disposition: form-data; name="photos"; filename="IMG.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return b"".join([*lines, f"--{mark}\r\n{head}".encode(), photo, f"\r\n--{mark}--\r\n".encode()]), (
        f"multipart/form-data; boundary={mark}"
    )


def address_of(number: int) -> str:
    return f"127.0.{1 + number // 200}.{1 + number % 200}"


def send_all(port: int, photos: list[bytes], rate: float, count: int) -> tuple[list[tuple[int, float]], float]:
    """Every report at its time: status and seconds of each, and how long all of it took."""
    addresses = -(-count // OF_AN_ADDRESS)
    started = time.perf_counter() + 0.5

    def one(number: int) -> tuple[int, float]:
        time.sleep(max(0.0, started + number * 60 / rate - time.perf_counter()))
        person = Person(port, address_of(number % addresses))
        try:
            return person.report(photos[number % len(photos)], f"199{number:08d}", number)
        except OSError:
            return 0, float(LIMIT_SECONDS)

    with ThreadPoolExecutor(CLIENTS) as pool:
        said = list(pool.map(one, range(count)))
    return said, time.perf_counter() - started


def run_into_limits(port: int, photo: bytes) -> tuple[int, int]:
    """How many one phone, and one address, may send before they have to wait."""

    def until_refused(most: int, address: Any, phone: Any) -> int:
        for number in range(most + 3):
            status, _ = Person(port, address(number)).report(photo, phone(number), 90_000 + number)
            if status == 429:
                return number
        return -1

    of_phone = until_refused(MOST_OF_A_PHONE, lambda n: f"127.0.9.{1 + n}", lambda n: "19999999999")
    of_address = until_refused(MOST_OF_AN_ADDRESS, lambda n: "127.0.10.1", lambda n: f"198{n:08d}")
    return of_phone, of_address


def check_kept() -> tuple[int, int]:
    """How many photographs are shown, and in how many something stands beside the pixels."""
    from unionhome.core.files.models import Kind, SealedFile
    from unionhome.core.files.queries import get_content

    count = dirty = 0
    for file in SealedFile.objects.filter(kind=Kind.IMAGE).iterator():
        data = get_content(file)
        with Image.open(io.BytesIO(data)) as picture:
            dirty += bool(picture.getexif() or {"exif", "icc_profile", "comment", "xmp"} & set(picture.info))
        count += 1
    return count, dirty


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--rate", type=float, default=200, help="reports a minute")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes of the server")
    parser.add_argument("--postgres", action="store_true", help="on the server of UNIONHOME_DATABASE_URL")
    parser.add_argument("--no-limits", action="store_true", help="do not run into the limits at the end")
    options = parser.parse_args()
    server = os.environ["UNIONHOME_DATABASE_URL"] if options.postgres else ""
    with tempfile.TemporaryDirectory(prefix="unionhome-bench-") as name:
        environment(Path(name), server)
        os.environ["UNIONHOME_ALLOWED_HOSTS"] = "127.0.0.1"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        lay_ground()
        raise SystemExit(measure(options, "PostgreSQL" if server else "SQLite"))


def measure(options: argparse.Namespace, engine: str) -> int:
    photos = [make_photo(number) for number in range(PHOTOS)]
    sizes = [len(each) / 1e6 for each in photos]
    tell("machine", f"{os.cpu_count()} cores, {engine}, {options.workers} processes")
    tell("photographs", f"{WIDTH}×{HEIGHT}, {min(sizes):.1f} to {max(sizes):.1f} MB, with EXIF")
    count = round(options.rate * options.minutes)
    limits = None
    with served(options.workers) as (port, pid):
        Person(port, "127.0.11.1").report(photos[0], "19700000000", 99_999)  # warm
        with Watch(pid) as watch:
            said, took = send_all(port, photos, options.rate, count)
        if not options.no_limits:
            limits = run_into_limits(port, small_photo())
    waits = sorted(seconds for status, seconds in said if status == 302)
    failed = [status for status, _ in said if status != 302]
    tell("sent", f"{count} in {took:.0f} s, failed {len(failed)} {sorted(set(failed)) or ''}")
    tell("reached", f"{len(waits) / took * 60:.0f} reports a minute of {options.rate:.0f} that came")
    if waits:
        at = [waits[min(len(waits) - 1, int(len(waits) * share))] for share in (0.5, 0.95)]
        tell("answer to the form", f"p50 {at[0]:.2f} s, p95 {at[1]:.2f} s, longest {waits[-1]:.2f} s")
    bare = statistics.median(measure_bare(photos) for _ in range(3))
    cost = watch.seconds / count
    tell(
        "server",
        f"{watch.seconds / took:.2f} cores, {cost:.2f} processor s a report, {watch.peak / 1e6:.0f} MB at most",
    )
    tell(
        "Pillow alone",
        f"{bare:.2f} processor s a photograph; the server's whole report costs {cost / bare:.1f} times that",
    )
    if limits:
        tell(
            "one phone, one address",
            f"wait after {limits[0]} of {MOST_OF_A_PHONE}, after {limits[1]} of {MOST_OF_AN_ADDRESS}",
        )
    kept, dirty = check_kept()
    tell("photographs kept", f"{kept}, {dirty} with anything beside the pixels")
    return int(bool(failed) or bool(dirty))


if __name__ == "__main__":
    main()
