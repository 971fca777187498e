import type { OrderStatus } from '../../../../client/api-types.ts';
import { Badge } from '../../ui/states.tsx';

const looks = {
  pending: ['plain', 'To pack'],
  completed: ['good', 'Done'],
  cancelled: ['bad', 'Cancelled'],
} as const;

export function OrderBadge({ status }: { status: OrderStatus }) {
  const [tone, name] = looks[status];
  return <Badge tone={tone}>{name}</Badge>;
}
