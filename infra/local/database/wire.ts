/** Framing of PostgreSQL's wire protocol, version 3: enough to pass whole messages on and to see who waits for what. */

const startupHeaderBytes = 8;

export const requests = { protocol3: 196_608, ssl: 80_877_103, gss: 80_877_104, cancel: 80_877_102 } as const;

export interface Startup {
  readonly code: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly bytes: number;
}

/** The untyped first message of a connection; undefined until it is whole. */
export function readStartup(buffer: Buffer): Startup | undefined {
  if (buffer.length < startupHeaderBytes) return undefined;
  const bytes = buffer.readInt32BE(0);
  if (bytes < startupHeaderBytes || bytes > 10_000)
    throw new Error('The startup message has no valid length.');
  if (buffer.length < bytes) return undefined;
  const words = buffer.toString('utf8', startupHeaderBytes, bytes).split('\0');
  const parameters: Record<string, string> = {};
  for (let index = 0; index + 1 < words.length && words[index] !== ''; index += 2) {
    parameters[words[index]!] = words[index + 1]!;
  }
  return { code: buffer.readInt32BE(4), parameters, bytes };
}

/** How many of the buffer's first bytes are whole, typed messages. */
export function wholeMessages(buffer: Buffer): number {
  let end = 0;
  while (buffer.length - end >= 5) {
    const length = buffer.readInt32BE(end + 1);
    if (length < 4) throw new Error('A message has no valid length.');
    if (end + 1 + length > buffer.length) break;
    end += 1 + length;
  }
  return end;
}

const terminateType = 'X'.charCodeAt(0);

/** Whether these whole messages end with a Terminate, and how many bytes come before it. */
export function beforeTerminate(messages: Buffer): { bytes: number; terminates: boolean } {
  for (let at = 0; at < messages.length; at += 1 + messages.readInt32BE(at + 1)) {
    if (messages[at] === terminateType) return { bytes: at, terminates: true };
  }
  return { bytes: messages.length, terminates: false };
}

const errorResponse = 'E'.charCodeAt(0);

/** The message of the first ErrorResponse among whole backend messages. */
export function errorIn(messages: Buffer): string | undefined {
  for (let at = 0; at < messages.length; at += 1 + messages.readInt32BE(at + 1)) {
    if (messages[at] !== errorResponse) continue;
    const fields = messages.toString('utf8', at + 5, at + 1 + messages.readInt32BE(at + 1)).split('\0');
    return fields.find((field) => field.startsWith('M'))?.slice(1) ?? 'unknown error';
  }
  return undefined;
}

const readyForQuery = 'Z'.charCodeAt(0);

/**
 * Follows what the backend sends, in chunks of any size, and knows the status of its last ReadyForQuery: `I` idle,
 * `T` in a transaction, `E` in a failed one; undefined while a cycle is under way.
 */
export class StatusFollower {
  private last: string | undefined;
  private header = Buffer.alloc(0);
  private skip = 0;

  status(): string | undefined {
    return this.last;
  }

  begin(): void {
    this.last = undefined;
  }

  follow(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const skipped = Math.min(this.skip, chunk.length - at);
      this.skip -= skipped;
      at += skipped;
      if (at === chunk.length) return;
      const needed = 6 - this.header.length;
      this.header = Buffer.concat([this.header, chunk.subarray(at, at + needed)]);
      at += needed;
      at = this.endOfHeader(at);
    }
  }

  /** Five bytes tell type and length; a sixth is read too, as ReadyForQuery keeps its status there. */
  private endOfHeader(at: number): number {
    while (this.header.length >= 5) {
      const body = this.header.readInt32BE(1) - 4;
      if (this.header[0] === readyForQuery && this.header.length < 6) return at;
      this.last = this.header[0] === readyForQuery ? String.fromCharCode(this.header[5]!) : undefined;
      const surplus = this.header.length - 5;
      if (body >= surplus) {
        this.skip = body - surplus;
        this.header = Buffer.alloc(0);
      } else {
        this.header = this.header.subarray(5 + body);
      }
      if (this.skip > 0) return at;
    }
    return at;
  }
}

export function message(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)),
  );
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

export const query = (text: string): Buffer => message('Q', text);
export const sync = message('S');

/** A fatal ErrorResponse: the connection ends after it. */
export const fatal = (sqlState: string, text: string): Buffer =>
  message('E', ...[`SFATAL`, `VFATAL`, `C${sqlState}`, `M${text}`], Buffer.from([0]));
