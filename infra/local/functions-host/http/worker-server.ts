import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const listening = 'tracing:net.server.listen:asyncEnd';

/**
 * Notes the HTTP servers of this process that begin to listen. The library's is one of them and says only its address:
 * here, where host and worker are one process, it can be handed a request without a second connection.
 */
export function watchServers() {
  const servers: Server[] = [];
  const note = (message: unknown): void => {
    const { server } = message as { server: unknown };
    if (server instanceof Server) servers.push(server as Server);
  };
  subscribe(listening, note);
  return {
    /** The server at this address. */
    at({ port }: URL): Server {
      const found = servers.find((each) => (each.address() as AddressInfo).port === Number(port));
      if (found === undefined) throw new Error(`No HTTP server of this process listens on port ${port}.`);
      return found;
    },
    close: () => unsubscribe(listening, note),
  };
}
