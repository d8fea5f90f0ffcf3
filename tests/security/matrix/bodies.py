"""What an owner writes that names something of another company: each field of each body that takes an id.

    POST groups/{group_id}/members  person_id  404  {"person_id": {abroad:person_id}}
    method, path                    the field  what comes back, and a body that is good but for this one id

The answer is that of an id which does not exist, and nothing is written. An answer of 422 names the field. 200 is for what
answers for each thing by itself, and for what is passed over.
"""

from __future__ import annotations

TABLE = """
  POST  announcements                                      audience.group_ids.*         422 {"title": "x", "audience": {"group_ids": [{abroad:group_id}]}}
  POST  announcements                                      audience.person_ids.*        422 {"title": "x", "audience": {"person_ids": [{abroad:person_id}]}}
  POST  announcements                                      audience.except.group_ids.*  422 {"title": "x", "audience": {"everyone": true, "except": {"group_ids": [{abroad:group_id}]}}}
  POST  announcements                                      audience.except.person_ids.* 422 {"title": "x", "audience": {"everyone": true, "except": {"person_ids": [{abroad:person_id}]}}}
  POST  announcements                                      body                         422 {"title": "x", "body": "<img src='/api/v1/images/{abroad:key:image}/file' alt=''>"}
  PATCH announcements/{announcement_id:draft}              audience.group_ids.*         422 {"audience": {"group_ids": [{abroad:group_id}]}}
  PATCH announcements/{announcement_id:draft}              audience.person_ids.*        422 {"audience": {"person_ids": [{abroad:person_id}]}}
  PATCH announcements/{announcement_id:draft}              audience.except.group_ids.*  422 {"audience": {"everyone": true, "except": {"group_ids": [{abroad:group_id}]}}}
  PATCH announcements/{announcement_id:draft}              audience.except.person_ids.* 422 {"audience": {"everyone": true, "except": {"person_ids": [{abroad:person_id}]}}}
  PATCH announcements/{announcement_id:draft}              body                         422 {"body": "<img src='/api/v1/images/{abroad:key:image}/file' alt=''>"}
  POST  announcements/{announcement_id}/correct            body                         422 {"body": "<img src='/api/v1/images/{abroad:key:image}/file' alt=''>", "change": "typo"}
  POST  announcements/{announcement_id}/preview            body                         422 {"body": "<img src='/api/v1/images/{abroad:key:image}/file' alt=''>"}
  POST  announcements/{announcement_id}/test               body                         422 {"body": "<img src='/api/v1/images/{abroad:key:image}/file' alt=''>"}
  POST  announcements/{announcement_id}/nudges             person_ids.*                 200 {"person_ids": [{abroad:person_id}]}
  POST  announcement-imports/{import_id:checked}/start     audience.group_ids.*         422 {"audience": {"group_ids": [{abroad:group_id}]}}
  POST  announcement-imports/{import_id:checked}/start     audience.person_ids.*        422 {"audience": {"person_ids": [{abroad:person_id}]}}
  POST  announcement-imports/{import_id:checked}/start     audience.except.group_ids.*  422 {"audience": {"everyone": true, "except": {"group_ids": [{abroad:group_id}]}}}
  POST  announcement-imports/{import_id:checked}/start     audience.except.person_ids.* 422 {"audience": {"everyone": true, "except": {"person_ids": [{abroad:person_id}]}}}
  POST  audience                                           group_ids.*                  422 {"group_ids": [{abroad:group_id}]}
  POST  audience                                           person_ids.*                 422 {"person_ids": [{abroad:person_id}]}
  POST  audience                                           except.group_ids.*           422 {"everyone": true, "except": {"group_ids": [{abroad:group_id}]}}
  POST  audience                                           except.person_ids.*          422 {"everyone": true, "except": {"person_ids": [{abroad:person_id}]}}
  POST  audience/export                                    group_ids.*                  422 {"group_ids": [{abroad:group_id}]}
  POST  audience/export                                    person_ids.*                 422 {"person_ids": [{abroad:person_id}]}
  POST  audience/export                                    except.group_ids.*           422 {"everyone": true, "except": {"group_ids": [{abroad:group_id}]}}
  POST  audience/export                                    except.person_ids.*          422 {"everyone": true, "except": {"person_ids": [{abroad:person_id}]}}
  POST  audience/people                                    group_ids.*                  422 {"group_ids": [{abroad:group_id}]}
  POST  audience/people                                    person_ids.*                 422 {"person_ids": [{abroad:person_id}]}
  POST  audience/people                                    except.group_ids.*           422 {"everyone": true, "except": {"group_ids": [{abroad:group_id}]}}
  POST  audience/people                                    except.person_ids.*          422 {"everyone": true, "except": {"person_ids": [{abroad:person_id}]}}
  POST  audience/landing                                   audience.group_ids.*         422 {"audience": {"group_ids": [{abroad:group_id}]}}
  POST  audience/landing                                   audience.person_ids.*        422 {"audience": {"person_ids": [{abroad:person_id}]}}
  POST  audience/landing                                   audience.except.group_ids.*  422 {"audience": {"everyone": true, "except": {"group_ids": [{abroad:group_id}]}}}
  POST  audience/landing                                   audience.except.person_ids.* 422 {"audience": {"everyone": true, "except": {"person_ids": [{abroad:person_id}]}}}
  POST  templates                                          body                         422 {"name": "x", "body": "<img src='/api/v1/images/{abroad:key:image}/file' alt=''>"}
  PATCH templates/{template_id}                            body                         422 {"body": "<img src='/api/v1/images/{abroad:key:image}/file' alt=''>"}
  POST  groups                                             parent_id                    422 {"name": "x", "parent_id": {abroad:group_id}}
  PATCH groups/{group_id}                                  parent_id                    422 {"parent_id": {abroad:group_id}}
  POST  groups/{group_id}/members                          person_id                    404 {"person_id": {abroad:person_id}}
  POST  groups/preview                                     group_id                     404 {"rule": {"conditions": [{"field": "title", "test": "is", "value": "x"}]}, "group_id": {abroad:group_id}}
  POST  groups/reorganize                                  changes.*.group_id           422 {"changes": [{"do": "close", "group_id": {abroad:group_id}}]}
  POST  groups/reorganize                                  changes.*.parent_id          422 {"changes": [{"do": "move", "group_id": {group_id}, "parent_id": {abroad:group_id}}]}
  POST  groups/reorganize                                  changes.*.person_id          422 {"changes": [{"do": "start", "group_id": {group_id}, "person_id": {abroad:person_id}}]}
  POST  invitations                                        group_ids.*                  422 {"email": "new@northwind.test", "name": "New", "group_ids": [{abroad:group_id}]}
  POST  invitations/bulk                                   group_ids.*                  200 {"text": "new@northwind.test", "group_ids": [{abroad:group_id}]}
  POST  invitations/bulk                                   people.*.group_ids.*         200 {"people": [{"email": "new@northwind.test", "name": "New", "group_ids": [{abroad:group_id}]}]}
  POST  people/bulk                                        person_ids.*                 200 {"person_ids": [{abroad:person_id}], "action": "deactivate"}
  POST  people/bulk                                        group_id                     404 {"person_ids": [{person_id}], "action": "add_to_group", "group_id": {abroad:group_id}}
  POST  receipts                                           receipts.*.announcement_id   200 {"receipts": [{"client_id": "7f3b1c1e-2f0f-4d55-9d1e-0a8a5b1f3c11", "announcement_id": {abroad:announcement_id}, "fact": "opened", "at": "2026-11-16T09:00:00Z", "channel": "tab"}]}
  PATCH setup                                              draft_id                     404 {"draft_id": {abroad:announcement_id:draft}}
"""
# What the document writes as an id, and is a number within the thing that the address names.
NO_IDS = {("POST imports/{import_id}/decisions", "row")}
