"""The application's tables as Django sees them; nothing is migrated from here."""

# ruff: noqa: DJ008 - nobody reads these models as text

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

KEPT = models.DO_NOTHING


def coded() -> models.CharField:
    return models.CharField(max_length=40)


class Unit(models.Model):
    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = '"accounts"."unit"'


class Account(models.Model):
    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    office = models.CharField(max_length=20, null=True)  # noqa: DJ001 - as the table has it
    unit = models.ForeignKey(Unit, KEPT, null=True, db_column="unit")
    roles = ArrayField(models.CharField(max_length=20))
    state = models.CharField(max_length=10)

    class Meta:
        managed = False
        db_table = '"accounts"."account"'


class Session(models.Model):
    id = models.UUIDField(primary_key=True)
    token_hash = models.BinaryField()
    account = models.ForeignKey(Account, KEPT, db_column="account")
    stage = models.CharField(max_length=4)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = '"accounts"."session"'


class AuditEntry(models.Model):
    n = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.TextField()
    actor_name = models.TextField()
    actor_unit = models.TextField()
    address = models.TextField()
    session = models.TextField()
    request = models.TextField()
    action = models.TextField()
    room = models.TextField()
    record = models.TextField()
    label = models.TextField()
    purpose = models.TextField()
    detail = models.JSONField()

    class Meta:
        managed = False
        db_table = '"audit"."entry"'


class Case(models.Model):
    id = models.UUIDField(primary_key=True)
    case_ref = models.CharField(max_length=60)
    export_id = models.UUIDField()
    status = models.CharField(max_length=10)
    origin = models.CharField(max_length=10)
    version = models.IntegerField()
    case_kind = coded()
    event_date = models.DateField()
    event_time = models.CharField(max_length=20)
    country = models.CharField(max_length=20)
    office_code = models.CharField(max_length=20)
    place_type = coded()
    locode = models.CharField(max_length=5)
    place_text = models.CharField(max_length=400)
    admin_division = models.CharField(max_length=200)
    direction = coded()
    procedure = coded()
    declared = coded()
    mode = coded()
    why_selected = coded()
    how_found = coded()
    offence_types = ArrayField(models.CharField(max_length=40))
    operation = models.CharField(max_length=200)
    legal_basis = models.CharField(max_length=400)
    narrative = models.TextField()
    modus_operandi = models.TextField()
    estimated_value = models.DecimalField(max_digits=40, decimal_places=12, null=True)
    currency = models.CharField(max_length=3)
    valuation_basis = coded()
    legal_state = coded()
    outcome = coded()
    exceptional = models.BooleanField()
    language = models.CharField(max_length=10)
    typed = models.JSONField()
    batch_id = models.UUIDField(null=True)
    source_row = models.IntegerField(null=True)
    entered_by = models.UUIDField(null=True)
    entered_by_name = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    validated_by_name = models.CharField(max_length=200)
    validated_at = models.DateTimeField(null=True)
    heading = coded()
    subtype = coded()
    quantity = models.DecimalField(max_digits=40, decimal_places=12, null=True)
    unit = coded()
    lines = models.IntegerField()

    class Meta:
        managed = False
        db_table = '"seizures"."case_file"'


class Line(models.Model):
    id = models.UUIDField(primary_key=True)
    seq = models.IntegerField()

    class Meta:
        abstract = True
        ordering: ClassVar = ["seq"]


class Commodity(Line):
    case = models.ForeignKey(Case, KEPT, related_name="commodities")
    heading = coded()
    subtype = coded()
    hs6 = models.CharField(max_length=6)
    description = models.CharField(max_length=400)
    quantity = models.DecimalField(max_digits=40, decimal_places=12, null=True)
    unit = coded()
    quantity_typed = models.CharField(max_length=80)
    unit_typed = models.CharField(max_length=80)
    quantity2 = models.DecimalField(max_digits=40, decimal_places=12, null=True)
    unit2 = coded()
    measure_quality = coded()
    kg_equivalent = models.DecimalField(max_digits=40, decimal_places=12, null=True)
    packages = models.IntegerField(null=True)
    package_type = coded()
    origin_country = models.CharField(max_length=20)
    condition = coded()
    attributes = models.JSONField()
    typed = models.JSONField()

    class Meta(Line.Meta):
        managed = False
        db_table = '"seizures"."commodity"'


class Leg(Line):
    case = models.ForeignKey(Case, KEPT, related_name="legs")
    role = coded()
    country = models.CharField(max_length=20)
    locode = models.CharField(max_length=5)
    place_text = models.CharField(max_length=400)
    mode = coded()
    confidence = coded()
    typed = models.JSONField()

    class Meta(Line.Meta):
        managed = False
        db_table = '"seizures"."route_leg"'


class Concealment(Line):
    case = models.ForeignKey(Case, KEPT, related_name="concealments")
    place = coded()
    description = models.TextField()
    typed = models.JSONField()

    class Meta(Line.Meta):
        managed = False
        db_table = '"seizures"."concealment"'
