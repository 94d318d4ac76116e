"""Sizes of synthetic data, with their units."""

from __future__ import annotations

DEMO_CASES = 2196  # cases of a trial
DEMO_SEED = 1  # of a trial's cases; other sets choose another
LOADED_CASES = 2_000_000  # cases of one load
STAGED_ROWS = 2000  # cases copied at a time; bounds the memory of a load
PROGRESS_CASES = 50_000  # cases between two lines of progress
