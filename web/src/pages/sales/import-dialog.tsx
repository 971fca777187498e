import { useEffect, useRef, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { ProductImport } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { toast } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { plural } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Failure } from '../../ui/states.tsx';
import { ImportPreview } from './import-preview.tsx';
import type { PastePlace, Reading } from './pasted-rows.ts';

const decimalMarks = [
  ['file', 'As the rows show'],
  ['point', 'A point (1.5)'],
  ['comma', 'A comma (1,5)'],
] as const;
type Decimals = (typeof decimalMarks)[number][0];

/** Rows of a table that were copied, and the cell at which they were pasted. */
export interface Pasted {
  readonly text: string;
  readonly place?: PastePlace | undefined;
}

interface Source extends Pick<Reading, 'rowOffset'> {
  readonly body: File | string;
}

const inRowsOf = <T extends { readonly row: number }>(rows: readonly T[], { rowOffset }: Source): T[] =>
  rows.map((one) => ({ ...one, row: one.row + rowOffset }));

async function importProducts(source: Source, decimals: Decimals, dryRun: boolean): Promise<ProductImport> {
  const answer = await ask((api) =>
    api.POST('/sales/products/import', {
      params: {
        query: { dryRun: dryRun ? 'true' : 'false', ...(decimals !== 'file' && { decimals }) },
      },
      headers: { 'content-type': 'text/csv' },
      body: source.body,
      bodySerializer: (body) => body,
    }),
  );
  return { ...answer, changes: inRowsOf(answer.changes, source), issues: inRowsOf(answer.issues, source) };
}

interface ImportDialogProps {
  /** None where a file is to be chosen. */
  readonly pasted?: Pasted | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** A product file, or rows of a spreadsheet: first what they would do, row by row, then all of it or nothing. */
export function ImportDialog({ pasted, onDone, onClose }: ImportDialogProps) {
  const [source, setSource] = useState<Source>();
  const [readings, setReadings] = useState<readonly Reading[]>([]);
  const [unread, setUnread] = useState<string>();
  const [preview, setPreview] = useState<ProductImport>();
  const [problem, setProblem] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const [decimals, setDecimals] = useState<Decimals>('file');
  const asked = useRef(0);
  const run = (given: Source, dryRun: boolean, marks = decimals) => {
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
        const found = asApiError(error);
        // Since the preview somebody changed what it changes: the preview of now says which rows.
        if (!dryRun && found.status === 422) {
          run(given, true, marks);
          return;
        }
        setBusy(false);
        if (dryRun) setPreview(undefined);
        setProblem(found);
      },
    );
  };
  const show = (next: Source | undefined) => {
    asked.current += 1;
    setBusy(false);
    setPreview(undefined);
    setProblem(undefined);
    setSource(next);
    if (next) run(next, true);
  };
  const read = async ({ text, place }: Pasted) => {
    const { readingsOf } = await import('./pasted-rows.ts');
    const found = text.trim() === '' ? [] : readingsOf(text, place);
    setUnread(typeof found === 'string' ? found : undefined);
    setReadings(typeof found === 'string' ? [] : found);
    show(typeof found === 'string' ? undefined : found[0]);
  };
  useEffect(() => {
    if (pasted) void read(pasted);
  }, [pasted]);
  const ready = preview !== undefined && preview.issues.length === 0 && preview.added + preview.changed > 0;
  return (
    <Dialog
      wide
      title={pasted ? 'Pasted rows' : 'Import products'}
      onClose={onClose}
      footer={
        <>
          <button class="button" onClick={onClose}>
            Cancel
          </button>
          <button
            class="button primary"
            disabled={busy || !ready || !source}
            onClick={() => source && run(source, false)}
          >
            {ready ? `Import ${plural(preview.added + preview.changed, 'row', 'rows')}` : 'Import'}
          </button>
        </>
      }
    >
      {!pasted && (
        <>
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
                const body = event.currentTarget.files?.[0];
                setReadings([]);
                setUnread(undefined);
                show(body && { body, rowOffset: 0 });
              }}
            />
          </div>
          <div class="field">
            <label for="import-rows">Or rows copied from a spreadsheet</label>
            <textarea
              id="import-rows"
              class="input"
              rows={2}
              placeholder="Paste here; the first row may name the columns"
              onInput={(event) => void read({ text: event.currentTarget.value })}
            />
          </div>
        </>
      )}
      {readings.length > 1 && (
        <Segmented
          label="The rows are"
          options={readings.map(({ name }) => [name, name] as const)}
          value={readings.find((one) => one === source)?.name ?? readings[0]!.name}
          onChange={(name) => show(readings.find((one) => one.name === name))}
        />
      )}
      <Segmented
        label="Decimals have"
        options={decimalMarks}
        value={decimals}
        onChange={(next) => {
          setDecimals(next);
          if (source) run(source, true, next);
        }}
      />
      {unread !== undefined && <p class="field-error">{unread}</p>}
      {problem && <Failure problem={problem} />}
      {preview && <ImportPreview preview={preview} />}
    </Dialog>
  );
}
