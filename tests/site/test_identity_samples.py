"""P11: the samples that a website copies make tokens which the hub believes, and only for that website."""

from __future__ import annotations

import hashlib
import json
import runpy
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from hub.launcher.node import find_node
from hub.site.errors import BadIdentity
from hub.site.identity import read_identity
from hub.site.models import Website

FOLDER = Path(settings.BASE_DIR) / "frontend" / "templates" / "admin" / "identity"
# With PHP 8.0.30 and 8.4.1, by hand: its tokens were those of the other samples, name and all.
PHP_RUN = "92b544708dcf9dfb7fab204fe925119aabbac5ecc9ca2afe4612e5cd6111cf49"
NAME = 'Sanne "de" Vries <ž & فارسی>'


def by_python(key: str, secret: str, user: str) -> str:
    return str(runpy.run_path(str(FOLDER / "balie_identity.py"))["balie_token"](key, secret, user, name=NAME))


def by_node(key: str, secret: str, user: str) -> str:
    called = json.dumps([key, secret, user, {"name": NAME}])
    script = f"import {{ balieToken }} from {json.dumps(str(FOLDER / 'balie-identity.mjs'))};"
    script += f"process.stdout.write(balieToken(...{called}));"
    command = [str(find_node().node), "--input-type=module", "--eval", script]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout


@pytest.mark.parametrize("sign", [by_python, by_node])
def test_p11_a_sample_makes_a_token_that_is_believed(db: None, sign: Callable[[str, str, str], str]) -> None:
    website = Website.objects.create(name="Shop", origins=["https://shop.example"])
    other = Website.objects.create(name="Other", origins=["https://other.example"])
    first, second = (sign(website.site_key, website.secret, "user-7") for _ in range(2))
    said = read_identity(website, first)
    assert (said.sub, said.name) == ("user-7", NAME)
    assert said.jti != read_identity(website, second).jti
    with pytest.raises(BadIdentity):
        read_identity(other, first)
    with pytest.raises(BadIdentity):
        read_identity(website, sign(website.site_key, other.secret, "user-7"))


def test_p11_the_php_sample_is_the_one_that_was_run_with_php() -> None:
    """No PHP comes with the tests (180 MB). Who changes the sample runs it, and writes down what was run."""
    assert hashlib.sha256((FOLDER / "balie_identity.php").read_bytes()).hexdigest() == PHP_RUN


def test_p11_the_admin_shows_the_samples_as_they_are(db: None) -> None:
    website = Website.objects.create(name="Shop", origins=["https://shop.example"])
    page = render_to_string("admin/identity_samples.html", {"website": website})
    assert website.site_key in page
    assert website.secret not in page
    assert "&lt;?php" in page
    assert page.count("hash_hmac(") == page.count("createHmac(&quot;sha256&quot;") == 1
