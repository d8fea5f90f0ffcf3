"""What befalls a hub that sends mail, and the audit that every fault ends in: `python -m tests.faults`, or `make faults`."""
