import { describe, expect, test } from '@jest/globals';
import { parametersOf } from '../../../../../shared/platform/http/path-template.ts';

const base = 'https://photos.example/api';

describe('the parameters of a path', () => {
  test('are read from the path, whatever the query says', () => {
    expect(parametersOf('/images/{id}/{variant}', `${base}/images/7/web?id=8&VARIANT=raw`)).toEqual({
      id: '7',
      variant: 'web',
    });
  });

  test('are decoded, a slash in a value included', () => {
    expect(parametersOf('/products/{name}', `${base}/products/a%2Fb%20caf%C3%A9`)).toEqual({
      name: 'a/b café',
    });
  });

  test('are nothing for an address with more, fewer or other segments', () => {
    for (const path of ['/images', '/images/7/web', '/orders/7']) {
      expect(parametersOf('/images/{id}', base + path)).toBeUndefined();
    }
  });

  test('are found whatever the case of the address and doubled slashes, as the host has it', () => {
    expect(parametersOf('/images/{id}', 'https://photos.example/API//Images/7/')).toEqual({ id: '7' });
  });

  test('that are not percent-encoded UTF-8 are refused', () => {
    expect(() => parametersOf('/images/{id}', `${base}/images/caf%E9`)).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  });
});
