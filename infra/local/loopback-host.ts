const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether a `Host` header names this machine, or one of the hosts that are told. A page of elsewhere whose name was made to
 * point here (DNS rebinding) sends its own name; who sends none (HTTP/1.0) is no browser.
 */
export function isLoopbackHost(host: string | undefined, others: readonly string[] = []): boolean {
  if (host === undefined) return true;
  const name = /^(\[[^\]]+\]|[^:]*)(?::\d{1,5})?$/.exec(host.toLowerCase())?.[1];
  return name !== undefined && (loopback.includes(name) || others.includes(name));
}
