"""Templates: the five of the beginning, and what admins make of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from announcements.kernel import errors, text
from announcements.people import services as people
from announcements.publishing import services as publishing

HOUR = timedelta(hours=1)


def names(by: people.Person, now: datetime) -> list[str]:
    return [one.name for one in publishing.templates(by=by.id, now=now)]


def test_a_workspace_begins_with_five_that_can_be_used_as_they_are(
    olga: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    five = publishing.templates(by=ines.id, now=now)

    assert [one.name for one in five] == ["A change", "A decision", "The week", "Welcome", "An incident"]
    for one in five:
        assert one.title and one.summary and one.purpose and "<h2>" in one.body
        assert text.to_markdown(one.body) is not None, "it is edited as it was written"
        said = publishing.Draft(kind=one.kind, title=one.title, summary=one.summary, body=one.body)
        assert publishing.create(by=ines.id, draft=said, now=now).body == one.body
    assert len(publishing.templates(by=olga.id, now=now)) == 5


def test_what_was_removed_does_not_come_back(olga: people.Person, now: datetime) -> None:
    for one in publishing.templates(by=olga.id, now=now):
        publishing.remove_template(by=olga.id, template_id=one.id)

    assert names(olga, now) == []


def test_an_admin_adds_and_changes_one(olga: people.Person, now: datetime) -> None:
    draft = publishing.Draft(title="From [date]", body="<p>New.</p><script>x</script>", ask_acknowledge=True)
    made = publishing.create_template(
        by=olga.id, words=publishing.TemplateWords(name="A move", purpose="Where to", icon="flag", draft=draft), now=now
    )
    assert (made.name, made.icon, made.body, made.ask_acknowledge) == ("A move", "flag", "<p>New.</p>", True)
    assert names(olga, now)[-1] == "A move"

    words = publishing.TemplateWords(draft=publishing.Draft(summary="Boxes come on [date]."))
    changed = publishing.update_template(by=olga.id, template_id=made.id, words=words, now=now + HOUR)

    assert changed == replace(made, summary="Boxes come on [date].", updated_at=now + HOUR)
    assert publishing.template(by=olga.id, template_id=made.id, now=now) == changed


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (publishing.TemplateWords(), "name"),
        (publishing.TemplateWords(name=" "), "name"),
        (publishing.TemplateWords(name="x" * 81), "name"),
        (publishing.TemplateWords(name="x", purpose="x" * 121), "purpose"),
        (publishing.TemplateWords(name="x", icon="skull"), "icon"),
        (publishing.TemplateWords(name="x", draft=publishing.Draft(title="x" * 121)), "title"),
        (publishing.TemplateWords(name="x", draft=publishing.Draft(kind="rumor")), "kind"),  # type: ignore[arg-type]
        (
            publishing.TemplateWords(
                name="x", draft=publishing.Draft(body=f'<p><img src="/api/v1/images/{"a" * 32}/file" alt=""></p>')
            ),
            "body",
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    words: publishing.TemplateWords, field: str, olga: people.Person, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        publishing.create_template(by=olga.id, words=words, now=now)

    assert list(refused.value.fields) == [field]
    assert len(names(olga, now)) == 5


def test_an_announcement_is_kept_as_a_template_without_its_audience(
    olga: people.Person, ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    kept = publishing.save_as_template(by=olga.id, announcement_id=publishing.publish(
        announcement_id=draft.id, by=ines.id, now=now).id, now=now)  # fmt: skip

    assert (kept.name, kept.title, kept.body) == (draft.title, draft.title, draft.body)
    named = publishing.save_as_template(by=olga.id, announcement_id=draft.id, name="Docks", now=now)
    assert named.name == "Docks"
    assert names(ines, now)[-2:] == [draft.title, "Docks"]


def test_pictures_stay_behind() -> None:
    shown = '<p>Before</p><figure><img src="/api/v1/images/x/file" alt=""><figcaption>Dock</figcaption></figure><p>After</p>'

    assert text.without_images(shown) == "<p>Before</p><p>After</p>"


def test_only_admins_keep_them(ines: people.Person, draft: publishing.Announcement, now: datetime) -> None:
    one = publishing.templates(by=ines.id, now=now)[0]
    words = publishing.TemplateWords(name="Mine")
    for attempt in (
        lambda: publishing.create_template(by=ines.id, words=words, now=now),
        lambda: publishing.update_template(by=ines.id, template_id=one.id, words=words, now=now),
        lambda: publishing.remove_template(by=ines.id, template_id=one.id),
        lambda: publishing.save_as_template(by=ines.id, announcement_id=draft.id, now=now),
    ):
        with pytest.raises(errors.Forbidden):
            attempt()


def test_who_may_publish_nothing_needs_none(maya: people.Person, operations: people.Group, now: datetime) -> None:
    with pytest.raises(errors.Forbidden):
        publishing.templates(by=maya.id, now=now)


def test_anothers_is_not_found(olga: people.Person, charlie: people.Person, now: datetime) -> None:
    one = publishing.templates(by=olga.id, now=now)[0]
    for attempt in (
        lambda: publishing.template(by=charlie.id, template_id=one.id, now=now),
        lambda: publishing.update_template(
            by=charlie.id, template_id=one.id, words=publishing.TemplateWords(name="x"), now=now
        ),
        lambda: publishing.remove_template(by=charlie.id, template_id=one.id),
    ):
        with pytest.raises(errors.NotFound):
            attempt()


def test_there_are_at_most_fifty(olga: people.Person, now: datetime) -> None:
    for number in range(45):
        publishing.create_template(by=olga.id, words=publishing.TemplateWords(name=f"{number}"), now=now)

    with pytest.raises(publishing.TooManyTemplates):
        publishing.create_template(by=olga.id, words=publishing.TemplateWords(name="One more"), now=now)
