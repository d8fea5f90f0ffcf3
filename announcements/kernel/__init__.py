"""Words that all capabilities share: errors, queueing, text, working time, mail. No tables, no rules of its own."""
