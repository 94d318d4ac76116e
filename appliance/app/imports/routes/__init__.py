"""Addresses of the imports: pages for people, resources for programs, the list of problems as a file."""

from appliance.app.imports.routes import exports, pages, resources

ROUTES = [*pages.ROUTES, *resources.ROUTES, *exports.ROUTES]
