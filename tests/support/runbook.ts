/** What a runbook names: what is pressed (bold), what is shown (quotes), what is run (code). */
export interface Word {
  readonly kind: 'press' | 'see' | 'run';
  readonly text: string;
}

export const runbooks = new URL('../../docs/runbooks/', import.meta.url);

export function wordsIn(text: string): Word[] {
  const words = text.matchAll(/`([^`]+)`|\*\*(.+?)\*\*|"([^"]+)"/g);
  return [...words].map(([, run, press, see]) => {
    if (run !== undefined) return { kind: 'run', text: run };
    return press === undefined ? { kind: 'see', text: see! } : { kind: 'press', text: press };
  });
}
