import { subscribe } from 'node:diagnostics_channel';
import { Server, type IncomingMessage, type ServerResponse } from 'node:http';
import { asDarkroomError, DarkroomError } from '../../shared/platform/errors.ts';
import { problemContentType, problemOf } from '../../shared/platform/http/problem.ts';

/**
 * The host sends a streamed request twice: as an invocation over gRPC, and as HTTP to the library's own server, tied
 * together by this header. It keeps a client's value of it, forwards nothing when a header is not ASCII, and answers
 * nothing when an invocation fails, so that one odd request would wait until the function's timeout, which restarts the
 * worker for everybody (azure-functions-host, DefaultHttpProxyService). Here, each half waits for the other for a bounded
 * time, and whatever fails is answered at once.
 */
const invocationIdHeader = 'x-ms-invocation-id';

/** How long an invocation waits for its request, and a request for its invocation. */
const arrivalTimeoutMs = 15_000;

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
  response: ServerResponse | undefined;
  /** Stops the waiting for the request. */
  readonly hasArrived: () => void;
}

/** The library's listener: it needs the headers to find the invocation, and keeps the rest. */
type Deliver = (request: Pick<IncomingMessage, 'headers'>, response: unknown) => void;

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

class Guard {
  readonly #timeoutMs: number;
  readonly #invocations = new Map<string, Invocation>();
  readonly #requests = new Map<string, () => void>();
  #deliver: Deliver | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Takes the place of the library's listener, which would keep a request without an invocation for ever. */
  watch(server: Server): void {
    const [listener] = server.listeners('request') as Deliver[];
    if (listener === undefined || this.#deliver !== undefined) return;
    this.#deliver = listener;
    server.removeAllListeners('request');
    server.on('request', (request, response) => this.#receive(request, response));
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
      invocation.response = response;
      invocation.hasArrived();
      this.#deliver!(request, response);
    };
    const timer = setTimeout(() => {
      this.#requests.delete(id);
      answer(response, noInvocation(), id);
    }, this.#timeoutMs);
    this.#requests.set(id, pass);
    pass();
  }

  /** Rejects when the request does not come in time; stays pending when it comes. */
  #arrival(id: string): Promise<never> {
    return new Promise((_, reject) => {
      const timer = setTimeout(() => {
        reject(noRequest());
        // The library waits for this id without end; what it is given here nobody reads.
        this.#deliver?.({ headers: { [invocationIdHeader]: id } }, {});
      }, this.#timeoutMs);
      this.#invocations.set(id, { response: undefined, hasArrived: () => clearTimeout(timer) });
      this.#requests.get(id)?.();
    });
  }

  /** Runs a step of an invocation; a failure ends its response, which the worker would leave open. */
  async #step<T>(id: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const { response, hasArrived } = this.#invocations.get(id) ?? {};
      hasArrived?.();
      this.#invocations.delete(id);
      if (response !== undefined) {
        answer(response, asDarkroomError(error), id);
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
        getArguments: () =>
          this.#step(id, () => {
            const arrival = this.#arrival(id);
            return Promise.race([inner.getArguments(), arrival]);
          }),
        invokeFunction: (...given) => this.#step(id, () => inner.invokeFunction(...given)),
        getResponse: (...given) =>
          this.#step(id, async () => {
            const response = await inner.getResponse(...given);
            this.#invocations.delete(id);
            return response;
          }),
      };
    };
  }
}

/** Guards the invocations of this process; to be called before the library's server begins to listen. */
export function guardInvocations(model: ProgrammingModel, timeoutMs: number = arrivalTimeoutMs): void {
  const guard = new Guard(timeoutMs);
  guard.protect(model);
  subscribe('tracing:net.server.listen:asyncEnd', (message) => {
    const { server } = message as { server: unknown };
    if (server instanceof Server) guard.watch(server as Server);
  });
}
