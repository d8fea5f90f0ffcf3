"""The ways out of the house: one module a channel. A channel knows how to say it, never whether."""
