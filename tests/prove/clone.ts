/**
 * What somebody meets who clones the repository and follows the README: an installation that is cut is repaired by the next
 * `npm start`, which says little; a picture of one's own in three commands; up again in seconds.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from '../support/eventually.ts';
import { jpegPhoto } from '../support/photos.ts';
import { freeOffset } from './kill/stack-process.ts';
import type { Claim, Proof } from './proof.ts';

const here = fileURLToPath(new URL('../..', import.meta.url));
const patience = { within: 900_000, every: 100 } as const;

/** A command as the README writes it, its comment left out. */
async function commandOf(directory: string, begin: string): Promise<string> {
  const readme = await readFile(`${directory}/README.md`, 'utf8');
  const line = readme.split('\n').find((one) => one.startsWith(begin));
  if (line === undefined) throw new Error(`The README has no command that begins with ${begin}.`);
  return line.split('#')[0]!.trim();
}

/** Runs a command of a clone in a shell, with processes of its own that end together. */
function run(directory: string, command: string) {
  // As from a terminal: npm hands its own settings on to what it starts.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_.*|NODE_OPTIONS|DARKROOM_HOME)$/.test(name),
  );
  const path = (process.env['PATH'] ?? '').split(':').filter((one) => !one.includes('node_modules'));
  const child = spawn(command, {
    ...{ cwd: directory, shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...Object.fromEntries(inherited), PATH: path.join(':') },
  });
  const lines: { readonly text: string; readonly at: number }[] = [];
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (text) => lines.push({ text, at: Date.now() }));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const end = async (signal: 'SIGKILL' | 'SIGINT') => {
    process.kill(-child.pid!, signal);
    await ended;
  };
  const said = (text: string) =>
    eventually(() => {
      if (child.exitCode !== null) throw new Error(lines.map((one) => one.text).join('\n'));
      return lines.find((one) => one.text.includes(text));
    }, patience);
  return { lines, ended, end, said };
}

const countIn = (directory: string): number => {
  try {
    return readdirSync(`${directory}/node_modules`).length;
  } catch {
    return 0;
  }
};

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

const within = (claim: string, took: number, limit: number): Claim => ({
  claim,
  holds: took <= limit,
  detail: `${seconds(took)}, at most ${seconds(limit)} on a machine that does nothing else`,
});

/** What `npm start` may say besides its installation: npm's own lines, a line for each component, the table, the places. */
const wanted = [
  /^$/,
  /^> /,
  /^Starting Darkroom …$/,
  /^ {2}[\w-]+ ready after \d+ ms$/,
  /^Sending \d+ images /,
];
const table = /^(image|[\w-]+\.(jpg|png|gif|tiff|bmp|webp)) {2,}/;
const closing = [
  /^ {2}(API|tokens|Kafka|logs|more) {2,}/,
  /^Darkroom is up\. Open http/,
  /^engineering; no password\./,
];

const proof: Proof = {
  about:
    'a fresh clone by its README: cut installations, three commands to a picture of one’s own, and again',
  async *claims({ isShort }) {
    const directory = await mkdtemp(`${tmpdir()}/darkroom-clone-`);
    execFileSync('git', ['clone', '--quiet', here, directory]);
    // The README's ports may be taken by a stack that runs here.
    const npmStart = `${await commandOf(directory, 'npm start')} -- --port-offset ${await freeOffset()}`;
    const start = () => run(directory, npmStart);
    try {
      const cuts = [
        ['before the first package', (one: typeof stack) => one.said('installing')],
        ['amid the packages', () => eventually(() => countIn(directory) > 400 || undefined, patience)],
        ['before Node', (one: typeof stack) => one.said('fetching Node')],
      ] as const;
      let stack = start();
      for (const [name, reached] of isShort ? cuts.slice(2) : cuts) {
        await reached(stack);
        await stack.end('SIGKILL');
        stack = start();
        const { text } = await stack.said('darkroom: ');
        yield {
          claim: `an installation cut ${name} goes on`,
          holds: /installing|fetching/.test(text),
          detail: text,
        };
      }
      const installed = await stack.said('darkroom: installed');
      const first = await stack.said('processed');
      await stack.said('Darkroom is up');
      yield within('the first picture is processed after the installation', first.at - installed.at, 20_000);
      const after = stack.lines.slice(stack.lines.indexOf(installed) + 1).map(({ text }) => text);
      const others = after.filter((text) => ![...wanted, table, ...closing].some((one) => one.test(text)));
      yield {
        claim: '`npm start` says nothing else',
        holds: others.length === 0,
        detail: others.join('\n') || 'nothing',
      };

      await writeFile(`${directory}/photo.jpg`, await jpegPhoto(1200, 800, 7));
      const upload = run(directory, await commandOf(directory, 'npx darkroom upload'));
      const [uploaded] = await upload.ended;
      const id = /[0-9a-f-]{36}/.exec(upload.lines.map(({ text }) => text).join('\n'))?.[0] ?? '';
      const watch = run(directory, (await commandOf(directory, 'npx darkroom watch')).replace('ID', id));
      const [watched] = await watch.ended;
      const said = [...upload.lines, ...watch.lines]
        .map(({ text }) => text)
        .join('\n')
        .trim();
      const holds = uploaded === 0 && watched === 0 && said.includes('processed');
      yield { claim: 'a picture of one’s own is processed in three commands', holds, detail: said };
      const doctor = run(directory, await commandOf(directory, 'npx darkroom doctor'));
      const [found] = await doctor.ended;
      yield {
        claim: 'the doctor finds nothing',
        holds: found === 0,
        detail: doctor.lines.map(({ text }) => text).join('\n'),
      };
      await stack.end('SIGINT');

      const began = Date.now();
      stack = start();
      const ready = await stack.said('Sending');
      yield within('`npm start` again', ready.at - began, 5_000);
      await stack.end('SIGINT');
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};

export default proof;
