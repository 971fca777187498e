import { mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { asApiError } from '../../client/api-error.ts';
import type { Image } from '../../client/api-types.ts';
import type { Connection } from '../../client/connection.ts';
import { isSettled } from '../../client/image.ts';
import { printTable } from '../../client/table.ts';
import { uploadFile } from '../../client/upload-file.ts';
import { uploadResumable } from '../../client/upload-resumable.ts';
import { waitForImages } from '../../client/wait-for-image.ts';
import { defaultStateDir, stateMode } from '../../infra/local/supervisor/state.ts';
import { pieceBytes } from '../../client/piece-bytes.ts';
import { connect } from '../support/connection.ts';
import { imageFiles } from '../support/image-files.ts';
import { printJson } from '../support/output.ts';
import { showProgress, type Progress } from '../support/progress.ts';

interface Options {
  readonly as: string;
  readonly idempotencyKey?: string;
  readonly resumable?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** What became of one file. */
interface Outcome {
  readonly file: string;
  readonly status: string;
  readonly id?: string;
  readonly variants?: readonly string[];
  /** Why there is no image, or none that can be seen. */
  readonly error?: { readonly code: string; readonly message: string };
}

const failure = (file: string, error: unknown): Outcome => {
  const { code, message } = asApiError(error);
  return { file, status: 'not sent', error: { code, message } };
};

const missing = (file: string): Outcome => ({
  file,
  status: 'not sent',
  error: { code: 'no-image', message: 'No image has this name.' },
});

/** Milliseconds for images that are processed one after another. */
const waitMs = (count: number): number => 120_000 + count * 5_000;

async function sendResumable(
  connection: Connection,
  file: string,
  as: string,
  progress: Progress,
): Promise<{ id: string; status: string }> {
  let shown = 0;
  const onProgress = (sentBytes: number) => {
    progress.step(basename(file), sentBytes - shown);
    shown = sentBytes;
  };
  const stateFile = join(defaultStateDir(), 'uploads-under-way.json');
  return uploadResumable(connection, file, { as, stateFile, onProgress });
}

/** What is known of an image, which may not be at its end yet. */
function endOf(outcome: Outcome, image: Image | undefined): Outcome {
  if (image === undefined || !isSettled(image)) {
    const message = 'It was sent, and is not processed yet. Ask later: npx darkroom watch ID';
    return { ...outcome, error: { code: 'not-finished', message } };
  }
  const { status, failure: error } = image;
  return { ...outcome, status, variants: image.variants.map(({ name }) => name), ...(error && { error }) };
}

/** Follows the images that were sent to their ends. */
async function settled(
  connection: Connection,
  outcomes: readonly Outcome[],
  as: string,
): Promise<readonly Outcome[]> {
  const ids = outcomes.flatMap(({ id }) => (id === undefined ? [] : [id]));
  // Whatever comes between: the table says what was sent.
  const images = await waitForImages(connection, ids, { timeoutMs: waitMs(ids.length), as }).catch(
    (error: unknown) => {
      console.error(`darkroom: ${asApiError(error).message}`);
      return new Map<string, Image>();
    },
  );
  return outcomes.map((outcome) =>
    outcome.id === undefined ? outcome : endOf(outcome, images.get(outcome.id)),
  );
}

function print(outcomes: readonly Outcome[], asJson: boolean): void {
  if (asJson) {
    printJson({ images: outcomes });
    return;
  }
  printTable(
    ['file', 'id', 'status', 'variants', 'reason'],
    outcomes.map(({ file, id, status, variants = [], error }) => [
      file,
      id,
      status,
      variants.join(' '),
      error && `${error.message} (${error.code})`,
    ]),
  );
  const failed = outcomes.filter(({ error }) => error).length;
  if (failed > 0) console.error(`darkroom: ${failed} of ${outcomes.length} did not succeed.`);
}

async function upload(names: readonly string[], options: Options): Promise<void> {
  const connection = connect();
  const { files, missing: unknown } = imageFiles(names);
  if (options.idempotencyKey !== undefined && files.length > 1)
    throw new Error('--idempotency-key is for one file.');
  // One POST has a limit, which a refusal would tell of only after the bytes.
  const isLarge = (file: string) => statSync(file).size > pieceBytes;
  const resumable =
    options.resumable === true || (options.idempotencyKey === undefined && files.some(isLarge));
  if (resumable) mkdirSync(defaultStateDir(), { recursive: true, mode: stateMode });
  const total = resumable ? files.reduce((sum, file) => sum + statSync(file).size, 0) : files.length;
  const progress = showProgress(total, 'Uploading', options.json === true);
  const outcomes: Outcome[] = unknown.map(missing);
  for (const file of files) {
    try {
      const { id, status } = await (resumable
        ? sendResumable(connection, file, options.as, progress)
        : uploadFile(connection, file, options));
      outcomes.push({ file, id, status });
    } catch (error) {
      outcomes.push(failure(file, error));
    }
    if (!resumable) progress.step(basename(file));
  }
  const ended = options.wait === true ? await settled(connection, outcomes, options.as) : outcomes;
  progress.end();
  print(ended, options.json === true);
  if (ended.some(({ error }) => error)) process.exitCode = 1;
}

export const addUpload = (program: Command): Command =>
  program
    .command('upload')
    .description('upload images over HTTP; goes on after a file that is refused')
    .argument('<files...>', 'files, directories (the images in them) or patterns')
    .option('--as <persona>', 'who uploads, on the local stack', 'uploader')
    .option('--idempotency-key <key>', 'the same key again is the same image (one file)')
    .option('--resumable', 'in pieces (tus): survives lost connections; started again, it goes on')
    .option('--wait', 'wait until each is processed, rejected or failed')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nEnds with 1 when any file was not sent or did not become an image.\n\nExamples:\n  npx darkroom upload --wait holiday/\n  npx darkroom upload --wait "holiday/**/*.jpg"\n  npx darkroom upload --resumable scan.tiff',
    )
    .action(upload);
