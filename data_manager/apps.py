from django.apps import AppConfig


class DataManagerConfig(AppConfig):
    name = "data_manager"
