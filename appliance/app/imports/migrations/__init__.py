"""Migrations of this room; they only expand."""
