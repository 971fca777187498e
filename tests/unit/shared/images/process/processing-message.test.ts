import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import { randomImageId } from '../../../../../shared/platform/image-id.ts';
import {
  parseProcessingMessage,
  processingEvent,
} from '../../../../../shared/images/process/processing-message.ts';

describe('a processing message', () => {
  test('carries the id and the correlation id, and never bytes', () => {
    const message = { imageId: randomImageId(), correlationId: 'c-1' };
    const { value } = processingEvent(message);
    expect(parseProcessingMessage(value)).toEqual(message);
    expect(JSON.parse(Buffer.from(value).toString())).toMatchObject({ version: 1, ...message });
  });

  test('of a later version is unsupported, not misread', () => {
    const value = JSON.parse(
      Buffer.from(processingEvent({ imageId: randomImageId(), correlationId: 'c' }).value).toString(),
    );
    const later = Buffer.from(JSON.stringify({ ...value, version: 2 }));
    expect(() => parseProcessingMessage(later)).toThrow(
      expect.objectContaining({ code: 'message-unsupported' }),
    );
  });

  test('of any other content is refused by an error of ours', () => {
    const anything = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(anything, (value) => {
        expect(() => parseProcessingMessage(value)).toThrow(DarkroomError);
      }),
    );
  });
});
