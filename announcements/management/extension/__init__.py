"""The browser extension: its files put together, packed, and signed."""
