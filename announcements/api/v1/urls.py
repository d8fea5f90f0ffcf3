"""Addresses under /api/v1/."""

from __future__ import annotations

from django.urls import path, register_converter

from announcements.api.v1 import (
    announcements,
    audience,
    audit,
    authorize,
    claim_links,
    devices,
    docs,
    domains,
    groups,
    hub,
    invitations,
    join_requests,
    joining,
    logo,
    mail_links,
    mail_server,
    me,
    members,
    nudges,
    oauth,
    people,
    preferences,
    reach,
    reading,
    reorganization,
    rules,
    second_factors,
    sessions,
    setup,
    tokens,
    workspace,
)


class Id:
    """An id that the database can hold."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return it as it stands in an address."""
        return str(value)


register_converter(Id, "id")

urlpatterns = [
    path("hub", hub.Hub.as_view()),
    path("demo", hub.Demo.as_view()),
    path("me", me.Me.as_view()),
    path("preferences", preferences.Preferences.as_view()),
    path("tokens", tokens.Tokens.as_view()),
    path("tokens/<id:token_id>", tokens.Token.as_view()),
    path("devices", devices.Devices.as_view()),
    path("devices/<id:device_id>", devices.Device.as_view()),
    path("pairings/<str:user_code>", devices.Pairing.as_view()),
    path("pairings/<str:user_code>/grant", devices.Grant.as_view()),
    path("pairings/<str:user_code>/refuse", devices.Refuse.as_view()),
    path("oauth/device", oauth.Device.as_view()),
    path("oauth/token", oauth.Token.as_view()),
    path("oauth/revoke", oauth.Revoke.as_view()),
    path("oauth/authorize", authorize.Authorize.as_view()),
    path("sessions", sessions.Sessions.as_view()),
    path("sessions/<id:session_id>", sessions.Session.as_view()),
    path("second-factors", second_factors.Factors.as_view()),
    path("second-factors/totp", second_factors.App.as_view()),
    path("second-factors/totp/confirm", second_factors.ConfirmApp.as_view()),
    path("second-factors/passkeys", second_factors.Passkey.as_view()),
    path("second-factors/passkeys/confirm", second_factors.ConfirmPasskey.as_view()),
    path("second-factors/recovery-codes", second_factors.RecoveryCodes.as_view()),
    path("second-factors/<id:factor_id>", second_factors.Factor.as_view()),
    path("workspace", workspace.Workspace.as_view()),
    path("workspace/logo", logo.Logo.as_view()),
    path("workspace/logo/<str:digest>/<id:side>", logo.LogoFile.as_view()),
    path("workspace/mail-server", mail_server.MailServer.as_view()),
    path("workspace/mail-server/try", mail_server.Try.as_view()),
    path("setup", setup.Setup.as_view()),
    path("people", people.People.as_view()),
    path("people/<id:person_id>", people.OnePerson.as_view()),
    path("people/<id:person_id>/admit", people.Admit.as_view()),
    path("people/<id:person_id>/deactivate", people.Deactivate.as_view()),
    path("people/<id:person_id>/reactivate", people.Reactivate.as_view()),
    path("people/<id:person_id>/role", people.Role.as_view()),
    path("invitations", invitations.Invitations.as_view()),
    path("invitations/bulk", invitations.ManyInvitations.as_view()),
    path("invitations/<id:invitation_id>", invitations.OneInvitation.as_view()),
    path("invitations/<id:invitation_id>/resend", invitations.Resend.as_view()),
    path("invitations/<id:invitation_id>/revoke", invitations.Revoke.as_view()),
    path("claim-links", claim_links.ClaimLinks.as_view()),
    path("claim-links/<id:link_id>", claim_links.ClaimLink.as_view()),
    path("claim-links/<id:link_id>/rotate", claim_links.Rotate.as_view()),
    path("join-requests", join_requests.JoinRequests.as_view()),
    path("join-requests/<id:person_id>/admit", join_requests.Admit.as_view()),
    path("join-requests/<id:person_id>/refuse", join_requests.Refuse.as_view()),
    path("domains", domains.Domains.as_view()),
    path("domains/<id:domain_id>", domains.Domain.as_view()),
    path("joining/<str:token>", joining.WayIn.as_view()),
    path("joining/<str:token>/address", joining.Address.as_view()),
    path("groups", groups.Groups.as_view()),
    path("groups/preview", rules.Preview.as_view()),
    path("groups/reorganize", reorganization.Reorganize.as_view()),
    path("groups/<id:group_id>", groups.OneGroup.as_view()),
    path("groups/<id:group_id>/close", groups.Close.as_view()),
    path("groups/<id:group_id>/members", members.Members.as_view()),
    path("groups/<id:group_id>/members/<id:person_id>", members.Member.as_view()),
    path("audience", audience.Audience.as_view()),
    path("announcements", announcements.Announcements.as_view()),
    path("announcements/<id:announcement_id>", announcements.OneAnnouncement.as_view()),
    path("announcements/<id:announcement_id>/publish", announcements.Publish.as_view()),
    path("announcements/<id:announcement_id>/correct", announcements.Correct.as_view()),
    path("announcements/<id:announcement_id>/withdraw", announcements.Withdraw.as_view()),
    path("announcements/<id:announcement_id>/versions", announcements.Versions.as_view()),
    path("announcements/<id:announcement_id>/acknowledge", reading.Acknowledge.as_view()),
    path("announcements/<id:announcement_id>/reach", reach.Reach.as_view()),
    path("announcements/<id:announcement_id>/missing", reach.Missing.as_view()),
    path("announcements/<id:announcement_id>/nudges", nudges.Nudges.as_view()),
    path("reach", reach.Overview.as_view()),
    path("feed", reading.Feed.as_view()),
    path("feed-keys", tokens.FeedKeys.as_view()),
    path("receipts", reading.Receipts.as_view()),
    path("audit", audit.Entries.as_view()),
    path("audit/export", audit.Export.as_view()),
    path("mail-links/<str:token>", mail_links.MailLink.as_view()),
    path("mail-links/<str:token>/acknowledge", mail_links.AcknowledgeByMail.as_view()),
    path("mail-links/<str:token>/unsubscribe", mail_links.UnsubscribeByMail.as_view()),
    path("schema", docs.Schema.as_view(), name="api-schema"),
    path("docs", docs.Docs.as_view(), name="api-docs"),
]
