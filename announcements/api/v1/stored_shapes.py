"""What the answer about everything that is stored of somebody is made of."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from announcements.api.v1.audit import EntryOut
from announcements.api.v1.me import MeOut
from announcements.api.v1.preferences import PreferenceOut
from announcements.api.v1.tab import OwnTabOut


class MembershipOut(serializers.Serializer[Any]):
    """A time in a group, past ones too."""

    group_id = serializers.IntegerField()
    group_name = serializers.CharField()
    role = serializers.CharField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class StoredTokenOut(serializers.Serializer[Any]):
    """A token, revoked ones too; of the key itself only a hash is kept."""

    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_on = serializers.DateField(allow_null=True)


class StoredDeviceOut(serializers.Serializer[Any]):
    """A device I connected, one that has ended too; of its key only a hash is kept."""

    name = serializers.CharField()
    app_name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    connected_at = serializers.DateTimeField()
    last_used_on = serializers.DateField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class StoredPairingOut(serializers.Serializer[Any]):
    """That I let a device in; kept for a day after its code is over."""

    name = serializers.CharField()
    app_name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    asked_at = serializers.DateTimeField()
    granted_at = serializers.DateTimeField(allow_null=True)


class StoredSessionOut(serializers.Serializer[Any]):
    """A browser that is signed in, with its own description of itself."""

    user_agent = serializers.CharField()
    ip = serializers.CharField()
    signed_in_at = serializers.DateTimeField(source="created_at")
    last_seen_at = serializers.DateTimeField()


class StoredFactorOut(serializers.Serializer[Any]):
    """A second factor, without its secret."""

    kind = serializers.CharField(source="type")
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class StoredAddressOut(serializers.Serializer[Any]):
    """An address that sign-in knows."""

    email = serializers.CharField()
    verified = serializers.BooleanField()


class StoredInvitationOut(serializers.Serializer[Any]):
    """That I was asked in."""

    invited_by = serializers.IntegerField()
    invited_by_name = serializers.CharField()
    email = serializers.CharField()
    role = serializers.CharField()
    invited_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class StoredClaimOut(serializers.Serializer[Any]):
    """That I asked for a way in by a link for many."""

    link_name = serializers.CharField()
    asked_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)


class StoredRowOut(serializers.Serializer[Any]):
    """What an imported list said about me, cell by cell with its column, and what that changed about me."""

    import_id = serializers.IntegerField()
    file_name = serializers.CharField()
    imported_by = serializers.IntegerField()
    imported_by_name = serializers.CharField(allow_blank=True)
    uploaded_at = serializers.DateTimeField()
    number = serializers.IntegerField()
    kind = serializers.CharField(allow_blank=True)
    cells = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    values = serializers.DictField()
    changes = serializers.DictField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    applied_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)


class StoredImportOut(serializers.Serializer[Any]):
    """That I uploaded a list of people."""

    import_id = serializers.IntegerField()
    file_name = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    rows = serializers.IntegerField()
    stage = serializers.CharField()


class StoredFactOut(serializers.Serializer[Any]):
    """The first time of a fact, and by which channel."""

    fact = serializers.CharField()
    at = serializers.DateTimeField()
    channel = serializers.CharField(allow_blank=True)


class StoredDeliveryOut(serializers.Serializer[Any]):
    """An announcement that was meant for me. `mentions`: how many digests told of it."""

    announcement_id = serializers.IntegerField()
    title = serializers.CharField()
    delivered_at = serializers.DateTimeField()
    facts = StoredFactOut(many=True)
    acknowledged_version = serializers.IntegerField(allow_null=True)
    mentions = serializers.IntegerField()
    forgotten_at = serializers.DateTimeField(allow_null=True, help_text="Since when nothing is kept of how I read it.")
    saved_at = serializers.DateTimeField(allow_null=True, help_text="Since when it is on my list for later.")
    unsaved_at = serializers.DateTimeField(allow_null=True, help_text="When I took it off that list.")


class StoredMailOut(serializers.Serializer[Any]):
    """A mail to me that is planned, or what became of it; `kind` says why: a nudge, a digest, a letter, or about coming in."""

    kind = serializers.CharField()
    announcement_id = serializers.IntegerField(allow_null=True, default=None)
    title = serializers.CharField(default="")
    period = serializers.CharField(default="")
    due_at = serializers.DateTimeField()
    state = serializers.CharField()
    reason = serializers.CharField(default="")
    reply = serializers.CharField(default="", help_text="The mail server's own words.")
    submitted_at = serializers.DateTimeField(allow_null=True)


class WrittenOut(serializers.Serializer[Any]):
    """An announcement that I wrote."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    summary = serializers.CharField()
    body = serializers.CharField()
    created_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class LookOut(serializers.Serializer[Any]):
    """That somebody looked at the names of who had yet to confirm, mine among them; or took facts of many along, mine among them."""

    at = serializers.DateTimeField()
    by = serializers.IntegerField(allow_null=True)
    by_name = serializers.CharField(allow_blank=True)
    announcement_id = serializers.IntegerField(allow_null=True, help_text="Null where facts were taken along.")
    title = serializers.CharField(allow_blank=True)


class StoredOut(serializers.Serializer[Any]):
    """Everything that is stored about me, oldest first."""

    taken_at = serializers.DateTimeField()
    profile = MeOut()
    last_seen_on = serializers.DateField(allow_null=True)
    invited_at = serializers.DateTimeField()
    joined_at = serializers.DateTimeField(allow_null=True)
    preferences = PreferenceOut()
    memberships = MembershipOut(many=True)
    tokens = StoredTokenOut(many=True)
    devices = StoredDeviceOut(many=True)
    pairings = StoredPairingOut(many=True)
    own_tab = OwnTabOut()
    sessions = StoredSessionOut(many=True)
    second_factors = StoredFactorOut(many=True)
    addresses = StoredAddressOut(many=True)
    invitations = StoredInvitationOut(many=True)
    claims = StoredClaimOut(many=True)
    import_rows = StoredRowOut(many=True)
    imports = StoredImportOut(many=True)
    deliveries = StoredDeliveryOut(many=True)
    mails = StoredMailOut(many=True)
    written = WrittenOut(many=True)
    trail = EntryOut(many=True)
    looks = LookOut(many=True)


class StoredCountsOut(serializers.Serializer[Any]):
    """How much is stored about me, of each kind."""

    memberships = serializers.IntegerField()
    tokens = serializers.IntegerField()
    devices = serializers.IntegerField()
    pairings = serializers.IntegerField()
    sessions = serializers.IntegerField()
    second_factors = serializers.IntegerField()
    addresses = serializers.IntegerField()
    invitations = serializers.IntegerField()
    claims = serializers.IntegerField()
    import_rows = serializers.IntegerField()
    imports = serializers.IntegerField()
    deliveries = serializers.IntegerField()
    facts = serializers.DictField(child=serializers.IntegerField(), help_text="By channel.")
    mails = serializers.IntegerField()
    written = serializers.IntegerField()
    trail = serializers.IntegerField()
    sign_ins = serializers.IntegerField()
    looks = serializers.IntegerField()


class StoredSummaryOut(serializers.Serializer[Any]):
    """What is stored about me in short: how much, all memberships, and the newest mails, sign-ins and looks."""

    invited_at = serializers.DateTimeField()
    joined_at = serializers.DateTimeField(allow_null=True)
    last_seen_on = serializers.DateField(allow_null=True)
    counts = StoredCountsOut()
    memberships = MembershipOut(many=True)
    mails = StoredMailOut(many=True)
    sign_ins = EntryOut(many=True)
    looks = LookOut(many=True)
