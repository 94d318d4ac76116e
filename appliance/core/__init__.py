"""The shared kernel: small pieces that every part of the appliance stands on. It knows no room and no web framework."""
