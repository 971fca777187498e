import type { Socket } from 'node:net';
import type { Connection, Container, Delivery, EventContext, Sender, Session } from 'rhea';
import { limits } from '../limits.ts';
import type { AmqpFault } from './addresses.ts';
import { receiveBytes, separateDirections, writeWholeFrames } from './rhea-gaps.ts';

/* What rhea knows of links and connections, where its types do not say so. */

/** How many transfers may be on the way from one sender. */
const senderCredit = 300;

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Address of a link's source or target. */
export const addressOf = (terminus: unknown): string =>
  textOf((terminus as { address?: unknown } | undefined)?.address);

type Terminus = { described(): unknown } | null | undefined;
type SettleMode = number | null | undefined;

interface Attach {
  snd_settle_mode: SettleMode;
  rcv_settle_mode: SettleMode;
  source: unknown;
  target: unknown;
  offered_capabilities: unknown;
}

/** A link as rhea keeps it: the attach that goes out, and what came in of the peer's. */
interface LinkInternals {
  readonly local: { readonly attach: Attach };
  readonly snd_settle_mode: SettleMode;
  readonly rcv_settle_mode: SettleMode;
  readonly source: Terminus;
  readonly target: Terminus;
  readonly desired_capabilities: string | readonly string[] | null | undefined;
  is_receiver(): boolean;
  close(error: AmqpFault): void;
}

const mixed = 2;
const settled = 1;

/** Answers an attach with what it asks for: clients compare source, target and settle modes with their own. */
export function acceptLink(link: unknown): void {
  const { local, ...own } = attachOf(link);
  local.attach.snd_settle_mode = own.snd_settle_mode ?? mixed;
  local.attach.rcv_settle_mode = own.rcv_settle_mode ?? 0;
  local.attach.source = own.source?.described();
  local.attach.target = own.target?.described();
}

/** Refuses a link: attached without a terminus of ours, so that the client waits for the reason (part 2, section 2.6.3). */
export function refuseLink(link: unknown, fault: AmqpFault): void {
  acceptLink(link);
  const { local, isReceiver } = attachOf(link);
  if (isReceiver) local.attach.target = undefined;
  else local.attach.source = undefined;
  closeLink(link, fault);
}

function attachOf(link: unknown) {
  const internals = link as LinkInternals;
  const { local, snd_settle_mode, rcv_settle_mode, source, target } = internals;
  return { local, snd_settle_mode, rcv_settle_mode, source, target, isReceiver: internals.is_receiver() };
}

/** Whether the peer asks for a capability in its attach; it is offered back. */
export function offersIfDesired(link: unknown, capability: string): boolean {
  const { local } = link as LinkInternals;
  const isDesired = desires(link, capability);
  if (isDesired) local.attach.offered_capabilities = [capability];
  return isDesired;
}

export const desires = (link: unknown, capability: string): boolean =>
  [(link as LinkInternals).desired_capabilities].flat().includes(capability);

/**
 * Whether events are settled when they are sent. Receivers cannot refuse an event, their checkpoint is what counts: so
 * it is so unless the client insists on settling each.
 */
export const settlesOnSend = (link: unknown): boolean =>
  [settled, mixed].includes((link as LinkInternals).local.attach.snd_settle_mode ?? mixed);

/** Marks a delivery as settled on this side; rhea's types show that as read only. */
export const markSettled = (delivery: Delivery): void =>
  void ((delivery as { settled: boolean }).settled = true);

/** Detaches a link and says why. */
export const closeLink = (link: unknown, fault: AmqpFault): void => (link as LinkInternals).close(fault);

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
    sender_options: { max_message_size: limits.transferBytes },
  } as never);
  writeWholeFrames(connection);
  connection.on('session_open', ({ session }: EventContext) => {
    receiveBytes(session as Session);
    separateDirections(session as Session);
  });
  const server = connection as unknown as { accept(socket: Socket): void; eof(): void };
  server.accept(socket);
  socket.once('close', () => {
    // rhea looks at 'end' and 'error' only: after a destroy() its heartbeat timers would go on.
    server.eof();
    onGone(connection);
  });
}
