import type { Socket } from 'node:net';
import rhea, { type Connection, type Session } from 'rhea';

/*
 * Four things that rhea does and Event Hubs does not: it writes each frame alone, it leaves out trailing fields (Microsoft's client for Python reads
 * them by their place and fails without them), it decodes what is to be stored as it was sent, and it takes two links of
 * one name for one even when they go in opposite directions (Qpid Proton names them so).
 */

/** How many fields a performative or what stands in one has, by its descriptor (OASIS AMQP 1.0, part 2, section 2.7). */
const fieldCounts: Readonly<Record<number, number>> = {
  0x10: 10,
  0x11: 8,
  0x12: 14,
  0x13: 11,
  0x14: 11,
  0x15: 6,
  0x16: 3,
  0x17: 1,
  0x18: 1,
  0x1d: 3,
  0x28: 11,
  0x29: 7,
};

interface Described {
  readonly descriptor?: { readonly value?: unknown };
  readonly value?: unknown;
}

interface Performative {
  readonly constructor: { readonly descriptor: { readonly numeric: number } };
  readonly value: unknown[];
  handle_max?: number;
}

const begin = 0x11;
const nothing = rhea.types.wrap(null) as unknown;

function complete(descriptor: number, fields: unknown[]): void {
  for (let index = 0; index < (fieldCounts[descriptor] ?? 0); index++) fields[index] ??= nothing;
  for (const field of fields as (Described | undefined)[]) {
    if (field?.descriptor && Array.isArray(field.value))
      complete(Number(field.descriptor.value), field.value);
  }
}

/** Frames that are written in one turn go out as one: the events of a batch come together, however busy the machine is. */
function writeTogether(socket: Socket): void {
  socket.cork();
  process.nextTick(() => socket.uncork());
}

/** Frames of this connection have all their fields, absent ones as null (and the default of handle-max as a number). */
export function writeWholeFrames(connection: Connection): void {
  const internals = connection as unknown as {
    readonly socket: Socket;
    _write_frame(channel: number, frame?: Performative, payload?: Buffer): void;
  };
  const write = internals._write_frame.bind(connection);
  internals._write_frame = (channel, frame, payload) => {
    if (frame === undefined) {
      // An empty frame keeps a connection alive; rhea's timer for the next one would go on after its end.
      if (internals.socket.destroyed) return;
    } else {
      const descriptor = frame.constructor.descriptor.numeric;
      if (descriptor === begin) frame.handle_max = 0xffff_ffff;
      complete(descriptor, frame.value);
    }
    writeTogether(internals.socket);
    write(channel, frame, payload);
  };
}

/** Format that rhea does not know and so leaves alone; standard messages are marked with it before it looks at them. */
const undecoded = 0xffff_ffff;

/** Messages of this session arrive as bytes, whatever their format. */
export function receiveBytes(session: Session): void {
  const internals = session as unknown as {
    on_transfer(frame: { performative: { message_format: number | null } }): void;
  };
  const receive = internals.on_transfer.bind(session);
  internals.on_transfer = (frame) => {
    // Only the first frame of a delivery has to name the format; 0 and none are the same there.
    if (!frame.performative.message_format) frame.performative.message_format = undecoded;
    receive(frame);
  };
}

/** Links are told apart by name and direction (part 2, section 2.6.1). */
export function separateDirections(session: Session): void {
  const internals = session as unknown as {
    links: Record<string, { name: string } | undefined>;
    on_attach(frame: { performative: { name: string; role: boolean } }): void;
  };
  const attach = internals.on_attach.bind(session);
  internals.on_attach = (frame) => {
    const { name, role } = frame.performative;
    attach(frame);
    const link = internals.links[name];
    if (!link) return;
    internals.links = Object.fromEntries(Object.entries(internals.links).filter(([key]) => key !== name));
    link.name = `${role ? 'to' : 'from'} ${name}`;
    internals.links[link.name] = link;
  };
}

/** The message format that the sender named. */
export const formatAsSent = (format: number): number => (format === undecoded ? 0 : format);
