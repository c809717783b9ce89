from django.apps import AppConfig


class IOStoragesConfig(AppConfig):
    name = "io_storages"

    def ready(self) -> None:
        from django.core.signals import request_finished, request_started

        from core.events.consumers import register_consumer
        from core.events.loops import register_loop
        from core.jobs.registry import register
        from data_manager.columns import register as register_column
        from data_manager.rows import register_field
        from io_storages.addresses import resolve_data
        from io_storages.column import STORAGE_FILENAME, VALUE
        from io_storages.media_info import INFO
        from io_storages.operations import sync_due
        from io_storages.queries import begin_memo, end_memo
        from io_storages.sync import SYNC
        from io_storages.targets import KINDS, THREADS, note_writes, write_due
        from tasks.addresses import register_resolver

        register(SYNC)
        register(INFO)
        request_started.connect(begin_memo)
        request_finished.connect(end_memo)
        register_consumer("target-storages", KINDS, note_writes)
        register_loop("target-storages", write_due, threads=THREADS)
        register_loop("storage-schedule", sync_due, seconds=30)
        register_resolver(resolve_data)
        register_column(STORAGE_FILENAME)
        register_field(STORAGE_FILENAME.name, VALUE)
