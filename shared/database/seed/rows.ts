import { decimalOf, type SeedMember, type SeedProduct, type SeedTransaction } from './generate.ts';

/** Seed rows as plain values, decimals as texts, for whatever way an engine takes sets. */
const iso = (date: Date | undefined): string | null => date?.toISOString() ?? null;

export const productRow = (product: SeedProduct) => ({
  id: product.id,
  name: product.name,
  manufacturer: product.manufacturer,
  cost: decimalOf(product.costCents, 2),
  weight: decimalOf(product.grams, 3),
  at: iso(product.createdAt),
});

export const memberRow = (member: SeedMember) => ({
  id: member.id,
  name: member.name,
  email: member.email,
  born: member.bornOn,
  mobile: member.mobile,
  membership: member.membership,
  status: member.status,
  joined: iso(member.joinedAt),
  changed: iso(member.changedAt),
});

export function transactionRow({ id, member, placedAt, status, endedAt, endedBy, items }: SeedTransaction) {
  const sum = (of: (item: SeedTransaction['items'][number]) => number): number =>
    items.reduce((total, item) => total + of(item), 0);
  return {
    id,
    member: member.id,
    membership: member.membership,
    status,
    lines: items.length,
    quantity: sum(({ quantity }) => quantity),
    price: decimalOf(
      sum(({ product, quantity }) => product.costCents * quantity),
      2,
    ),
    weight: decimalOf(
      sum(({ product, quantity }) => product.grams * quantity),
      3,
    ),
    placed: iso(placedAt),
    ended: iso(endedAt),
    by: endedAt === undefined ? null : endedBy,
  };
}

export const itemRows = ({ id, items }: SeedTransaction) =>
  items.map(({ product, quantity }, index) => ({
    id,
    line: index + 1,
    product: product.id,
    quantity,
    price: decimalOf(product.costCents, 2),
    weight: decimalOf(product.grams, 3),
  }));
