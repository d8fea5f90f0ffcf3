"""Pages for people, rendered from the API's own answers through `announcements.api.client`."""
