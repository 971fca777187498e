import { headAnswer } from './answers.ts';
import { idOf, type TusVerb } from './tus.ts';

/** Where an upload stands. A client that asks has lost an earlier request, so one that still runs here is ended first. */
export const head: TusVerb = async ({ uploads }, { request, principal }) =>
  headAnswer(await uploads.stateOf(principal.id, idOf(request)));
