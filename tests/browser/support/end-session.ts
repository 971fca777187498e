/** A page script that leaves a tab as it is after hours: that access token, and a refresh token that the issuer does not know. */
export const endSession = (expired: string) => `
  const key = Object.keys(sessionStorage).find((name) => name.startsWith('oidc.user:'));
  const user = JSON.parse(sessionStorage.getItem(key));
  user.expires_at = Math.floor(Date.now() / 1000) - 1;
  user.access_token = ${JSON.stringify(expired)};
  user.refresh_token = 'revoked';
  sessionStorage.setItem(key, JSON.stringify(user));`;
