#!/usr/bin/env python3
"""Serve the demo: migrate, fill a new database, then web and worker together until Ctrl-C.

Settings by environment: HOST, PORT, SIZE, and every UNIONHOME_ name. Data and the generated
secrets live under var/.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from unionhome.core.home.demo_cards import CARDS, PASSWORD, WORKERS  # noqa: E402

COMMAND = str(Path(sys.executable).parent / "unionhome")
STOP_SECONDS = 20
START_SECONDS = 60
EVERYWHERE = "0.0.0.0"
SIZE_WORDS = {"village": "一个镇街", "county": "一个县区", "city": "整座城"}


def data_folder() -> Path:
    return Path(os.environ.get("UNIONHOME_DATA_DIR") or ROOT / "var")


def new_secrets() -> dict[str, str]:
    return {
        "UNIONHOME_DEMO": "1",
        "UNIONHOME_SECRET_KEY": secrets.token_urlsafe(48),
        "UNIONHOME_FIELD_KEYS": "demo:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def kept_settings(folder: Path) -> dict[str, str]:
    """The demo's own settings, made once; the keys open the data, so they stay beside it."""
    path = folder / "demo.env"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in new_secrets().items())
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def own_address() -> str:
    """The address by which a phone in the same network reaches this machine; "" without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # chooses a route; a datagram socket sends nothing yet
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def environment(folder: Path, host: str) -> dict[str, str]:
    """What the caller set wins over what the demo keeps."""
    names = ["127.0.0.1", "localhost", "[::1]", host if host != EVERYWHERE else own_address()]
    ours = {
        "UNIONHOME_DATA_DIR": str(folder),
        "UNIONHOME_ALLOWED_HOSTS": ",".join(dict.fromkeys(filter(None, names))),
    }
    return kept_settings(folder) | ours | os.environ


def unionhome(env: dict[str, str], *words: str) -> None:
    done = subprocess.run([COMMAND, *words], cwd=ROOT, env=env)
    if done.returncode:
        raise SystemExit(f"make run: `unionhome {' '.join(words)}` failed")


def drop_half_built(folder: Path) -> None:
    """Start again after a demo that was interrupted while its data was being made."""
    if os.environ.get("UNIONHOME_DATABASE_URL"):
        raise SystemExit(
            "make run: the demo was interrupted while filling UNIONHOME_DATABASE_URL; "
            f"give an empty database and remove {folder / 'demo-state'}"
        )
    for path in folder.glob("unionhome.sqlite*"):
        path.unlink()
    for path in folder.glob("lots-*"):
        shutil.rmtree(path)


def is_new(folder: Path) -> bool:
    """Whether the database is still to be filled with demo data."""
    if os.environ.get("UNIONHOME_DATABASE_URL"):
        return not (folder / "demo-state").exists()
    return not (folder / "unionhome.sqlite").exists()


def code_mark() -> str:
    """Changes with every line of the product and with the database: `migrate` depends on nothing else."""
    mark = hashlib.sha256(os.environ.get("UNIONHOME_DATABASE_URL", "").encode())
    for path in sorted((ROOT / "unionhome").rglob("*.py")):
        mark.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return mark.hexdigest()


def fill(folder: Path, env: dict[str, str], size: str) -> None:
    """Bring the database up to date and fill a new one; nothing is asked of one this code has already prepared."""
    state = folder / "demo-state"
    known = state.read_text(encoding="utf-8").split() if state.exists() else []
    if known[:1] == ["building"]:
        drop_half_built(folder)
        state.unlink()
    mark = code_mark()
    if is_new(folder):
        state.write_text(f"building {size}\n", encoding="utf-8")
        print(f"正在生成演示数据（{SIZE_WORDS[size]}），只做一次；整座城要两分钟左右，下面写着做到哪里。", flush=True)
        unionhome(env, "demo", "--size", size, "--migrate")
    elif known[:1] == ["ready"] and known[2:] == [mark]:
        return
    else:
        unionhome(env, "migrate")
        size = known[1] if known[:1] == ["ready"] else size
    state.write_text(f"ready {size} {mark}\n", encoding="utf-8")


def say_where(host: str, port: int) -> None:
    shown = (own_address() or "127.0.0.1") if host == EVERYWHERE else host
    print(f"\n职工之家演示已启动：http://{shown}:{port}/\n可用的演示账号：")
    for card in CARDS:
        print(f"  {card.name:14} {card.title}：{card.note}")
    for worker in WORKERS:
        print(f"  {worker.name:14} {worker.title}，手机 {worker.phone}（验证码显示在页面上）：{worker.note}")
    print(f"干部的密码都是 {PASSWORD}；首页有登录卡片和五件跟着做的事。")
    print("按 Ctrl-C 结束。\n", flush=True)


def answers(host: str, port: int) -> bool:
    target = "127.0.0.1" if host == EVERYWHERE else host
    try:
        with socket.create_connection((target, port), timeout=1):
            return True
    except OSError:
        return False


def watch(processes: list[subprocess.Popen[bytes]], host: str, port: int) -> int:
    """Wait until one of the processes ends; its exit code."""
    started, said = time.monotonic(), False
    while True:
        for process in processes:
            if (code := process.poll()) is not None:
                return code
        if not said and answers(host, port):
            say_where(host, port)
            said = True
        if not said and time.monotonic() - started > START_SECONDS:
            print(f"make run: nothing answers on port {port} yet", file=sys.stderr)
            said = True
        time.sleep(0.2)


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def interrupt(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def serve(env: dict[str, str], host: str, port: int) -> int:
    commands = (["serve", "--host", host, "--port", str(port)], ["worker"])
    processes: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, interrupt)
    try:
        for words in commands:
            # Own groups: Ctrl-C reaches this program alone, which then ends both in order.
            processes.append(subprocess.Popen([COMMAND, *words], cwd=ROOT, env=env, process_group=0))
        return watch(processes, host, port)
    except KeyboardInterrupt:
        return 0
    finally:
        end(processes)


def main() -> int:
    size = os.environ.get("SIZE") or "city"
    host = os.environ.get("HOST") or "127.0.0.1"
    port = int(os.environ.get("PORT") or 8000)
    if size not in SIZE_WORDS:
        print(f"make run: SIZE is one of {', '.join(SIZE_WORDS)}", file=sys.stderr)
        return 2
    fill_only = sys.argv[1:] == ["--fill-only"]
    if not fill_only and answers(host, port):
        print(f"make run: port {port} is taken; try `make run PORT={port + 1}`", file=sys.stderr)
        return 2
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    env = environment(folder, host)
    fill(folder, env, size)
    if fill_only:
        return 0
    return serve(env, host, port)


if __name__ == "__main__":
    sys.exit(main())
