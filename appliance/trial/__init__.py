"""The trial: one parent that runs a private PostgreSQL cluster, web and work on any Debian machine, without systemd.

On a server systemd does this; the processes it starts are the same.
"""
