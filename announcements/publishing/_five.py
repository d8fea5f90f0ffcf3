"""The five templates that a workspace begins with: what is new, why it matters, what to do.

What an author fills in stands between ‹ and ›, which Markdown leaves as they are.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from announcements.kernel import text

FIVE: tuple[dict[str, Any], ...] = (
    {
        "name": _("A change"),
        "purpose": _("What changes, why, what to do"),
        "icon": "shuffle",
        "kind": "update",
        "title": _("From ‹date›, ‹what› works differently"),
        "summary": _("‹What changes›, for ‹whom›, from ‹date›."),
        "ask_acknowledge": True,
        "body": _(
            "## What changes\n\n"
            "From **‹date›**, ‹what happens now› becomes ‹what happens then›. Until that day everything stays as it is.\n\n"
            "## Why\n\n"
            "‹The problem in one sentence, with a number if there is one.› With the change, ‹what gets better, and for whom›.\n\n"
            "## What to do\n\n"
            "1. ‹The first step›, by ‹date›.\n"
            "2. ‹The second step›.\n\n"
            "If this does not concern you, confirming is all you need to do. Questions go to ‹name›."
        ),
    },
    {
        "name": _("A decision"),
        "purpose": _("What was decided, and what was not"),
        "icon": "flag",
        "kind": "decision",
        "title": _("We will ‹decision›"),
        "summary": _("Decided on ‹date› by ‹who›. It holds from ‹date›."),
        "ask_acknowledge": False,
        "body": _(
            "## What we decided\n\n"
            "We will **‹the decision in one sentence›**. It holds from ‹date›.\n\n"
            "## Why\n\n"
            "‹The question we had to answer.› We looked at ‹options›, and chose this one because ‹reason›. It costs us ‹what we give up›.\n\n"
            "## What we did not decide\n\n"
            "- ‹What stays open, and when we come back to it.›\n"
            "- ‹What does not change.›\n\n"
            "## What it means for you\n\n"
            "‹Who does what differently from now on.› If you know something that we did not, tell ‹name› before ‹date›."
        ),
    },
    {
        "name": _("The week"),
        "purpose": _("Numbers, wins, what is next"),
        "icon": "calendar-days",
        "kind": "news",
        "title": _("The week to ‹date›: ‹the one thing to remember›"),
        "summary": _("‹The most important number›, ‹the best news›, and what comes next."),
        "ask_acknowledge": False,
        "body": _(
            "**‹The one sentence to remember from this week.›**\n\n"
            "## In numbers\n\n"
            "| What | This week | The week before |\n| --- | --- | --- |\n| ‹Number› | ‹now› | ‹then› |\n| ‹Number› | ‹now› | ‹then› |\n\n"
            "‹One sentence: what moved, and why.›\n\n"
            "## What went well\n\n"
            "- ‹Name› and ‹team› ‹what they did›, so that ‹what is better now›.\n\n"
            "## What did not\n\n"
            "- ‹What happened, and what we do about it.›\n\n"
            "## Next week\n\n"
            "- ‹Day›: ‹what happens, and who is needed›."
        ),
    },
    {
        "name": _("Welcome"),
        "purpose": _("New people, and who they work with"),
        "icon": "hand-heart",
        "kind": "story",
        "title": _("Welcome, ‹name›"),
        "summary": _("‹Name› joins ‹team› on ‹date› as ‹role›."),
        "ask_acknowledge": False,
        "body": _(
            "On **‹date›**, ‹name› joins us in ‹place› as ‹role›, in the team of ‹name›.\n\n"
            "## What ‹name› will do\n\n"
            "‹The work in two sentences.› Come to ‹name› with ‹what kind of question›; for ‹other questions›, ‹who› stays the one to ask.\n\n"
            "## Where ‹name› comes from\n\n"
            "‹Two sentences about what they did before, and one thing to talk about at lunch.›\n\n"
            "## How to say hello\n\n"
            "‹Name› sits ‹where›, and works ‹days and hours› from ‹place›. In the first week, ‹who› shows them around."
        ),
    },
    {
        "name": _("An incident"),
        "purpose": _("What happened, who is affected, what to do now"),
        "icon": "triangle-alert",
        "kind": "update",
        "title": _("‹What does not work›: what to do until it is fixed"),
        "summary": _("Since ‹time›, ‹what happened›. ‹Who› is affected; ‹what to do instead›."),
        "ask_acknowledge": True,
        "body": _(
            "**As of ‹time›:** ‹still going on, or fixed›.\n\n"
            "## What happened\n\n"
            "Since ‹time›, ‹what does not work›. We know that ‹what is certain›; we do not know yet ‹what is not›.\n\n"
            "## Who is affected\n\n"
            "‹Teams, places, customers.› Not affected: ‹who can go on as usual›.\n\n"
            "## What to do now\n\n"
            "1. ‹What to do instead.›\n"
            "2. ‹What not to do.›\n"
            "3. If a customer asks, say: “‹one sentence›”.\n\n"
            "## What comes next\n\n"
            "‹Who› works on it. The next word comes at **‹time›**, here, also if nothing has changed."
        ),
    },
)


def first_five() -> list[dict[str, Any]]:
    """Return them as columns of the table, in the language of who looks first."""
    return [
        one
        | {name: str(one[name]) for name in ("name", "purpose", "title", "summary")}
        | {"body": text.from_markdown(str(one["body"]))}
        for one in FIVE
    ]
