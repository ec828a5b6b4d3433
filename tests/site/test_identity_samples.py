"""P11: the samples that a website copies make tokens which the hub believes, and only for that website."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from hub.site.errors import BadIdentity
from hub.site.identity import read_identity
from hub.site.models import Website

FOLDER = Path(settings.BASE_DIR) / "frontend" / "templates" / "admin" / "identity"
NAME = 'Sanne "de" Vries <ž & فارسی>'


def by_python(key: str, secret: str, user: str) -> str:
    return str(runpy.run_path(str(FOLDER / "balie_identity.py"))["balie_token"](key, secret, user, name=NAME))


def by_node(key: str, secret: str, user: str) -> str:
    called = json.dumps([key, secret, user, {"name": NAME}])
    script = f"import {{ balieToken }} from {json.dumps(str(FOLDER / 'balie-identity.mjs'))};"
    script += f"process.stdout.write(balieToken(...{called}));"
    return _ran(["node", "--input-type=module", "--eval", script])


def by_php(key: str, secret: str, user: str) -> str:
    script = f"require {json.dumps(str(FOLDER / 'balie_identity.php'))};"
    script += "[$k, $s, $u, $n] = array_slice($argv, 1); echo balie_token($k, $s, $u, ['name' => $n]);"
    return _ran(["php", "-r", script, "--", key, secret, user, NAME])


def _ran(command: list[str]) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not here")
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout


@pytest.mark.parametrize("sign", [by_python, by_node, by_php])
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


def test_p11_the_admin_shows_the_samples_as_they_are(db: None) -> None:
    website = Website.objects.create(name="Shop", origins=["https://shop.example"])
    page = render_to_string("admin/identity_samples.html", {"website": website})
    assert website.site_key in page
    assert website.secret not in page
    assert "&lt;?php" in page
    assert page.count("hash_hmac(") == page.count("createHmac(&quot;sha256&quot;") == 1
