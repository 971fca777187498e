import { notFound, type Call, type Reply, type State } from './state.ts';

/** The vault's own interface, which only a rotation uses. */
export function vault(state: State, call: Call): Reply {
  const name = /^\/secrets\/([^/]+)$/.exec(call.path)?.[1] ?? '';
  if (call.method === 'PUT') {
    const { value } = JSON.parse(call.body.toString('utf8')) as { value: string };
    state.secrets.set(name, value);
    return { status: 200, json: { value } };
  }
  const value = state.secrets.get(name);
  return value === undefined ? notFound(name) : { status: 200, json: { value } };
}
