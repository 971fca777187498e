import type { Sent } from './send.ts';

interface Route {
  readonly method: string;
  readonly path: string;
}

const parameters = ({ path }: Route): number => path.split('{').length - 1;

const pattern = ({ path }: Route): RegExp =>
  new RegExp(`^/api${path.replaceAll(/\{\*\w+\}/g, '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

/** Routes that none of these requests goes to; one that fits several goes to the one with the fewest parameters. */
export function routesNotSent(
  routes: readonly Route[],
  sent: readonly Pick<Sent, 'method' | 'url'>[],
): string[] {
  const left = new Set(routes);
  const exactFirst = [...routes].sort((one, other) => parameters(one) - parameters(other));
  for (const { method, url } of sent) {
    const path = url.split('?')[0]!;
    const route = exactFirst.find((one) => one.method === method && pattern(one).test(path));
    if (route !== undefined) left.delete(route);
  }
  return [...left].map(({ method, path }) => `${method} ${path}`);
}
