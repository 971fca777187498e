import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import type { Role } from '../../../shared/auth/principal.ts';
import { hubs } from '../../../shared/hubs.ts';
import { imageReceivedEvent } from '../../../shared/messages/image-event.ts';
import { parts } from '../../../shared/parts.ts';
import { defineRoute } from '../../../shared/http/define-route.ts';
import { registerRoute } from '../../../shared/http/register.ts';
import type { Call, Route } from '../../../shared/http/route.ts';
import { checksumAlgorithms } from '../../../shared/storage/uploads/checksum.ts';
import { DarkroomError } from '../../../shared/errors.ts';
import { create } from './create.ts';
import { completeDirect, startDirect } from './direct.ts';
import { head } from './head.ts';
import {
  corsHeaders,
  methodOf,
  pieceType,
  preflightHeaders,
  requireVersion,
  tusExtensions,
  tusVersion,
} from './headers.ts';
import { patch } from './patch.ts';
import { terminate } from './terminate.ts';
import type { TusCall, TusParts, TusVerb } from './tus.ts';

const origins = (): readonly string[] => parts.settings().DARKROOM_ALLOWED_ORIGINS;

/** Every answer names the versions that are spoken, so that a client of another one learns it from its refusal. */
const headers = (request: HttpRequest): Record<string, string> => ({
  'tus-resumable': tusVersion,
  'tus-version': tusVersion,
  ...corsHeaders(request, origins()),
});

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

const parameters = z.object({ id: z.string().describe('The upload, and the image that it becomes') });
const one: readonly Role[] = ['Uploader'];
const shared = { roles: one, headers } as const;

const methods: Record<string, TusVerb> = { HEAD: head, PATCH: patch, DELETE: terminate };

const run =
  (verb: TusVerb) =>
  async <R extends Route>({ request, principal, correlationId }: Call<R>) => {
    requireVersion(request);
    return verb(await tusParts(), { request, principal, correlationId } as TusCall);
  };

const optionsRoute = (name: string, path: string): Route => ({
  name,
  method: 'OPTIONS',
  path,
  summary: 'What the resumable uploads of this service can do; CORS preflight',
  roles: 'anyone',
  headers,
  responses: { 204: { description: 'Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm' } },
});

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

registerRoute(optionsRoute('uploadsOptions', '/uploads'), options);
registerRoute(optionsRoute('uploadOptions', '/uploads/{id}'), options);

registerRoute(
  defineRoute({
    ...shared,
    name: 'createUpload',
    method: 'POST',
    path: '/uploads',
    summary: 'Start a resumable upload (tus 1.0.0), or join partial ones',
    consumes: [pieceType],
    responses: { 201: { description: 'Location continues it; its id is the id of the image' } },
  }),
  run(create),
);

registerRoute(
  defineRoute({
    ...shared,
    name: 'headUpload',
    method: 'HEAD',
    path: '/uploads/{id}',
    summary: 'Where a resumable upload stands',
    parameters,
    responses: { 200: { description: 'Upload-Offset and Upload-Length' } },
  }),
  run(head),
);

registerRoute(
  defineRoute({
    ...shared,
    name: 'continueUpload',
    method: 'PATCH',
    path: '/uploads/{id}',
    summary: 'Send bytes at the offset where the upload stands',
    parameters,
    consumes: [pieceType],
    responses: { 204: { description: 'Upload-Offset; with the last byte it is an image' } },
  }),
  run(patch),
);

registerRoute(
  defineRoute({
    ...shared,
    name: 'endUpload',
    method: 'DELETE',
    path: '/uploads/{id}',
    summary: 'End a resumable upload and forget its bytes',
    parameters,
    responses: { 204: { description: 'It is gone' } },
  }),
  run(terminate),
);

registerRoute(
  defineRoute({
    ...shared,
    name: 'overriddenUpload',
    method: 'POST',
    path: '/uploads/{id}',
    summary: 'For clients that can only POST: X-HTTP-Method-Override names PATCH, HEAD or DELETE',
    parameters,
    consumes: [pieceType],
    responses: {
      200: { description: 'As the method that is named' },
      204: { description: 'As the method that is named' },
    },
  }),
  async (call) => {
    const verb = methods[methodOf(call.request)];
    if (verb === undefined)
      throw new DarkroomError('invalid-request', 'X-HTTP-Method-Override must name PATCH, HEAD or DELETE.');
    return run(verb)(call);
  },
);

const directAnswer = z.object({
  id: z.uuid(),
  uploadUrl: z.url().describe('PUT the bytes here, with "x-ms-blob-type: BlockBlob", or as blocks'),
  expiresAt: z.iso.datetime(),
  links: z.object({ complete: z.string(), self: z.string() }),
});

registerRoute(
  defineRoute({
    name: 'startDirectUpload',
    method: 'POST',
    path: '/uploads/direct',
    summary: 'Begin an upload that is written to the store itself, for very large files',
    roles: one,
    responses: {
      201: { description: 'An address for writing this one blob, good for an hour', schema: directAnswer },
    },
  }),
  async ({ principal, correlationId }) => ({
    status: 201,
    jsonBody: await startDirect(await tusParts(), principal, correlationId),
  }),
);

registerRoute(
  defineRoute({
    name: 'completeDirectUpload',
    method: 'POST',
    path: '/uploads/direct/{id}/complete',
    summary: 'Check what was written directly and make it an image',
    roles: one,
    parameters: z.object({ id: z.uuid() }),
    responses: { 202: { description: 'Received, as with POST /images' } },
  }),
  async ({ principal, parameters: { id } }) => {
    const image = await completeDirect(await tusParts(), principal, id);
    return { status: 202, headers: { location: image.links.self }, jsonBody: { images: [image] } };
  },
);
