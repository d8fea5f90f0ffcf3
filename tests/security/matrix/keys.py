"""Who one is and what one holds: oneself, keys, devices, sessions, second factors."""

from __future__ import annotations

TABLE = """
#                                               nobody memb mngr admn ownr other scope
  GET    me                                     401    200  200  200  200  200   people:read
  PATCH  me                                     401    200  200  200  200  200   people:write   {"title": "x"}
  PUT    me/picture                             401    200  200  200  200  200   people:write   <picture>
  DELETE me/picture                             401    204  204  204  204  204   people:write
  GET    me/stored                              401    200  200  200  200  200   session
  GET    me/stored/summary                      401    200  200  200  200  200   session
  GET    preferences                            401    200  200  200  200  200   people:read
  PATCH  preferences                            401    200  200  200  200  200   people:write   {"digest": "never"}
  GET    tokens                                 401    200  200  200  200  200   session
  POST   tokens                                 401    201  201  201  201  201   session        {"name": "x", "scopes": ["feed:read"]}
  DELETE tokens/{token_id}                      401    404  404  404  204  404   session
  GET    devices                                401    200  200  200  200  200   session
  DELETE devices/{device_id}                    401    404  404  404  204  404   session
  GET    pairings/{user_code}                   401    200  200  200  200  200   session
  POST   pairings/{user_code}/grant             401    204  204  204  204  204   session        {}
  POST   pairings/{user_code}/refuse            401    204  204  204  204  204   session        {}
  POST   oauth/device                           200    200  200  200  200  200   public         {"client_id": "mantel-new-tab"}
  POST   oauth/token                            400    400  400  400  400  400   public         {"grant_type": "authorization_code", "client_id": "mantel-new-tab", "code": "x"}
  POST   oauth/revoke                           200    200  200  200  200  200   public         {"client_id": "mantel-new-tab", "token": "x"}
  GET    oauth/authorize?{asked}                401    200  200  200  200  200   session
  POST   oauth/authorize                        401    200  200  200  200  200   session        {asked:body}
  GET    sessions                               401    200  200  200  200  200   session
  DELETE sessions                               401    204  204  204  204  204   session
  DELETE sessions/{session_id}                  401    404  404  404  204  404   session
  GET    second-factors                         401    200  200  200  200  200   session
  DELETE second-factors/{factor_id}             401    404  404  404  204  404   session
  POST   second-factors/totp                    401    200  200  200  409  409   session        {}
  POST   second-factors/totp/confirm            401    422  422  422  409  409   session        {"code": "123456"}
  POST   second-factors/passkeys                401    200  200  200  200  200   session        {}
  POST   second-factors/passkeys/confirm        401    422  422  422  422  422   session        {"credential": {}}
  POST   second-factors/recovery-codes          401    409  409  409  201  201   session        {}
  POST   feed-keys                              401    201  201  201  201  201   feed:read      {}
  GET    feed                                   401    200  200  200  200  200   feed:read
  GET    tab                                    401    200  200  200  200  200   feed:read
  GET    tab/texts?ids={announcement_id}        401    200  200  200  200  200   feed:read
  GET    tab/own                                401    200  200  200  200  200   feed:read
  PUT    tab/own                                401    200  200  200  200  200   receipts:write {"off": ["news"], "links": []}
  GET    tab/search?q=maya                      401    200  200  200  200  200   feed:read
  GET    tab/pictures/{key:image}               401    404  404  404  404  404   feed:read
  POST   receipts                               401    200  200  200  200  200   receipts:write {"receipts": [{"client_id": "7f3b1c1e-2f0f-4d55-9d1e-0a8a5b1f3c11", "announcement_id": {announcement_id}, "fact": "opened", "at": "2026-11-16T09:00:00Z", "channel": "tab"}]}
  GET    mail-links/{token}                     404    404  404  404  404  404   public
  GET    mail-links/{token:confirm}             200    200  200  200  200  200   public
  POST   mail-links/{token}/acknowledge         404    404  404  404  404  404   public         {}
  POST   mail-links/{token:confirm}/acknowledge 200    200  403  403  403  403   public         {}
  PUT    mail-links/{token}/preference          404    404  404  404  404  404   public         {"digest": "daily"}
  PUT    mail-links/{token:leave}/preference    200    200  200  200  200  200   public         {"digest": "daily"}
  POST   mail-links/{token}/unsubscribe         404    404  404  404  404  404   public         {}
  POST   mail-links/{token:leave}/unsubscribe   204    204  204  204  204  204   public         {}
  GET    hub                                    200    200  200  200  200  200   public
  POST   demo                                   404    404  404  404  404  404   public         {}
  GET    schema                                 200    200  200  200  200  200   public
  GET    docs                                   200    200  200  200  200  200   public
"""
