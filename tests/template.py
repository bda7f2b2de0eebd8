"""One migrated database for a whole run, of which every test process takes a copy: migrating takes ten seconds.

`python -m tests.template` makes it and prints its name, which `TEST_TEMPLATE` tells the test processes.
"""

import os
import shutil

from tests import environment as _environment  # noqa: F401  # sets the variables the settings read


def main() -> None:
    """Migrate the database that is copied."""
    import django
    from django.db import connection

    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    # SQLite writes what its journal holds into the file; PostgreSQL copies only what nobody is connected to.
    connection.close()
    print(connection.settings_dict["NAME"])


def copy_database(template: str) -> None:
    """Give this process a copy of a migrated database, and connect to that from now on."""
    from django.db import connection

    if connection.vendor == "sqlite":
        name = shutil.copy(template, connection.settings_dict["TEST"]["NAME"])
    else:
        name = f"{template}_{os.environ['PYTEST_XDIST_WORKER']}"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    connection.settings_dict["NAME"] = name


if __name__ == "__main__":
    main()
