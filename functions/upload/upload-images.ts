import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { asDarkroomError, DarkroomError } from '../../shared/platform/errors.ts';
import { cleanFileName, fileNameIn } from '../../shared/platform/file-name.ts';
import { apiLink } from '../../shared/platform/http/links.ts';
import { problemOf } from '../../shared/platform/http/problem.ts';
import { requestBody } from '../../shared/platform/http/request-body.ts';
import { registerRoute } from '../register-route.ts';
import type { Call } from '../../shared/platform/http/route.ts';
import { composition } from '../composition.ts';
import { makeReceiveUpload, type ReceiveUpload } from '../../shared/images/receive/receive-upload.ts';
import { readForm } from './form.ts';
import { idempotencyKeyOf, uploadId } from './idempotency.ts';
import { uploadImagesRoute, type AcceptedView, type OutcomeView } from './routes.ts';

type UploadCall = Call<typeof uploadImagesRoute>;

const viewOf = (id: string): AcceptedView => ({
  id,
  status: 'received',
  links: { self: apiLink(composition.settings().DARKROOM_PUBLIC_URL, `/images/${id}`) },
});

/** Of the body, where the client announced it. Throws `too-large` before a byte of it is read. */
function lengthOf(request: HttpRequest): number | undefined {
  const { DARKROOM_MAX_UPLOAD_BYTES: maxBytes } = composition.settings();
  const header = request.headers.get('content-length');
  if (header === null) return undefined;
  const length = Number(header);
  if (length <= maxBytes) return length;
  throw new DarkroomError('too-large', `An image may have ${maxBytes} bytes.`, { details: { maxBytes } });
}

async function uploadOne(call: UploadCall, receive: ReceiveUpload): Promise<HttpResponseInit> {
  const { request, principal, correlationId } = call;
  const length = lengthOf(request);
  const key = idempotencyKeyOf(request.headers);
  const imageId = uploadId(principal.id, key);
  const bytes = requestBody(request);
  const fileName = fileNameIn(request.headers.get('content-disposition'));
  const from = { owner: principal.id, correlationId, fileName };
  await receive({ imageId, ...from, bytes, length, mayRepeat: key !== undefined });
  const view = viewOf(imageId);
  return { status: 202, headers: { location: view.links.self }, jsonBody: { images: [view] } };
}

/** 4xx when the files are at fault, 503 when one may succeed if it is sent again. */
function noneAccepted(refused: readonly DarkroomError[], images: readonly OutcomeView[]): DarkroomError {
  const first = refused.find(({ retryable }) => retryable) ?? refused[0]!;
  return new DarkroomError(first.code, first.message, {
    cause: first,
    details: { ...first.details, images },
  });
}

/** One bad file does not cost the others: each has its outcome, in the order of the form. */
async function uploadForm(call: UploadCall, receive: ReceiveUpload, type: string): Promise<HttpResponseInit> {
  const { request, principal, correlationId } = call;
  const key = idempotencyKeyOf(request.headers);
  const results = await readForm(type, requestBody(request), async (bytes, file, name) => {
    const imageId = uploadId(principal.id, key, file);
    const from = { owner: principal.id, correlationId, fileName: cleanFileName(name) };
    await receive({ imageId, ...from, bytes, mayRepeat: key !== undefined });
    return viewOf(imageId);
  });
  if (results.length === 0) throw new DarkroomError('empty-body', 'There is no file in the form.');
  const refused: DarkroomError[] = [];
  const images = results.map((result): OutcomeView => {
    if (result.status === 'fulfilled') return result.value;
    const error = asDarkroomError(result.reason);
    refused.push(error);
    return { status: 'refused', problem: problemOf(error, correlationId) };
  });
  if (refused.length === images.length) throw noneAccepted(refused, images);
  const [only] = images;
  return {
    status: refused.length === 0 ? 202 : 207,
    headers: images.length === 1 && only?.status === 'received' ? { location: only.links.self } : {},
    jsonBody: { images },
  };
}

export const uploadImages = registerRoute(uploadImagesRoute, async (call) => {
  const type = call.request.headers.get('content-type') ?? '';
  const receive = makeReceiveUpload({
    storage: await composition.storageWriter(),
    events: await composition.events(),
    clock: composition.clock(),
    maxBytes: composition.settings().DARKROOM_MAX_UPLOAD_BYTES,
    log: call.log,
  });
  if (/^multipart\/form-data\s*(;|$)/i.test(type)) return uploadForm(call, receive, type);
  // Whatever a client calls it, or does not: what it is, its bytes say.
  if (/^(image\/|application\/octet-stream\s*(;|$)|$)/i.test(type)) return uploadOne(call, receive);
  throw new DarkroomError(
    'unsupported-media-type',
    'Send the image as the body with its image/* type, or files as multipart/form-data.',
  );
});
