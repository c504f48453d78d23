"""The web server inside this process: gunicorn, which loads the product once and forks."""

from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]


class Web(BaseApplication):
    """Gunicorn with our settings instead of its command line.

    Threads, because a telephone that sends a photograph for minutes must hold up a thread and not a process; a process
    that is silent for a minute is replaced, a slow sender is not.
    """

    def __init__(self, bind: str, workers: int, threads: int) -> None:
        self._settings = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": 60,
            "max_requests": 5000,
            "max_requests_jitter": 500,
            "preload_app": True,
            "loglevel": "warning",
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from unionhome.config.wsgi import application  # inline: startup-time

        return application


def serve(bind: str, workers: int, threads: int) -> None:
    """Serve until SIGTERM or SIGINT. Raises SystemExit with gunicorn's exit code."""
    Web(bind, workers, threads).run()
