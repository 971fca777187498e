import { setTimeout as wait } from 'node:timers/promises';
import { quarters } from '../../pipeline/support/pictures.ts';
import { sha256, type Picture, type Source } from './sources.ts';

/** What a source was promised. */
export interface Acknowledged {
  readonly source: string;
  readonly sha256: string;
  /** Undefined where only the hub knows it. */
  readonly id: string | undefined;
}

export interface Sent {
  readonly acknowledged: readonly Acknowledged[];
  /** How often each image may be there: again for each time it was sent anew by a way that cannot tell. By digest. */
  readonly maxRows: ReadonlyMap<string, number>;
}

export interface SendOptions {
  readonly images: number;
  /** Whether the next may be sent when so many are acknowledged. */
  readonly mayGoOn: (acknowledged: number) => boolean;
  readonly signal: AbortSignal;
}

async function draw(seed: number, source: string): Promise<Picture> {
  const bytes = await quarters(160 + (seed % 60), 100 + Math.floor(seed / 60), seed)
    .png()
    .toBuffer();
  return { bytes, sha256: sha256(bytes), key: `${source.replaceAll(/\W+/g, '-')}-${seed}` };
}

const pauseMs = 100;
const callMs = 90_000;

const timeOut = async (): Promise<never> => {
  await wait(callMs, undefined, { ref: false });
  throw new Error(`No answer within ${callMs} ms.`);
};

/** Sends about that many images by all sources side by side, each again until it is acknowledged, as clients do. */
export async function sendAll(
  sources: readonly Source[],
  { images, mayGoOn, signal }: SendOptions,
): Promise<Sent> {
  const acknowledged: Acknowledged[] = [];
  const maxRows = new Map<string, number>();
  const each = Math.ceil(images / sources.length);

  async function sendOnce(source: Source, pictures: readonly Picture[]): Promise<boolean> {
    const again = () => {
      if (source.isIdempotent) return;
      for (const picture of pictures) maxRows.set(picture.sha256, maxRows.get(picture.sha256)! + 1);
    };
    try {
      const ids = await Promise.race([source.send(pictures, again), timeOut()]);
      acknowledged.push(
        ...pictures.map((picture, index) => ({
          ...{ source: source.name, sha256: picture.sha256, id: ids[index] },
        })),
      );
      return true;
    } catch {
      again();
      return false;
    }
  }

  async function sendBy(source: Source, first: number): Promise<void> {
    for (let sent = 0; sent < each; sent += source.batch) {
      const seeds = Array.from({ length: source.batch }, (_, index) => first + sent + index);
      const pictures = await Promise.all(seeds.map((seed) => draw(seed, source.name)));
      for (const picture of pictures) maxRows.set(picture.sha256, 1);
      while (!mayGoOn(acknowledged.length)) await wait(20, undefined, { signal });
      while (!(await sendOnce(source, pictures))) await wait(pauseMs, undefined, { signal });
    }
  }

  const stride = each + Math.max(...sources.map(({ batch }) => batch));
  await Promise.all(sources.map((source, index) => sendBy(source, index * stride)));
  return { acknowledged, maxRows };
}
