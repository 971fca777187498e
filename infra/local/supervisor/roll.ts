import type { SupervisedComponent } from './supervise.ts';

interface Rolled {
  readonly event: 'rolled' | 'roll-failed';
  readonly message?: string;
}

const rolledIn = (line: string): Rolled | undefined =>
  /^\{"event":"roll(ed|-failed)"/.test(line) ? (JSON.parse(line) as Rolled) : undefined;

/** Makes the functions host run its bundle as it is now. Throws why when it cannot; then it runs what it ran before. */
export async function rollFunctions(host: Pick<SupervisedComponent, 'pid' | 'said'>): Promise<void> {
  const { pid } = host;
  if (pid === undefined) throw new Error('The functions host does not run.');
  process.kill(pid, 'SIGHUP');
  const { message } = await host.said(rolledIn);
  if (message !== undefined) throw new Error(`The functions host cannot run the new bundle: ${message}`);
}
