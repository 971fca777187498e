import { composition } from '../../composition.ts';
import { registerRoute } from '../../register-route.ts';
import type { Call, Route } from '../../../shared/platform/http/route.ts';
import { checksumAlgorithms } from '../../../shared/images/receive/uploads/checksum.ts';
import { noSuchUpload } from '../../../shared/images/receive/uploads/sessions.ts';
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
import type { TusCall, TusVerb } from './tus.ts';

type Verbs = Readonly<Record<string, TusVerb>>;

const options = () =>
  Promise.resolve({
    status: 204,
    headers: {
      'tus-extension': tusExtensions.join(','),
      'tus-max-size': String(composition.settings().DARKROOM_MAX_IMAGE_BYTES),
      'tus-checksum-algorithm': checksumAlgorithms.join(','),
      ...preflightHeaders,
    },
  });

const ofUploads: Verbs = { POST: create };
const ofUpload: Verbs = { HEAD: head, PATCH: patch, DELETE: terminate };

/** Whatever method the request was sent with, the one that it means says what is done. */
const run =
  (verbs: Verbs) =>
  async <R extends Route>({ request, principal, correlationId }: Call<R>) => {
    const method = methodOf(request);
    if (method === 'OPTIONS') return options();
    const verb = verbs[method];
    // An address that ends with the slash is that of an upload without an id.
    if (verb === undefined && new URL(request.url).pathname.endsWith('/')) throw noSuchUpload();
    if (verb === undefined) {
      const allow = [...Object.keys(verbs), 'OPTIONS'].sort().join(', ');
      throw new DarkroomError('method-not-allowed', `This address takes ${allow}.`, { details: { allow } });
    }
    requireVersion(request);
    const { DARKROOM_MAX_IMAGE_BYTES: maxBytes } = composition.settings();
    const dependencies = { uploads: await composition.uploads(), maxBytes };
    return verb(dependencies, { request, principal, correlationId } as TusCall);
  };

registerRoute(uploadsOptionsRoute, options);
registerRoute(uploadOptionsRoute, options);

registerRoute(createUploadRoute, run(ofUploads));

registerRoute(headUploadRoute, run(ofUpload));

registerRoute(continueUploadRoute, run(ofUpload));

registerRoute(endUploadRoute, run(ofUpload));

registerRoute(overriddenUploadRoute, run(ofUpload));
