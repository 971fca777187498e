import { ApiError } from '../../client/api.ts';

/** Prints a value as one JSON document. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};

/** Says what went wrong, as JSON if asked, and ends with code 1. */
export function fail(error: unknown, asJson: boolean): never {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof ApiError ? error.code : undefined;
  if (asJson) printJson({ error: { ...(code !== undefined && { code }), message } });
  else console.error(`darkroom: ${message}${code === undefined ? '' : ` (${code})`}`);
  process.exit(1);
}
