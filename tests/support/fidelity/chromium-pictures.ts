import { chromium } from 'playwright-core';
import { chromiumPath } from '../../browser/support/chromium.ts';
import type { Pixels } from './pixels.ts';

/** How Chromium shows images: upright, in sRGB, the first frame of an animation. */
export interface ChromiumPictures {
  /** Undefined where it shows nothing. `longest` is the longer side of the pixels that are answered. */
  decode(bytes: Uint8Array, contentType: string, longest: number): Promise<Shown | undefined>;
  close(): Promise<void>;
}

export interface Shown {
  /** As the page lays it out. */
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
}

/** Runs in the page, where the names of the DOM are. */
const show = `async ({ base64, contentType, longest }) => {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: contentType }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const factor = Math.min(1, longest / Math.max(width, height));
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor)));
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
    return { width, height, shown: { width: canvas.width, height: canvas.height, rgba: btoa(text) } };
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(url);
  }
}`;

interface Answer {
  readonly width: number;
  readonly height: number;
  readonly shown: { readonly width: number; readonly height: number; readonly rgba: string };
}

export async function openChromiumPictures(): Promise<ChromiumPictures> {
  const browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--force-color-profile=srgb',
    ],
  });
  const page = await browser.newPage();
  return {
    async decode(bytes, contentType, longest) {
      const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
      const asked = JSON.stringify({ base64, contentType, longest });
      const answer = await page.evaluate<Answer | undefined>(`(${show})(${asked})`);
      if (answer === undefined) return undefined;
      const { width, height, shown } = answer;
      const data = Buffer.from(shown.rgba, 'base64');
      return { width, height, pixels: { width: shown.width, height: shown.height, data } };
    },
    close: () => browser.close(),
  };
}
