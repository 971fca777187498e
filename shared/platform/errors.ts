/**
 * Every failure that a caller may see or a dead letter may name: a stable code, the HTTP status it maps to and
 * whether trying again later can help. docs/errors.md lists them; a test holds that the two agree.
 */
export const errorCatalog = {
  'invalid-request': { status: 400, retryable: false, title: 'The request is not well formed' },
  'empty-body': { status: 400, retryable: false, title: 'There are no bytes in the request' },
  unauthenticated: { status: 401, retryable: false, title: 'A valid access token is needed' },
  forbidden: { status: 403, retryable: false, title: 'Your role does not allow this' },
  'not-found': { status: 404, retryable: false, title: 'There is nothing here that you may see' },
  'method-not-allowed': { status: 405, retryable: false, title: 'This address does not take this method' },
  'wrong-state': { status: 409, retryable: false, title: 'Its state does not allow this' },
  conflict: { status: 409, retryable: false, title: 'Something else already has this name or key' },
  'precondition-failed': { status: 412, retryable: false, title: 'Somebody changed it since you read it' },
  'precondition-required': { status: 428, retryable: false, title: 'Say which version you saw (If-Match)' },
  'too-large': { status: 413, retryable: false, title: 'Too large' },
  'unsupported-type': {
    status: 415,
    retryable: false,
    title: 'Not an image of a type that can be processed',
  },
  'unsupported-media-type': {
    status: 415,
    retryable: false,
    title: 'The body is not of a content type that this takes',
  },
  locked: { status: 423, retryable: true, title: 'Another request has it at this moment' },
  'upload-interrupted': {
    status: 423,
    retryable: true,
    title: 'The bytes ended before they were all there; the upload goes on from its offset',
  },
  gone: { status: 410, retryable: false, title: 'The image was erased' },
  erased: { status: 409, retryable: false, title: 'This Idempotency-Key led to an image that was erased' },
  'erased-id': { status: 422, retryable: false, title: 'This id is of an image that was erased' },
  'upload-expired': { status: 410, retryable: false, title: 'This upload was not finished in time' },
  'checksum-mismatch': {
    status: 460,
    retryable: true,
    title: 'The bytes do not have the checksum that was sent',
  },
  'unsupported-version': {
    status: 412,
    retryable: false,
    title: 'This version of the protocol is not spoken here',
  },
  'range-not-satisfiable': { status: 416, retryable: false, title: 'No such range' },
  'invalid-value': { status: 422, retryable: false, title: 'A value is out of its bounds' },
  'idempotency-mismatch': {
    status: 422,
    retryable: false,
    title: 'The same Idempotency-Key came before with other bytes',
  },
  'rate-limited': { status: 429, retryable: true, title: 'Too many requests; try again later' },
  'image-corrupt': { status: 422, retryable: false, title: 'The image cannot be decoded' },
  'image-too-many-pixels': {
    status: 422,
    retryable: false,
    title: 'The image has more pixels than are accepted',
  },
  'image-too-complex': {
    status: 422,
    retryable: false,
    title: 'The file has too many parts besides its picture',
  },
  'unsupported-compression': {
    status: 415,
    retryable: false,
    title: 'The image is compressed in a way that is not read here',
  },
  'raw-not-supported': {
    status: 415,
    retryable: false,
    title: 'Camera raw files have to be developed first',
  },
  'image-truncated': { status: 422, retryable: false, title: 'The image ends before its data does' },
  'processing-timeout': { status: 422, retryable: false, title: 'Processing took longer than it may' },
  'processing-memory': { status: 422, retryable: false, title: 'Processing needed more memory than it may' },
  'processing-crashed': { status: 422, retryable: false, title: 'The decoder crashed on the image' },
  'processor-failed': { status: 500, retryable: false, title: 'A processor threw an error' },
  'id-reused': {
    status: 422,
    retryable: false,
    title: 'This id is of another image already',
  },
  'message-malformed': { status: 422, retryable: false, title: 'The message has none of the accepted forms' },
  'message-unsupported': {
    status: 422,
    retryable: false,
    title: 'The message has a type or schema version that is not supported',
  },
  'claim-check-missing': {
    status: 422,
    retryable: false,
    title: 'The bytes that the message refers to are not there',
  },
  'events-expired': {
    status: 410,
    retryable: false,
    title: 'Events expired in their hub before they were read',
  },
  'chunks-incomplete': {
    status: 422,
    retryable: false,
    title: 'Not all chunks of the image arrived in time',
  },
  'chunks-inconsistent': {
    status: 422,
    retryable: false,
    title: 'The chunks of the image do not belong together',
  },
  'digest-mismatch': {
    status: 422,
    retryable: false,
    title: 'The bytes do not have the digest that was announced',
  },
  unavailable: {
    status: 503,
    retryable: true,
    title: 'Something that this needs is not reachable; try again',
  },
  'storage-full': { status: 507, retryable: true, title: 'There is no room to store it' },
  internal: { status: 500, retryable: false, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>;

export type ErrorCode = keyof typeof errorCatalog;

export interface ErrorOptions {
  cause?: unknown;
  /** Facts for the caller, shown in the problem document: never secrets or personal data. */
  details?: Readonly<Record<string, unknown>>;
}

/** An expected failure. `message` is a sentence for the person who meets it and says what to do. */
export class DarkroomError extends Error {
  override readonly name = 'DarkroomError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }

  get status(): number {
    return errorCatalog[this.code].status;
  }

  get retryable(): boolean {
    return errorCatalog[this.code].retryable;
  }
}

/** Any thrown value as an error of ours; what is not is `internal`, with the original as its cause. */
export const asDarkroomError = (error: unknown): DarkroomError =>
  error instanceof DarkroomError
    ? error
    : new DarkroomError('internal', 'Something went wrong on our side.', { cause: error });

/** Why something failed, as rows, messages and answers show it. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Text of a reason may hold what a processor or a producer wrote: databases take no NUL and no half of a character. */
export const failureOf = ({ code, message }: DarkroomError): Failure => ({
  code,
  message: message.replaceAll('\0', ' ').toWellFormed(),
});
