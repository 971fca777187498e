import { ApiError } from '../../client/api-error.ts';

/** Prints a value as one JSON document. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};

/** Says what went wrong, as JSON if asked, and ends with code 1. */
export function fail(error: unknown, asJson: boolean): never {
  const message = error instanceof Error ? error.message : String(error);
  const { code, details } = error instanceof ApiError ? error : {};
  const about = [code, details?.['address']].filter((one) => typeof one === 'string').join(', ');
  if (asJson) printJson({ error: { ...(code !== undefined && { code }), message } });
  else console.error(`darkroom: ${message}${about === '' ? '' : ` (${about})`}`);
  process.exit(1);
}
