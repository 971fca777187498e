import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Jimp } from 'jimp';
import sharp from 'sharp';
import { landscape } from './environment.ts';

const badge =
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900" viewBox="0 0 100 100">
  <circle cx="50" cy="50" r="46" fill="#b3261e"/><circle cx="50" cy="50" r="30" fill="#fff" fill-opacity="0.55"/>
</svg>`);

async function animation(): Promise<Buffer> {
  const [width, height, frames] = [240, 160, 6];
  const each = Array.from({ length: frames }, (_, index) =>
    landscape(width, height, index + 1)
      .raw()
      .toBuffer(),
  );
  const raw = { width, height: height * frames, channels: 3, pageHeight: height } as const;
  return sharp(Buffer.concat(await Promise.all(each)), { raw })
    .gif({ loop: 0, delay: Array.from({ length: frames }, () => 120) })
    .toBuffer();
}

async function bitmap(): Promise<Buffer> {
  const png = await landscape(640, 427, 13).png().toBuffer();
  return (await Jimp.fromBuffer(png)).getBuffer('image/bmp');
}

/** Enough detail that the file is over a hub's 1 MB and has to travel in chunks. */
async function grain(): Promise<Buffer> {
  const noise = {
    create: {
      width: 2200,
      height: 1467,
      channels: 3,
      background: '#777',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  } as const;
  const overlay = await landscape(2200, 1467, 10).ensureAlpha(0.6).png().toBuffer();
  return sharp(noise)
    .composite([{ input: overlay, blend: 'overlay' }])
    .jpeg({ quality: 88 })
    .toBuffer();
}

const makers: Readonly<Record<string, () => Promise<Buffer>>> = {
  'landscape.jpg': () => landscape(1800, 1200, 9).jpeg({ quality: 85 }).toBuffer(),
  'badge-with-alpha.png': () => sharp(badge).png().toBuffer(),
  'turned-by-exif.jpg': () =>
    landscape(1200, 800, 5).rotate(-90).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  'animation.gif': animation,
  'screenshot.png': () => landscape(1280, 800, 8).png({ palette: true }).toBuffer(),
  'scan.tiff': () => landscape(900, 600, 6).tiff({ compression: 'lzw' }).toBuffer(),
  'bitmap.bmp': bitmap,
  'modern.webp': () => landscape(1024, 683, 3).webp().toBuffer(),
  'large-grain.jpg': grain,
  'grey.jpg': () => landscape(800, 533, 12).greyscale().jpeg().toBuffer(),
};

/** Makes the sample images in `directory` and answers their files. */
export async function makeSamples(directory: string): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  return Promise.all(
    Object.entries(makers).map(async ([name, make]) => {
      const file = join(directory, name);
      await writeFile(file, await make());
      return file;
    }),
  );
}

const extensions = ['.jpg', '.jpeg', '.png', '.gif', '.bmp', '.tif', '.tiff', '.webp', '.avif'];

/** The image files of a directory, by name. */
export async function imagesIn(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => extensions.includes(extname(name).toLowerCase()));
  return names.sort().map((name) => join(directory, name));
}
