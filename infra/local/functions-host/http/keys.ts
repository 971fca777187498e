import { timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Binding } from '../core-types.ts';

const key = z.object({ name: z.string(), value: z.string() });

/** The file in which the real host keeps its keys when `AzureWebJobsSecretStorageType` is `files`. */
const schema = z.object({ masterKey: key, functionKeys: z.array(key).default([]) });

/** Keys of the host: without a file there is none, and what asks for one is refused. */
export function readKeys(file: string | undefined) {
  const { masterKey, functionKeys } =
    file !== undefined && existsSync(file)
      ? schema.parse(JSON.parse(readFileSync(file, 'utf8')))
      : { masterKey: undefined, functionKeys: [] };

  const isOne = (request: IncomingMessage, keys: readonly (string | undefined)[]): boolean => {
    const query = new URLSearchParams(request.url!.split('?').slice(1).join('?'));
    const given = request.headers['x-functions-key'] ?? query.get('code');
    if (typeof given !== 'string') return false;
    const digest = Buffer.from(given);
    return keys.some((value) => {
      const expected = Buffer.from(value ?? '');
      return expected.length > 0 && expected.length === digest.length && timingSafeEqual(expected, digest);
    });
  };
  return {
    master: masterKey?.value,
    isAdmin: (request: IncomingMessage): boolean => isOne(request, [masterKey?.value]),
    /** Whether the request may call a function with this trigger. `authLevel` is `function` when it says nothing. */
    mayCall(request: IncomingMessage, trigger: Binding): boolean {
      const level =
        typeof trigger['authLevel'] === 'string' ? trigger['authLevel'].toLowerCase() : 'function';
      if (level === 'anonymous') return true;
      const functions = level === 'function' ? functionKeys.map(({ value }) => value) : [];
      return isOne(request, [masterKey?.value, ...functions]);
    },
  };
}

export type Keys = ReturnType<typeof readKeys>;
