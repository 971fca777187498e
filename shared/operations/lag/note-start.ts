import type { JsonDocuments } from '../../platform/blobs/json-documents.ts';
import type { Clock } from '../../platform/clock.ts';
import type { LagLog } from './lag-log.ts';

export interface NoteStartDependencies {
  /** What each kind of host ran last, by its services. */
  readonly hosts: Pick<JsonDocuments<{ readonly version: string }>, 'read' | 'create' | 'change'>;
  readonly log: Pick<LagLog, 'addStart'>;
  readonly clock: Clock;
}

/** Notes that an instance of a host started, and whether it runs what its kind did not run before. */
export const makeNoteStart =
  ({ hosts, log, clock }: NoteStartDependencies) =>
  async (services: string, version: string): Promise<void> => {
    const name = services.replaceAll(/[^a-z]+/g, '-');
    const before = await hosts.read(name);
    const isNew = before?.version !== version;
    await log.addStart({ at: clock.now(), started: { services, version, isNew } });
    if (before === undefined) await hosts.create(name, { version });
    else if (isNew) await hosts.change(name, () => ({ version }));
  };
