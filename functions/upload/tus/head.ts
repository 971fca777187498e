import { headAnswer } from './answers.ts';
import { requireTusCall, idOf, notFound, type TusVerb } from './tus.ts';

/**
 * Where an upload stands. Whoever asks has lost an earlier request, so one that is still running here is ended first; an
 * upload whose last step was lost is finished.
 */
export const head: TusVerb = async (parts, { request, principal }) => {
  const id = idOf(request);
  await parts.uploads.interrupt(principal.id, id);
  const state = await parts.uploads.find(principal.id, id);
  if (state === undefined) throw notFound();
  return headAnswer(await requireTusCall(parts, state));
};
