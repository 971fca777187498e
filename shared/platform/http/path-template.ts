import { DarkroomError } from '../errors.ts';
import { apiPrefix } from './links.ts';

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new DarkroomError('invalid-request', 'The address is not valid percent-encoded UTF-8.', { cause });
  }
}

/**
 * The values of a template's `{parameters}` (the last one with an asterisk takes the rest) in a request's address; undefined when it does not fit. They are read from
 * the path itself: the host lets query keys take the place of what its router found. Throws `invalid-request`.
 */
export function parametersOf(template: string, url: string): Record<string, string> | undefined {
  const names = segmentsOf(template);
  const segments = segmentsOf(new URL(url).pathname.replace(new RegExp(`^${apiPrefix}(?=/)`, 'i'), ''));
  const rest = /^\{\*(\w+)\}$/.exec(names.at(-1) ?? '')?.[1];
  if (rest !== undefined)
    segments.splice(names.length - 1, Infinity, segments.slice(names.length - 1).join('/'));
  if (names.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const segment = decode(segments[index]!);
    const [, parameter] = /^\{\*?(\w+)\}$/.exec(name) ?? [];
    if (parameter !== undefined) parameters[parameter] = segment;
    else if (name.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return parameters;
}
