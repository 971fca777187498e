import { firstNames, kinds, lastNames, manufacturers } from './names.ts';
import { indexAbove, makeRandom, runningSums, type Random } from './random.ts';

export interface SeedPlan {
  readonly members: number;
  readonly products: number;
  readonly transactions: number;
  readonly seed: number;
  /** Orders end at this moment and reach `years` back. */
  readonly until: Date;
  readonly years: number;
  /** First free ids. */
  readonly memberBase: number;
  readonly productBase: number;
  readonly transactionBase: number;
}

export interface SeedProduct {
  readonly id: number;
  readonly name: string;
  readonly manufacturer: string;
  readonly costCents: number;
  readonly grams: number;
  readonly createdAt: Date;
}

export interface SeedMember {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly bornOn: string;
  readonly mobile: string;
  readonly membership: string;
  readonly joinedAt: Date;
  /** What became of those who are not active any more. */
  readonly status: 'active' | 'suspended' | 'ended';
  readonly changedAt: Date | undefined;
}

export interface SeedItem {
  readonly product: SeedProduct;
  readonly quantity: number;
}

export interface SeedTransaction {
  readonly id: number;
  readonly member: SeedMember;
  readonly placedAt: Date;
  readonly status: 'pending' | 'completed' | 'cancelled';
  readonly endedAt: Date | undefined;
  readonly endedBy: string;
  readonly items: readonly SeedItem[];
}

const day = 86_400_000;

export const decimalOf = (units: number, decimals: number): string => {
  const digits = String(units).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};

export function makeProducts(plan: SeedPlan): SeedProduct[] {
  const random = makeRandom(plan.seed ^ 0x50);
  const start = plan.until.getTime() - (plan.years + 1) * 365 * day;
  return Array.from({ length: plan.products }, (_, index) => {
    const [kind, variants, lowCents, highCents, lowGrams, highGrams] = kinds[index % kinds.length]!;
    const share = random.next() ** 2;
    const id = plan.productBase + index;
    return {
      id,
      name: `${kind} ${random.pick(variants)} #${id}`,
      manufacturer: random.pick(manufacturers),
      costCents: Math.round(lowCents + share * (highCents - lowCents)),
      grams: Math.round(lowGrams + random.next() * (highGrams - lowGrams)),
      createdAt: new Date(start + random.next() * 300 * day),
    };
  });
}

export function makeMembers(plan: SeedPlan): SeedMember[] {
  const random = makeRandom(plan.seed ^ 0x3e);
  const start = plan.until.getTime() - (plan.years + 1) * 365 * day;
  return Array.from({ length: plan.members }, (_, index) => {
    const id = plan.memberBase + index;
    const first = random.pick(firstNames);
    const last = random.pick(lastNames);
    // Two thirds were there before the first order; the others join over the years.
    const joined = start + random.next() * (random.next() < 0.67 ? 365 : (plan.years + 1) * 365) * day;
    const fate = random.next();
    const status = fate < 0.02 ? 'suspended' : fate < 0.06 ? 'ended' : 'active';
    const left = plan.until.getTime() - joined;
    return {
      id,
      name: `${first} ${last}`,
      email: `${first}.${last}.${id}@example.com`.toLowerCase(),
      bornOn: new Date(Date.UTC(1945 + random.below(60), random.below(12), 1 + random.below(28)))
        .toISOString()
        .slice(0, 10),
      mobile: `+49 151 ${String(10_000_000 + random.below(89_999_999))}`,
      membership: fate < 0.55 ? 'standard' : fate < 0.88 ? 'plus' : 'professional',
      joinedAt: new Date(joined),
      status,
      changedAt: status === 'active' ? undefined : new Date(joined + left * (0.3 + 0.7 * random.next())),
    };
  });
}

/** Monday to Sunday, and January to December: people buy at weekends, before holidays and before Christmas. */
const weekdays = [0.85, 0.8, 0.85, 0.95, 1.15, 1.4, 1.2];
const months = [0.75, 0.8, 0.9, 1, 1.1, 1.15, 1, 0.9, 0.95, 1, 1.45, 1.9];
/** By the hour of the day. */
const hours = [1, 1, 0.5, 0.5, 0.5, 1, 2, 4, 6, 8, 9, 9, 10, 9, 9, 9, 10, 11, 13, 15, 15, 12, 7, 3];

interface Shop {
  readonly random: Random;
  readonly members: readonly SeedMember[];
  readonly products: readonly SeedProduct[];
  readonly popularity: readonly number[];
  readonly hourSums: readonly number[];
}

function momentOf(shop: Shop, dayStart: number): number {
  const { random, hourSums } = shop;
  const hour = indexAbove(hourSums, random.next() * hourSums.at(-1)!);
  return dayStart + hour * 3_600_000 + random.below(3_600_000);
}

function itemsOf({ random, products, popularity }: Shop): SeedItem[] {
  const count = 1 + (random.next() < 0.6 ? 0 : 1) + (random.next() < 0.75 ? 0 : 1 + random.below(4));
  const chosen = new Map<SeedProduct, number>();
  for (let n = 0; n < count; n += 1) {
    const product = products[indexAbove(popularity, random.next() * popularity.at(-1)!)]!;
    chosen.set(product, (chosen.get(product) ?? 0) + (random.next() < 0.85 ? 1 : 1 + random.below(5)));
  }
  return [...chosen].map(([product, quantity]) => ({ product, quantity }));
}

/** A member in good standing at that moment; after some misses, one who never had trouble. */
function buyerAt({ random, members }: Shop, at: number): SeedMember | undefined {
  for (let n = 0; n < 50; n += 1) {
    const member = random.pick(members);
    const since = member.changedAt?.getTime() ?? Infinity;
    if (member.joinedAt.getTime() < at && at < since) return member;
  }
  return undefined;
}

function fateOf(
  { random }: Shop,
  placed: number,
  until: number,
): Pick<SeedTransaction, 'status' | 'endedAt'> {
  const ended = placed + (2 + random.next() * 40) * 3_600_000;
  const fate = random.next();
  if (ended > until) return { status: 'pending', endedAt: undefined };
  if (fate < 0.035) return { status: 'cancelled', endedAt: new Date(ended) };
  // A few wait for long.
  if (fate < 0.037) return { status: 'pending', endedAt: undefined };
  return { status: 'completed', endedAt: new Date(ended) };
}

/** Orders in the order of time, so that their ids rise with it. */
export function* makeTransactions(
  plan: SeedPlan,
  members: readonly SeedMember[],
  products: readonly SeedProduct[],
): Generator<SeedTransaction> {
  const random = makeRandom(plan.seed ^ 0x7a);
  const shop: Shop = {
    random,
    members,
    products,
    popularity: runningSums(products.map((_, index) => 1 / (index + 3) ** 0.8)),
    hourSums: runningSums(hours),
  };
  const until = plan.until.getTime();
  const lastDay = Math.floor(until / day);
  const days = plan.years * 365;
  const weights = Array.from({ length: days }, (_, index) => {
    const date = new Date((lastDay - days + 1 + index) * day);
    const growth = 0.7 + (0.6 * index) / days;
    return growth * weekdays[(date.getUTCDay() + 6) % 7]! * months[date.getUTCMonth()]!;
  });
  const sums = runningSums(weights);
  const people = ['mia.logistics', 'noah.logistics', 'lena.logistics'];
  let made = 0;
  for (let index = 0; index < days; index += 1) {
    const due = Math.round((plan.transactions * sums[index]!) / sums.at(-1)!) - made;
    const start = (lastDay - days + 1 + index) * day;
    const moments = Array.from({ length: due }, () => Math.min(momentOf(shop, start), until)).sort(
      (left, right) => left - right,
    );
    for (const placed of moments) {
      const member = buyerAt(shop, placed) ?? members[0]!;
      yield {
        id: plan.transactionBase + made,
        member,
        placedAt: new Date(placed),
        ...fateOf(shop, placed, until),
        endedBy: random.pick(people),
        items: itemsOf(shop),
      };
      made += 1;
    }
  }
}
