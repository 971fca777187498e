import { useState } from 'preact/hooks';
import { ask } from '../../api/client.ts';
import { formatCount } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { ChangeDialog, type ChangeAnswer } from './change-dialog.tsx';
import { why, type DialogProps } from './reader-dialogs.tsx';

const kinds = [
  ['beginning', 'Beginning'],
  ['end', 'End'],
  ['time', 'Time'],
  ['offset', 'Offset'],
] as const;

function detailOf({ again, skipped, to }: { again: number; skipped: number; to: number }): string {
  const next = `offset ${formatCount(to)} is read next`;
  if (again > 0) return `${formatCount(again)} read again; ${next}`;
  return skipped > 0 ? `${formatCount(skipped)} skipped and never processed; ${next}` : next;
}

export function MoveDialog({ hub, ...rest }: DialogProps & { hub: string }) {
  const [kind, setKind] = useState<(typeof kinds)[number][0]>('beginning');
  const [time, setTime] = useState(new Date(Date.now() - 3_600_000).toISOString().slice(0, 16));
  const [offset, setOffset] = useState(0);
  const [partition, setPartition] = useState('');
  const targets = {
    beginning: 'beginning',
    end: 'end',
    time: { time: `${time}:00Z` },
    offset: { offset },
  } as const;
  const move = async (reason?: string): Promise<ChangeAnswer> => {
    const body = {
      ...{ hub: hub as 'image-stream', to: targets[kind] },
      ...(partition !== '' && { partition }),
      ...why(reason),
    };
    const { moves } = await ask((api) => api.POST('/operations/readers/move', { body }));
    return {
      results: moves.map((one) => ({
        name: `Partition ${one.partition}`,
        ...{ changes: one.again + one.skipped > 0, detail: detailOf(one) },
      })),
    };
  };
  return (
    <ChangeDialog
      title={`Move the checkpoint of ${hub}`}
      verb="Move"
      asked={JSON.stringify([hub, targets[kind], partition])}
      act={move}
      {...rest}
    >
      <Segmented label="To" options={kinds} value={kind} onChange={setKind} />
      {kind === 'time' && (
        <div class="field">
          <label for="move-time">The first event since (UTC)</label>
          <input
            id="move-time"
            class="input"
            type="datetime-local"
            value={time}
            onInput={(event) => setTime(event.currentTarget.value)}
          />
        </div>
      )}
      {kind === 'offset' && (
        <div class="field">
          <label for="move-offset">The event with the offset</label>
          <input
            id="move-offset"
            class="input"
            type="number"
            min={0}
            value={offset}
            onInput={(event) => setOffset(Math.max(0, Math.round(event.currentTarget.valueAsNumber) || 0))}
          />
        </div>
      )}
      <div class="field">
        <label for="move-partition">Partition (all when empty)</label>
        <input
          id="move-partition"
          class="input"
          value={partition}
          onInput={(event) => setPartition(event.currentTarget.value.trim())}
        />
      </div>
    </ChangeDialog>
  );
}
