"""One process that makes a database ready: migrations, catalogs, static files and, in demo mode, the demo data.

`python -m hub.launcher.prepare` prints one JSON object on stdout: what the demo data are (empty outside demo mode).
Everything else it says goes to stderr. One process, because starting Django costs more than all of it together.
"""

import contextlib
import io
import json
import os
import sys

from hub import loading
from hub.launcher.catalogs import compile_catalogs


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    os.environ["DATABASE_STATEMENT_TIMEOUT_S"] = "0"  # a migration may take its time
    os.environ["DATABASE_POOL"] = "0"
    with contextlib.redirect_stdout(sys.stderr):
        demo = _prepare()
    print(json.dumps(demo))


def _prepare() -> dict[str, object]:
    import django

    loading.begins()
    django.setup()
    loading.ends()
    from django.conf import settings
    from django.core.management import call_command

    for folder in settings.LOCALE_PATHS:
        compile_catalogs(folder)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if not settings.DEMO:
        return {}
    answer = io.StringIO()
    call_command("demo_seed", stdout=answer)
    demo: dict[str, object] = json.loads(answer.getvalue())
    if os.environ.get("DEMO_DESK") == "1":  # a newcomer's hub; one under test begins empty
        call_command("demo_desk", stdout=io.StringIO())
    return demo


if __name__ == "__main__":
    main()
