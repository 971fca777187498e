import type { Socket } from 'node:net';
import type { Connection, Container, Sender } from 'rhea';
import { limits } from '../limits.ts';
import type { AmqpFault } from './addresses.ts';

/* What rhea knows of links and connections, where its types do not say so. */

/** How many transfers may be on the way from one sender. */
const senderCredit = 300;

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Address of a link's source or target. */
export const addressOf = (terminus: unknown): string =>
  textOf((terminus as { address?: unknown } | undefined)?.address);

/** Detaches a link and says why. */
export const closeLink = (link: unknown, fault: AmqpFault): void =>
  (link as { close(error: AmqpFault): void }).close(fault);

export const unauthorized: AmqpFault = {
  condition: 'amqp:unauthorized-access',
  description: "Unauthorized access: a token that the namespace's key signed is needed.",
};

export const internalError = (error: unknown): AmqpFault => ({
  condition: 'amqp:internal-error',
  description: String(error),
});

/** The epoch (owner level) that a receiver attached with. */
export function epochOf(sender: Sender): number | undefined {
  const properties = sender.properties as Record<string, unknown> | undefined;
  const epoch = properties?.['com.microsoft:epoch'];
  return epoch === undefined || epoch === null ? undefined : Number(epoch);
}

/** The selector that says where a receiver wants to begin. */
export function filterOf(sender: Sender): string | undefined {
  const source = sender.source as { filter?: Record<string, unknown> } | undefined;
  const filter = source?.filter?.['apache.org:selector-filter:string'] as
    { value?: unknown } | string | undefined;
  const text = typeof filter === 'object' ? filter.value : filter;
  return typeof text === 'string' ? text : undefined;
}

/** Hands a socket to rhea; `onGone` is called once, however the connection ends. */
export function acceptSocket(
  container: Container,
  socket: Socket,
  onGone: (connection: Connection) => void,
): void {
  const connection = container.create_connection({
    reconnect: false,
    idle_time_out: limits.idleTimeout,
    max_frame_size: limits.transferBytes,
    tcp_no_delay: true,
    receiver_options: {
      autoaccept: false,
      credit_window: senderCredit,
      max_message_size: limits.transferBytes,
    },
    // Receivers cannot refuse an event, their checkpoint is what counts: so each is settled when it is sent.
    sender_options: { snd_settle_mode: 1, max_message_size: limits.transferBytes },
  } as never);
  const server = connection as unknown as { accept(socket: Socket): void; eof(): void };
  server.accept(socket);
  socket.once('close', () => {
    // rhea looks at 'end' and 'error' only: after a destroy() its heartbeat timers would go on.
    server.eof();
    onGone(connection);
  });
}

/** ANONYMOUS and MSSBCBS both leave it to `$cbs` to say who is there. */
export function allowSasl(container: Container): void {
  const mechanisms = container.sasl_server_mechanisms as unknown as Record<string, unknown> & {
    enable_anonymous(): void;
  };
  mechanisms.enable_anonymous();
  mechanisms['MSSBCBS'] = () => ({
    outcome: undefined as boolean | undefined,
    username: 'cbs',
    start() {
      this.outcome = true;
    },
  });
}
