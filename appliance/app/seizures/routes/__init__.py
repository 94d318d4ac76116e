"""Addresses of the seizure database: pages for people, resources for programs, files for spreadsheets."""

from appliance.app.seizures.routes import cases, exports, pages, resources

# The export stands before the pages: its address would else be read as the id of a case.
ROUTES = [*exports.ROUTES, *pages.ROUTES, *cases.ROUTES, *resources.ROUTES]
