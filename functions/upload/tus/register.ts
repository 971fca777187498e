import { hubs } from '../../../shared/stream/hubs.ts';
import { imageReceivedEvent } from '../../../shared/images/store/image-received-event.ts';
import { composition } from '../../composition.ts';
import { registerRoute } from '../../register-route.ts';
import type { Call, Route } from '../../../shared/platform/http/route.ts';
import { checksumAlgorithms } from '../../../shared/images/receive/uploads/checksum.ts';
import { DarkroomError } from '../../../shared/platform/errors.ts';
import { create } from './create.ts';
import { head } from './head.ts';
import { methodOf, preflightHeaders, requireVersion, tusExtensions } from './headers.ts';
import { patch } from './patch.ts';
import {
  continueUploadRoute,
  createUploadRoute,
  endUploadRoute,
  headUploadRoute,
  overriddenUploadRoute,
  uploadOptionsRoute,
  uploadsOptionsRoute,
} from './routes.ts';
import { terminate } from './terminate.ts';
import type { TusCall, TusDependencies, TusVerb } from './tus.ts';

async function tusDependencies(): Promise<TusDependencies> {
  const [uploads, events] = await Promise.all([composition.uploads(), composition.events()]);
  return {
    uploads,
    maxBytes: composition.settings().DARKROOM_MAX_RESUMABLE_BYTES,
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
    return verb(await tusDependencies(), { request, principal, correlationId } as TusCall);
  };

const options = () =>
  Promise.resolve({
    status: 204,
    headers: {
      'tus-extension': tusExtensions.join(','),
      'tus-max-size': String(composition.settings().DARKROOM_MAX_RESUMABLE_BYTES),
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
