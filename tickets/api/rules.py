"""`/macros/`, `/ticket-rules/`, `/rule-runs/`: macros, triggers and scheduled rules (T13)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import OwnerApiView, StaffApiView
from hub.base.api.paging import page
from hub.base.api.parsing import Said, said_in
from hub.base.errors import NotFound
from hub.base.filters import number_of
from tickets import rules as language
from tickets.actions import rule_setup, ruling
from tickets.models import Macro, Rule, RuleRun
from tickets.rule_looks import macros_of, matching_now, runs
from tickets.rules import EVENTS

Fields = dict[str, object]
NUMBER_MAX = 2**62


class DeedShape(serializers.Serializer[Fields]):
    do = serializers.CharField(help_text="status, priority, tag, untag, assign, category, note, reply")
    value = serializers.JSONField(help_text="A code, a word, an id, null for nobody, 'me' in a macro, or HTML")


class ConditionShape(serializers.Serializer[Fields]):
    """`{"what", "is", "not"}`, as rules.py reads them."""

    what = serializers.CharField()
    vars()["is"] = serializers.ListField(child=serializers.JSONField())
    vars()["not"] = serializers.BooleanField(default=False)


class MacroShape(serializers.Serializer[Fields]):
    id = serializers.CharField(read_only=True)
    name = serializers.CharField(max_length=80)
    department = serializers.IntegerField(
        min_value=1, max_value=NUMBER_MAX, allow_null=True, default=None, help_text="Whose; null: everybody's"
    )
    deeds = DeedShape(many=True)
    active = serializers.BooleanField(default=True)
    position = serializers.IntegerField(min_value=0, max_value=32_000, allow_null=True, default=None)


class RuleShape(serializers.Serializer[Fields]):
    id = serializers.CharField(read_only=True)
    name = serializers.CharField(max_length=80)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENTS), default=list, help_text="A trigger; none: a scheduled rule"
    )
    after_hours = serializers.IntegerField(
        min_value=0, max_value=ruling.HOURS_MAX, allow_null=True, default=None, help_text="Of a scheduled rule"
    )
    conditions = ConditionShape(many=True, required=False, default=list)
    deeds = DeedShape(many=True)
    active = serializers.BooleanField(default=True)
    position = serializers.IntegerField(min_value=0, max_value=32_000, allow_null=True, default=None)


class MatchesOut(serializers.Serializer[Fields]):
    count = serializers.IntegerField(help_text="1000 where there are as many or more")
    numbers = serializers.ListField(child=serializers.CharField(), help_text="The newest of them")


class RunOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    ticket = serializers.CharField()
    rule = serializers.CharField(allow_null=True)
    macro = serializers.CharField(allow_null=True)
    name = serializers.CharField(help_text="As it was called then")
    by = serializers.CharField(allow_null=True, help_text="Who used the macro; null: the hub")
    outcome = serializers.CharField(help_text="done, or the code of the refusal")
    deeds = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField()


class Macros(StaffApiView):
    scope = "tickets"

    @extend_schema(responses=MacroShape(many=True))
    def get(self, request: Request) -> Response:
        """Those that one may use, in their order; the owner sees all. They are few: one page."""
        return Response({"results": [_macro(row) for row in macros_of(self.person)], "next": None})

    @extend_schema(request=MacroShape, responses={201: MacroShape})
    def post(self, request: Request) -> Response:
        """For the hub owner."""
        return Response(_macro(_save_macro(self, None, said_in(MacroShape, request))), status=201)


class OneMacro(StaffApiView):
    scope = "tickets"

    @extend_schema(responses=MacroShape)
    def get(self, request: Request, macro_id: int) -> Response:
        return Response(_macro(self._seen(macro_id)))

    @extend_schema(request=MacroShape, responses=MacroShape)
    def put(self, request: Request, macro_id: int) -> Response:
        """For the hub owner."""
        return Response(_macro(_save_macro(self, self._seen(macro_id).pk, said_in(MacroShape, request))))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, macro_id: int) -> Response:
        """For the hub owner. What it did stays in the log."""
        rule_setup.delete_macro(self.person, self._seen(macro_id).pk)
        return Response(status=204)

    def _seen(self, macro_id: int) -> Macro:
        found = macros_of(self.person).filter(pk=macro_id).first()
        if found is None:
            raise NotFound
        return found


class Rules(OwnerApiView):
    scope = "site"

    @extend_schema(responses=RuleShape(many=True))
    def get(self, request: Request) -> Response:
        """All of them, in the order in which they run. They are few: one page."""
        return Response({"results": [_rule(row) for row in Rule.objects.order_by("position", "pk")], "next": None})

    @extend_schema(request=RuleShape, responses={201: RuleShape})
    def post(self, request: Request) -> Response:
        return Response(_rule(_save_rule(self, None, said_in(RuleShape, request))), status=201)


class OneRule(OwnerApiView):
    scope = "site"

    @extend_schema(responses=RuleShape)
    def get(self, request: Request, rule_id: int) -> Response:
        return Response(_rule(_rule_of(rule_id)))

    @extend_schema(request=RuleShape, responses=RuleShape)
    def put(self, request: Request, rule_id: int) -> Response:
        return Response(_rule(_save_rule(self, _rule_of(rule_id).pk, said_in(RuleShape, request))))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, rule_id: int) -> Response:
        """What it did stays in the log."""
        rule_setup.delete_rule(self.person, rule_id)
        return Response(status=204)


class RuleMatches(OwnerApiView):
    scope = "site"

    @extend_schema(responses=MatchesOut)
    def get(self, request: Request, rule_id: int) -> Response:
        """Which open tickets it would meet now. Nothing is done to them."""
        rule = _rule_of(rule_id)
        found = matching_now(self.person, language.read_conditions(rule.conditions), rule.after_hours)
        return Response({"count": found.count, "numbers": [row.number for row in found.rows]})


class RuleRuns(OwnerApiView):
    scope = "site"

    @extend_schema(
        parameters=[OpenApiParameter("rule", int), OpenApiParameter("macro", int)], responses=RunOut(many=True)
    )
    def get(self, request: Request) -> Response:
        """What was done or refused, the newest first."""
        asked = request.query_params
        found = runs(rule_id=number_of(asked.get("rule")), macro_id=number_of(asked.get("macro")))
        return Response(page(request, found, order=("-id",), render=lambda rows: [_run(row) for row in rows]))


def _rule_of(rule_id: int) -> Rule:
    found = Rule.objects.filter(pk=rule_id).first()
    if found is None:
        raise NotFound
    return found


def _save_macro(view: StaffApiView, macro_id: int | None, said: Said) -> Macro:
    return ruling.save_macro(
        view.person,
        macro_id=macro_id,
        name=said["name"],
        deeds=_plain(said["deeds"]),
        department_id=said["department"],
        is_active=said["active"],
        position=said["position"],
    )


def _save_rule(view: StaffApiView, rule_id: int | None, said: Said) -> Rule:
    return ruling.save_rule(
        view.person,
        rule_id=rule_id,
        name=said["name"],
        events=said["events"],
        after_hours=said["after_hours"],
        conditions=_plain(said["conditions"]),
        deeds=_plain(said["deeds"]),
        is_active=said["active"],
        position=said["position"],
    )


def _plain(said: list[Said]) -> list[dict[str, Any]]:
    return [dict(one) for one in said]


def _macro(row: Macro) -> Fields:
    return {
        "id": str(row.pk),
        "name": row.name,
        "department": row.department_id,
        "deeds": row.deeds,
        "active": row.is_active,
        "position": row.position,
    }


def _rule(row: Rule) -> Fields:
    return {
        "id": str(row.pk),
        "name": row.name,
        "events": row.events,
        "after_hours": row.after_hours,
        "conditions": row.conditions,
        "deeds": row.deeds,
        "active": row.is_active,
        "position": row.position,
    }


def _run(row: RuleRun) -> Fields:
    return {
        "id": str(row.pk),
        "ticket": str(row.ticket_id),
        "rule": None if row.rule_id is None else str(row.rule_id),
        "macro": None if row.macro_id is None else str(row.macro_id),
        "name": row.name,
        "by": None if row.by_id is None else str(row.by_id),
        "outcome": row.outcome,
        "deeds": row.done,
        "at": row.at,
    }
