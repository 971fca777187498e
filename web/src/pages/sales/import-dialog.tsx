import { useRef, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { ProductImport } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { toast } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { plural } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Failure } from '../../ui/states.tsx';
import { ImportPreview } from './import-preview.tsx';

const decimalMarks = [
  ['file', 'As the file shows'],
  ['point', 'A point (1.5)'],
  ['comma', 'A comma (1,5)'],
] as const;
type Decimals = (typeof decimalMarks)[number][0];

const importProducts = (file: File, decimals: Decimals, dryRun: boolean): Promise<ProductImport> =>
  ask((api) =>
    api.POST('/sales/products/import', {
      params: {
        query: { dryRun: dryRun ? 'true' : 'false', ...(decimals !== 'file' && { decimals }) },
      },
      headers: { 'content-type': 'text/csv' },
      body: file,
      bodySerializer: (body) => body,
    }),
  );

/** A product file: first what it would do, row by row, then all of it or nothing. */
export function ImportDialog({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const [file, setFile] = useState<File>();
  const [preview, setPreview] = useState<ProductImport>();
  const [problem, setProblem] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const [decimals, setDecimals] = useState<Decimals>('file');
  const asked = useRef(0);
  const run = (given: File, dryRun: boolean, marks = decimals) => {
    asked.current += 1;
    const mine = asked.current;
    setBusy(true);
    setProblem(undefined);
    importProducts(given, marks, dryRun).then(
      (answer) => {
        if (!answer.applied) {
          // What is shown is what an import would do: the answer to the last question.
          if (mine !== asked.current) return;
          setBusy(false);
          setPreview(answer);
          return;
        }
        toast(`Imported: ${answer.added} added, ${answer.changed} changed, ${answer.unchanged} unchanged.`);
        onDone();
      },
      (error: unknown) => {
        if (mine !== asked.current) return;
        setBusy(false);
        if (dryRun) setPreview(undefined);
        setProblem(asApiError(error));
      },
    );
  };
  const ready = preview !== undefined && preview.issues.length === 0 && preview.added + preview.changed > 0;
  return (
    <Dialog
      wide
      title="Import products"
      onClose={onClose}
      footer={
        <>
          <button class="button" onClick={onClose}>
            Cancel
          </button>
          <button
            class="button primary"
            disabled={busy || !ready || !file}
            onClick={() => file && run(file, false)}
          >
            {ready ? `Import ${plural(preview.added + preview.changed, 'row', 'rows')}` : 'Import'}
          </button>
        </>
      }
    >
      <p class="dim">
        A CSV file, separated by commas, semicolons or tabs, with the columns name, manufacturer, cost,
        weight; productId where a product is to be changed, and isActive where one is to be retired or
        restored. The export is such a file.
      </p>
      <div class="field">
        <label for="import-file">File</label>
        <input
          id="import-file"
          class="file"
          type="file"
          accept=".csv,text/csv"
          onChange={(event) => {
            const given = event.currentTarget.files?.[0];
            setPreview(undefined);
            setFile(given);
            if (given) run(given, true);
          }}
        />
      </div>
      <Segmented
        label="Decimals have"
        options={decimalMarks}
        value={decimals}
        onChange={(next) => {
          setDecimals(next);
          if (file) run(file, true, next);
        }}
      />
      {problem && <Failure problem={problem} />}
      {preview && <ImportPreview preview={preview} />}
    </Dialog>
  );
}
