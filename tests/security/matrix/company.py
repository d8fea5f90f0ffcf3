"""The workspace, its groups, and what it keeps."""

from __future__ import annotations

TABLE = """
#                                                           nobody memb mngr admn ownr other scope
  GET    workspace                                          401    200  200  200  200  200   people:read
  PATCH  workspace                                          401    403  403  200  200  200   workspace:write {"name": "New"}
  PATCH  workspace                                          401    403  403  200  200  200   session {"privacy": "open"}
  PATCH  workspace                                          401    403  403  200  200  200   session {"retention_days": 30}
  PATCH  workspace                                          401    403  403  200  200  200   session {"second_factor_required": true}
  GET    workspace/data-protection                          401    403  403  200  200  200   people:read
  PUT    workspace/logo                                     401    403  403  200  200  200   workspace:write <picture>
  DELETE workspace/logo                                     401    403  403  204  204  204   workspace:write
  GET    workspace/logo/{digest}/{side}                     401    200  200  200  200  404   people:read
  GET    workspace/mail-server                              401    403  403  200  200  200   people:read
  PATCH  workspace/mail-server                              401    403  403  403  200  200   session {"host": "localhost", "sender": "hub@northwind.test"}
  DELETE workspace/mail-server                              401    403  403  403  204  204   session
  POST   workspace/mail-server/try                          401    403  403  403  200  200   session {}
  GET    workspace/mail-server/sending                      401    403  403  200  200  200   people:read
  POST   workspace/mail-server/pause                        401    403  403  200  200  200   workspace:write {}
  POST   workspace/mail-server/resume                       401    403  403  200  200  200   workspace:write {}
  GET    workspace/status                                   401    403  403  200  200  200   people:read
  GET    setup                                              401    403  403  403  200  200   people:read
  PATCH  setup                                              401    403  403  403  200  200   workspace:write {"step": "mail", "state": "skipped"}
  GET    calendars                                          401    200  200  200  200  200   people:read
  GET    calendars/{code}                                   401    200  200  200  200  200   people:read
  GET    groups                                             401    200  200  200  200  200   people:read
  POST   groups                                             401    403  403  201  201  201   people:write {"name": "New"}
  POST   groups/preview                                     401    403  403  200  200  200   people:write {"rule": {"conditions": [{"field": "title", "test": "is", "value": "x"}]}}
  POST   groups/reorganize                                  401    403  403  200  200  422   people:write {"changes": [{"do": "close", "group_id": {group_id}}]}
  POST   groups/reorganize                                  401    403  200  200  200  422   people:write {"changes": [{"do": "start", "group_id": {group_id}, "person_id": {person_id:seller}}]}
  POST   groups/reorganize                                  401    403  403  200  200  422   people:write {"changes": [{"do": "start", "group_id": {group_id:sales}, "person_id": {person_id}}]}
  GET    groups/{group_id}                                  401    200  200  200  200  404   people:read
  GET    groups/{group_id:sales}                            401    200  200  200  200  404   people:read
  PATCH  groups/{group_id}                                  401    403  403  200  200  404   people:write {"name": "New"}
  POST   groups/{group_id}/close                            401    403  403  200  200  404   people:write {}
  DELETE groups/{group_id:closed}/close                     401    403  403  409  409  404   people:write
  GET    groups/{group_id}/members                          401    200  200  200  200  404   people:read
  GET    groups/{group_id:sales}/members                    401    200  200  200  200  404   people:read
  POST   groups/{group_id}/members                          401    403  201  201  201  404   people:write {"person_id": {person_id:seller}}
  POST   groups/{group_id:sales}/members                    401    403  403  201  201  404   people:write {"person_id": {person_id}}
  DELETE groups/{group_id}/members/{person_id}              401    403  204  204  204  404   people:write
  DELETE groups/{group_id:sales}/members/{person_id:seller} 401    403  403  204  204  404   people:write
  GET    mail-log                                           401    403  403  200  200  200   reach:read
  GET    mail-log?announcement_id={announcement_id:team}    401    404  200  200  200  404   reach:read
  GET    mail-log/export                                    401    403  403  200  200  200   reach:read
  POST   mail-log/{kind}/{mail_id}/settle                   401    403  403  204  204  404   workspace:write {"arrived": true}
  GET    suppressions                                       401    403  403  200  200  200   people:read
  DELETE suppressions/{suppression_id}                      401    403  403  204  204  404   people:write
  GET    audit                                              401    403  403  403  200  200   audit:read
  GET    audit/export                                       401    403  403  403  200  200   audit:read
"""
