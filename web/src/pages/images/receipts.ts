import { downloadZip } from 'client-zip';
import pLimit from 'p-limit';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { ErasureReceipt } from '../../../../client/api-types.ts';
import { saveFile } from '../../ui/save-file.ts';
import { getImage } from './get-image.ts';

/** The log signs within a minute. Milliseconds between two looks, and looks. */
const periodMs = 3_000;
const maxLooks = 40;
const parallel = 8;

/** What the API answers for an image that was erased. */
export const receiptIn = (problem: ApiError | undefined): ErasureReceipt | undefined =>
  problem?.code === 'gone' ? (problem.details['receipt'] as ErasureReceipt) : undefined;

const fileOf = (receipt: ErasureReceipt): { name: string; content: string } => ({
  name: `receipt-${receipt.imageId}.json`,
  content: JSON.stringify(receipt, null, 2),
});

export function saveReceipt(receipt: ErasureReceipt): void {
  const { name, content } = fileOf(receipt);
  saveFile(new Blob([content], { type: 'application/json' }), name);
}

const wait = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, periodMs);
  });

/** Waits until the log has signed it. */
async function receiptOf(id: string): Promise<ErasureReceipt> {
  for (let look = 1; ; look += 1) {
    const problem = await getImage(id).then(() => undefined, asApiError);
    const receipt = receiptIn(problem);
    if (receipt?.status === 'complete') return receipt;
    if (look >= maxLooks || receipt === undefined)
      throw problem ?? new Error(`There is no receipt of ${id} yet.`);
    await wait();
  }
}

/** Saves the receipts of erased images, complete: one as it is, several as a ZIP. */
export async function saveReceipts(ids: readonly string[]): Promise<void> {
  const receipts = await pLimit(parallel).map(ids, receiptOf);
  const [first] = receipts;
  if (receipts.length === 1) saveReceipt(first!);
  else {
    const files = receipts.map(fileOf).map(({ name, content }) => ({ name, input: content }));
    saveFile(await downloadZip(files).blob(), 'receipts.zip');
  }
}
