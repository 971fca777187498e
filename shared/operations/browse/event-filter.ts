import type { ReadEvent } from './event-view.ts';

/** Which events; what is left out does not matter. */
export interface EventFilter {
  readonly key?: string | undefined;
  readonly owner?: string | undefined;
  /** `name`, or `name=value`. */
  readonly header?: string | undefined;
  /** Of the CloudEvent. */
  readonly type?: string | undefined;
  /** Of the CloudEvent. */
  readonly ceId?: string | undefined;
  readonly imageId?: string | undefined;
  readonly minBytes?: number | undefined;
  readonly maxBytes?: number | undefined;
}

function hasHeader({ headers }: ReadEvent, wanted: string): boolean {
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(wanted) ?? [];
  return headers.some(
    (one) => one.name === name.toLowerCase() && (value === undefined || one.value === value),
  );
}

export function passes(event: ReadEvent, filter: EventFilter): boolean {
  const { key, owner, header, type, ceId, imageId, minBytes = 0, maxBytes = Infinity } = filter;
  return (
    (key === undefined || event.key === key) &&
    (owner === undefined || event.owner === owner) &&
    (header === undefined || hasHeader(event, header)) &&
    (type === undefined || event.cloudEvent?.type === type) &&
    (ceId === undefined || event.cloudEvent?.id === ceId) &&
    (imageId === undefined || event.imageId === imageId) &&
    event.bytes >= minBytes &&
    event.bytes <= maxBytes
  );
}

/** Whether a filter asks for nothing that an event says. */
export const isByPlaceOnly = ({ minBytes: _min, maxBytes: _max, ...content }: EventFilter): boolean =>
  Object.values(content).every((value) => value === undefined);
