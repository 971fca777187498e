/** Whether an access token (a JWT) says that its time is over; one that cannot be read is left for the API to judge. */
export function isExpired(token: string, now: number = Date.now()): boolean {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    const { exp } = JSON.parse(payload) as { exp?: unknown };
    return typeof exp === 'number' && exp * 1000 <= now;
  } catch {
    return false;
  }
}
