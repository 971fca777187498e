import { mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { defaultStateDir } from '../../infra/local/supervisor/state.ts';
import { connect } from '../support/connection.ts';
import { waitForImage } from '../../client/wait-for-image.ts';
import { printTable } from '../../client/table.ts';
import { printJson } from '../support/output.ts';
import { showProgress } from '../support/progress.ts';
import { uploadFile } from '../../client/upload-file.ts';
import { uploadResumable } from '../../client/upload-resumable.ts';

interface Options {
  readonly as: string;
  readonly idempotencyKey?: string;
  readonly resumable?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
}

async function upload(files: readonly string[], options: Options): Promise<void> {
  const connection = connect();
  const resumable = options.resumable === true;
  if (resumable) mkdirSync(defaultStateDir(), { recursive: true });
  const total = resumable ? files.reduce((sum, file) => sum + statSync(file).size, 0) : files.length;
  const progress = showProgress(total, 'Uploading', options.json === true);
  const sendResumable = (file: string) => {
    let shown = 0;
    const onProgress = (sentBytes: number) => {
      progress.step(basename(file), sentBytes - shown);
      shown = sentBytes;
    };
    const stateFile = join(defaultStateDir(), 'uploads-under-way.json');
    return uploadResumable(connection, file, { as: options.as, stateFile, onProgress });
  };
  const sent: { file: string; id: string; status: string; variants: string[] }[] = [];
  for (const file of files) {
    const { id, status } = await (resumable ? sendResumable(file) : uploadFile(connection, file, options));
    sent.push({ file, id, status, variants: [] });
    if (!resumable) progress.step(basename(file));
  }
  if (options.wait === true) {
    for (const one of sent) {
      const image = await waitForImage(connection, one.id, { timeoutMs: 120_000, as: options.as });
      if (image)
        Object.assign(one, { status: image.status, variants: image.variants.map(({ name }) => name) });
    }
  }
  progress.end();
  if (options.json === true) printJson({ images: sent });
  else
    printTable(
      ['file', 'id', 'status', 'variants'],
      sent.map(({ file, id, status, variants }) => [basename(file), id, status, variants.join(' ')]),
    );
}

export const addUpload = (program: Command): Command =>
  program
    .command('upload')
    .description('upload images over HTTP')
    .argument('<files...>')
    .option('--as <persona>', 'who uploads, on the local stack', 'uploader')
    .option('--idempotency-key <key>', 'the same key again is the same image (one file)')
    .option('--resumable', 'in pieces (tus): survives lost connections; started again, it goes on')
    .option('--wait', 'wait until each is processed, rejected or failed')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx darkroom upload --wait holiday/*.jpg\n  npx darkroom upload --resumable scan.tiff',
    )
    .action(upload);
