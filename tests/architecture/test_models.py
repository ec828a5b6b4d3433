"""What import contracts cannot see: foreign keys written as strings, task names, settings by name."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

# From the bottom; a foreign key may point to its own app or to one further down.
LADDER = ["contenttypes", "auth", "base", "accounts", "site", "credits", "tickets", "chat", "dashboard"]


def _foreign_keys() -> Iterator[tuple[str, str, str]]:
    for model in apps.get_models():
        for field in model._meta.get_fields(include_hidden=True):
            if isinstance(field, models.ForeignKey | models.ManyToManyField) and not field.auto_created:
                yield model._meta.app_label, field.related_model._meta.app_label, f"{model._meta.label}.{field.name}"


def test_every_app_has_its_place_on_the_ladder() -> None:
    ours = [config.label for config in apps.get_app_configs() if config.name.split(".")[0] in _OUR_PACKAGES]
    assert sorted(set(ours) - set(LADDER)) == []


def test_no_foreign_key_points_up_the_ladder() -> None:
    offences = [
        f"{name} -> {target}"
        for source, target, name in _foreign_keys()
        if source in LADDER and (target not in LADDER or LADDER.index(target) > LADDER.index(source))
    ]
    assert offences == []


def test_the_walk_sees_foreign_keys() -> None:
    assert any(source == "chat" and target == "accounts" for source, target, _ in _foreign_keys())


def test_every_task_that_beat_sends_exists() -> None:
    from hub.celery import app  # and no `current_app`: that is the one of the thread which imported it first

    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert sorted(wanted - set(app.tasks)) == []


def test_every_class_that_settings_name_exists() -> None:
    named = [*settings.MIDDLEWARE, *settings.PASSWORD_HASHERS, *settings.AUTHENTICATION_BACKENDS]
    named += [value for value in _texts(settings.REST_FRAMEWORK) if value.count(".") > 1]
    for name in named:
        assert import_string(name)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


_OUR_PACKAGES = {"hub", "chat", "credits", "tickets"}
