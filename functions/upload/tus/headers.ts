import type { HttpRequest } from '@azure/functions';
import { DarkroomError } from '../../../shared/platform/errors.ts';
import { isImageId } from '../../../shared/platform/image-id.ts';
import {
  checksumAlgorithms,
  type Checksum,
  type ChecksumAlgorithm,
} from '../../../shared/images/receive/uploads/checksum.ts';
import { uploadLimits } from '../../../shared/images/receive/uploads/limits.ts';
import type { UploadState } from '../../../shared/images/receive/uploads/state.ts';

export const tusVersion = '1.0.0';

/** Media type of a piece of an upload. */
export const pieceType = 'application/offset+octet-stream';

/** Media types are told apart without case, whatever parameters follow (RFC 9110, section 8.3.1). */
export const isPiece = (request: HttpRequest): boolean =>
  request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() === pieceType;

/** `checksum-trailer` and `concatenation-unfinished` are not among them: see docs/uploads.md. */
export const tusExtensions = [
  'creation',
  'creation-with-upload',
  'creation-defer-length',
  'expiration',
  'checksum',
  'termination',
  'concatenation',
];

const invalid = (detail: string): DarkroomError => new DarkroomError('invalid-request', detail);

/** A non-negative integer of a header; undefined when it is not there, an error when it is anything else. */
export function integerHeader(request: HttpRequest, name: string): number | undefined {
  const text = request.headers.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(value))
    throw invalid(`${name} must be a non-negative integer.`);
  return value;
}

/** Throws `unsupported-version` unless the request speaks our version. */
export function requireVersion(request: HttpRequest): void {
  if (request.headers.get('tus-resumable') === tusVersion) return;
  throw new DarkroomError('unsupported-version', `Send "Tus-Resumable: ${tusVersion}".`);
}

const isBase64 = (text: string): boolean => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0;

/** Upload-Metadata as the client sent it, after checking that it is well formed; null when there is none. */
export function metadataHeader(request: HttpRequest): string | null {
  const text = request.headers.get('upload-metadata');
  if (text === null || text === '') return null;
  if (Buffer.byteLength(text) > uploadLimits.maxMetadataBytes) {
    throw invalid(`Upload-Metadata may have ${uploadLimits.maxMetadataBytes} bytes.`);
  }
  const seen = new Set<string>();
  for (const pair of text.split(',')) {
    const [key = '', value = '', ...more] = pair.trimStart().split(' ');
    if (key === '' || !/^[\x21-\x7e]+$/.test(key))
      throw invalid('A key of Upload-Metadata is empty or not ASCII.');
    if (more.length > 0 || !isBase64(value)) throw invalid('A value of Upload-Metadata is not Base64.');
    if (seen.has(key)) throw invalid('A key of Upload-Metadata comes twice.');
    seen.add(key);
  }
  return text;
}

/** What Upload-Concat asks for; a final one names its partial uploads by their addresses here. */
export function concatenationHeader(request: HttpRequest): UploadState['concatenation'] {
  const text = request.headers.get('upload-concat');
  if (text === null) return null;
  if (text === 'partial') return { kind: 'partial' };
  const addresses = /^final;(.+)$/.exec(text)?.[1]?.trim().split(/\s+/);
  if (addresses === undefined)
    throw invalid('Upload-Concat must be "partial" or "final;" with the addresses of partial uploads.');
  if (addresses.length > uploadLimits.maxPartials)
    throw invalid(`An upload is joined from at most ${uploadLimits.maxPartials} partial ones.`);
  const partials = addresses.map((address) => {
    const id = /\/uploads\/([^/?#]+)\/?$/.exec(address)?.[1] ?? '';
    if (!isImageId(id)) throw invalid('Upload-Concat names an address that is no upload of this service.');
    return id;
  });
  return { kind: 'final', partials, header: text };
}

const isAlgorithm = (name: string): name is ChecksumAlgorithm =>
  (checksumAlgorithms as readonly string[]).includes(name);

const digestBytes: Record<ChecksumAlgorithm, number> = { sha1: 20, sha256: 32, crc32c: 4 };

export function checksumHeader(request: HttpRequest): Checksum | undefined {
  const text = request.headers.get('upload-checksum');
  if (text === null) return undefined;
  const [algorithm = '', encoded = '', ...more] = text.trim().split(' ');
  if (!isAlgorithm(algorithm))
    throw invalid(`Upload-Checksum must name one of ${checksumAlgorithms.join(', ')}.`);
  const digest = Buffer.from(encoded, 'base64');
  if (more.length > 0 || !isBase64(encoded) || digest.length !== digestBytes[algorithm]) {
    throw invalid(`The digest in Upload-Checksum is not a Base64 ${algorithm}.`);
  }
  return { algorithm, digest };
}

/** The method that is meant: some clients cannot send every method, and name it. The one that was sent is ignored. */
export const methodOf = (request: HttpRequest): string =>
  (request.headers.get('x-http-method-override') ?? request.method).toUpperCase();

const exposed =
  'Location, Tus-Version, Tus-Resumable, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Upload-Offset, Upload-Length, Upload-Defer-Length, Upload-Metadata, Upload-Concat, Upload-Expires, Retry-After, X-Correlation-Id';

/** CORS for an origin that is allowed; nothing for others, which are then refused by the browser. */
export function corsHeaders(request: HttpRequest, allowed: readonly string[]): Record<string, string> {
  const origin = request.headers.get('origin');
  if (origin === null || !allowed.includes(origin)) return {};
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed, vary: 'Origin' };
}

export const preflightHeaders = {
  'access-control-allow-methods': 'POST, HEAD, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers':
    'Authorization, Content-Type, Idempotency-Key, Tus-Resumable, Upload-Checksum, Upload-Concat, Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset, X-Correlation-Id, X-HTTP-Method-Override, X-Request-ID, X-Requested-With',
  'access-control-max-age': '86400',
};
