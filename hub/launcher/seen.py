"""`python -m hub.launcher.seen dispatcher`: exits with 0 if that heartbeat is fresh; a health check for containers.

Without Django, because it runs every few seconds in each container.
"""

import os
import sys

import psycopg

FRESH_SECONDS_MAX = 60


def main() -> int:
    query = "select extract(epoch from clock_timestamp() - at) < %s from base_heartbeat where name = %s"
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=3) as connection:
            row = connection.execute(query, [FRESH_SECONDS_MAX, sys.argv[1]]).fetchone()
    except psycopg.Error as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0 if row and row[0] else 1


if __name__ == "__main__":
    raise SystemExit(main())
