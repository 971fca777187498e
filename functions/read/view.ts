import { apiLink } from '../../shared/platform/http/links.ts';
import type { UrlSigner } from '../../shared/images/read/signed-url.ts';
import type {
  ImageDetail,
  ImageRecord,
  ImageSummary,
  StoredVariant,
} from '../../shared/images/store/ports.ts';
import type { ImageDetailView, ImageView, VariantView } from './routes.ts';

export interface Presenter {
  readonly signer: UrlSigner;
  readonly publicUrl: string | undefined;
}

/** The original may be shown once it was checked. */
const isChecked = (image: ImageRecord): boolean =>
  image.status !== 'rejected' && image.sha256 !== null && image.width !== null;

const addressOf = (presenter: Presenter, image: ImageRecord, variant: string, sha256: string): string =>
  apiLink(presenter.publicUrl, `/images/${image.imageId}/${variant}`) +
  presenter.signer.query(image.imageId, variant, sha256, image.deleteAt);

const variantView = (presenter: Presenter, image: ImageRecord, variant: StoredVariant): VariantView => {
  const { name, contentType, width, height, bytes, sha256, processor, processorVersion } = variant;
  const url = addressOf(presenter, image, name, sha256);
  return { name, contentType, width, height, bytes, sha256, processor, processorVersion, url };
};

/** How a client sees an image: links instead of places, and no correlation id in a list. */
export function imageView(presenter: Presenter, image: ImageSummary): ImageView {
  const { imageId, status, source, owner, contentType, bytes, width, height, sha256, failure, fileName } =
    image;
  return {
    ...{ id: imageId, status, source, owner, fileName, contentType, bytes, width, height, sha256 },
    uploadedAt: image.uploadedAt.toISOString(),
    deleteAt: image.deleteAt.toISOString(),
    failure,
    variants: image.variants.map((variant) => variantView(presenter, image, variant)),
    facts: Object.fromEntries(image.facts.map(({ name, value }) => [name, value])),
    links: {
      self: apiLink(presenter.publicUrl, `/images/${imageId}`),
      ...(isChecked(image) ? { raw: addressOf(presenter, image, 'raw', sha256!) } : {}),
    },
  };
}

export function imageDetailView(presenter: Presenter, image: ImageDetail): ImageDetailView {
  return {
    ...imageView(presenter, image),
    correlationId: image.correlationId,
    timeline: image.timeline.map(({ at, event, detail }) => ({ at: at.toISOString(), event, detail })),
  };
}
