import { headAnswer } from './answers.ts';
import { finishUpload, idOf, notFound, type TusVerb } from './tus.ts';

/**
 * Where an upload stands. A client that asks has lost an earlier request, so one that still runs here is ended first. An
 * upload whose last step was lost is finished.
 */
export const head: TusVerb = async (dependencies, { request, principal }) => {
  const id = idOf(request);
  await dependencies.uploads.interrupt(principal.id, id);
  const state = await dependencies.uploads.find(principal.id, id);
  if (state === undefined) throw notFound();
  return headAnswer(await finishUpload(dependencies, state));
};
