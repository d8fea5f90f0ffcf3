"""The composition root: settings, URLs, the queue, the process tree. It wires; it never decides."""
