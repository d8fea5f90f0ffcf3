"""Sign-in, and what else is not ours: the pages of allauth, the mail catcher, what programs look up."""

from __future__ import annotations

TABLE = """
#                                                     nobody memb mngr admn ownr other scope
  GET    /mail/                                       200    200  200  200  200  200   -
  GET    /mail/{key}                                  404    404  404  404  404  404   -
  GET    /mail/{key}/html                             404    404  404  404  404  404   -
  GET    /.well-known/oauth-authorization-server      200    200  200  200  200  200   -
  GET    /api/{rest}                                  404    404  404  404  404  404   -
  GET    /accounts/email/                             302    302  302  302  302  302   -
  GET    /accounts/2fa/                               302    302  302  302  302  302   -
  GET    /accounts/2fa/webauthn/                      302    302  302  302  302  302   -
  GET    /accounts/login/                             200    302  302  302  302  302   -
  POST   /accounts/login/                             200    302  302  302  302  302   -
  GET    /accounts/logout/                            302    200  200  200  200  200   -
  POST   /accounts/logout/                            302    302  302  302  302  302   -
  GET    /accounts/inactive/                          200    200  200  200  200  200   -
  GET    /accounts/signup/                            200    302  302  302  302  302   -
  POST   /accounts/signup/                            200    302  302  302  302  302   -
  GET    /accounts/reauthenticate/                    in     200  200  200  302  302   -
  POST   /accounts/reauthenticate/                    in     200  200  200  302  302   -
  POST   /accounts/email/                             302    302  302  302  302  302   -
  GET    /accounts/confirm-email/                     in     302  302  302  302  302   -
  POST   /accounts/confirm-email/                     in     302  302  302  302  302   -
  GET    /accounts/password/change/                   in     200  200  200  200  200   -
  POST   /accounts/password/change/                   in     200  200  200  200  200   -
  GET    /accounts/password/set/                      in     302  302  302  302  302   -
  POST   /accounts/password/set/                      in     302  302  302  302  302   -
  GET    /accounts/password/reset/                    200    200  200  200  200  200   -
  POST   /accounts/password/reset/                    200    200  200  200  200  200   -
  GET    /accounts/login/code/confirm/                in     302  302  302  302  302   -
  POST   /accounts/login/code/confirm/                in     302  302  302  302  302   -
  GET    /accounts/password/reset/key/done/           200    200  200  200  200  200   -
  GET    /accounts/password/reset/key/{uidb36}-{key}/ 200    200  200  200  200  200   -
  POST   /accounts/password/reset/key/{uidb36}-{key}/ 200    200  200  200  200  200   -
  GET    /accounts/password/reset/done/               200    200  200  200  200  200   -
  GET    /accounts/login/code/                        200    302  302  302  302  302   -
  POST   /accounts/login/code/                        200    302  302  302  302  302   -
  GET    /accounts/2fa/authenticate/                  in     302  302  302  302  302   -
  POST   /accounts/2fa/authenticate/                  in     302  302  302  302  302   -
  GET    /accounts/2fa/reauthenticate/                in     302  302  302  200  200   -
  POST   /accounts/2fa/reauthenticate/                in     302  302  302  200  200   -
  GET    /accounts/2fa/totp/activate/                 in     200  200  200  302  302   -
  POST   /accounts/2fa/totp/activate/                 in     200  200  200  302  302   -
  GET    /accounts/2fa/totp/deactivate/               in     404  404  404  200  200   -
  POST   /accounts/2fa/totp/deactivate/               in     404  404  404  302  302   -
  GET    /accounts/2fa/recovery-codes/                in     404  404  404  404  404   -
  GET    /accounts/2fa/recovery-codes/generate/       in     200  200  200  200  200   -
  POST   /accounts/2fa/recovery-codes/generate/       in     200  200  200  302  302   -
  GET    /accounts/2fa/recovery-codes/download/       in     404  404  404  404  404   -
  GET    /accounts/2fa/webauthn/add/                  in     200  200  200  200  200   -
  POST   /accounts/2fa/webauthn/add/                  in     200  200  200  200  200   -
  GET    /accounts/2fa/webauthn/reauthenticate/       in     302  302  302  302  302   -
  POST   /accounts/2fa/webauthn/reauthenticate/       in     302  302  302  302  302   -
  GET    /accounts/2fa/webauthn/keys/{pk}/remove/     in     404  404  404  404  404   -
  POST   /accounts/2fa/webauthn/keys/{pk}/remove/     in     404  404  404  404  404   -
  GET    /accounts/2fa/webauthn/keys/{pk}/edit/       in     404  404  404  404  404   -
  POST   /accounts/2fa/webauthn/keys/{pk}/edit/       in     404  404  404  404  404   -
  GET    /accounts/2fa/webauthn/login/                in     302  302  302  302  302   -
  POST   /accounts/2fa/webauthn/login/                in     302  302  302  302  302   -
"""
