import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { asDarkroomError, DarkroomError } from '../../shared/platform/errors.ts';
import { apiLink } from '../../shared/platform/http/links.ts';
import { problemOf } from '../../shared/platform/http/problem.ts';
import { registerRoute } from '../register-route.ts';
import type { Call } from '../../shared/platform/http/route.ts';
import { composition } from '../composition.ts';
import { makeReceiveUpload, type ReceiveUpload } from '../../shared/images/receive/receive-upload.ts';
import { readForm } from './form.ts';
import { idempotencyKeyOf, uploadId } from './idempotency.ts';
import { uploadImagesRoute, type AcceptedView } from './routes.ts';

type UploadCall = Call<typeof uploadImagesRoute>;

const bodyOf = ({ body }: HttpRequest): AsyncIterable<Uint8Array> =>
  body === null ? ReadableStream.from<Uint8Array>([]) : body;

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
  const imageId = uploadId(principal.id, idempotencyKeyOf(request.headers));
  await receive({ imageId, owner: principal.id, correlationId, bytes: bodyOf(request), length });
  const view = viewOf(imageId);
  return { status: 202, headers: { location: view.links.self }, jsonBody: { images: [view] } };
}

/** One bad file does not cost the others; when all are bad, the first one's problem is the answer. */
async function uploadForm(call: UploadCall, receive: ReceiveUpload, type: string): Promise<HttpResponseInit> {
  const { request, principal, correlationId } = call;
  const key = idempotencyKeyOf(request.headers);
  const results = await readForm(type, bodyOf(request), async (bytes, file) => {
    const imageId = uploadId(principal.id, key, file);
    await receive({ imageId, owner: principal.id, correlationId, bytes });
    return viewOf(imageId);
  });
  const images = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const problems = results.flatMap((result, file) =>
    result.status === 'rejected'
      ? [{ file, problem: problemOf(asDarkroomError(result.reason), correlationId) }]
      : [],
  );
  if (images.length === 0) {
    const [first] = results;
    if (first?.status === 'rejected') throw asDarkroomError(first.reason);
    throw new DarkroomError('empty-body', 'There is no file in the form.');
  }
  return {
    status: 202,
    headers: images.length === 1 && problems.length === 0 ? { location: images[0]!.links.self } : {},
    jsonBody: problems.length === 0 ? { images } : { images, problems },
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
  if (/^image\//i.test(type)) return uploadOne(call, receive);
  throw new DarkroomError(
    'unsupported-media-type',
    'Send the image as the body with its image/* type, or files as multipart/form-data.',
  );
});
