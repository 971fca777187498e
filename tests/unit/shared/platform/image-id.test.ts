import { describe, expect, it } from '@jest/globals';
import { deriveImageId, isImageId, randomImageId } from '../../../../shared/platform/image-id.ts';

describe('deriveImageId', () => {
  it('answers the same UUID version 8 for the same parts', () => {
    const id = deriveImageId('http', 'anna', 'key-1');
    expect(deriveImageId('http', 'anna', 'key-1')).toBe(id);
    expect(isImageId(id)).toBe(true);
    expect(id[14]).toBe('8');
  });

  it('does not let parts run together', () => {
    expect(deriveImageId('http', 'ab', 'c')).not.toBe(deriveImageId('http', 'a', 'bc'));
    expect(deriveImageId('http', 'a')).not.toBe(deriveImageId('cloudevent', 'a'));
  });
});

describe('isImageId', () => {
  it('takes what randomImageId makes and refuses paths', () => {
    expect(isImageId(randomImageId())).toBe(true);
    expect(isImageId('../raw')).toBe(false);
  });
});
