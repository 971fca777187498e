/** Years of HTTPS only, as browsers want it before they remember a site for good. Seconds. */
const strictTransportSeconds = 2 * 365 * 24 * 3600;

/** Sent with every page and static file of the console: by Front Door's rules in Azure, by the local host here. */
export const pageHeaders = (issuerOrigin: string): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'self'",
    // The issuer is asked for tokens.
    `connect-src 'self' ${issuerOrigin}`,
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action 'self' ${issuerOrigin}`,
  ].join('; '),
  'strict-transport-security': `max-age=${strictTransportSeconds}; includeSubDomains`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
});
