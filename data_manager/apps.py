from django.apps import AppConfig


class DataManagerConfig(AppConfig):
    name = "data_manager"

    def ready(self) -> None:
        from core.events.consumers import register_consumer
        from core.events.loops import register_loop
        from core.jobs.registry import register
        from data_manager.actions import ACTIONS, register_action
        from data_manager.actions.work import JOB
        from data_manager.counting import COUNT
        from data_manager.search.consumer import CONSUMER, KINDS, take_events
        from data_manager.search.index import index_next
        from data_manager.totals import forget_old_totals
        from tasks.recycle_bin import register_kind

        for action in ACTIONS:
            register_action(action)
            if action.undo:
                register_kind(action.id, action.title)
        register(JOB)
        register(COUNT)
        register_consumer(CONSUMER, KINDS, take_events)
        register_loop("search-index", index_next)
        register_loop("kept-totals", forget_old_totals, seconds=3600)
