<?php
// Sign who is signed in on this website, for Balie's widget. PHP 7.3 or later, no packages.

function balie_token(string $siteKey, string $secret, string $userId, array $more = []): string
{
    $now = time();
    $claims = [
        'sub' => $userId, // your own id of the user: it never changes and is never given to somebody else
        'aud' => $siteKey,
        'iat' => $now,
        'exp' => $now + 600,
        'jti' => bin2hex(random_bytes(16)), // a token works once: make a new one for each page
    ] + array_intersect_key($more, ['name' => 1, 'email' => 1, 'language' => 1]);
    $encode = static function (string $data): string {
        return rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
    };
    $signed = $encode(json_encode(['alg' => 'HS256', 'typ' => 'JWT'], JSON_THROW_ON_ERROR))
        . '.' . $encode(json_encode($claims, JSON_THROW_ON_ERROR));
    return $signed . '.' . $encode(hash_hmac('sha256', $signed, $secret, true));
}
