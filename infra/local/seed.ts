import { openDatabase } from '../../shared/database/open.ts';
import { seedDatabase } from '../../shared/database/seed/seed.ts';

/** Enough for pages and charts to show something, little enough to be there at once. */
const sample = { members: 300, products: 120, transactions: 6_000, seed: 20_260_101, years: 1 };

/** Fills an order desk that has no product yet; `address` signs in as the owner. */
export async function seedSampleOrders(address: string): Promise<boolean> {
  const database = openDatabase({ DARKROOM_DATABASE: address });
  try {
    const known = await database.query('sales', 'products', { limit: 1 });
    if (known.length > 0) return false;
  } finally {
    await database.close();
  }
  await seedDatabase(address, sample);
  return true;
}
