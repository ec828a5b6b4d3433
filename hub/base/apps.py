from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "hub.base"
    label = "base"
