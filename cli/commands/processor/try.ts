import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { Option, type Command } from 'commander';
import { settings } from '../../../shared/platform/config.ts';
import { formatBytes, printTable } from '../../../client/table.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly out?: string;
  readonly processor?: string;
  readonly json?: boolean;
  readonly compare?: boolean;
  readonly released: string;
}

/** The limits of production, or what the environment says. */
const limits = settings.pick({
  DARKROOM_MAX_PIXELS: true,
  DARKROOM_PROCESSING_TIMEOUT_MS: true,
  DARKROOM_PROCESSING_MEMORY_MB: true,
  DARKROOM_PROCESSING_WORKERS: true,
  DARKROOM_PROCESSING_ENGINE: true,
});

async function tryProcessors(file: string, options: Options): Promise<void> {
  const { createProcessing, processingOptions } = await import('../../../shared/images/process/pool.ts');
  const one = { ...processingOptions(limits.parse(process.env)), workers: 1 };
  if (options.compare === true) {
    const { compareVersions } = await import('./compare.ts');
    return compareVersions(file, one, options);
  }
  const { out, processor, json } = options;
  const processing = await createProcessing(one);
  try {
    const began = performance.now();
    const { header, variants, facts } = await processing.process(await readFile(file));
    const milliseconds = Math.round(performance.now() - began);
    const wanted = <T extends { processor: string }>(all: readonly T[]) =>
      all.filter((one) => processor === undefined || one.processor === processor);
    const made = wanted(variants).map(({ bytes, ...variant }) => ({
      ...variant,
      bytes: bytes.length,
      file: null as string | null,
    }));
    if (out !== undefined) {
      await mkdir(out, { recursive: true });
      for (const [index, { name, contentType, bytes }] of wanted(variants).entries()) {
        const stem = basename(file, extname(file));
        const target = `${out}/${stem}.${name}.${contentType.split('/')[1]}`;
        await writeFile(target, bytes);
        made[index]!.file = target;
      }
    }
    if (json === true) {
      printJson({ header, milliseconds, variants: made, facts: wanted(facts) });
      return;
    }
    console.log(`${header.contentType} ${header.width}×${header.height}, processed in ${milliseconds} ms`);
    printTable(
      ['variant', 'type', 'size', 'bytes', 'processor', 'file'],
      made.map((one) => [
        one.name,
        one.contentType,
        `${one.width}×${one.height}`,
        formatBytes(one.bytes),
        `${one.processor} ${one.processorVersion}`,
        one.file,
      ]),
    );
    for (const fact of wanted(facts)) console.log(`${fact.name}: ${JSON.stringify(fact.value)}`);
  } finally {
    await processing.close();
  }
}

export const addProcessorTry = (processor: Command): Command =>
  processor
    .command('try')
    .description('run the processors on a local file, under the limits of production; needs no stack')
    .argument('<file>')
    .option('--processor <name>', 'only this one')
    .addOption(new Option('--out <directory>', 'write the variants there').conflicts('compare'))
    .option('--compare', 'the released version beside that of the working tree, with its candidates')
    .option('--released <ref>', 'what is released: a branch, a tag or a commit of git', 'HEAD')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npx darkroom processor try photo.jpg --out /tmp/variants\n  npx darkroom processor try photo.jpg --compare --released v1.4',
    )
    .action(tryProcessors);
