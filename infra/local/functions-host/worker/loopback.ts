import { Server } from 'node:net';

type Listen = (this: Server, ...given: unknown[]) => Server;

/**
 * The library listens on every interface of its machine, which in Azure is a container of its own. Here, a server that
 * names no address listens on 127.0.0.1.
 */
export function listenOnLoopbackOnly(): void {
  const { listen } = Server.prototype as unknown as { readonly listen: Listen };
  Server.prototype.listen = function (this: Server, ...given: unknown[]) {
    const [first, ...rest] = given;
    if (typeof first === 'function') return listen.call(this, 0, '127.0.0.1', first);
    if (typeof first === 'number' && typeof rest[0] !== 'string') {
      return listen.call(this, first, '127.0.0.1', ...rest);
    }
    return listen.apply(this, given);
  } as typeof Server.prototype.listen;
}
