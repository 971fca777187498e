import { readFileSync, statSync, symlinkSync, unlinkSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openLogFile } from '../../../../../infra/local/supervisor/log-file.ts';
import { missingFullDisk, testUnless } from '../../../../support/skip-unless.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'darkroom-log-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("a component's log", () => {
  test('never has more than twice its limit, and keeps what came last', async () => {
    const [file, limit] = [join(directory, 'a.log'), 10_000];
    const log = openLogFile(file, limit);
    for (let line = 0; line < 3000; line += 1) {
      log.write(`line ${line} ${'x'.repeat(line % 50)}`);
      if (line % 10 === 0) await log.flush();
    }
    await log.flush();
    const [now, before] = [file, `${file}.1`].map((name) => statSync(name).size);
    expect([now! <= limit, before! <= limit]).toEqual([true, true]);
    expect(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1)).toMatch(/^line 2999 /);
  });

  test('goes on in the file of a start before, and knows its size', async () => {
    const file = join(directory, 'a.log');
    for (let start = 0; start < 4; start += 1) {
      const log = openLogFile(file, 100);
      log.write('x'.repeat(59));
      await log.flush();
    }
    expect([statSync(file).size, statSync(`${file}.1`).size]).toEqual([60, 60]);
  });

  testUnless(missingFullDisk)(
    'on a full disk loses lines, ends nobody, and says how many when there is room',
    async () => {
      const file = join(directory, 'a.log');
      symlinkSync('/dev/full', file);
      const log = openLogFile(file);
      for (const line of ['one', 'two', 'three']) {
        log.write(line);
        await log.flush();
      }
      unlinkSync(file);
      log.write('four');
      await log.flush();
      expect(readFileSync(file, 'utf8')).toBe('3 lines could not be written here.\nfour\n');
    },
  );
});
