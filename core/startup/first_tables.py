"""All tables of an empty database at once.

Step by step, Django renders every model anew for each of some two hundred operations: ten seconds for nothing. An empty database has no step
behind it: its tables are made as the last migration leaves them, then what models do not describe (`MakeObjects`), and all migrations are noted
as applied. Other `RunPython` and `RunSQL` change rows, and there are none. `tests/core/test_first_tables.py` holds both ways against each other.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython


class MakeObjects(RunPython):
    """An operation of a migration that makes tables, indexes or triggers which no model describes."""


def make_first_tables(connection: BaseDatabaseWrapper) -> bool:
    """Make the tables of a database that has none, in one transaction. Returns False, and does nothing, when it has any."""
    if connection.introspection.table_names():
        return False
    executor = MigrationExecutor(connection)
    plan = [migration for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    state = executor.loader.project_state()
    executor.recorder.ensure_schema()
    with connection.schema_editor(atomic=True) as editor:
        for model in state.apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for migration in plan:
            for operation in migration.operations:
                if isinstance(operation, MakeObjects):
                    operation.database_forwards(migration.app_label, editor, state, state)
            executor.recorder.record_applied(migration.app_label, migration.name)
    return True
