import type { Context } from './context.ts';

/** The few operations on private blobs that a deployment needs, under the deployer's sign-in. */
export interface Container {
  get(path: string): Promise<Buffer | undefined>;
  put(path: string, bytes: Uint8Array, contentType: string, cacheControl?: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const version = { 'x-ms-version': '2024-11-04' };

export function container(context: Context, account: string, name: string): Container {
  const at = (path: string) =>
    `https://${account}.blob.core.windows.net/${name}/${path.split('/').map(encodeURIComponent).join('/')}`;
  return {
    async get(path) {
      const answer = await context.client.bytes(at(path), {
        scope: 'storage',
        headers: version,
        accept: [404],
      });
      return answer.status === 404 ? undefined : answer.bytes;
    },
    async put(path, body, contentType, cacheControl) {
      await context.client.send('PUT', at(path), {
        scope: 'storage',
        body,
        headers: {
          ...version,
          'x-ms-blob-type': 'BlockBlob',
          'Content-Type': contentType,
          ...(cacheControl && { 'x-ms-blob-cache-control': cacheControl }),
        },
      });
    },
    async remove(path) {
      await context.client.send('DELETE', at(path), { scope: 'storage', headers: version, accept: [404] });
    },
  };
}
