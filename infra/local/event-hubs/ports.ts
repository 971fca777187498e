import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP port, taken but not yet served: connections wait until `open` is called. */
export interface TakenPort {
  readonly port: number;
  /** Hands over the server's connections, those that came meanwhile first. */
  open(onConnection: (socket: Socket) => void): void;
  /** Ends every connection and lets the port go. */
  close(): Promise<void>;
}

/** Takes a port (0: any free one); when somebody has it, the error says which and how to choose another. */
export async function takePort(host: string, port: number, purpose: string): Promise<TakenPort> {
  const sockets = new Set<Socket>();
  let serve: ((socket: Socket) => void) | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve?.(socket);
  });
  await listen(server, host, port, purpose);
  return {
    port: (server.address() as AddressInfo).port,
    open(onConnection) {
      serve = onConnection;
      for (const socket of sockets) onConnection(socket);
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const listen = (server: Server, host: string, port: number, purpose: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      const help = `Port ${port} (${purpose}) is taken: stop what listens there, or choose another port.`;
      reject(isTaken ? new Error(help, { cause: error }) : error);
    });
    server.listen(port, host, () => resolve());
  });
