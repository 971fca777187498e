import { useEffect, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { TriedPhoto, TriedRow } from '../../../../client/api-types.ts';
import { ssimText, worstFirst } from '../../../../client/worst-first.ts';
import { ask } from '../../api/client.ts';
import { announce, toast } from '../../ui/announce.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { SectionHead } from '../../ui/section.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { DropZone } from '../images/drop-zone.tsx';
import { bytesOf, OutcomeBadge, sizeOf, timeOf } from './sandbox-figures.tsx';

export interface Photo {
  readonly name: string;
  readonly bytes: () => Promise<Blob>;
}

const texts = {
  title: 'Drop a photo anywhere on this page',
  over: 'Drop to try it',
  note: 'Nothing of it is kept.',
  choose: 'Choose a photo',
  label: 'Photo to try',
};

type View = 'beside' | 'slider';

const send = async (photo: Photo, signal: AbortSignal): Promise<TriedPhoto> => {
  const body = await photo.bytes();
  return ask((api) =>
    api.POST('/operations/sandbox/photos', {
      body: body as never,
      bodySerializer: (bytes: unknown) => bytes as Blob,
      headers: { 'content-type': body.type === '' ? 'application/octet-stream' : body.type },
      signal,
    }),
  );
};

/** What became of the photo that was given last. */
function useTried(photo: Photo | undefined) {
  const [tried, setTried] = useState<TriedPhoto>();
  const [problem, setProblem] = useState<ApiError>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    setTried(undefined);
    setProblem(undefined);
    if (photo === undefined) return;
    const controller = new AbortController();
    send(photo, controller.signal).then(
      (answer) => {
        if (controller.signal.aborted) return;
        setTried(answer);
        announce(`${photo.name} was processed.`);
      },
      (error: unknown) => !controller.signal.aborted && setProblem(asApiError(error)),
    );
    return () => controller.abort();
  }, [photo, tries]);
  return { tried, problem, again: () => setTries(tries + 1) };
}

const isShown = (made: TriedRow['released']): boolean => made !== null && made.picture !== null;

const source = ({ contentType, picture }: NonNullable<TriedRow['released']>): string =>
  `data:${contentType ?? ''};base64,${picture ?? ''}`;

function Picture({ row, side }: { row: TriedRow; side: 'released' | 'candidate' }) {
  const made = row[side];
  const name = side === 'released' ? 'Released' : 'Candidate';
  return (
    <figure class="made">
      {made === null || made.picture === null ? (
        <div class="no-picture dim">{made === null ? 'not made' : 'too large to show'}</div>
      ) : (
        <img src={source(made)} alt={`${row.name ?? ''}, ${side}`} />
      )}
      <figcaption>
        <strong>
          {name}
          {made && ` ${made.version}`}
        </strong>
        <span>{sizeOf(made)}</span>
        <span>{bytesOf(made)}</span>
        <span>{timeOf(made)}</span>
      </figcaption>
    </figure>
  );
}

/** The candidate over the released picture, as far as the slider is to the left. */
function Slider({ row }: { row: TriedRow }) {
  const [at, setAt] = useState(50);
  return (
    <div class="slider">
      <div class="slider-stage">
        <img src={source(row.released!)} alt={`${row.name ?? ''}, released`} />
        <img
          class="slider-over"
          src={source(row.candidate!)}
          alt={`${row.name ?? ''}, candidate`}
          style={{ clipPath: `inset(0 0 0 ${at}%)` }}
        />
      </div>
      <input
        type="range"
        min={0}
        max={100}
        value={at}
        aria-label={`${row.name ?? ''}: released on the left, candidate on the right`}
        aria-valuetext={`${at} % released`}
        onInput={(event) => setAt(Number(event.currentTarget.value))}
      />
    </div>
  );
}

function Variant({ row, view, isAlone }: { row: TriedRow; view: View; isAlone: boolean }) {
  const both = isShown(row.released) && isShown(row.candidate);
  return (
    <li class="tried-variant">
      <div class="tried-head">
        <h3>{row.name}</h3>
        {!isAlone && <OutcomeBadge outcome={row.outcome} />}
        {!isAlone && row.ssim !== null && <span class="dim">SSIM {ssimText(row.ssim)}</span>}
        {row.reason !== null && <span>{row.reason}</span>}
      </div>
      {view === 'slider' && both && !isAlone && <Slider row={row} />}
      <div class={view === 'slider' && both && !isAlone ? 'pair captions' : 'pair'}>
        <Picture row={row} side="released" />
        {!isAlone && <Picture row={row} side="candidate" />}
      </div>
    </li>
  );
}

function Facts({ rows, isAlone }: { rows: readonly TriedRow[]; isAlone: boolean }) {
  const text = (made: TriedRow['released']) => (made === null ? '–' : JSON.stringify(made.value));
  return (
    <ScrollArea label="Facts">
      <table>
        <thead>
          <tr>
            <th scope="col">Fact</th>
            <th scope="col">Released</th>
            {!isAlone && <th scope="col">Candidate</th>}
            {!isAlone && <th scope="col">Outcome</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td class="mono">{text(row.released)}</td>
              {!isAlone && <td class="mono">{text(row.candidate)}</td>}
              {!isAlone && (
                <td>
                  <OutcomeBadge outcome={row.outcome} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Tried({ name, tried, isAlone }: { name: string; tried: TriedPhoto; isAlone: boolean }) {
  const [view, setView] = useState<View>('beside');
  const { image, decodingMs } = tried;
  const rows = worstFirst(tried.rows);
  const of = (kind: TriedRow['kind']) => rows.filter((row) => row.kind === kind);
  return (
    <>
      <div class="tried-about">
        <p>
          <strong class="file-name">{name}</strong>{' '}
          {image && (
            <span class="dim">
              {image.contentType}, {formatCount(image.width)} × {formatCount(image.height)},{' '}
              {formatBytes(image.bytes)}
              {decodingMs.released !== null &&
                `, decoded in ${formatCount(Math.round(decodingMs.released))} ms`}
            </span>
          )}
        </p>
        {!isAlone && of('variant').length > 0 && (
          <Segmented<View>
            label="Show"
            options={[
              ['beside', 'Side by side'],
              ['slider', 'Slider'],
            ]}
            value={view}
            onChange={setView}
          />
        )}
      </div>
      {of('image').map((row) => (
        <div key={row.kind} class={row.outcome === 'repaired' ? 'notice good' : 'notice bad'} role="group">
          <div>
            <OutcomeBadge outcome={row.outcome} />
            <span>{row.reason}</span>
          </div>
        </div>
      ))}
      <ul class="tried">
        {of('variant').map((row) => (
          <Variant key={row.name} row={row} view={view} isAlone={isAlone} />
        ))}
      </ul>
      {of('fact').length > 0 && <Facts rows={of('fact')} isAlone={isAlone} />}
    </>
  );
}

interface SandboxPhotoProps {
  readonly photo: Photo | undefined;
  readonly onPhoto: (photo: Photo) => void;
  readonly hasCandidates: boolean;
}

/** A photo through the released processors and the candidates. */
export function SandboxPhoto({ photo, onPhoto, hasCandidates }: SandboxPhotoProps) {
  const { tried, problem, again } = useTried(photo);
  const take = ([file]: readonly File[]) => {
    if (file) onPhoto({ name: file.name, bytes: () => Promise.resolve(file) });
  };
  return (
    <section class="card" aria-label="Try a photo">
      <SectionHead title="Try a photo" at={undefined} />
      <div class="card-body sandbox-photo">
        <DropZone
          texts={texts}
          multiple={false}
          onFiles={take}
          onOthers={() => undefined}
          onUnread={([name]) => name !== undefined && toast(`${name} could not be read.`)}
        />
        {photo === undefined && (
          <Empty title="No photo yet">Each processor’s variants come here, with sizes and times.</Empty>
        )}
        {photo !== undefined && !tried && !problem && <Loading rows={3} label={`Processing ${photo.name}`} />}
        {problem && <Failure problem={problem} onRetry={again} />}
        {tried && photo && <Tried name={photo.name} tried={tried} isAlone={!hasCandidates} />}
      </div>
    </section>
  );
}
