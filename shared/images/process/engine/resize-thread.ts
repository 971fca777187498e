/** The thread that scales for a caller who waits; see synchronous-resize.ts. */
import { workerData, type MessagePort } from 'node:worker_threads';
import sharp from 'sharp';
import { ownBytesOf } from './pipeline.ts';
import type { ResizeAnswer, ResizeRequest } from './synchronous-resize.ts';

const answerTo = async ({ picture, size, timeoutSeconds }: ResizeRequest): Promise<ResizeAnswer> => {
  const { data, width, height, channels } = picture;
  try {
    const scaled = sharp(data, { raw: { width, height, channels } })
      .timeout({ seconds: timeoutSeconds })
      .resize(size.width, size.height, { fit: 'fill' })
      .raw();
    return { data: await ownBytesOf(scaled) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
};

const port = (workerData as { port: MessagePort }).port;
port.on('message', (request: ResizeRequest) => {
  void answerTo(request).then((answer) => {
    port.postMessage(answer, 'data' in answer ? [answer.data.buffer as ArrayBuffer] : []);
    Atomics.store(request.done, 0, 1);
    Atomics.notify(request.done, 0);
  });
});
