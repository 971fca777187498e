/** An address of the API: absolute where the public URL is known, else relative to the host that was asked. */
export const apiLink = (publicUrl: string | undefined, path: string): string =>
  `${publicUrl?.replace(/\/$/, '') ?? ''}/api${path}`;
