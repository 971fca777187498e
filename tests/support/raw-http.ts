import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Everything that came, interim answers included, in Latin-1. */
  readonly text: string;
  readonly body: string;
  /** How the connection ended: by the server's end, its reset, or not within the time. */
  readonly end: 'ended' | 'cut' | 'open';
}

export interface RawRequest {
  /** Written when the head has gone, with the bytes that came since; may wait for them. */
  readonly body?: string | Buffer | ((socket: { write(data: string | Buffer): unknown }) => Promise<void>);
  readonly waitMs?: number;
  /** The client ends its half of the connection so long after what it sends. Milliseconds. */
  readonly halfCloseAfterMs?: number;
}

function dechunked(body: string): string {
  let text = '';
  let rest = body;
  for (;;) {
    const [line = ''] = rest.split('\r\n', 1);
    const size = Number.parseInt(line, 16);
    if (!(size > 0)) return text;
    text += rest.slice(line.length + 2, line.length + 2 + size);
    rest = rest.slice(line.length + 4 + size);
  }
}

function parse(text: string, end: RawAnswer['end']): RawAnswer {
  const final = text.replace(/^(?:HTTP\/1\.1 1\d\d[^]*?\r\n\r\n)+/, '');
  const [head = '', ...rest] = final.split('\r\n\r\n');
  const headers = Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
  ) as Record<string, string>;
  const body = rest.join('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
    headers,
    text,
    body: headers['transfer-encoding'] === 'chunked' ? dechunked(body) : body,
    end,
  };
}

/** Sends these header lines as they are; what `fetch` would refuse to send, too. */
export function sendRaw(
  address: URL,
  lines: readonly string[],
  options: RawRequest = {},
): Promise<RawAnswer> {
  const { body = '', waitMs = 4_000, halfCloseAfterMs } = options;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(address.port || 80), address.hostname);
    const finish = (end: RawAnswer['end']) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(parse(Buffer.concat(chunks).toString('latin1'), end));
    };
    const timer = setTimeout(() => finish('open'), waitMs);
    socket
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => finish('ended'))
      .on('error', () => finish('cut'));
    socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
    if (typeof body === 'function') void body(socket);
    else if (body.length > 0) socket.write(body);
    if (halfCloseAfterMs === 0) socket.end();
    else if (halfCloseAfterMs !== undefined) setTimeout(() => socket.end(), halfCloseAfterMs).unref();
  });
}

/** A request whose connection ends with its answer. */
export const ask = (
  address: URL,
  line: string,
  headers: readonly string[] = [],
  options: RawRequest = {},
): Promise<RawAnswer> =>
  sendRaw(address, [`${line} HTTP/1.1`, ...headers, `Host: ${address.host}`, 'Connection: close'], options);
