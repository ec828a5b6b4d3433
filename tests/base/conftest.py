from tests.base.outbox import nobodys_templates

__all__ = ["nobodys_templates"]
