"""What is said, to whom, and how it landed."""

from __future__ import annotations

TABLE = """
#                                                          nobody memb mngr admn ownr other scope
  POST   audience                                          401    403  403  200  200  200   announcements:write {"everyone": true}
  POST   audience                                          401    403  200  200  200  422   announcements:write {"group_ids": [{group_id}]}
  POST   audience                                          401    403  403  200  200  422   announcements:write {"group_ids": [{group_id:sales}]}
  GET    audience/options                                  401    403  200  200  200  200   announcements:write
  POST   audience/people                                   401    403  403  200  200  200   announcements:write {"everyone": true}
  POST   audience/export                                   401    403  403  200  200  200   announcements:write {"everyone": true}
  GET    announcements                                     401    200  200  200  200  200   announcements:read
  POST   announcements                                     401    403  201  201  201  201   announcements:write {"title": "x"}
  POST   announcements                                     401    403  201  201  201  422   announcements:write {"title": "x", "audience": {"group_ids": [{group_id}]}}
  POST   announcements                                     401    403  201  201  201  422   announcements:write {"title": "x", "audience": {"group_ids": [{group_id:sales}]}}
  GET    announcements/{announcement_id}                   401    200  200  200  200  404   announcements:read
  GET    announcements/{announcement_id:draft}             401    404  404  200  200  404   announcements:read
  GET    announcements/{announcement_id:team}              401    200  200  200  200  404   announcements:read
  GET    announcements/{announcement_id:sales}             401    404  404  200  200  404   announcements:read
  PATCH  announcements/{announcement_id:draft}             401    404  404  200  200  404   announcements:write {"title": "x"}
  PATCH  announcements/{announcement_id:drafted}           401    404  200  200  200  404   announcements:write {"title": "x"}
  DELETE announcements/{announcement_id:draft}             401    404  404  204  204  404   announcements:write
  POST   announcements/{announcement_id:draft}/publish     401    404  404  200  200  404   announcements:write {}
  POST   announcements/{announcement_id:drafted}/publish   401    404  200  200  200  404   announcements:write {}
  POST   announcements/{announcement_id}/correct           401    404  404  200  200  404   announcements:write {"title": "x", "change": "typo"}
  POST   announcements/{announcement_id:team}/correct      401    404  403  200  200  404   announcements:write {"title": "x", "change": "typo"}
  POST   announcements/{announcement_id}/withdraw          401    404  404  200  200  404   announcements:write {"reason": "x"}
  POST   announcements/{announcement_id:team}/withdraw     401    404  403  200  200  404   announcements:write {"reason": "x"}
  GET    announcements/{announcement_id}/versions          401    404  404  200  200  404   announcements:read
  GET    announcements/{announcement_id:team}/versions     401    404  200  200  200  404   announcements:read
  GET    announcements/{announcement_id}/reach             401    404  404  200  200  404   reach:read
  GET    announcements/{announcement_id:team}/reach        401    404  200  200  200  404   reach:read
  GET    announcements/{announcement_id:sales}/reach       401    404  404  200  200  404   reach:read
  GET    announcements/{announcement_id}/missing           401    404  404  200  200  404   reach:read
  GET    announcements/{announcement_id:team}/missing      401    404  200  200  200  404   reach:read
  GET    announcements/{announcement_id:sales}/missing     401    404  404  200  200  404   reach:read
  GET    announcements/{announcement_id}/reach.csv         401    404  404  200  200  404   reach:read
  GET    announcements/{announcement_id:team}/reach.csv    401    404  200  200  200  404   reach:read
  GET    announcements/{announcement_id}/missing.csv       401    404  404  200  200  404   reach:read
  GET    announcements/{announcement_id:team}/missing.csv  401    404  200  200  200  404   reach:read
  GET    announcements/{announcement_id}/nudges            401    404  404  200  200  404   reach:read
  GET    announcements/{announcement_id:team}/nudges       401    404  200  200  200  404   reach:read
  GET    announcements/{announcement_id}/nudges/preview    401    404  404  200  200  404   reach:read
  GET    announcements/{announcement_id:team}/nudges/preview?person_ids={person_id} 401 404 403 200 200 404 reach:read
  POST   announcements/{announcement_id}/nudges            401    404  404  200  200  404   announcements:write {}
  POST   announcements/{announcement_id:team}/nudges       401    404  403  200  200  404   announcements:write {}
  DELETE announcements/{announcement_id}/nudges            401    404  404  204  204  404   announcements:write
  DELETE announcements/{announcement_id:team}/nudges       401    404  403  204  204  404   announcements:write
  POST   announcements/{announcement_id}/acknowledge       401    200  200  200  200  404   receipts:write      {"version": 1}
  POST   announcements/{announcement_id:team}/acknowledge  401    200  200  404  404  404   receipts:write      {"version": 1}
  POST   announcements/{announcement_id:sales}/acknowledge 401    404  404  404  404  404   receipts:write      {"version": 1}
  DELETE announcements/{announcement_id}/acknowledge       401    409  409  409  409  404   receipts:write
  POST   announcements/{announcement_id:beyond}/publish    401    404  403  200  200  404   announcements:write {}
  GET    announcements/{announcement_id:beyond}            401    404  200  200  200  404   announcements:read
  PATCH  announcements/{announcement_id:beyond}            401    404  200  200  200  404   announcements:write {"title": "x"}
  PUT    announcements/{announcement_id:drafted}/schedule  401    404  200  200  200  404   announcements:write {"at": "2030-01-01T09:00:00Z"}
  DELETE announcements/{announcement_id:drafted}/schedule  401    404  409  409  409  404   announcements:write
  POST   announcements/{announcement_id:sales}/duplicate   401    404  404  201  201  404   announcements:write {}
  POST   announcements/{announcement_id:team}/duplicate    401    404  201  201  201  404   announcements:write {}
  POST   announcements/{announcement_id:binned}/fetch-back 401    404  200  200  200  404   announcements:write {}
  PUT    announcements/{announcement_id}/pin               401    404  404  200  200  404   announcements:write {}
  PUT    announcements/{announcement_id:team}/pin          401    404  403  200  200  404   announcements:write {}
  DELETE announcements/{announcement_id:team}/pin          401    404  403  200  200  404   announcements:write
  POST   announcements/{announcement_id}/expire            401    404  404  200  200  404   announcements:write {}
  POST   announcements/{announcement_id:team}/expire       401    404  403  200  200  404   announcements:write {}
  GET    announcements/{announcement_id}/changes           401    200  200  200  200  404   announcements:read
  GET    announcements/{announcement_id:sales}/changes     401    404  404  200  200  404   announcements:read
  GET    announcements/{announcement_id}/versions/{number}/changes 401 404 404 200 200 404 announcements:read
  GET    announcements/{announcement_id:team}/versions/{number}/changes 401 404 200 200 200 404 announcements:read
  POST   announcements/{announcement_id:team}/versions/{number}/restore 401 404 403 200 200 404 announcements:write {"change": "typo"}
  POST   announcements/{announcement_id}/save-as-template  401    404  404  201  201  404   announcements:write {}
  POST   announcements/{announcement_id:team}/save-as-template 401 404 403 201  201  404   announcements:write {"name": "x"}
  GET    templates                                         401    403  200  200  200  200   announcements:read
  POST   templates                                         401    403  403  201  201  201   announcements:write {"name": "x"}
  GET    templates/{template_id}                           401    403  200  200  200  404   announcements:read
  PATCH  templates/{template_id}                           401    403  403  200  200  404   announcements:write {"name": "x"}
  DELETE templates/{template_id}                           401    403  403  204  204  404   announcements:write
  GET    announcements/tallies                             401    200  200  200  200  200   announcements:read
  POST   audience/landing                                  401    403  403  200  200  200   announcements:write {"audience": {"everyone": true}}
  GET    announcements/{announcement_id:draft}/checks      401    404  404  200  200  404   announcements:write
  GET    announcements/{announcement_id:drafted}/checks    401    404  200  200  200  404   announcements:write
  GET    announcements/{announcement_id:team}/checks       401    404  403  409  409  404   announcements:write
  GET    announcements/{announcement_id:draft}/preview     401    404  404  200  200  404   announcements:write
  GET    announcements/{announcement_id:drafted}/preview   401    404  200  200  200  404   announcements:write
  GET    announcements/{announcement_id:team}/preview      401    404  403  200  200  404   announcements:write
  GET    announcements/{announcement_id:draft}/test        401    404  404  200  200  404   announcements:write
  GET    announcements/{announcement_id:team}/test         401    404  403  200  200  404   announcements:write
  POST   announcements/{announcement_id:draft}/preview     401    404  404  200  200  404   announcements:write {"title": "x"}
  POST   announcements/{announcement_id:drafted}/preview   401    404  200  200  200  404   announcements:write {"title": "x"}
  POST   announcements/{announcement_id:team}/preview      401    404  403  200  200  404   announcements:write {"title": "x"}
  POST   announcements/{announcement_id:draft}/test        401    404  404  202  202  404   announcements:write {}
  POST   announcements/{announcement_id:drafted}/test      401    404  202  202  202  404   announcements:write {}
  POST   announcements/{announcement_id:team}/test         401    404  403  202  202  404   announcements:write {}
  GET    search?q=dock                                     401    200  200  200  200  200   announcements:read
  GET    archive                                           401    200  200  200  200  200   announcements:read
  GET    bodies                                            401    200  200  200  200  200   announcements:read
  POST   bodies                                            401    200  200  200  200  200   announcements:write {"markdown": "x"}
  POST   images                                            401    403  201  201  201  201   announcements:write <form>
  GET    images/{key:image}                                401    404  404  404  200  404   announcements:read
  GET    images/{key:image}/file                           401    404  404  404  200  404   announcements:read
  GET    exports                                           401    403  403  200  200  200   announcements:read
  POST   exports                                           401    403  403  201  201  201   announcements:read  {"kind": "announcements"}
  GET    exports/{export_id}                               401    404  404  404  200  404   announcements:read
  GET    exports/{export_id}/file                          401    404  404  404  409  404   announcements:read
  GET    announcement-imports                              401    403  403  200  200  200   announcements:read
  POST   announcement-imports?file_name=a.md               401    403  403  201  201  201   announcements:write <bytes>
  POST   announcement-imports/fetch                        401    403  403  201  201  201   announcements:write {"address": "https://blog.example/feed"}
  GET    announcement-imports/{import_id:news}             401    403  403  200  200  404   announcements:read
  GET    announcement-imports/{import_id:news}/entries     401    403  403  200  200  404   announcements:read
  POST   announcement-imports/{import_id:news}/start       401    403  403  409  409  404   announcements:write {}
  POST   announcement-imports/{import_id:news}/undo        401    403  403  409  409  404   announcements:write {}
  GET    alignment                                         401    403  200  200  200  200   reach:read
  GET    alignment/cell?since=2026-11-16&group_id={group_id}  401 403 200  200  200  404   reach:read
  GET    alignment/cell?since=2026-11-16&group_id={group_id:sales} 401 403 404 200 200 404 reach:read
  GET    alignment/cell?since=2026-11-16&topic=news        401    403  403  200  200  200   reach:read
  GET    alignment.csv                                     401    403  200  200  200  200   reach:read
  GET    flows                                             401    403  200  200  200  200   reach:read
  GET    flows/cell?from_id=0&to_id={group_id}             401    403  200  200  200  404   reach:read
  GET    flows/cell?from_id=0&to_id={group_id:sales}       401    403  404  200  200  404   reach:read
  GET    flows/cell?from_id=0&to_id=0                      401    403  404  200  200  200   reach:read
  GET    flows.csv                                         401    403  200  200  200  200   reach:read
  GET    reach?announcement_ids={announcement_id}          401    200  200  200  200  200   reach:read
  GET    facts/people.jsonl                                401    403  403  200  200  200   facts:read
  GET    facts/hours.jsonl                                 401    403  403  200  200  200   facts:read
"""
