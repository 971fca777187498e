import type { ReplayOutcome } from '../../../../client/api-types.ts';
import type { Tone } from '../../ui/states.tsx';

/** Before it is done, and after. */
export const outcomeNames: Readonly<Record<ReplayOutcome, readonly [will: string, did: string]>> = {
  applied: ['Would be applied', 'Applied'],
  duplicate: ['Is a duplicate: nothing would change', 'Duplicate: nothing changed'],
  'fails-again': ['Would fail again', 'Failed again'],
  'refused-erased': ['Refused: the ledger says it was erased', 'Refused: the ledger says it was erased'],
};

const tones: Readonly<Record<string, Tone>> = {
  applied: 'good',
  duplicate: 'info',
  'fails-again': 'bad',
  'refused-erased': 'warn',
  discarded: 'plain',
  'not-done': 'warn',
};

export const outcomeTone = (outcome: string): Tone => tones[outcome] ?? 'plain';
