"""The door of people: who is there, when they work, what they may do, and whom an audience means."""

from __future__ import annotations

from announcements.kernel.holidays import Calendar, calendars
from announcements.kernel.mail_servers import MailServer
from announcements.kernel.mail_trial import Trial, TrialStep
from announcements.people._apps import App, check_app, end_app
from announcements.people._audience_list import audience_people, export_audience
from announcements.people._audience_options import audience_options
from announcements.people._audience_values import (
    Attribute,
    AttributeField,
    Audience,
    AudienceOption,
    Except,
    OptionType,
    Zone,
)
from announcements.people._audience_words import attribute_in_words, audiences_in_words
from announcements.people._audiences import (
    audience_clocks,
    audience_size,
    audience_zones,
    check_audience,
    check_known,
    is_meant,
    may_publish,
    resolve,
)
from announcements.people._calendars import holidays_ahead
from announcements.people._company import (
    ICONS,
    Clock,
    Link,
    MailServerChanges,
    MailSettings,
    Privacy,
    Setup,
    SetupName,
    SetupState,
    SetupStep,
)
from announcements.people._devices import Device, devices, end_device, sign_out_device
from announcements.people._domains import Domain, DomainNotProved, DomainTaken, claim, domains, release
from announcements.people._entry import accept, admit, any_workspace, claim_domain, found, invite
from announcements.people._erasing import erase
from announcements.people._filling import fill_group, follow, groups_to_fill, preview_rule
from announcements.people._group_values import (
    About,
    Change,
    Close,
    Condition,
    End,
    FilledByRule,
    Group,
    GroupChanges,
    GroupClosed,
    GroupKind,
    GroupRole,
    HasSubGroups,
    Manager,
    Membership,
    Move,
    Placement,
    Rule,
    RuleField,
    RuleMatch,
    RulePreview,
    RuleTest,
    Start,
    Term,
)
from announcements.people._groups import close_group, create_group, group, group_names, groups, keep_group, update_group
from announcements.people._invited import (
    Arrival,
    Invitee,
    Waiting,
    add_invited,
    checked_address,
    comparable,
    enter,
    how_many_wait,
    invite_again,
    join,
    may_ask,
    may_invite,
    turn_away,
    uninvite,
    waiting,
    welcome,
)
from announcements.people._key_models import IDLE as DEVICE_IDLE
from announcements.people._keys import (
    change_password,
    end_keys,
    lost_factor,
    rounds,
    second_factor_required,
    takes_factor,
)
from announcements.people._listing import counts, listing, profile
from announcements.people._listing_values import Belonging, Counts, Listing, Order, Place, Profile, Sort, Wanted
from announcements.people._mail_servers import (
    mail_server,
    mail_settings,
    remove_mail_server,
    set_mail_server,
    try_mail_server,
)
from announcements.people._many import (
    Already,
    Outcome,
    Yourself,
    add_many,
    change_roles,
    deactivate_many,
    reactivate_many,
    remove_many,
)
from announcements.people._meant import Meant, meant_in
from announcements.people._members import add_member, end_membership, members, other_members
from announcements.people._own_tab import TAB_PARTS, OwnTab, choose_own_tab, own_tab
from announcements.people._pairings import (
    NewPairing,
    NotPaired,
    Pairing,
    Requested,
    WayBack,
    check_way_back,
    grant_code,
    grant_pairing,
    pairing,
    redeem_code,
    redeem_pairing,
    refuse_pairing,
    requested,
    start_pairing,
)
from announcements.people._persons import (
    acting,
    acting_admin,
    by_name,
    change_role,
    deactivate,
    everywhere,
    find,
    get_by_email,
    get_many,
    people,
    person,
    present,
    reactivate,
    seen,
    update_profile,
)
from announcements.people._pictures import PICTURE_SIZES, picture, remove_picture, set_picture
from announcements.people._records import update_person
from announcements.people._register import (
    Listed,
    Newcomer,
    Updated,
    all_but_owners,
    enter_many,
    listed,
    tidy_address,
    tidy_name,
    update_many,
    zones_by_location,
)
from announcements.people._register_access import end_many, return_many, withdraw_many
from announcements.people._register_groups import close_empty_groups, create_groups, join_many, leave_many
from announcements.people._reorganization import reorganize
from announcements.people._signing_up import LIFE as SIGN_UP_LIFE
from announcements.people._signing_up import SignUp, forget_sign_ups, prove, sign_up
from announcements.people._stored import Stored, StoredDevice, StoredMembership, StoredPairing, stored, told
from announcements.people._tokens import (
    TOKEN_LIFE,
    Holder,
    NewToken,
    Token,
    authenticate,
    issue_token,
    revoke_token,
    tokens,
)
from announcements.people._tree import Branch, branches, groups_of, manages
from announcements.people._values import (
    SCOPES,
    AudienceNotYours,
    Company,
    EmailTaken,
    LastOwner,
    NewPerson,
    NotInvited,
    Person,
    PersonChanges,
    ProfileChanges,
    Role,
    State,
    Workspace,
    WorkspaceChanges,
)
from announcements.people._workspace import (
    LOGO_SIZES,
    company,
    hold,
    logo,
    privacies,
    remove_logo,
    retentions,
    set_logo,
    setup,
    update_setup,
    update_workspace,
    workspace,
)

__all__ = [
    "DEVICE_IDLE", "ICONS", "LOGO_SIZES", "PICTURE_SIZES", "SCOPES", "SIGN_UP_LIFE", "TAB_PARTS", "TOKEN_LIFE", "About", "Already", "App", "Arrival", "Attribute", "AttributeField",
    "Audience", "AudienceNotYours", "AudienceOption", "Belonging", "Branch", "Calendar", "Change", "Clock", "Close", "Company", "Condition", "Counts",
    "Device", "Domain", "DomainNotProved", "DomainTaken", "EmailTaken", "End", "Except", "FilledByRule", "Group", "GroupChanges",
    "GroupClosed", "GroupKind", "GroupRole", "HasSubGroups", "Holder", "Invitee", "LastOwner", "Link", "Listed", "Listing", "MailServer",
    "MailServerChanges", "MailSettings", "Manager", "Meant", "Membership", "Move", "NewPairing", "NewPerson", "NewToken", "Newcomer",
    "NotInvited", "NotPaired", "OptionType", "Order", "Outcome", "OwnTab", "Pairing", "Person", "PersonChanges", "Place", "Placement", "Privacy",
    "Profile", "ProfileChanges", "Requested", "Role", "Rule", "RuleField", "RuleMatch", "RulePreview", "RuleTest", "Setup", "SetupName",
    "SetupState", "SetupStep", "SignUp", "Sort", "Start", "State", "Stored", "StoredDevice", "StoredMembership", "StoredPairing", "Term",
    "Token", "Trial", "TrialStep", "Updated", "Waiting", "Wanted", "WayBack", "Workspace", "WorkspaceChanges", "Yourself", "Zone", "accept",
    "acting", "acting_admin", "add_invited", "add_many", "add_member", "admit", "all_but_owners", "any_workspace", "attribute_in_words",
    "audience_clocks", "audience_options", "audience_people", "audience_size", "audience_zones", "audiences_in_words", "authenticate", "branches", "by_name", "calendars",
    "change_password", "change_role", "change_roles", "check_app", "check_audience", "check_known", "check_way_back", "checked_address", "choose_own_tab",
    "claim", "claim_domain", "close_empty_groups", "close_group", "company", "comparable", "counts", "create_group", "create_groups",
    "deactivate", "deactivate_many", "devices", "domains", "end_app", "end_device", "end_keys", "end_many", "end_membership", "enter",
    "enter_many", "erase", "everywhere", "export_audience", "fill_group", "find", "follow", "forget_sign_ups", "found", "get_by_email", "get_many", "grant_code",
    "grant_pairing", "group", "group_names", "groups", "groups_of", "groups_to_fill", "hold", "holidays_ahead", "how_many_wait", "invite",
    "invite_again", "is_meant", "issue_token", "join", "join_many", "keep_group", "leave_many", "listed", "listing", "logo", "lost_factor", "mail_server",
    "mail_settings", "manages", "may_ask", "may_invite", "may_publish", "meant_in", "members", "other_members", "own_tab", "pairing", "people",
    "person", "picture", "present", "preview_rule", "privacies", "profile", "prove", "reactivate", "reactivate_many", "redeem_code", "redeem_pairing",
    "refuse_pairing", "release", "remove_logo", "remove_mail_server", "remove_many", "remove_picture", "reorganize", "requested", "resolve",
    "retentions", "return_many", "revoke_token", "rounds", "second_factor_required", "seen", "set_logo", "set_mail_server", "set_picture", "setup",
    "sign_out_device", "sign_up", "start_pairing", "stored", "takes_factor", "tidy_address", "tidy_name", "tokens", "told", "try_mail_server",
    "turn_away",
    "uninvite", "update_group", "update_many", "update_person", "update_profile", "update_setup", "update_workspace", "waiting", "welcome",
    "withdraw_many", "workspace", "zones_by_location",
]  # fmt: skip
