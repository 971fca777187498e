import type { ErasureReceipt } from '../../../../client/api-types.ts';
import { formatBytes, plural } from '../../ui/format.ts';
import { CheckIcon, DownloadIcon } from '../../ui/icons.tsx';
import { Time } from '../../ui/time.tsx';
import { saveReceipt } from './receipts.ts';

const reasons: Readonly<Record<ErasureReceipt['kind'], string>> = {
  retention: 'Its seven days were over',
  erasure: 'Somebody asked for it',
  sweep: 'A check of the stores found it',
};

/** The proof that an image is gone, and a file of it that can be checked without this system. */
export function Receipt({ receipt }: { receipt: ErasureReceipt }) {
  const isComplete = receipt.status === 'complete';
  return (
    <section class="card" aria-labelledby="receipt-title">
      <header>
        <h2 id="receipt-title">Receipt of the erasure</h2>
        <button class="button" disabled={!isComplete} onClick={() => saveReceipt(receipt)}>
          <DownloadIcon /> Download receipt
        </button>
      </header>
      <div class="card-body">
        <p role="status">
          <CheckIcon />{' '}
          {isComplete
            ? `The image is erased, and entry ${receipt.leafIndex} of the signed log proves it.`
            : 'The image is erased. The log signs it within a minute.'}
        </p>
        <dl class="facts">
          <dt>Erased</dt>
          <dd>
            <Time at={receipt.erasedAt} />
          </dd>
          <dt>Why</dt>
          <dd>{reasons[receipt.kind]}</dd>
          <dt>What</dt>
          <dd>
            {plural(receipt.blobs, 'file', 'files')}, {formatBytes(receipt.bytes)}
          </dd>
          <dt>Id</dt>
          <dd class="mono">{receipt.imageId}</dd>
        </dl>
      </div>
    </section>
  );
}
