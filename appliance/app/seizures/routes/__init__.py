"""Addresses of the seizure database: pages for people, resources for programs."""

from appliance.app.seizures.routes import pages, resources

ROUTES = [*pages.ROUTES, *resources.ROUTES]
