"""Sign who is signed in on this website, for Balie's widget. Python 3.8 or later, no packages."""

import base64
import hashlib
import hmac
import json
import secrets
import time


def balie_token(site_key: str, secret: str, user_id: str, name: str = "", email: str = "", language: str = "") -> str:
    now = int(time.time())
    claims = {
        "sub": str(user_id),  # your own id of the user: it never changes and is never given to somebody else
        "aud": site_key,
        "iat": now,
        "exp": now + 600,
        "jti": secrets.token_urlsafe(16),  # a token works once: make a new one for each page
        "name": name,
        "email": email,
        "language": language,
    }
    head = {"alg": "HS256", "typ": "JWT"}
    signed = ".".join(_base64url(json.dumps(part).encode()) for part in (head, claims))
    mac = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_base64url(mac)}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
