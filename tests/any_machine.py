"""Examples that Hypothesis makes up, where they are quick: on a busy machine one may take longer than it expects."""

from hypothesis import HealthCheck, settings

on_any_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
