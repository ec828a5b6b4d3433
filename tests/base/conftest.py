from tests.base.outbox import test_templates

__all__ = ["test_templates"]
