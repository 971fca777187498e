/** Where the API is at every host: `routePrefix` of host.json. */
export const apiPrefix = '/api';

/** An address of the API: absolute where the public URL is known, else relative to the host that was asked. */
export const apiLink = (publicUrl: string | undefined, path: string): string =>
  `${publicUrl?.replace(/\/$/, '') ?? ''}${apiPrefix}${path}`;
