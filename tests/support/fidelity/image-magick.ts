import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { once } from '../../../shared/platform/memo.ts';
import { pixelsOf } from './difference.ts';
import type { Shown } from './chromium-pictures.ts';

/** ImageMagick goes by a file's profile only where it is told another one to convert to. */
const srgb = once(async () => {
  const create = { width: 1, height: 1, channels: 3, background: 'white' } as const;
  return (await sharp(await sharp({ create }).withIccProfile('srgb').png().toBuffer()).metadata()).icc!;
});

/** How ImageMagick (Debian's `convert`) reads an image: the first frame, upright, in sRGB; undefined where it cannot. */
export async function imageMagick(
  bytes: Uint8Array,
  suffix: string,
  longest: number,
): Promise<Shown | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'fidelity-'));
  const [input, output, profile] = [`image.${suffix}`, 'image.png', 'srgb.icc'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  try {
    await Promise.all([writeFile(input, bytes), writeFile(profile, await srgb())]);
    const fit = `${longest}x${longest}>`;
    const run = promisify(execFile);
    const { stdout } = await run('convert', [
      ...[`${suffix}:${input}[0]`, '-auto-orient', '-profile', profile, '-print', '%w %h', '-resize', fit],
      ...['-depth', '8', '-strip', `png32:${output}`],
    ]);
    const [width, height] = stdout.trim().split(' ').map(Number);
    return { width: width!, height: height!, pixels: await pixelsOf(await readFile(output)) };
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
