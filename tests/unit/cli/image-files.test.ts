import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { imageFiles } from '../../../cli/support/image-files.ts';

let directory: string;
const at = (...names: string[]) => join(directory, ...names);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'image-files-'));
  mkdirSync(at('holiday', 'day 2'), { recursive: true });
  for (const name of ['b.JPG', 'a.png', 'notes.txt', 'day 2/c.webp', 'day 2/d [1].jpg'])
    writeFileSync(at('holiday', name), '');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the files that a command line names', () => {
  test('a directory is the images in it and below', () => {
    expect(imageFiles([at('holiday')])).toEqual({
      files: [
        at('holiday/a.png'),
        at('holiday/b.JPG'),
        at('holiday/day 2/c.webp'),
        at('holiday/day 2/d [1].jpg'),
      ],
      missing: [],
    });
  });

  test('a pattern is what it matches', () => {
    expect(imageFiles([at('holiday/**/*.{webp,png}')]).files).toEqual([
      at('holiday/a.png'),
      at('holiday/day 2/c.webp'),
    ]);
  });

  test('a file whose name looks like a pattern is that file, and a file is sent whatever its name', () => {
    const names = [at('holiday/day 2/d [1].jpg'), at('holiday/notes.txt')];
    expect(imageFiles(names)).toEqual({ files: names, missing: [] });
  });

  test('a file that is named twice is sent once', () => {
    expect(imageFiles([at('holiday/a.png'), at('holiday/*.png')]).files).toEqual([at('holiday/a.png')]);
  });

  test('a link is the file that it leads to, and one to nothing is told and stops no other', () => {
    mkdirSync(at('links', 'album.jpg'), { recursive: true });
    writeFileSync(at('links', 'a.jpg'), '');
    symlinkSync(at('holiday/a.png'), at('links/b.png'));
    symlinkSync(at('nowhere.jpg'), at('links/c.jpg'));
    symlinkSync(at('holiday'), at('links/d.jpg'));
    const files = [at('links/a.jpg'), at('links/b.png')];
    expect(imageFiles([at('links')])).toEqual({ files, missing: [at('links/c.jpg')] });
    expect(imageFiles([at('links/[abc].*')])).toEqual({ files, missing: [at('links/c.jpg')] });
  });

  test('what stands for nothing is told', () => {
    mkdirSync(at('empty'));
    const names = [at('gone.jpg'), at('*.gif'), at('empty')];
    expect(imageFiles(names)).toEqual({ files: [], missing: names });
  });
});
