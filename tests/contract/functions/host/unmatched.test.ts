import { expect, test } from '@jest/globals';
import { HttpRequest, InvocationContext, type HttpMethod } from '@azure/functions';
import { unmatched } from '../../../../functions/host/unmatched.ts';

async function ask(method: HttpMethod, path: string) {
  const request = new HttpRequest({ method, url: `http://localhost/api${path}` });
  const answer = await unmatched(request, new InvocationContext({ functionName: 'unmatched' }));
  const problem = JSON.parse(answer.body as string) as { code: string };
  return { status: answer.status, code: problem.code, headers: new Headers(answer.headers) };
}

test('an address that nothing answers is a problem with a code', async () => {
  const { status, code, headers } = await ask('GET', '/nothing');
  expect({ status, code }).toEqual({ status: 404, code: 'not-found' });
  expect(headers.get('content-type')).toBe('application/problem+json');
});

test.each([
  ['POST', '/images/7f3', 'DELETE, GET, HEAD'],
  ['DELETE', '/sales/products', 'GET, HEAD, POST'],
  ['PUT', '/health', 'GET, HEAD'],
] as const)('%s of %s, which has other methods, is 405 and says which', async (method, path, allow) => {
  const { status, code, headers } = await ask(method, path);
  expect({ status, code }).toEqual({ status: 405, code: 'method-not-allowed' });
  expect(headers.get('allow')).toBe(allow);
});

test('an address that another app serves is told apart from one that is wrong', async () => {
  expect(await ask('GET', '/sales/products')).toMatchObject({ status: 404, code: 'not-found' });
});
