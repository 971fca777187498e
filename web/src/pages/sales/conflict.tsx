import type { Product, ProductDetails } from '../../../../client/api-types.ts';
import { Actor } from '../../ui/actor.tsx';
import { Time } from '../../ui/time.tsx';
import { editable, fields, labels } from './product-fields.tsx';

interface ConflictProps {
  readonly base: Product;
  /** What was typed. */
  readonly mine: ProductDetails;
  readonly theirs: Product;
  readonly me: string;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
}

/** Two people edited one product: what each of them wrote, side by side, for a person to decide. */
export function Conflict({ base, mine, theirs, me, onKeepMine, onTakeTheirs }: ConflictProps) {
  const [before, now] = [editable(base), editable(theirs)];
  const differing = fields.filter(
    (field) => now[field] !== before[field] || mine[field].trim() !== before[field],
  );
  return (
    <div class="notice warn" role="group" aria-label="Conflict">
      <div>
        <strong>
          {theirs.changedBy === me
            ? 'You changed this product elsewhere while you were editing it here'
            : 'Somebody changed this product while you were editing it'}
        </strong>
        <span>
          {theirs.changedBy === me ? (
            'Changed'
          ) : (
            <>
              Changed by <Actor id={theirs.changedBy} me={me} />
            </>
          )}{' '}
          at <Time at={theirs.changedAt} clock />
          {!theirs.isActive && ', and retired'}. What you typed here is not saved yet.
        </span>
        <table>
          <thead>
            <tr>
              <th scope="col" />
              <th scope="col">Now</th>
              <th scope="col">{theirs.changedBy === me ? 'Here' : 'Yours'}</th>
            </tr>
          </thead>
          <tbody>
            {differing.map((field) => (
              <tr key={field}>
                <th scope="row">{labels[field]}</th>
                <td>
                  <bdi>{now[field]}</bdi>
                </td>
                <td>
                  <bdi>{mine[field]}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <div class="toolbar choices">
          <button type="button" class="button" onClick={onTakeTheirs}>
            Take what is there now
          </button>
          <button type="button" class="button" onClick={onKeepMine}>
            Go on with mine
          </button>
        </div>
      </div>
    </div>
  );
}
