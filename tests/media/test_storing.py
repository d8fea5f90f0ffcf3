"""Where uploads are kept: on disk, or in a bucket that an address names."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hub import storing

FOLDER = Path("/data/media")


def test_without_an_address_uploads_lie_on_disk() -> None:
    assert storing.uploads("", FOLDER)["OPTIONS"] == {"location": FOLDER}


def test_an_address_names_a_private_bucket() -> None:
    stored = storing.uploads("s3://key:se%2Fcret@s3.example.test:9000/pictures?region=eu-west-1&tls=0", FOLDER)

    options = stored["OPTIONS"]
    assert stored["BACKEND"] == "storages.backends.s3.S3Storage"
    assert (options["access_key"], options["secret_key"]) == ("key", "se/cret")
    assert (options["bucket_name"], options["region_name"]) == ("pictures", "eu-west-1")
    assert options["endpoint_url"] == "http://s3.example.test:9000"
    assert options["default_acl"] is None and options["querystring_auth"]


def test_without_a_host_it_is_the_first_maker_of_such_storage() -> None:
    options = storing.uploads("s3://key:secret@/pictures?region=eu-west-1", FOLDER)["OPTIONS"]

    assert (options["endpoint_url"], options["addressing_style"]) == (None, "auto")


@pytest.mark.parametrize(
    "url", ["ftp://host/x", "s3://host", "s3://host/", "s3://host/a/b", "s3://host/a?acl=public", "x"]
)
def test_what_is_no_such_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HUB_MEDIA_URL"):
        storing.uploads(url, FOLDER)
