import { Upload, type UploadOptions } from 'tus-js-client';
import { check, must, tellVersion, uploads } from '../check.ts';

const image = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(300_000, 'image')]);

function upload(options: Partial<UploadOptions>): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const sending = new Upload(image, {
      endpoint: uploads.endpoint,
      headers: { authorization: `Bearer ${uploads.token}` },
      metadata: { filename: 'słońce.jpg' },
      retryDelays: null,
      onError: reject,
      onSuccess: () => resolve(sending),
      ...options,
    });
    sending.start();
  });
}

/** The image that came of it has all bytes. */
async function mustBeWhole({ url }: Upload): Promise<void> {
  const answer = await fetch(url!, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${uploads.token}`, 'tus-resumable': '1.0.0' },
  });
  must(answer.headers.get('upload-offset') === String(image.length), 'the upload is not whole');
}

tellVersion('tus-js-client');
await check('core', async () => mustBeWhole(await upload({ chunkSize: 70_000 })));
await check('creation', async () => mustBeWhole(await upload({ uploadDataDuringCreation: true })));
await check('deferred length', async () =>
  mustBeWhole(await upload({ uploadLengthDeferred: true, chunkSize: 70_000 })),
);
await check('override', async () => mustBeWhole(await upload({ overridePatchMethod: true })));
await check('concatenation', async () => mustBeWhole(await upload({ parallelUploads: 3 })));
await check('interrupted', async () => {
  let stopped: Upload | undefined;
  await new Promise<void>((resolve, reject) => {
    stopped = new Upload(image, {
      endpoint: uploads.endpoint,
      headers: { authorization: `Bearer ${uploads.token}` },
      chunkSize: 100_000,
      onError: reject,
      onChunkComplete: () => void stopped!.abort().then(resolve, reject),
    });
    stopped.start();
  });
  await mustBeWhole(await upload({ uploadUrl: stopped!.url! }));
});
await check('termination', async () => {
  const sending = await new Promise<Upload>((resolve, reject) => {
    const started = new Upload(image, {
      endpoint: uploads.endpoint,
      headers: { authorization: `Bearer ${uploads.token}` },
      chunkSize: 100_000,
      onError: reject,
      onChunkComplete: () => void started.abort(true).then(() => resolve(started), reject),
    });
    started.start();
  });
  const answer = await fetch(sending.url!, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${uploads.token}`, 'tus-resumable': '1.0.0' },
  });
  must(answer.status === 404 || answer.status === 410, `the ended upload is ${answer.status}`);
});
