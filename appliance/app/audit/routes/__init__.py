"""Addresses of the audit trail: pages for people, resources for programs."""

from appliance.app.audit.routes import checking, exporting, pages, resources

ROUTES = [*pages.ROUTES, *exporting.ROUTES, *checking.ROUTES, *resources.ROUTES]
