import { answerOf, type Api } from './api.ts';
import type { Health } from './api-types.ts';

/** Health of the components; an answer of 503 is an answer. */
export async function readHealth(api: Api, init: { readonly signal?: AbortSignal } = {}): Promise<Health> {
  const asking = api.GET('/health', init);
  const { error, response } = await asking;
  return response.status === 503 ? (error as Health) : (await answerOf(asking)).data;
}
