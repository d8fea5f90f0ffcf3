"""The tests. Each is a sentence about behaviour; they act through the doors, the API or the browser."""
