"""Words that all capabilities share: errors, queueing, text, working time. No tables, no rules of its own."""
