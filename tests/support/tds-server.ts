import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

const types = { batch: 0x01, rpc: 0x03, reply: 0x04, login: 0x10, preLogin: 0x12 } as const;

const uint16 = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8]);
const uint32 = (value: number): Buffer => Buffer.from(new Uint32Array([value]).buffer);
const shortText = (text: string): Buffer =>
  Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'utf16le')]);

/** A packet that is a whole message (MS-TDS 2.2.3). */
function packet(body: Buffer): Buffer {
  const header = Buffer.from([types.reply, 0x01, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(body.length + header.length, 2);
  return Buffer.concat([header, body]);
}

const token = (kind: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([kind]), uint16(body.length), body]);

const done = (isError: boolean): Buffer => Buffer.from([0xfd, isError ? 2 : 0, ...Array<number>(11).fill(0)]);

/** Version 16, and no encryption. */
const preLogin = Buffer.from([...[0x00, 0, 11, 0, 6, 0x01, 0, 17, 0, 1, 0xff], ...[16, 0, 0, 0, 0, 0, 0x02]]);

const loginAck = token(
  0xad,
  Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4]), shortText('fake'), Buffer.from([16, 0, 0, 0])]),
);

const errorToken = (number: number, message: string): Buffer =>
  token(
    0xaa,
    Buffer.concat([
      ...[uint32(number), Buffer.from([1, 16]), uint16(message.length), Buffer.from(message, 'utf16le')],
      ...[shortText('fake'), shortText(''), uint32(1)],
    ]),
  );

/**
 * As much of a TDS server as a driver needs to sign in and to send a batch, which it answers with nothing. While it is
 * paused it refuses logins as Azure SQL does, and has no connections.
 */
export async function startTdsServer() {
  const sockets = new Set<Socket>();
  const seen = { logins: 0, refused: 0, calls: 0 };
  let refusals = 0;
  const answers: Readonly<Record<number, (message: Buffer) => Buffer>> = {
    [types.preLogin]: () => preLogin,
    [types.login]: () => {
      seen.logins += 1;
      if (refusals === 0) return Buffer.concat([loginAck, done(false)]);
      refusals -= 1;
      seen.refused += 1;
      const words =
        "Database 'darkroom' on server 'dr-sql' is not currently available.  Please retry the connection later.  " +
        "If the problem persists, contact customer support, and provide them the session tracing ID of '{0}'.";
      return Buffer.concat([errorToken(40613, words), done(true)]);
    },
    [types.batch]: () => done(false),
    [types.rpc]: (message) => {
      if (message.includes(Buffer.from('EXEC', 'utf16le'))) seen.calls += 1;
      return done(false);
    },
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let waiting = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      waiting = Buffer.concat([waiting, bytes]);
      while (waiting.length >= 8 && waiting.length >= waiting.readUInt16BE(2)) {
        const [type, status, length] = [waiting[0]!, waiting[1]!, waiting.readUInt16BE(2)];
        const message = waiting.subarray(8, length);
        waiting = waiting.subarray(length);
        const answer = answers[type];
        if ((status & 1) === 1 && answer !== undefined) socket.write(packet(answer(message)));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    address: `Server=tcp:127.0.0.1,${port};Database=darkroom;User Id=u;Password=p;Encrypt=false`,
    /** Ends every connection, and refuses the next logins while it resumes. */
    pause(logins: number): void {
      refusals = logins;
      for (const socket of sockets) socket.destroy();
    },
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
