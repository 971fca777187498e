import type { FigureSource } from '../../../../client/api-types.ts';

/** Seconds that a replica may be behind without a word about it: it hears from its primary once a second. */
const usualLagSeconds = 10;

const ago = (seconds: number): string =>
  seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;

export function sourceText({ kind, lagSeconds, isConnected }: FigureSource): string {
  if (kind === 'primary') return 'From the primary: no read replica answers.';
  if (lagSeconds === null) return 'From the read replica.';
  if (!isConnected) return `From the read replica, ${ago(lagSeconds)} old: the primary does not answer.`;
  if (lagSeconds > usualLagSeconds) return `From the read replica, ${ago(lagSeconds)} behind the primary.`;
  return `From the read replica, ${lagSeconds.toFixed(1)} s behind.`;
}

export const SourceNote = ({ source }: { source: FigureSource | undefined }) => (
  <p class="dim source-note">{source === undefined ? '\u00a0' : sourceText(source)}</p>
);
