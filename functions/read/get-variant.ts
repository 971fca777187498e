import type { HttpResponseInit } from '@azure/functions';
import { DarkroomError } from '../../shared/platform/errors.ts';
import { fileNameParameter } from '../../shared/platform/file-name.ts';
import { requireRole } from '../../shared/platform/http/handler.ts';
import { cacheControl } from '../../shared/images/read/cache-control.ts';
import { openAhead, type OpenAhead } from '../../shared/images/read/open-ahead.ts';
import { explicitRange, isNotModified, mayUseRange, rangeOf } from '../../shared/images/read/range.ts';
import { registerRoute } from '../register-route.ts';
import type { Call } from '../../shared/platform/http/route.ts';
import { composition } from '../composition.ts';
import { servable, type Servable } from '../../shared/images/read/servable.ts';
import { versionOf } from '../../shared/images/read/signed-url.ts';
import type { LocatedVariant, StorageReader } from '../../shared/images/store/ports.ts';
import { visible } from './access.ts';
import { getVariantRoute } from './routes.ts';

type VariantCall = Call<typeof getVariantRoute>;

/** A signed address, or what somebody made of one. */
const isSigned = ({ query }: VariantCall['request']): boolean =>
  [...query.keys()].some((name) => /^(version|expires|signature)$/i.test(name));

/** Answers the moment until which the address is good; undefined for a call that shows a token instead. */
function checkAddress({ request, parameters, principal }: VariantCall): Date | undefined {
  if (isSigned(request)) {
    const check = composition.urlSigner().check(new URL(request.url), parameters.id, parameters.variant);
    if (typeof check === 'object') return new Date(check.expires * 1000);
    if (principal === undefined) {
      const fault = check === 'expired' ? 'has expired' : 'was not made by us';
      throw new DarkroomError('forbidden', `This address ${fault}; read the image again for a new one.`);
    }
  }
  if (principal === undefined) {
    throw new DarkroomError(
      'unauthenticated',
      'Send an access token, or use the signed address of a variant.',
      {
        details: { missing: true },
      },
    );
  }
  requireRole(principal, ['Uploader', 'Engineering']);
  return undefined;
}

const dispositionOf = ({ fileName, givenName }: Servable): string =>
  `inline; filename="${fileName}"${givenName === undefined ? '' : `; ${fileNameParameter(givenName)}`}`;

async function answer(
  request: VariantCall['request'],
  file: Servable,
  headers: Record<string, string>,
): Promise<HttpResponseInit> {
  const etag = headers['etag']!;
  if (isNotModified(request.headers.get('if-none-match'), etag)) return { status: 304, headers };
  const range = mayUseRange(request.headers.get('if-range'), etag)
    ? rangeOf(request.headers.get('range'), file.bytes)
    : undefined;
  const length = range === undefined ? file.bytes : range.end - range.start + 1;
  const partial =
    range === undefined ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${file.bytes}` };
  return {
    status: range === undefined ? 200 : 206,
    headers: { ...headers, ...partial, 'content-type': file.contentType, 'content-length': String(length) },
    ...(request.method === 'HEAD' ? {} : { body: await file.open(range) }),
  };
}

function locatedFor(
  call: VariantCall,
  until: Date | undefined,
  found: LocatedVariant | undefined,
): LocatedVariant {
  const { principal } = call;
  if (until === undefined && principal !== undefined) visible(found?.image, principal);
  if (found !== undefined) return found;
  throw new DarkroomError('not-found', 'This image is gone.');
}

/** Where the answer will have bytes, and which they are is clear from the request alone. */
function ahead({ request, parameters }: VariantCall, reader: StorageReader): OpenAhead | undefined {
  const [range, isConditional] = [
    request.headers.get('range'),
    ['if-none-match', 'if-range'].some((name) => request.headers.has(name)),
  ];
  const wanted = explicitRange(range);
  if (request.method !== 'GET' || isConditional || (range !== null && wanted === undefined)) return undefined;
  return openAhead(reader, parameters.id, parameters.variant, wanted);
}

async function serve(
  call: VariantCall,
  until: Date | undefined,
  reader: StorageReader,
  opening: OpenAhead | undefined,
): Promise<HttpResponseInit> {
  const { id, variant } = call.parameters;
  const located = locatedFor(call, until, await reader.locate(id, variant));
  const file = servable(reader, located, variant, opening);
  return answer(call.request, file, {
    etag: `"${file.sha256}"`,
    'accept-ranges': 'bytes',
    'cache-control': cacheControl(until, {
      now: composition.clock().now(),
      deleteAt: located.image.deleteAt,
      isPresent: call.query.version === versionOf(file.sha256),
    }),
    'content-disposition': dispositionOf(file),
    'content-security-policy': "default-src 'none'; sandbox",
    ...(until === undefined ? { vary: 'authorization' } : {}),
  });
}

registerRoute(getVariantRoute, async (call) => {
  const until = checkAddress(call);
  const reader = await composition.storageReader();
  const opening = ahead(call, reader);
  try {
    return await serve(call, until, reader, opening);
  } finally {
    opening?.drop();
  }
});
