import { existsSync } from 'node:fs';
import { describe, test } from '@jest/globals';

type Declare = (title: string, run: () => void | Promise<void>) => void;

/** What a test of a real thing needs; where that is not there, it is skipped and its title says why (infra/run-tests.ts). */
const declared = (declare: { skip: Declare } & Declare, missing: string | undefined): Declare =>
  missing === undefined ? declare : (title, run) => declare.skip(`${title} [skipped: ${missing}]`, run);

export const suiteUnless = (missing: string | undefined): Declare => declared(describe, missing);

export const testUnless = (missing: string | undefined): Declare => declared(test, missing);

export const missingLinux = process.platform === 'linux' ? undefined : 'needs Linux';

/** A file that has no room. */
export const missingFullDisk = existsSync('/dev/full') ? undefined : 'needs /dev/full';

/** Who may become another user for a test. */
export const missingRoot = process.getuid?.() === 0 ? undefined : 'needs root';
