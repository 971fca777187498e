import { useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { Erasure, ImageDetail } from '../../../../client/api-types.ts';
import { isSettled, variantOf } from '../../../../client/image.ts';
import { ask } from '../../api/client.ts';
import { toast } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatBytes, formatDateTime } from '../../ui/format.ts';
import { BackIcon, DownloadIcon, TrashIcon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { AsOf, Empty, Failure, Loading } from '../../ui/states.tsx';
import { Time, TimeLeft, useNow } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { BlurhashCanvas } from './blurhash-canvas.tsx';
import { comeBackToGallery, forgetImage, galleryAddress } from './gallery-place.ts';
import { getImage } from './get-image.ts';
import { endingOf, imageTitle, shortId } from './image-name.ts';
import './images.css';
import { Receipt } from './receipt.tsx';
import { receiptIn } from './receipts.ts';
import { sourceName, StatusBadge } from './status.tsx';

const eventNames: Readonly<Record<string, string>> = {
  received: 'Received',
  stored: 'Checked and stored',
  processed: 'Processed',
  rejected: 'Rejected',
  failed: 'Failed',
  replayed: 'Replayed',
  reprocessed: 'Processed again',
};

function Picture({ image }: { image: ImageDetail }) {
  const web = variantOf(image, 'web') ?? variantOf(image, 'preview');
  const hash = image.facts['blurhash'];
  return (
    <figure class="big-picture">
      {typeof hash === 'string' && <BlurhashCanvas hash={hash} />}
      {web && <img src={web.url} width={web.width} height={web.height} alt={imageTitle(image)} />}
      {!web && (
        <Empty title={image.failure ? 'There is no picture' : 'Being processed'}>
          {image.failure?.message ?? 'It appears here by itself.'}
        </Empty>
      )}
    </figure>
  );
}

function Facts({ image }: { image: ImageDetail }) {
  const now = useNow(10_000);
  const colour = image.facts['dominantColour'];
  return (
    <dl class="facts">
      <dt>File name</dt>
      <dd>{image.fileName === null ? <span class="dim">not given</span> : <bdi>{image.fileName}</bdi>}</dd>
      <dt>Status</dt>
      <dd>
        <StatusBadge image={image} />
      </dd>
      <dt>Erased in</dt>
      <dd>
        <TimeLeft until={image.deleteAt} now={now} /> <span class="dim">on </span>
        <Time at={image.deleteAt} />
      </dd>
      <dt>Uploaded</dt>
      <dd>
        <Time at={image.uploadedAt} />
      </dd>
      <dt>Source</dt>
      <dd>{sourceName(image.source)}</dd>
      {image.width !== null && image.height !== null && (
        <>
          <dt>Original</dt>
          <dd>
            {image.width} × {image.height}, {formatBytes(image.bytes ?? 0)}, {image.contentType}
          </dd>
        </>
      )}
      {typeof colour === 'string' && (
        <>
          <dt>Main colour</dt>
          <dd class="colour">
            <span class="swatch" style={{ backgroundColor: colour }} />
            <code>{colour}</code>
          </dd>
        </>
      )}
      {image.sha256 !== null && (
        <>
          <dt>SHA-256</dt>
          <dd class="mono">{image.sha256}</dd>
        </>
      )}
      <dt>Id</dt>
      <dd class="mono">{image.id}</dd>
      <dt>Traced as</dt>
      <dd class="mono">{image.correlationId}</dd>
    </dl>
  );
}

const fileName = (image: ImageDetail, variant: string, type: string): string =>
  `${shortId(image.id)}-${variant}.${endingOf(type)}`;

function Variants({ image }: { image: ImageDetail }) {
  const original = image.links.raw;
  if (image.variants.length === 0 && original === undefined) return null;
  return (
    <section class="card" aria-labelledby="variants-title">
      <header>
        <h2 id="variants-title">Variants</h2>
      </header>
      <div class="table-scroll">
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">Variant</th>
              <th scope="col" class="number">
                Pixels
              </th>
              <th scope="col" class="number">
                Size
              </th>
              <th scope="col">Type</th>
              <th scope="col">Made by</th>
              <th scope="col">
                <span class="visually-hidden">Download</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {image.variants.map((variant) => (
              <tr key={variant.name}>
                <th scope="row">{variant.name}</th>
                <td class="number" data-label="Pixels">
                  {variant.width} × {variant.height}
                </td>
                <td class="number" data-label="Size">
                  {formatBytes(variant.bytes)}
                </td>
                <td data-label="Type">{variant.contentType}</td>
                <td data-label="Made by">
                  <span>
                    {variant.processor} <span class="dim">version {variant.processorVersion}</span>
                  </span>
                </td>
                <td class="row-actions">
                  <a
                    class="button quiet"
                    href={variant.url}
                    download={fileName(image, variant.name, variant.contentType)}
                  >
                    <DownloadIcon /> Download<span class="visually-hidden"> {variant.name}</span>
                  </a>
                </td>
              </tr>
            ))}
            {original !== undefined && (
              <tr>
                <th scope="row">original</th>
                <td class="number" data-label="Pixels">
                  {image.width} × {image.height}
                </td>
                <td class="number" data-label="Size">
                  {formatBytes(image.bytes ?? 0)}
                </td>
                <td data-label="Type">{image.contentType}</td>
                <td data-label="Made by">as uploaded</td>
                <td class="row-actions">
                  <a
                    class="button quiet"
                    href={original}
                    download={image.fileName ?? fileName(image, 'original', image.contentType ?? '')}
                  >
                    <DownloadIcon /> Download<span class="visually-hidden"> original</span>
                  </a>
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const Timeline = ({ image }: { image: ImageDetail }) => (
  <section class="card" aria-labelledby="timeline-title">
    <header>
      <h2 id="timeline-title">What happened</h2>
    </header>
    <ol class="timeline card-body">
      {image.timeline.map((event, index) => (
        <li key={index}>
          <strong>{eventNames[event.event] ?? event.event}</strong>
          <Time at={event.at} clock />
          {event.detail !== null &&
            (event.event === 'received' ? (
              <span class="dim">{sourceName(event.detail)}</span>
            ) : (
              <code class="dim">{event.detail}</code>
            ))}
        </li>
      ))}
    </ol>
  </section>
);

function erased({ variants }: ImageDetail): string {
  if (variants.length === 0) return 'The original is';
  return variants.length === 1
    ? 'The original and its variant are'
    : `The original and its ${variants.length} variants are`;
}

const eraseImage = (id: string): Promise<Erasure> =>
  ask((api) => api.DELETE('/images/{id}', { params: { path: { id } } }));

/** Copies that only time takes, and when. */
const heldUntil = ({ remaining }: Erasure): string =>
  remaining.map(({ copy, until }) => `${copy} until ${formatDateTime(new Date(until))}`).join(', ');

interface EraseProps {
  readonly image: ImageDetail;
  readonly onErased: () => void;
  readonly onClose: () => void;
}

function EraseDialog({ image, onErased, onClose }: EraseProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiError>();
  const erase = () => {
    setBusy(true);
    eraseImage(image.id).then(
      (erasure) => {
        const held = heldUntil(erasure);
        toast(held === '' ? 'The image is erased.' : `The image is erased. Still held: ${held}.`, {
          lasts: 10_000,
        });
        onErased();
      },
      (error: unknown) => {
        setBusy(false);
        setProblem(asApiError(error));
      },
    );
  };
  return (
    <Dialog
      title="Erase this image?"
      onClose={onClose}
      footer={
        <>
          <button class="button" onClick={onClose}>
            Keep it
          </button>
          <button class="button danger" disabled={busy} onClick={erase}>
            <TrashIcon /> {busy ? 'Erasing …' : 'Erase for good'}
          </button>
        </>
      }
    >
      <p>
        {erased(image)} deleted now, everywhere. This cannot be undone; the ledger keeps the proof, without
        anything personal.
      </p>
      {problem && <Failure problem={problem} />}
    </Dialog>
  );
}

export default function ImagePage() {
  const { params } = useRoute();
  const id = params['id']!;
  const [pending, setPending] = useState(true);
  const {
    data: image,
    problem,
    loading,
    readAt,
    reload,
  } = useRemote(
    id,
    async (signal) => {
      const found = await getImage(id, { signal });
      setPending(!isSettled(found));
      return found;
    },
    { every: pending ? 1500 : 60_000 },
  );
  const [asking, setAsking] = useState(false);
  const receipt = receiptIn(problem);
  const isErased = receipt !== undefined;
  useEffect(() => {
    if (isErased) forgetImage(id);
  }, [isErased, id]);
  return (
    <Page
      title={imageTitle({ id, fileName: image?.fileName ?? null })}
      lead={
        <a class="back" href={galleryAddress()} onClick={comeBackToGallery}>
          <BackIcon /> All images
        </a>
      }
      aside={
        <span class="toolbar head-tools">
          <AsOf at={readAt} problem={problem} loading={loading} onRefresh={reload} />
          <button
            class="button danger"
            disabled={!image || receipt !== undefined}
            onClick={() => setAsking(true)}
          >
            <TrashIcon /> Erase
          </button>
        </span>
      }
    >
      {receipt && <Receipt receipt={receipt} />}
      {problem && !image && !receipt && <Failure problem={problem} onRetry={reload} />}
      {!image && !problem && (
        <div class="detail">
          <div class="big-picture" />
          <div class="card">
            <Loading rows={10} />
          </div>
        </div>
      )}
      {image && !receipt && (
        <>
          <div class="detail">
            <Picture image={image} />
            <div class="detail-side">
              <section class="card card-body" aria-label="Details">
                <Facts image={image} />
              </section>
              <Timeline image={image} />
            </div>
          </div>
          <Variants image={image} />
          {asking && (
            <EraseDialog
              image={image}
              onErased={() => {
                setAsking(false);
                setPending(true);
                reload();
              }}
              onClose={() => setAsking(false)}
            />
          )}
        </>
      )}
    </Page>
  );
}
