import { hubs } from '../../../shared/hubs.ts';
import { imageReceivedEvent } from '../../../shared/messages/image-event.ts';
import { parts } from '../../../shared/parts.ts';
import { registerRoute } from '../../../shared/http/register.ts';
import type { Call, Route } from '../../../shared/http/route.ts';
import { checksumAlgorithms } from '../../../shared/storage/uploads/checksum.ts';
import { DarkroomError } from '../../../shared/errors.ts';
import { create } from './create.ts';
import { completeDirect, startDirect } from './direct.ts';
import { head } from './head.ts';
import { methodOf, preflightHeaders, requireVersion, tusExtensions } from './headers.ts';
import { patch } from './patch.ts';
import {
  completeDirectRoute,
  continueUploadRoute,
  createUploadRoute,
  endUploadRoute,
  headUploadRoute,
  overriddenUploadRoute,
  startDirectRoute,
  uploadOptionsRoute,
  uploadsOptionsRoute,
} from './routes.ts';
import { terminate } from './terminate.ts';
import type { TusCall, TusParts, TusVerb } from './tus.ts';

async function tusParts(): Promise<TusParts> {
  const [uploads, events] = await Promise.all([parts.uploads(), parts.events()]);
  return {
    uploads,
    maxBytes: parts.settings().DARKROOM_MAX_RESUMABLE_BYTES,
    announce: ({ id: imageId, owner, correlationId, createdAt }) =>
      events.send(
        hubs.stream,
        imageReceivedEvent({ imageId, owner, correlationId, at: new Date(createdAt) }),
      ),
  };
}

const methods: Record<string, TusVerb> = { HEAD: head, PATCH: patch, DELETE: terminate };

const run =
  (verb: TusVerb) =>
  async <R extends Route>({ request, principal, correlationId }: Call<R>) => {
    requireVersion(request);
    return verb(await tusParts(), { request, principal, correlationId } as TusCall);
  };

const options = () =>
  Promise.resolve({
    status: 204,
    headers: {
      'tus-extension': tusExtensions.join(','),
      'tus-max-size': String(parts.settings().DARKROOM_MAX_RESUMABLE_BYTES),
      'tus-checksum-algorithm': checksumAlgorithms.join(','),
      ...preflightHeaders,
    },
  });

registerRoute(uploadsOptionsRoute, options);
registerRoute(uploadOptionsRoute, options);

registerRoute(createUploadRoute, run(create));

registerRoute(headUploadRoute, run(head));

registerRoute(continueUploadRoute, run(patch));

registerRoute(endUploadRoute, run(terminate));

registerRoute(overriddenUploadRoute, async (call) => {
  const verb = methods[methodOf(call.request)];
  if (verb === undefined)
    throw new DarkroomError('invalid-request', 'X-HTTP-Method-Override must name PATCH, HEAD or DELETE.');
  return run(verb)(call);
});

registerRoute(startDirectRoute, async ({ principal, correlationId }) => ({
  status: 201,
  jsonBody: await startDirect(await tusParts(), principal, correlationId),
}));

registerRoute(completeDirectRoute, async ({ principal, parameters: { id } }) => {
  const image = await completeDirect(await tusParts(), principal, id);
  return { status: 202, headers: { location: image.links.self }, jsonBody: { images: [image] } };
});
