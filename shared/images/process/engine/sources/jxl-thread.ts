/** The thread that decodes one JPEG XL; see jxl-decoder.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { initSync, JxlImage } from 'jxl-oxide-wasm';
import type { JxlAnswer, JxlRequest, JxlTask } from './jxl-decoder.ts';

interface Memory {
  grow(pages: number): number;
}

const { module, bytes } = workerData as JxlTask;
// The types of Node have no WebAssembly.Memory.
const { memory } = initSync({ module }) as unknown as { readonly memory: Memory };
const image = new JxlImage();

/** What decoding a region asks for at once, at most. */
const neededPages = 1_024;

/** Refused memory it panics, or finds something wrong with the file; what it was refused is refused to us too. */
function isRefused(): boolean {
  try {
    memory.grow(neededPages);
    return false;
  } catch {
    return true;
  }
}

function opened(): JxlAnswer {
  image.feedBytes(bytes);
  const isOpen = image.tryInit();
  const { width = 0, height = 0, loaded: isWhole, numLoadedKeyframes: frames } = image;
  return { width, height, isWhole, frames: isOpen ? frames : 0 };
}

function rendered(top: number, height: number): JxlAnswer {
  image.renderingRegion = { left: 0, top, width: image.width!, height };
  return { png: image.render(0).encodeToPng() };
}

function answerTo(request: JxlRequest): JxlAnswer {
  try {
    return request === 'open' ? opened() : rendered(request.top, request.height);
  } catch (error) {
    if (isRefused()) return { crashed: 'out of memory' };
    // What it finds wrong with a file it throws as a text.
    return typeof error === 'string' ? { refused: error } : { crashed: String(error) };
  }
}

parentPort!.on('message', (request: JxlRequest) => {
  parentPort!.postMessage(answerTo(request));
});
