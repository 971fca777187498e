import type { Image, ImageStatus } from '../../../../client/api-types.ts';
import { Badge, type Tone } from '../../ui/states.tsx';

export const statusNames: Readonly<Record<ImageStatus, string>> = {
  received: 'Received',
  stored: 'Processing',
  processed: 'Ready',
  rejected: 'Rejected',
  failed: 'Failed',
};

const tones: Readonly<Record<ImageStatus, Tone>> = {
  received: 'info',
  stored: 'info',
  processed: 'good',
  rejected: 'bad',
  failed: 'bad',
};

export const StatusBadge = ({ image }: { image: Pick<Image, 'status'> }) => (
  <Badge tone={tones[image.status]}>{statusNames[image.status]}</Badge>
);

const sources: Readonly<Record<string, string>> = { http: 'Web', kafka: 'Stream', tus: 'Resumable' };

/** Through which door it came. */
export const sourceName = (source: string): string => sources[source] ?? source;

/** The same for who uploads, to whom a web upload that may be resumed is a web upload. */
export const doorName = (source: string): string => sourceName(source === 'tus' ? 'http' : source);
