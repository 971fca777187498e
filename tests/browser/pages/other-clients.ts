/**
 * A page of another company's application: whichever tus client it uses, it sends the file that is chosen in it. Bundled
 * for the browser by support/elsewhere.ts.
 */
import { Uppy } from '@uppy/core';
import Tus from '@uppy/tus';
import { Upload } from 'tus-js-client';

interface Asked {
  readonly client: 'Uppy' | 'tus-js-client';
  readonly endpoint: string;
  readonly token: string;
  readonly chunkSize: number;
}

/** Answers the address of the finished upload. It is paused once, when a first part has arrived, and goes on. */
type Send = (file: File, asked: Asked) => Promise<string>;

const sendWithUppy: Send = (file, { endpoint, token, chunkSize }) =>
  new Promise((resolve, reject) => {
    const uppy = new Uppy();
    const headers = { authorization: `Bearer ${token}` };
    uppy.use(Tus, { endpoint, headers, chunkSize, retryDelays: [0, 500] });
    let paused = false;
    uppy.on('upload-progress', (_file, { bytesUploaded }) => {
      if (paused || bytesUploaded < chunkSize) return;
      paused = true;
      uppy.pauseAll();
      setTimeout(() => uppy.resumeAll(), 200);
    });
    uppy.on('upload-success', (_file, { uploadURL }) => resolve(uploadURL!));
    uppy.on('error', reject);
    uppy.addFile({ name: file.name, type: file.type, data: file });
    uppy.upload().catch(reject);
  });

const sendWithTus: Send = (file, { endpoint, token, chunkSize }) =>
  new Promise((resolve, reject) => {
    let paused = false;
    const upload: Upload = new Upload(file, {
      endpoint,
      retryDelays: [],
      chunkSize,
      headers: { authorization: `Bearer ${token}` },
      metadata: { filename: file.name, filetype: file.type },
      onChunkComplete() {
        if (paused) return;
        paused = true;
        void upload.abort().then(() => setTimeout(() => upload.start(), 200));
      },
      onSuccess: () => resolve(upload.url!),
      onError: reject,
    });
    upload.start();
  });

Object.assign(globalThis, {
  send(asked: Asked): Promise<string> {
    const [file] = document.querySelector('input')!.files!;
    return (asked.client === 'Uppy' ? sendWithUppy : sendWithTus)(file!, asked);
  },
});
