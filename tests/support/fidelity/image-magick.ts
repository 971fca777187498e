import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pixelsOf } from './difference.ts';
import type { Shown } from './chromium-pictures.ts';

/** How ImageMagick (Debian's `convert`) reads an image: the first frame, upright, in sRGB; undefined where it cannot. */
export async function imageMagick(
  bytes: Uint8Array,
  suffix: string,
  longest: number,
): Promise<Shown | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'fidelity-'));
  const [input, output] = [join(folder, `image.${suffix}`), join(folder, 'image.png')];
  try {
    await writeFile(input, bytes);
    const fit = `${longest}x${longest}>`;
    const run = promisify(execFile);
    const { stdout } = await run('convert', [
      ...[`${suffix}:${input}[0]`, '-auto-orient', '-colorspace', 'sRGB', '-print', '%w %h', '-resize', fit],
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
