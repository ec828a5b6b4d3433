"""`/departments/<id>/ticket-setup/` and `/ticket-form/`: how a department handles tickets (A2, T2, T10, T12)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import ApiView, Department, StaffApiView
from hub.base.api.parsing import Said, said_in
from hub.base.errors import NotFound
from tickets import billing, sla
from tickets.actions import setting_up as actions
from tickets.models import Category, FormField, SlaTarget, TicketRules
from tickets.permissions import require_department_manager
from tickets.states import PRIORITIES, word_of

Fields = dict[str, object]
NUMBER_MAX = 2**62


class RulesShape(serializers.Serializer[Fields]):
    """In a change what is left out stays."""

    remind_days = serializers.IntegerField(required=False, help_text="While it waits for the customer; 0 is never")
    close_days = serializers.IntegerField(required=False, help_text="0 is never")
    reopen_days = serializers.IntegerField(required=False)
    yellow_hours = serializers.IntegerField(required=False)
    red_hours = serializers.IntegerField(required=False)
    warn_minutes = serializers.IntegerField(required=False, help_text="Before a target is missed")
    chooses_agent = serializers.BooleanField(required=False, help_text="Customers may choose among the agents")
    takes_guests = serializers.BooleanField(required=False, help_text="The owner's, as what follows")
    work_paid_in = serializers.ChoiceField(choices=TicketRules.PaidIn.choices, required=False)
    work_block_minutes = serializers.IntegerField(required=False)
    work_block_cents = serializers.IntegerField(required=False)


class TargetShape(serializers.Serializer[Fields]):
    first_reply_minutes = serializers.IntegerField(allow_null=True, default=None, help_text="Office minutes")
    solve_minutes = serializers.IntegerField(allow_null=True, default=None)


class SetupShape(serializers.Serializer[Fields]):
    rules = RulesShape(required=False)
    prices = serializers.DictField(
        child=serializers.IntegerField(), required=False, help_text=f"Millicredits, by {', '.join(actions.PRICES)}"
    )
    targets = serializers.DictField(child=TargetShape(), required=False, help_text="By priority")


class CategoryShape(serializers.Serializer[Fields]):
    id = serializers.IntegerField(
        min_value=0, max_value=NUMBER_MAX, required=False, default=0, help_text="0 or left out: a new one"
    )
    name = serializers.CharField(max_length=80)
    active = serializers.BooleanField(default=True, help_text="Offered on the form")


class FieldShape(serializers.Serializer[Fields]):
    key = serializers.CharField(required=False, default="", allow_blank=True, help_text="Left out: a new one")
    label = serializers.CharField(max_length=120)  # type: ignore[assignment]  # names of the wire, here and below
    kind = serializers.ChoiceField(choices=FormField.Kind.choices, default=FormField.Kind.TEXT)
    choices = serializers.ListField(child=serializers.CharField(max_length=80), required=False, default=list)
    required = serializers.BooleanField(default=False)  # type: ignore[assignment]
    category = serializers.IntegerField(
        min_value=1, max_value=NUMBER_MAX, allow_null=True, default=None, help_text="Null: asked for all tickets"
    )


class FormShape(serializers.Serializer[Fields]):
    """What is sent is all of it, in order; what is left out stays as it is."""

    categories = CategoryShape(many=True, required=False)
    fields = FieldShape(many=True, required=False)  # type: ignore[assignment]  # a name of the wire


class TicketSetup(StaffApiView):
    scope = "site"

    @extend_schema(responses=SetupShape)
    def get(self, request: Request, department_id: int) -> Response:
        """For its manager and the hub owner."""
        return Response(_setup(_managed(self, department_id)))

    @extend_schema(request=SetupShape, responses=SetupShape)
    def patch(self, request: Request, department_id: int) -> Response:
        """Change what is sent, all or nothing. What costs something, and guests, are the hub owner's."""
        found = _managed(self, department_id)
        _change(self, found, said_in(SetupShape, request))
        return Response(_setup(found))


class TicketForm(ApiView):
    scope = "site"

    @extend_schema(responses=FormShape)
    def get(self, request: Request, department_id: int) -> Response:
        """What a new ticket is asked here. Customers get the categories that are offered."""
        return Response(_form(_seen(self, department_id), offered_only=not self.person.is_staff))

    @extend_schema(request=FormShape, responses=FormShape)
    def put(self, request: Request, department_id: int) -> Response:
        """Set categories, questions or both. For the department's manager and the hub owner."""
        found = _seen(self, department_id)
        said = said_in(FormShape, request)
        with transaction.atomic():
            require_department_manager(self.person, found.pk)
            if "categories" in said:
                actions.set_categories(self.person, found, [_category(one) for one in said["categories"]])
            if "fields" in said:
                actions.set_fields(self.person, found, [_field(one) for one in said["fields"]])
        return Response(_form(found, offered_only=False))


def _seen(view: ApiView, department_id: int) -> Department:
    found = Department.objects.visible_to(view.person).filter(pk=department_id).first()
    if found is None:
        raise NotFound
    return found


def _managed(view: ApiView, department_id: int) -> Department:
    """One that this person may change. Anything else does not exist for them."""
    if not (view.person.is_owner or department_id in view.person.managed):
        raise NotFound
    return _seen(view, department_id)


@transaction.atomic
def _change(view: ApiView, found: Department, said: Said) -> None:
    if "rules" in said:
        actions.set_rules(view.person, found, said["rules"])
    if "prices" in said:
        actions.set_prices(view.person, found, said["prices"])
    if "targets" in said:
        targets = {word: actions.Target(**target) for word, target in said["targets"].items()}
        actions.set_targets(view.person, found, targets)


def _setup(found: Department) -> Fields:
    rules = sla.rules_of(found.pk)
    targets = {
        word_of(row.priority): {"first_reply_minutes": row.first_reply_minutes, "solve_minutes": row.solve_minutes}
        for row in SlaTarget.objects.filter(department=found)
    }
    none = {"first_reply_minutes": None, "solve_minutes": None}
    names = (*actions.NUMBERS, *actions.SWITCHES, "work_paid_in")
    return {
        "rules": {name: getattr(rules, name) for name in names},
        "prices": {kind: billing.price_m(found.pk, kind) for kind in actions.PRICES},
        "targets": {word: targets.get(word, none) for word in PRIORITIES},
    }


def _form(found: Department, *, offered_only: bool) -> Fields:
    categories = Category.objects.filter(department=found).order_by("position", "pk")
    if offered_only:
        categories = categories.filter(is_active=True)
    asked = FormField.objects.filter(department=found).order_by("position", "pk")
    shown: list[dict[str, Any]] = [
        {
            "key": one.key,
            "label": one.label,
            "kind": one.kind,
            "choices": one.choices,
            "required": one.required,
            "category": one.category_id,
        }
        for one in asked
    ]
    offered = [{"id": row.pk, "name": row.name, "active": row.is_active} for row in categories]
    ids = {row["id"] for row in offered} | {None}
    return {"categories": offered, "fields": [one for one in shown if one["category"] in ids]}


def _category(said: Said) -> actions.CategoryIn:
    return actions.CategoryIn(said["id"], said["name"], said["active"])


def _field(said: Said) -> actions.FieldIn:
    return actions.FieldIn(
        label=said["label"],
        kind=said["kind"],
        key=said["key"],
        choices=said["choices"],
        required=said["required"],
        category_id=said["category"],
    )
