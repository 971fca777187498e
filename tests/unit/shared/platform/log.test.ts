import { describe, expect, test } from '@jest/globals';
import { DarkroomError } from '../../../../shared/platform/errors.ts';
import { makeLog } from '../../../../shared/platform/log.ts';

function written(use: (log: ReturnType<typeof makeLog>) => void): Record<string, unknown> {
  const lines: string[] = [];
  use(makeLog((_level, line) => lines.push(line), { correlationId: 'c-1' }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}

describe('a log line', () => {
  test('is one JSON object with the event, its fields and those of its log', () => {
    expect(written((log) => log.with({ imageId: 'i' }).info('image.stored', { bytes: 7 }))).toEqual({
      event: 'image.stored',
      correlationId: 'c-1',
      imageId: 'i',
      bytes: 7,
    });
  });

  test.each([
    ['a token', { accessToken: 'x1y2' }],
    ['a name', { user: { name: 'x1y2' } }],
    ['a file name', { fileName: 'x1y2' }],
    ['a mail address', { note: 'write to x1y2@example.org' }],
    ['a JSON web token in a text', { note: 'got eyJx1y2.eyJx1y2.x1y2 there' }],
    ['a bearer header in a text', { note: 'Authorization: Bearer x1y2' }],
    ['an account key', { note: 'DefaultEndpointsProtocol=http;AccountKey=x1y2==;x' }],
    ['a signature in a URL', { url: 'https://a/b?expires=1&signature=x1y2' }],
    ['image bytes', { content: new TextEncoder().encode('x1y2') }],
  ])('never holds %s', (_what, fields) => {
    expect(JSON.stringify(written((log) => log.info('e', fields)))).not.toContain('x1y2');
  });

  test('tells of an error with its code and its causes', () => {
    const error = new DarkroomError('unavailable', 'The hub is away.', { cause: new Error('ECONNREFUSED') });
    expect(written((log) => log.error('send.failed', error))['error']).toMatchObject({
      code: 'unavailable',
      cause: { message: 'ECONNREFUSED' },
    });
  });
});
