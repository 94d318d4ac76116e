"""Migrations of the kernel. They only expand: an older release must still run on the newer schema."""
