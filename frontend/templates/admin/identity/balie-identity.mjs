// Sign who is signed in on this website, for Balie's widget. Node 16 or later, no packages.
import { createHmac, randomBytes } from "node:crypto";

export function balieToken(siteKey, secret, userId, { name = "", email = "", language = "" } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub: String(userId), // your own id of the user: it never changes and is never given to somebody else
    aud: siteKey,
    iat: now,
    exp: now + 600,
    jti: randomBytes(16).toString("base64url"), // a token works once: make a new one for each page
    name,
    email,
    language,
  };
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
