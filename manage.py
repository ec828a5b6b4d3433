#!/usr/bin/env python3
"""Django's command line. Beside a running `make run` it finds that hub's database by itself."""

import os
import sys


def main() -> None:
    from hub.launcher.beside import adopt_running_hub

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    adopt_running_hub(os.environ)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
