import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { build } from 'esbuild';
import { copyWasm, processingBundle, threads, wasmNames } from '../../../infra/processing-bundle.ts';
import { plantedCandidate } from '../../support/planted-candidate.ts';
import { loadProcessors } from '../../../shared/images/process/registry.ts';
import { sampleImage } from '../../support/sample-images.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

jest.setTimeout(90_000);

describe('the bundle of processing', () => {
  let folder: string;
  beforeAll(async () => {
    // Inside node_modules, so that the bundle finds sharp as it does in a deployment.
    await mkdir(`${root}node_modules/.cache`, { recursive: true });
    folder = await mkdtemp(`${root}node_modules/.cache/bundle-`);
    await build({
      absWorkingDir: root,
      entryPoints: {
        main: 'shared/images/process/pool.ts',
        worker: 'shared/images/process/worker.ts',
        candidates: 'shared/images/process/candidate-files.ts',
        ...threads,
      },
      outdir: folder,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      external: ['sharp'],
      plugins: [plantedCandidate, processingBundle(root)],
      define: { 'import.meta.url': 'bundleUrl' },
      banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    });
  });
  beforeAll(() => copyWasm(root, folder));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('is given its decoders as new files, so that who reads an old one meanwhile has it whole', async () => {
    const old = wasmNames.map((name) => statSync(join(folder, name)).ino);
    copyWasm(root, folder);
    const files = wasmNames.map((name) => statSync(join(folder, name)));
    expect(files.map(({ ino }, index) => ino === old[index])).toEqual(files.map(() => false));
    // Whoever deploys it is not who runs it.
    expect(files.map(({ mode }) => mode & 0o777)).toEqual(files.map(() => 0o644));
    expect((await readdir(folder)).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('has candidates in a bundle of their own, which no worker runs that is not told to', async () => {
    const holds = (name: string) => readFileSync(join(folder, name), 'utf8').includes('a planted candidate');
    const bundles = readdirSync(folder).filter((name) => name.endsWith('.cjs') && holds(name));
    expect(bundles).toEqual(['candidates.cjs']);
    await writeFile(join(folder, 'photo.png'), await sampleImage('png', 90, 60));
    const script = `
      const { createProcessing, askWorkers } = require('./main.cjs');
      const { pathToFileURL } = require('node:url');
      (async () => {
        const limits = { maxPixels: 1e6, timeoutMs: 60000, memoryMb: 512, workers: 1 };
        const processing = await createProcessing(limits);
        const candidates = pathToFileURL('candidates.cjs').href;
        const sandbox = askWorkers(limits, { candidates });
        const photo = require('node:fs').readFileSync('photo.png');
        const versionOf = ({ variants }) => variants.find(({ name }) => name === 'web').processorVersion;
        const released = versionOf(await processing.process(photo));
        const tried = versionOf(await sandbox.ask(photo, { work: 'measure' }));
        const described = await sandbox.ask(Buffer.alloc(0), { work: 'describe' });
        console.log(JSON.stringify({ released, tried, again: versionOf(await processing.process(photo)), described }));
        await Promise.all([processing.close(), sandbox.close()]);
      })();`;
    await writeFile(join(folder, 'try.cjs'), script);
    const { stdout } = await promisify(execFile)(process.execPath, ['try.cjs'], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual({
      ...{ released: '1', tried: '2', again: '1' },
      described: [{ name: 'web', version: '2', variants: ['web'] }],
    });
  });

  test.each(['native', 'javascript'])('runs every processor, with the %s engine', async (engine) => {
    // Small, so that the thumbnail is scaled by jimp's own method and its thread.
    await writeFile(join(folder, 'photo.png'), await sampleImage('png', 90, 60));
    const script = `
      const { createProcessing } = require('./main.cjs');
      (async () => {
        const limits = { maxPixels: 1e6, timeoutMs: 60000, memoryMb: 512, workers: 1, engine: '${engine}' };
        const processing = await createProcessing(limits);
        const { variants, facts } = await processing.process(require('node:fs').readFileSync('photo.png'));
        console.log(JSON.stringify([...variants, ...facts].map(({ name }) => name).sort()));
        await processing.close();
      })();`;
    await writeFile(join(folder, 'run.cjs'), script);
    const { stdout } = await promisify(execFile)(process.execPath, ['run.cjs'], { cwd: folder });
    const variants = (await loadProcessors()).flatMap((processor) => processor.variants);
    expect(JSON.parse(stdout)).toEqual(expect.arrayContaining(['preview', 'thumbnail', 'web', ...variants]));
    expect(JSON.parse(stdout)).toEqual(expect.arrayContaining(['blurhash', 'dominantColour']));
  });
});
