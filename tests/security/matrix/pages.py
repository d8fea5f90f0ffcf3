"""Our own pages: to look at them, and to send their forms."""

from __future__ import annotations

TABLE = """
#                                          nobody memb mngr admn ownr other scope
  GET    /                                 200    302  302  302  302  302   -
  POST   /                                 404    404  404  404  404  404   -
  GET    /tab                              in     200  200  200  200  200   -
  POST   /tab                              in     302  302  302  302  302   -
  GET    /search?q=dock                    in     200  200  200  200  200   -
  GET    /archive                          in     200  200  200  200  200   -
  GET    /a/{announcement_id}              in     200  200  200  200  404   -
  GET    /a/{announcement_id:sales}        in     404  404  200  200  404   -
  GET    /a/{announcement_id:team}         in     200  200  200  200  404   -
  POST   /a/{announcement_id}              in     302  302  302  302  404   - version=1
  POST   /a/{announcement_id:sales}        in     404  404  404  404  404   - version=1
  POST   /a/{announcement_id:team}         in     302  302  404  404  404   - version=1
  GET    /m/{token}                        404    404  404  404  404  404   -
  GET    /m/{token:confirm}                200    200  200  200  200  200   -
  POST   /m/{token}                        404    404  404  404  404  404   -
  POST   /m/{token:confirm}                200    200  200  200  200  200   -
  GET    /a/{announcement_id:draft}/preview in 404 404  200  200  404   -
  GET    /a/{announcement_id:drafted}/preview in 404 200 200 200  404   -
  GET    /a/{announcement_id:team}/preview in 404 403   200  200  404   -
  GET    /a/{announcement_id:draft}/preview/tab in 404 404  200  200  404   -
  GET    /a/{announcement_id:drafted}/preview/tab in 404 200 200 200  404   -
  GET    /a/{announcement_id:team}/preview/tab in 404 403   200  200  404   -
  GET    /a/{announcement_id:draft}/preview/page in 404 404  200  200  404   -
  GET    /a/{announcement_id:drafted}/preview/page in 404 200 200 200  404   -
  GET    /a/{announcement_id:team}/preview/page in 404 403   200  200  404   -
  GET    /a/{announcement_id:draft}/preview/mail in 404 404  200  200  404   -
  GET    /a/{announcement_id:drafted}/preview/mail in 404 200 200 200  404   -
  GET    /a/{announcement_id:team}/preview/mail in 404 403   200  200  404   -
  GET    /a/{announcement_id:team}/preview/words in 404 403  302  302  404   -
  POST   /a/{announcement_id:draft}/preview/words in 404 404 200  200  404   - title=x
  POST   /a/{announcement_id:team}/preview/words in 404 403  200  200  404   - title=x
  GET    /webhooks/{provider}              404    404  404  404  404  404   -
  POST   /webhooks/{provider}              404    404  404  404  404  404   -
  GET    /test-mail                        200    200  200  200  200  200   -
  GET    /unsubscribe/{token}              404    404  404  404  404  404   -
  GET    /unsubscribe/{token:leave}        200    200  200  200  200  200   -
  POST   /unsubscribe/{token}              404    404  404  404  404  404   -
  POST   /unsubscribe/{token:leave}        200    200  200  200  200  200   -
  GET    /announcements                    in     200  200  200  200  200   -
  POST   /announcements                    in     404  404  302  302  404   - do=duplicate&announcement={announcement_id}
  POST   /announcements                    in     404  302  302  302  404   - do=duplicate&announcement={announcement_id:team}
  POST   /announcements                    in     404  403  302  302  404   - do=pin&announcement={announcement_id:team}
  GET    /a/{announcement_id}/withdraw     in     404  404  200  200  404   -
  GET    /a/{announcement_id:team}/withdraw in    404  403  200  200  404   -
  POST   /a/{announcement_id}/withdraw     in     404  404  302  302  404   - reason=x
  POST   /a/{announcement_id:team}/withdraw in    404  403  302  302  404   - reason=x
  GET    /announcements/new                in     403  200  200  200  200   -
  POST   /announcements/new                in     403  302  302  302  302   - title=x&audience=everyone
  GET    /announcements/templates          in     403  200  200  200  200   -
  POST   /announcements/templates          in     403  403  302  302  404   - template={template_id}
  GET    /announcements/templates/new      in     403  403  200  200  200   -
  POST   /announcements/templates/new      in     403  403  302  302  302   - name=x
  GET    /announcements/templates/{template_id} in 403 403  200  200  404   -
  POST   /announcements/templates/{template_id} in 403 403  302  302  404   - name=x
  GET    /a/{announcement_id:draft}/edit   in     404  404  200  200  404   -
  GET    /a/{announcement_id:drafted}/edit in     404  200  200  200  404   -
  GET    /a/{announcement_id:team}/edit    in     404  403  200  200  404   -
  GET    /a/{announcement_id}/edit         in     404  404  200  200  404   -
  POST   /a/{announcement_id:draft}/edit   in     404  404  302  302  404   -
  POST   /a/{announcement_id:drafted}/edit in     404  302  302  302  404   -
  POST   /a/{announcement_id:team}/edit    in     404  403  409  409  404   -
  POST   /a/{announcement_id}/edit         in     404  404  409  409  404   -
  GET    /alignment                        in     403  200  200  200  200   -
  GET    /alignment/cell?since=2026-11-16&group={group_id} in 403 200 200 200 404 -
  GET    /alignment/flows                  in     403  200  200  200  200   -
  GET    /alignment/flows/cell?from_id=0&to_id={group_id} in 403 200 200 200 404 -
  GET    /alignment/flows.svg              in     403  200  200  200  200   -
  GET    /alignment/{chart:company}.svg    in     403  200  200  200  200   -
  GET    /definitions                      in     200  200  200  200  200   -
  GET    /a/{announcement_id}/analytics    in     404  404  200  200  404   -
  GET    /a/{announcement_id:team}/analytics in     404  200  200  200  404   -
  GET    /a/{announcement_id:team}/analytics/charts in 404 200 200 200 404 -
  GET    /a/{announcement_id}/analytics/{chart}.svg in 404 404  200  200  404   -
  GET    /a/{announcement_id:team}/analytics/{chart}.svg in 404 200 200 200 404 -
  GET    /a/{announcement_id}/nudge        in     404  404  200  200  404   -
  GET    /a/{announcement_id:team}/nudge   in     404  403  200  200  404   -
  POST   /a/{announcement_id}/nudge        in     404  404  302  302  404   -
  POST   /a/{announcement_id:team}/nudge   in     404  403  302  302  404   -
  GET    /a/{announcement_id}/nudge/stop   in     404  404  200  200  404   -
  GET    /a/{announcement_id:team}/nudge/stop in  404  403  200  200  404   -
  POST   /a/{announcement_id}/nudge/stop   in     404  404  302  302  404   -
  POST   /a/{announcement_id:team}/nudge/stop in  404  403  302  302  404   -
  GET    /a/{announcement_id}/report       in     404  404  200  200  404   -
  GET    /a/{announcement_id:team}/report  in     404  200  200  200  404   -
  POST   /a/{announcement_id}/analytics    in     404  404  302  302  404   - do=stop
  POST   /a/{announcement_id:team}/analytics in     404  302  302  302  404   - do=stop
  GET    /a/{announcement_id:draft}        in     404  404  200  200  404   -
  GET    /a/{announcement_id}/history      in     404  404  200  200  404   -
  GET    /a/{announcement_id:team}/history in     404  200  200  200  404   -
  POST   /a/{announcement_id}/history      in     404  404  302  302  404   - number=1&change=typo
  POST   /a/{announcement_id:team}/history in     404  403  302  302  404   - number=1&change=typo
  GET    /settings/audit                   in     403  403  403  200  200   -
  GET    /groups                           in     200  200  200  200  200   -
  GET    /groups/new                       in     403  403  200  200  200   -
  POST   /groups/new                       in     403  403  302  302  302   - name=New&kind=other
  GET    /groups/{group_id}                in     200  200  200  200  404   -
  GET    /groups/{group_id:sales}          in     200  200  200  200  404   -
  POST   /groups/{group_id}                in     403  302  302  302  404   - member={person_id:seller}
  POST   /groups/{group_id:sales}          in     403  403  302  302  404   - member={person_id}
  GET    /groups/{group_id}/edit           in     403  403  200  200  404   -
  GET    /groups/{group_id:sales}/edit     in     403  403  200  200  404   -
  POST   /groups/{group_id}/edit           in     403  403  302  302  404   - do=close
  POST   /groups/{group_id:sales}/edit     in     403  403  302  302  404   - do=close
  GET    /people                           in     200  200  200  200  200   -
  POST   /people                           in     403  403  403  200  200   - do=deactivate&person={person_id}
  GET    /people/{person_id}               in     200  200  200  200  404   -
  POST   /people/{person_id}               in     403  403  403  302  404   - do=deactivate
  GET    /people/invite                    in     403  200  200  200  200   -
  POST   /people/invite                    in     403  403  302  302  302   - email=new@northwind.test&name=New&role=member
  GET    /people/invitations               in     403  200  200  200  200   -
  POST   /people/invitations               in     403  404  302  302  404   - invitation={invitation_id}&do=revoke
  GET    /people/requests                  in     403  403  200  200  200   -
  POST   /people/requests                  in     403  403  302  302  404   - person={person_id:waiting}&do=admit
  GET    /people/ways-in                   in     403  403  200  200  200   -
  POST   /people/ways-in                   in     403  403  302  302  302   - do=link&link_name=Handbook
  GET    /join/{token}                     404    404  404  404  404  404   -
  GET    /join/{token:join}                200    200  200  200  200  200   -
  POST   /join/{token}                     404    404  404  404  404  404   -
  POST   /join/{token:join}                422    422  422  422  422  422   -
  GET    /settings/workspace               in     403  403  200  200  200   -
  POST   /settings/workspace               in     403  403  302  302  302   - do=remove_logo
  GET    /settings/mail                    in     403  403  200  200  200   -
  POST   /settings/mail                    in     403  403  422  422  422   -
  GET    /settings/mail/sending            in     403  403  302  302  302   -
  POST   /settings/mail/sending            in     403  403  302  302  302   - do=pause
  GET    /mail-log                         in     403  403  200  200  200   -
  GET    /mail-log?announcement_id={announcement_id:team} in 404 200 200 200 404 -
  POST   /mail-log                         in     403  403  302  302  404   - mail=nudge/{mail_id}&arrived=yes
  GET    /settings/mail/suppressions       in     403  403  200  200  200   -
  POST   /settings/mail/suppressions       in     403  403  302  302  404   - suppression={suppression_id}
  GET    /settings/status                  in     403  403  200  200  200   -
  GET    /settings/data-protection         in     403  403  200  200  200   -
  GET    /settings/tab                     in     403  403  200  200  200   -
  POST   /settings/tab                     in     403  403  302  302  302   -
  GET    /brand/{hue}.css                  200    200  200  200  200  200   -
  GET    /tab/offline                      200    200  200  200  200  200   -
  GET    /tab/worker.js                    200    200  200  200  200  200   -
  GET    /tab.webmanifest                  200    200  200  200  200  200   -
  GET    /extension/update.xml             404    404  404  404  404  404   -
  GET    /extension/{file_name}            404    404  404  404  404  404   -
  GET    /setup                            in     403  403  403  302  302   -
  POST   /setup                            in     403  403  403  302  302   - do=close
  GET    /setup/{step}                     in     403  403  403  200  200   -
  POST   /setup/{step}                     in     403  403  403  422  422   -
  GET    /settings/announcements           in     403  403  200  200  200   -
  POST   /settings/announcements           in     403  403  302  302  302   -
  GET    /settings/announcements/import    in     403  403  200  200  200   -
  POST   /settings/announcements/import    in     403  403  422  422  422   -
  GET    /settings/announcements/import/{brought_id}  in  403  403  200  200  404   -
  POST   /settings/announcements/import/{brought_id}  in  403  403  409  409  404   - start=1
  GET    /people/import                    in     403  403  200  200  200   -
  POST   /people/import                    in     403  403  422  422  422   -
  GET    /people/import/{import_id}        in     403  403  200  200  404   -
  POST   /people/import/{import_id}        in     403  403  409  409  404   - start=1
  GET    /settings                         in     200  200  200  200  200   -
  POST   /settings                         in     302  302  302  302  302   -
  GET    /settings/channels                in     200  200  200  200  200   -
  POST   /settings/channels                in     422  422  422  422  422   -
  GET    /settings/stored                  in     200  200  200  200  200   -
  GET    /settings/security                in     200  200  200  200  200   -
  POST   /settings/security                in     302  302  302  302  302   -
  GET    /settings/access                  in     200  200  200  200  200   -
  POST   /settings/access                  in     422  422  422  422  422   -
  GET    /connect                          in     200  200  200  200  200   -
  POST   /connect                          in     422  422  422  422  422   -
  GET    /authorize?{asked}                in     200  200  200  200  200   -
  POST   /authorize                        in     422  422  422  422  422   -
  GET    /settings/second-factor           in     200  200  200  302  302   -
"""
