"""The nCEN appliance: the officers' application and what keeps its server in order.

One package per part; docs/architecture.md says which part may import which. Nothing lives here,
so that starting one part never loads another.
"""
