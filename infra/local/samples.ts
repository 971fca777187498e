import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Jimp } from 'jimp';
import sharp from 'sharp';

/** A photo-like scene as SVG, which sharp renders; `hue` makes each different. */
const scene = (width: number, height: number, hue: number, sky = `hsl(${hue} 70% 72%)`) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 300 200" preserveAspectRatio="none">
  <defs>
    <linearGradient id="s" x2="0" y2="1"><stop stop-color="${sky}"/><stop offset="1" stop-color="hsl(${hue + 30} 85% 92%)"/></linearGradient>
    <radialGradient id="o"><stop stop-color="#fffbe6"/><stop offset="1" stop-color="hsl(${hue + 60} 90% 65%)"/></radialGradient>
  </defs>
  <rect width="300" height="200" fill="url(#s)"/>
  <circle cx="220" cy="60" r="26" fill="url(#o)"/>
  <path d="M0 150 L70 70 L120 130 L170 85 L240 150 L300 110 V200 H0Z" fill="hsl(${hue + 180} 30% 38%)"/>
  <path d="M0 170 Q80 140 150 168 T300 160 V200 H0Z" fill="hsl(${hue + 150} 45% 26%)"/>
  <text x="14" y="34" font-family="sans-serif" font-size="20" font-weight="700" fill="#fff">TOP</text>
</svg>`);

const badge =
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900" viewBox="0 0 100 100">
  <circle cx="50" cy="50" r="46" fill="#b3261e"/><circle cx="50" cy="50" r="30" fill="#fff" fill-opacity="0.55"/>
</svg>`);

async function animation(): Promise<Buffer> {
  const [width, height, frames] = [240, 160, 6];
  const each = Array.from({ length: frames }, (_, index) =>
    sharp(scene(width, height, index * 60))
      .removeAlpha()
      .raw()
      .toBuffer(),
  );
  const raw = { width, height: height * frames, channels: 3, pageHeight: height } as const;
  return sharp(Buffer.concat(await Promise.all(each)), { raw })
    .gif({ loop: 0, delay: Array.from({ length: frames }, () => 120) })
    .toBuffer();
}

async function bitmap(): Promise<Buffer> {
  const png = await sharp(scene(640, 427, 300))
    .removeAlpha()
    .png()
    .toBuffer();
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
  const overlay = await sharp(scene(2200, 1467, 130))
    .ensureAlpha(0.6)
    .png()
    .toBuffer();
  return sharp(noise)
    .composite([{ input: overlay, blend: 'overlay' }])
    .jpeg({ quality: 88 })
    .toBuffer();
}

const makers: Readonly<Record<string, () => Promise<Buffer>>> = {
  'landscape.jpg': () =>
    sharp(scene(1800, 1200, 200))
      .jpeg({ quality: 85 })
      .toBuffer(),
  'badge-with-alpha.png': () => sharp(badge).png().toBuffer(),
  'turned-by-exif.jpg': () =>
    sharp(scene(1200, 800, 30))
      .rotate(-90)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer(),
  'animation.gif': animation,
  'screenshot.png': () =>
    sharp(scene(1280, 800, 250))
      .png({ palette: true })
      .toBuffer(),
  'scan.tiff': () =>
    sharp(scene(900, 600, 90))
      .tiff({ compression: 'lzw' })
      .toBuffer(),
  'bitmap.bmp': bitmap,
  'modern.webp': () =>
    sharp(scene(1024, 683, 340))
      .webp()
      .toBuffer(),
  'large-grain.jpg': grain,
  'grey.jpg': () =>
    sharp(scene(800, 533, 0))
      .greyscale()
      .jpeg()
      .toBuffer(),
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
