import { loadSecrets } from '../../../infra/local/supervisor/state.ts';
import type { StackProcess } from './stack-process.ts';

/** Has the host run a timer function now, and does not wait for its end. */
export async function runTimer({ record, stateDir }: StackProcess, name: string): Promise<void> {
  const answer = await fetch(`${record.api}/admin/functions/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-functions-key': loadSecrets(stateDir).hostMasterKey },
    body: '{"input":""}',
  });
  if (answer.status !== 202) throw new Error(`The host answered ${answer.status} for ${name}.`);
}
