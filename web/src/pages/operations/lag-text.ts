import type { PartitionLag } from '../../../../client/api-types.ts';
import { formatCount, formatDuration } from '../../ui/format.ts';
import type { Tone } from '../../ui/states.tsx';

type Lag = Pick<PartitionLag, 'state' | 'events' | 'seconds'>;

/** What a lag means in words. Zero, behind, nobody reading and not measurable are four different things. */
export function lagText({ state, events, seconds }: Lag): string {
  switch (state) {
    case 'current':
      return 'Up to date';
    case 'behind': {
      const count = events === null ? 'Behind' : `${formatCount(events)} waiting`;
      return seconds === null ? count : `${count}, the oldest for ${formatDuration(seconds * 1000)}`;
    }
    case 'no-consumer':
      return events === null ? 'Nobody reads it' : `Nobody reads it, ${formatCount(events)} waiting`;
    case 'not-measurable':
      return 'Cannot be measured now';
  }
}

export const rate = (perSecond: number): string =>
  `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(perSecond)}/s`;

export const lagTones: Readonly<Record<Lag['state'], Tone>> = {
  current: 'good',
  behind: 'warn',
  'no-consumer': 'bad',
  'not-measurable': 'plain',
};
