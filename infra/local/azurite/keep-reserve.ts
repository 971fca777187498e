import { statfsSync } from 'node:fs';
import { Server, type IncomingMessage, type ServerResponse } from 'node:http';

/** With less free than this nothing more is taken, so that what runs beside can end its work, and come up again. Bytes. */
export const reserveBytes = 32 * 1024 * 1024;
/** How long an answer about the disk is good. Milliseconds. */
const freshMs = 100;

const code = 'InsufficientStorage';
const answer = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>The disk is full.</Message></Error>`;

function refuse(response: ServerResponse): void {
  response.writeHead(507, {
    'x-ms-error-code': code,
    'content-type': 'application/xml',
    connection: 'close',
  });
  response.end(answer);
}

/** Whether less than `reserve` is free where `directory` is. */
function watch(directory: string, reserve: number): () => boolean {
  let [askedAt, isFull] = [-Infinity, false];
  return () => {
    if (performance.now() - askedAt < freshMs) return isFull;
    const { bavail, bsize } = statfsSync(directory);
    [askedAt, isFull] = [performance.now(), bavail * bsize < reserve];
    return isFull;
  };
}

/** Deletes make room; leases, containers, reads, and the empty blob that takes the place of blocks need next to none. */
const takesSpace = ({ method, url = '', headers }: IncomingMessage): boolean =>
  method === 'PUT' &&
  headers['content-length'] !== '0' &&
  !/[?&](comp=(lease|metadata|tier|properties)|restype=container)\b/.test(url);

/**
 * A store on a disk that is full refuses writes with 507, before it reads them, and takes them again when there is room. Azurite itself
 * would break off in the middle.
 */
export function keepReserve(directory: string, reserve: number): void {
  const isFull = watch(directory, reserve);
  const { prototype } = Server;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its server
  const emit = prototype.emit as (this: Server, event: string, ...values: unknown[]) => boolean;
  prototype.emit = function (this: Server, event: string, ...values: unknown[]) {
    const [request, response] = values as [IncomingMessage, ServerResponse];
    if (event !== 'request' || !takesSpace(request) || !isFull()) return emit.call(this, event, ...values);
    refuse(response);
    return true;
  };
}
