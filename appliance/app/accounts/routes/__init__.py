"""Pages and API of accounts: the door, the own account, people and offices."""

from appliance.app.accounts.routes import (
    access,
    arrivals,
    offices,
    own,
    people,
    preferences,
    proofs,
    sign_in,
)
from appliance.app.accounts.routes.resume import keep_typed

ROUTES = [
    *sign_in.ROUTES,
    *preferences.ROUTES,
    *own.ROUTES,
    *proofs.ROUTES,
    *arrivals.ROUTES,
    *offices.ROUTES,
    *people.ROUTES,
    *access.ROUTES,
]

__all__ = ["ROUTES", "keep_typed"]
