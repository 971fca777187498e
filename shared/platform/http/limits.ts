/**
 * How long a request may take on its way, each limit under the one around it, so that whoever waits is answered by the one
 * who knows most: our code, Front Door, the host's proxy (240 s, its own), the host. docs/functions-host.md tells why.
 */
export const requestTimes = {
  /** An invocation of an HTTP function is answered by then. */
  invocationMs: 220_000,
  /** What Front Door waits for an answer. */
  edgeSeconds: 235,
  /** Of the apps that answer people; an overrun ends their worker. */
  functionTimeout: '00:05:00',
} as const;
