import { useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { ProductImport } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { toast } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { Failure } from '../../ui/states.tsx';

/** Rows of issues that are shown; the rest is counted. */
const shown = 200;

function Preview({ preview }: { preview: ProductImport }) {
  const { rows, added, changed, unchanged, issues } = preview;
  return (
    <>
      <p>
        {plural(rows, 'row', 'rows')}: {formatCount(added)} to add, {formatCount(changed)} to change,{' '}
        {formatCount(unchanged)} unchanged, {plural(issues.length, 'value', 'values')} not valid.
      </p>
      {issues.length > 0 && (
        <>
          <p class="field-error">
            Nothing is imported while a value is not valid. Correct the file and choose it again.
          </p>
          {issues.length > shown && <p class="dim">The first {shown} are listed.</p>}
          <ScrollArea class="short" label="Values that are not valid">
            <table class="cards">
              <thead>
                <tr>
                  <th scope="col" class="number">
                    Row
                  </th>
                  <th scope="col">Column</th>
                  <th scope="col">Value</th>
                  <th scope="col">Why</th>
                </tr>
              </thead>
              <tbody>
                {issues.slice(0, shown).map((issue, index) => (
                  <tr key={index}>
                    <td class="number" data-label="Row">
                      {formatCount(issue.row)}
                    </td>
                    <td data-label="Column">{issue.column}</td>
                    <td class="mono" data-label="Value">
                      {issue.value}
                    </td>
                    <td data-label="Why">{issue.reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollArea>
        </>
      )}
    </>
  );
}

const importProducts = (file: File, dryRun: boolean): Promise<ProductImport> =>
  ask((api) =>
    api.POST('/sales/products/import', {
      params: { query: { dryRun: dryRun ? 'true' : 'false' } },
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
  const run = (given: File, dryRun: boolean) => {
    setBusy(true);
    setProblem(undefined);
    importProducts(given, dryRun).then(
      (answer) => {
        setBusy(false);
        if (!answer.applied) {
          setPreview(answer);
          return;
        }
        toast(`Imported: ${answer.added} added, ${answer.changed} changed, ${answer.unchanged} unchanged.`);
        onDone();
      },
      (error: unknown) => {
        setBusy(false);
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
        A CSV file with the columns name, manufacturer, cost, weight, and productId where a product is to be
        changed: the export is such a file.
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
      {problem && <Failure problem={problem} />}
      {preview && <Preview preview={preview} />}
    </Dialog>
  );
}
