"""People and the ways in."""

from __future__ import annotations

TABLE = """
#                                                            nobody memb mngr admn ownr other scope
  GET    people                                              401    200  200  200  200  200   people:read
  POST   people                                              401    403  403  201  201  201   people:write {"email": "new@northwind.test", "name": "New"}
  GET    people/counts                                       401    200  200  200  200  200   people:read
  POST   people/bulk                                         401    403  403  403  200  200   people:write {"person_ids": [{person_id}], "action": "deactivate"}
  POST   people/bulk                                         401    403  200  200  200  404   people:write {"person_ids": [{person_id:seller}], "action": "add_to_group", "group_id": {group_id}}
  POST   people/bulk                                         401    403  403  200  200  404   people:write {"person_ids": [{person_id}], "action": "add_to_group", "group_id": {group_id:sales}}
  POST   people/bulk                                         401    403  403  200  200  200   session {"person_ids": [{person_id}], "action": "change_role", "role": "owner"}
  GET    people/export                                       401    403  403  200  200  200   people:read
  GET    people/{person_id}                                  401    200  200  200  200  404   people:read
  PATCH  people/{person_id}                                  401    403  403  200  200  404   people:write {"location": "Porto"}
  GET    people/{person_id}/picture/{digest:portrait}/{side} 401    200  200  200  200  404   people:read
  POST   people/{person_id:waiting}/admit                    401    403  403  200  200  404   people:write {}
  POST   people/{person_id}/deactivate                       401    403  403  403  200  404   people:write {}
  POST   people/{person_id:left}/reactivate                  401    403  403  403  200  404   people:write {}
  POST   people/{person_id}/role                             401    403  403  200  200  404   people:write {"role": "admin"}
  POST   people/{person_id}/role                             401    403  403  403  200  404   session {"role": "owner"}
  DELETE people/{person_id}/second-factors                   401    403  403  204  204  404   session
  GET    invitations                                         401    403  200  200  200  200   people:read
  POST   invitations                                         401    403  403  201  201  201   people:write {"email": "new@northwind.test", "name": "New"}
  POST   invitations                                         401    403  201  201  201  422   people:write {"email": "new@northwind.test", "name": "New", "group_ids": [{group_id}]}
  POST   invitations                                         401    403  403  201  201  422   people:write {"email": "new@northwind.test", "name": "New", "group_ids": [{group_id:sales}]}
  POST   invitations                                         401    403  403  403  201  201   session {"email": "new@northwind.test", "name": "New", "role": "owner"}
  POST   invitations/bulk                                    401    403  200  200  200  200   people:write {"text": "new@northwind.test"}
  POST   invitations/bulk                                    401    403  200  200  200  200   people:write {"text": "new@northwind.test", "group_ids": [{group_id}]}
  POST   invitations/bulk                                    401    403  200  200  200  200   session {"text": "email,role\\nnew@northwind.test,owner"}
  GET    invitations/{invitation_id}                         401    403  404  200  200  404   people:read
  POST   invitations/{invitation_id}/resend                  401    403  404  409  409  404   people:write {}
  POST   invitations/{invitation_id}/revoke                  401    403  404  200  200  404   people:write {}
  GET    claim-links                                         401    403  403  200  200  200   people:write
  POST   claim-links                                         401    403  403  201  201  201   people:write {"name": "Handbook"}
  DELETE claim-links/{link_id}                               401    403  403  204  204  404   people:write
  POST   claim-links/{link_id}/rotate                        401    403  403  200  200  404   people:write {}
  GET    join-requests                                       401    403  403  200  200  200   people:read
  POST   join-requests/{person_id:waiting}/admit             401    403  403  200  200  404   people:write {}
  POST   join-requests/{person_id:waiting}/refuse            401    403  403  204  204  404   people:write {}
  GET    domains                                             401    403  403  200  200  200   people:read
  POST   domains                                             401    403  403  201  201  403   session {"name": "northwind.test"}
  DELETE domains/{domain_id}                                 401    403  403  204  204  404   session
  GET    joining/{token}                                     404    404  404  404  404  404   public
  GET    joining/{token:join}                                200    200  200  200  200  200   public
  POST   joining/{token}                                     404    404  404  404  404  404   public       {"name": "x", "password": "a calm long password", "timezone": "UTC"}
  POST   joining/{token}/address                             404    404  404  404  404  404   public       {"email": "new@northwind.test"}
  POST   joining/{token:join}/address                        202    202  202  202  202  202   public       {"email": "new@northwind.test"}
  GET    imports                                             401    403  403  200  200  200   people:read
  POST   imports?file_name=x.csv                             401    403  403  201  201  201   people:write <csv>
  GET    imports/{import_id}                                 401    403  403  200  200  404   people:read
  PATCH  imports/{import_id}                                 401    403  403  409  409  404   people:write {"columns": ["name", "email"]}
  GET    imports/{import_id}/rows                            401    403  403  200  200  404   people:read
  POST   imports/{import_id}/decisions                       401    403  403  409  409  404   people:write {"problem": "group", "do": "use"}
  POST   imports/{import_id}/start                           401    403  403  409  409  404   people:write {}
  POST   imports/{import_id}/undo                            401    403  403  409  409  404   people:write {}
"""
