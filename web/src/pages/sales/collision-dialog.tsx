import { Dialog } from '../../ui/dialog.tsx';
import { Conflict } from './conflict.tsx';
import { editable } from './product-fields.tsx';
import type { CellEdits, Collision } from './use-cell-edits.ts';

interface CollisionDialogProps {
  readonly collision: Collision;
  readonly me: string;
  readonly onSettle: CellEdits['settle'];
}

/** A value that was edited in the table, of a product that somebody changed meanwhile. Closed, it stays as it was typed. */
export const CollisionDialog = ({ collision, me, onSettle }: CollisionDialogProps) => (
  <Dialog title="Correct product" onClose={() => onSettle()}>
    <Conflict
      base={collision.product}
      mine={{ ...editable(collision.product), [collision.field]: collision.typed }}
      theirs={collision.theirs}
      me={me}
      onKeepMine={() => onSettle('mine')}
      onTakeTheirs={() => onSettle('theirs')}
    />
  </Dialog>
);
