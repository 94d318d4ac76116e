"""Decisions of accounts without I/O: names, passwords, who may do what to whom, when time is up."""
