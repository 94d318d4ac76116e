from __future__ import annotations

from django.apps import AppConfig


class Peer(AppConfig):
    name = "benchmarks.peer"
    label = "peer"
