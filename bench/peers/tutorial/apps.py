from django.apps import AppConfig


class TutorialConfig(AppConfig):
    name = "bench.peers.tutorial"
    label = "tutorial"
