import type { Socket } from 'node:net';
import { writableOrClosed } from '../backlog.ts';
import { limits } from '../limits.ts';
import type { KafkaApi, Respond, Session } from './api.ts';
import { apiVersionsKey, writeApiVersions } from './apis/api-versions.ts';
import { apis } from './apis/index.ts';
import { signIn } from './apis/sasl.ts';
import { errorCodes } from './error-codes.ts';
import { WireReader, WireWriter } from './wire.ts';

const byKey = new Map(apis.map((api) => [api.key, api]));
/** Requests that a connection may have under way before it is not read on. */
const maxUnderWay = 32;

/** One client: requests in, and their responses out in the same order. */
export class KafkaConnection {
  readonly #socket: Socket;
  readonly #session: Session;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #underWay = 0;
  #responses: Promise<void> = Promise.resolve();

  constructor(socket: Socket, session: Omit<Session, 'gone'>) {
    const gone = new AbortController();
    this.#socket = socket;
    this.#session = { ...session, gone: gone.signal };
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => gone.abort());
  }

  #onData(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    try {
      for (let request = this.#next(); request && !this.#socket.destroyed; request = this.#next()) {
        this.#serve(request);
      }
    } catch {
      // What cannot be read cannot be answered: like Kafka, end the connection.
      this.#socket.destroy();
    }
  }

  /** The next whole request, without its length; chunks are joined once, when all of it is there. */
  #next(): Buffer | undefined {
    if (this.#buffered < 4) return undefined;
    if (this.#chunks[0]!.length < 4) this.#chunks = [Buffer.concat(this.#chunks)];
    const length = this.#chunks[0]!.readInt32BE(0);
    if (length < 8 || length > limits.kafkaRequestBytes)
      throw new RangeError('No Kafka request has that length.');
    if (this.#buffered < 4 + length) return undefined;
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#chunks = bytes.length > 4 + length ? [bytes.subarray(4 + length)] : [];
    this.#buffered -= 4 + length;
    return bytes.subarray(4, 4 + length);
  }

  #serve(bytes: Buffer): void {
    if (this.#session.expectsCredentials) {
      this.#takeCredentials(bytes);
      return;
    }
    const api = byKey.get(bytes.readInt16BE(0));
    const version = bytes.readInt16BE(2);
    const correlation = bytes.readInt32BE(4);
    if (!api || (this.#session.signedInUntil <= Date.now() && api.needsNoSignIn !== true)) {
      throw new Error('An API that is not here, or not before sign-in.');
    }
    const [first, last] = api.versions;
    if (version < first || version > last) {
      if (api.key !== apiVersionsKey) throw new Error('A version that was not announced.');
      this.#answer(api, 0, correlation, (response) =>
        writeApiVersions(response, 0, apis, errorCodes.unsupportedVersion),
      );
      return;
    }
    this.#answer(api, version, correlation, this.#handle(api, version, bytes));
  }

  #handle(api: KafkaApi, version: number, bytes: Buffer): Promise<Respond> | Respond {
    const header = new WireReader(bytes, 8, false);
    this.#session.clientId = header.string();
    const request = new WireReader(bytes, header.position, version >= api.flexibleFrom);
    request.tags();
    return api.handle(request, version, this.#session);
  }

  /** Credentials as they were before SaslAuthenticate: an empty answer for good ones, the end for others. */
  #takeCredentials(credentials: Buffer): void {
    this.#session.expectsCredentials = false;
    this.#inOrder(async () => {
      if (!(await signIn(this.#session, credentials))) throw new Error('Wrong credentials.');
      return () => this.#socket.write(Buffer.alloc(4));
    });
  }

  #answer(api: KafkaApi, version: number, correlation: number, result: Promise<Respond> | Respond): void {
    this.#inOrder(async () => {
      const respond = await result;
      return respond && (() => this.#write(api, version, correlation, respond));
    });
  }

  /** Does the work of a request, and writes its response behind those of earlier ones. */
  #inOrder(work: () => Promise<(() => void) | undefined>): void {
    this.#underWay++;
    if (this.#underWay >= maxUnderWay) this.#socket.pause();
    const earlier = this.#responses;
    this.#responses = (async () => {
      try {
        const write = await work();
        await earlier;
        write?.();
        await this.#backlog();
      } catch {
        this.#socket.destroy();
      } finally {
        this.#underWay--;
        if (this.#underWay < maxUnderWay) this.#socket.resume();
      }
    })();
  }

  #write(api: KafkaApi, version: number, correlation: number, respond: NonNullable<Respond>): void {
    const response = new WireWriter(version >= api.flexibleFrom);
    response.int32(correlation);
    // ApiVersions keeps the old header, so that clients of any age can read its answer.
    if (api.key !== apiVersionsKey) response.tags();
    respond(response);
    const { parts } = response;
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(
      parts.reduce((sum, part) => sum + part.length, 0),
      0,
    );
    this.#socket.cork();
    this.#socket.write(length);
    for (const part of joinSmall(parts)) this.#socket.write(part);
    this.#socket.uncork();
  }

  async #backlog(): Promise<void> {
    if (this.#socket.writableLength >= limits.socketBacklogBytes) await writableOrClosed(this.#socket);
  }
}

/** Fields of a few bytes together, large ones (records) as they are. */
function joinSmall(parts: readonly Buffer[]): Buffer[] {
  const joined: Buffer[] = [];
  let small: Buffer[] = [];
  for (const part of parts) {
    if (part.length < 4096) {
      small.push(part);
      continue;
    }
    joined.push(Buffer.concat(small), part);
    small = [];
  }
  return [...joined, Buffer.concat(small)];
}
