import { setTimeout as wait } from 'node:timers/promises';
import { waitForImage } from '../../client/wait-for-image.ts';
import { declaredVariants } from '../support/declared-variants.ts';
import { eventually } from '../support/eventually.ts';
import { seeded } from '../support/random.ts';
import { takeAccount, type Account } from './kill/account.ts';
import { sendAll, type Acknowledged, type Sent } from './kill/senders.ts';
import { openSources } from './kill/sources.ts';
import { runStack, type StackProcess } from './kill/stack-process.ts';
import { equal, type Claim, type Proof } from './proof.ts';

interface Size {
  readonly images: number;
  /** How often each component is killed. */
  readonly rounds: number;
}

const sizes = { whole: { images: 500, rounds: 3 }, short: { images: 100, rounds: 1 } } as const;
/** Longest time from the moment when more may be sent to the kill. */
const maxDelayMs = 500;
const settleMs = 10 * 60_000;

/** Kills one component after the other; `onKill` tells how many kills have begun, of how many. */
async function killAll(stack: StackProcess, rounds: number, onKill: (begun: number, all: number) => void) {
  const random = seeded(20261129);
  const names = stack.components().map(({ name }) => name);
  const killed = new Map(names.map((name) => [name, 0]));
  for (let kill = 0; kill < names.length * rounds; kill += 1) {
    const name = names[kill % names.length]!;
    onKill(kill + 1, names.length * rounds);
    await wait(random() * maxDelayMs);
    const began = performance.now();
    await stack.kill(name);
    killed.set(name, killed.get(name)! + 1);
    console.error(`  killed ${name}, up again after ${Math.round(performance.now() - began)} ms`);
  }
  return killed;
}

const bySource = (acknowledged: readonly Acknowledged[]): string =>
  [...Map.groupBy(acknowledged, ({ source }) => source)]
    .map(([source, its]) => `${source} ${its.length}`)
    .join(', ');

const counts = (killed: ReadonlyMap<string, number>): string =>
  [...killed].map(([name, count]) => `${name} ${count}`).join(', ');

/** A claim that nothing is wrong, which shows the first few things that are. */
const none = (claim: string, wrong: readonly unknown[], looked: string): Claim => ({
  claim,
  holds: wrong.length === 0,
  detail:
    wrong.length === 0
      ? `0 of ${looked}`
      : `${wrong.length} of ${looked}: ${wrong
          .slice(0, 5)
          .map((one) => JSON.stringify(one))
          .join('; ')}`,
});

/** What was acknowledged, with the ids of what only the hub knew. */
const identified = ({ acknowledged }: Sent, { rows }: Account) =>
  acknowledged.map((one) => ({ ...one, id: one.id ?? rows.find(({ sha256 }) => sha256 === one.sha256)?.id }));

async function* compare(stack: StackProcess, sent: Sent, account: Account): AsyncGenerator<Claim> {
  const { rows, originals, derivatives, deadLetters } = account;
  const promised = identified(sent, account);
  const row = new Map(rows.map((one) => [one.id, one]));
  const count = `${promised.length} acknowledged`;
  yield none(
    'acknowledged images that are lost',
    promised.filter(
      ({ id, sha256 }) =>
        id === undefined || row.get(id)?.status !== 'processed' || originals.get(id) !== sha256,
    ),
    count,
  );
  const digests = Map.groupBy(rows, ({ sha256 }) => sha256);
  yield none(
    'images with more rows than they were sent',
    [...digests].filter(([sha256, its]) => its.length > (sent.maxRows.get(sha256 ?? '') ?? 0)),
    count,
  );
  yield equal('ids that two images share', promised.length - new Set(promised.map(({ id }) => id)).size, 0);
  const variants = (await declaredVariants()).toSorted();
  const stored = Map.groupBy(derivatives, (path) => path.split('/')[0]!);
  yield none(
    'images without exactly one set of derivatives',
    promised.filter(({ id }) => {
      const names = row.get(id ?? '')?.variants;
      return (
        JSON.stringify(names?.toSorted()) !== JSON.stringify(variants) ||
        stored.get(id!)?.length !== variants.length
      );
    }),
    `${count}, ${variants.length} variants each`,
  );
  yield none(
    'derivatives of no image',
    [...stored.keys()].filter((id) => !row.has(id)),
    `${derivatives.length} stored`,
  );
  const isKnown = (sha256: string) => (sent.maxRows.get(sha256) ?? 0) > 0;
  yield none(
    'originals of nobody',
    [...originals].filter(([id, sha256]) => !row.has(id) && !isKnown(sha256)),
    `${originals.size} stored`,
  );
  yield none('dead letters for what was only an outage', deadLetters, count);
}

/** Sends images by every source while each process of the stack is killed again and again. */
export async function* proveKills(size: Size): AsyncGenerator<Claim> {
  const stack = await runStack();
  const sources = await openSources(stack);
  const ended = new AbortController();
  try {
    // With each kill its share of the images is sent, so that all of them meet one.
    let allowed = 0;
    const [sent, killed] = await Promise.all([
      sendAll(sources, {
        ...{ images: size.images, signal: ended.signal },
        mayGoOn: (acknowledged) => acknowledged < allowed,
      }),
      killAll(
        stack,
        size.rounds,
        (begun, all) => (allowed = begun === all ? Infinity : Math.ceil((size.images * begun) / all)),
      ),
    ]);
    yield {
      claim: 'images are acknowledged by every source while processes are killed',
      holds: sent.acknowledged.length >= size.images,
      detail: `${sent.acknowledged.length}: ${bySource(sent.acknowledged)}`,
    };
    yield {
      claim: 'each process was killed and the stack came back',
      holds: [...killed.values()].every((times) => times === size.rounds),
      detail: counts(killed),
    };
    for (const { id } of sent.acknowledged)
      if (id !== undefined) await waitForImage(stack.connection, id, { timeoutMs: settleMs });
    const whole = async () => {
      const account = await takeAccount(stack);
      return identified(sent, account).every(({ id }) => id !== undefined) &&
        account.rows.every(({ status }) => status !== 'stored')
        ? account
        : undefined;
    };
    const account = await eventually(whole, { within: 60_000, every: 1_000 }).catch(() => takeAccount(stack));
    yield* compare(stack, sent, account);
  } finally {
    ended.abort();
    await Promise.allSettled(sources.map(async (source) => source.close?.()));
    await stack.stop();
  }
}

const kill: Proof = {
  about: 'SIGKILL of every process amid 500 uploads by every source: none lost, none twice',
  claims: ({ isShort }) => proveKills(isShort ? sizes.short : sizes.whole),
};

export default kill;
