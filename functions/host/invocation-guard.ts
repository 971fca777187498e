import { subscribe } from 'node:diagnostics_channel';
import { Server, type IncomingMessage, type ServerResponse } from 'node:http';
import { asDarkroomError, DarkroomError } from '../../shared/platform/errors.ts';
import { requestTimes } from '../../shared/platform/http/limits.ts';
import { problemContentType, problemOf } from '../../shared/platform/http/problem.ts';

/**
 * The host sends a streamed request twice: as an invocation over gRPC, and as HTTP to the library's own server, tied
 * together by this header. It keeps a client's value of it, forwards nothing when a header is not ASCII, and answers
 * nothing when an invocation fails, so that one odd request would wait until the function's timeout, which restarts the
 * worker for everybody (azure-functions-host, DefaultHttpProxyService). Here, each half waits for the other for a bounded
 * time, and whatever fails is answered at once.
 */
const invocationIdHeader = 'x-ms-invocation-id';

const times: GuardTimes = { arrivalMs: 15_000, invocationMs: requestTimes.invocationMs };

interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: unknown): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<unknown>;
}

interface CoreContext {
  readonly invocationId: string;
  readonly metadata: { readonly bindings: Readonly<Record<string, { readonly type: string }>> };
}

/** What `@azure/functions-core` of the worker hands out, as far as it is used here. */
export interface ProgrammingModel {
  getInvocationModel(context: CoreContext): InvocationModel;
}

interface Invocation {
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse } | undefined;
  /** Rejects when the request does not come, or the answer is not there, in time; stays pending otherwise. */
  readonly isLate: Promise<never>;
  /** Stops the waiting for the request. */
  readonly hasArrived: () => void;
  readonly end: () => void;
}

/** The library's listener: it needs the headers to find the invocation, and keeps the rest. */
type Deliver = (request: Pick<IncomingMessage, 'headers'>, response: unknown) => void;

export interface GuardTimes {
  /** How long an invocation waits for its request, and a request for its invocation. */
  readonly arrivalMs: number;
  /** How long an invocation may take: an overrun of the host's own limit would end the worker. */
  readonly invocationMs: number;
}

const isHttp = ({ metadata }: CoreContext): boolean =>
  Object.values(metadata.bindings).some(({ type }) => type.toLowerCase() === 'httptrigger');

const noRequest = (): DarkroomError =>
  new DarkroomError(
    'invalid-request',
    'The request has a header that cannot be passed on; send it in ASCII.',
  );

const noInvocation = (): DarkroomError =>
  new DarkroomError('invalid-request', `The header ${invocationIdHeader} belongs to the host; leave it out.`);

/** Ends a response that nobody else will end: with a problem, or by cutting what has begun. */
function answer(response: ServerResponse, error: DarkroomError, id: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = error.status;
  response.setHeader('content-type', problemContentType);
  response.write(Buffer.from(JSON.stringify(problemOf(error, id))));
  response.end();
}

/** Asks for the body (RFC 9110, 10.1.1) when somebody first reads it, so that a refused request sends none. */
function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const read = request._read.bind(request);
  request._read = (size) => {
    request._read = read;
    if (!response.headersSent) response.writeContinue();
    read(size);
  };
}

const tooLate = (): DarkroomError =>
  new DarkroomError('unavailable', 'The request took longer than it may: send it again, or less at once.');

class Guard {
  readonly #times: GuardTimes;
  readonly #invocations = new Map<string, Invocation>();
  readonly #requests = new Map<string, () => void>();
  #deliver: Deliver | undefined;

  constructor(given: GuardTimes) {
    this.#times = given;
  }

  /** Takes the place of the library's listener, which would keep a request without an invocation for ever. */
  watch(server: Server): void {
    const [listener] = server.listeners('request') as Deliver[];
    if (listener === undefined || this.#deliver !== undefined) return;
    this.#deliver = listener;
    server.removeAllListeners('request');
    server.on('request', (request, response) => this.#receive(request, response));
    // Other expectations are let pass (RFC 9110, 10.1.1): Node alone would answer a bare 417.
    server.on('checkExpectation', (request, response) => this.#receive(request, response));
    server.on('checkContinue', (request, response) => {
      continueWhenRead(request, response);
      this.#receive(request, response);
    });
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const id = request.headers[invocationIdHeader];
    if (typeof id !== 'string' || this.#requests.has(id)) {
      answer(response, noInvocation(), 'unknown');
      return;
    }
    const pass = () => {
      const invocation = this.#invocations.get(id);
      if (invocation === undefined) return;
      clearTimeout(timer);
      this.#requests.delete(id);
      invocation.exchange = { request, response };
      invocation.hasArrived();
      this.#deliver!(request, response);
    };
    const timer = setTimeout(() => {
      this.#requests.delete(id);
      answer(response, noInvocation(), id);
    }, this.#times.arrivalMs);
    this.#requests.set(id, pass);
    pass();
  }

  /** Begins to wait: for the request first, and for the end of the invocation. */
  #begin(id: string): void {
    const { promise: isLate, reject } = Promise.withResolvers<never>();
    isLate.catch(() => undefined);
    const arrival = setTimeout(() => {
      reject(noRequest());
      // The library waits for this id without end; what it is given here nobody reads.
      this.#deliver?.({ headers: { [invocationIdHeader]: id } }, {});
    }, this.#times.arrivalMs);
    const deadline = setTimeout(() => reject(tooLate()), this.#times.invocationMs);
    this.#invocations.set(id, {
      exchange: undefined,
      isLate,
      hasArrived: () => clearTimeout(arrival),
      end: () => {
        clearTimeout(arrival);
        clearTimeout(deadline);
        this.#invocations.delete(id);
      },
    });
    this.#requests.get(id)?.();
  }

  /** Runs a step of an invocation in its time; a failure ends its response, which the worker would leave open. */
  async #step<T>(id: string, run: () => Promise<T>): Promise<T> {
    const invocation = this.#invocations.get(id)!;
    try {
      return await Promise.race([run(), invocation.isLate]);
    } catch (error) {
      invocation.end();
      if (invocation.exchange !== undefined) {
        const { request, response } = invocation.exchange;
        answer(response, asDarkroomError(error), id);
        // Who still reads the body of an invocation that has ended is told so.
        response.once('close', () => request.destroy());
      }
      throw error;
    }
  }

  protect(model: ProgrammingModel): void {
    const original = model.getInvocationModel.bind(model);
    model.getInvocationModel = (context) => {
      const inner = original(context);
      if (!isHttp(context)) return inner;
      const id = context.invocationId;
      return {
        getArguments: () => {
          this.#begin(id);
          return this.#step(id, () => inner.getArguments());
        },
        invokeFunction: (...given) => this.#step(id, () => inner.invokeFunction(...given)),
        getResponse: async (...given) => {
          const { end } = this.#invocations.get(id)!;
          const response = await this.#step(id, () => inner.getResponse(...given));
          end();
          return response;
        },
      };
    };
  }
}

/** Guards the invocations of this process; to be called before the library's server begins to listen. */
export function guardInvocations(model: ProgrammingModel, given: Partial<GuardTimes> = {}): void {
  const guard = new Guard({ ...times, ...given });
  guard.protect(model);
  subscribe('tracing:net.server.listen:asyncEnd', (message) => {
    const { server } = message as { server: unknown };
    if (server instanceof Server) guard.watch(server as Server);
  });
}
