"""Django's admin pages. The last column is what an operator gets, who belongs to no workspace's table of roles.

Each kind of page is there once for each model. A model whose rows operators may look at gets its name here.
"""

from __future__ import annotations

MODELS = (
    "people/workspace", "people/person", "people/group", "people/token", "people/app",
    "publishing/announcement",
    "delivery/fanout", "delivery/nudge", "delivery/digest", "delivery/letter", "delivery/suppression",
)  # fmt: skip
# Programs that may be connected are what operators write down; the rest they look at.
WRITTEN = {"people/app"}
SITE = """
#                                                   nobody memb mngr admn ownr other operator
  GET    /admin/                                    in     404  404  404  404  404   200
  GET    /admin/checkup/                            in     404  404  404  404  404   200
  GET    /admin/login/                              in     in   in   in   in   in    in
  GET    /admin/logout/                             302    404  404  404  404  404   302
  GET    /admin/password_change/                    in     404  404  404  404  404   302
  GET    /admin/password_change/done/               in     404  404  404  404  404   200
  GET    /admin/autocomplete/                       in     404  404  404  404  404   403
  GET    /admin/jsi18n/                             in     404  404  404  404  404   200
  GET    /admin/r/{content_type_id}/{object_id}/    in     404  404  404  404  404   404
  GET    /admin/{app_label}/                        in     404  404  404  404  404   200
  GET    /admin/{url}                               in     404  404  404  404  404   404
"""
EACH = """
  GET    /admin/{model}/                            in     404  404  404  404  404   200
  GET    /admin/{model}/add/                        in     404  404  404  404  404   {may}
  GET    /admin/{model}/{object_id:name}/           in     404  404  404  404  404   302
  GET    /admin/{model}/{object_id:name}/history/   in     404  404  404  404  404   200
  GET    /admin/{model}/{object_id:name}/change/    in     404  404  404  404  404   200
  GET    /admin/{model}/{object_id:name}/delete/    in     404  404  404  404  404   {may}
"""


def _pages(model: str) -> str:
    named = EACH.replace("{model}", model).replace(":name", ":" + model.partition("/")[2])
    return named.replace("{may}", "200" if model in WRITTEN else "403")


TABLE = SITE + "".join(map(_pages, MODELS))
