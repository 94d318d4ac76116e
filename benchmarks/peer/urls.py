from __future__ import annotations

from django.urls import path

from benchmarks.peer import views

urlpatterns = [
    path("api/v1/seizures/<uuid:case_id>", views.case),
    path("api/v1/seizures", views.list_cases),
    path("seizures", views.list_page),
]
