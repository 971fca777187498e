import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import type { Role } from '../../../shared/platform/auth/principal.ts';
import { composition } from '../../composition.ts';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import type { Route } from '../../../shared/platform/http/route.ts';
import { corsHeaders, pieceType, tusVersion } from './headers.ts';

const origins = (): readonly string[] => composition.settings().DARKROOM_ALLOWED_ORIGINS;

/** Every answer names the versions that are spoken, so that a client of another one learns it from its refusal. */
const headers = (request: HttpRequest): Record<string, string> => ({
  'tus-resumable': tusVersion,
  'tus-version': tusVersion,
  ...corsHeaders(request, origins()),
});

const parameters = z.object({ id: z.string().describe('The upload, and the image that it becomes') });
const one: readonly Role[] = ['Uploader'];
const shared = { roles: one, headers } as const;

const otherVersion = { 412: { description: 'Another version of tus than 1.0.0' } } as const;
const notThere = {
  404: { description: 'No such upload of yours' },
  410: { description: 'It was not finished in time, or its image was erased' },
} as const;
const taken = { 423: { description: 'Another request has it at this moment; try again' } } as const;
const bytes = {
  409: { description: 'The upload stands elsewhere, or is over' },
  413: { description: 'More bytes than it said, or than an image may have' },
  415: { description: 'Not `application/offset+octet-stream`, or bytes that are no image' },
  429: { description: 'Too many uploads of yours are under way; try again later' },
  460: { description: 'The bytes do not have the checksum that was sent with them' },
} as const;

const optionsRoute = (route: Pick<Route, 'name' | 'path' | 'parameters'>): Route => ({
  ...route,
  method: 'OPTIONS',
  summary: 'What the resumable uploads of this service can do; CORS preflight',
  roles: 'anyone',
  headers,
  responses: { 204: { description: 'Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm' } },
});

export const uploadsOptionsRoute = optionsRoute({ name: 'uploadsOptions', path: '/uploads' });
export const uploadOptionsRoute = optionsRoute({ name: 'uploadOptions', path: '/uploads/{id}', parameters });

export const createUploadRoute = defineRoute({
  ...shared,
  name: 'createUpload',
  method: 'POST',
  path: '/uploads',
  summary: 'Start a resumable upload (tus 1.0.0), or join partial ones',
  consumes: [pieceType],
  otherMethods: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
  responses: {
    201: { description: 'Location continues it; its id is the id of the image' },
    400: { description: 'Upload-Length, Upload-Metadata or another header is not well formed' },
    ...otherVersion,
    ...bytes,
    ...notThere,
    ...taken,
  },
});

export const headUploadRoute = defineRoute({
  ...shared,
  name: 'headUpload',
  method: 'HEAD',
  path: '/uploads/{id}',
  summary: 'Where a resumable upload stands',
  parameters,
  responses: { 200: { description: 'Upload-Offset and Upload-Length' }, ...otherVersion, ...notThere },
});

export const continueUploadRoute = defineRoute({
  ...shared,
  name: 'continueUpload',
  method: 'PATCH',
  path: '/uploads/{id}',
  summary: 'Send bytes at the offset where the upload stands',
  parameters,
  consumes: [pieceType],
  responses: {
    204: { description: 'Upload-Offset; with the last byte it is an image' },
    ...otherVersion,
    ...notThere,
    ...taken,
    ...bytes,
  },
});

export const endUploadRoute = defineRoute({
  ...shared,
  name: 'endUpload',
  method: 'DELETE',
  path: '/uploads/{id}',
  summary: 'End a resumable upload and forget its bytes',
  parameters,
  responses: { 204: { description: 'It is gone' }, ...otherVersion, ...notThere, ...taken },
});

export const overriddenUploadRoute = defineRoute({
  ...shared,
  name: 'overriddenUpload',
  method: 'POST',
  path: '/uploads/{id}',
  summary: 'For clients that cannot send every method: X-HTTP-Method-Override names PATCH, HEAD or DELETE',
  parameters,
  consumes: [pieceType],
  otherMethods: ['GET', 'PUT'],
  responses: {
    200: { description: 'As the method that is named' },
    204: { description: 'As the method that is named' },
    ...otherVersion,
    ...notThere,
    ...taken,
    ...bytes,
  },
});
