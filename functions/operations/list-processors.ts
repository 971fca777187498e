import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { processorsRoute } from './routes.ts';

registerRoute(processorsRoute, async () => {
  const [database, { loadProcessors }] = await Promise.all([
    composition.database(),
    import('../../shared/images/process/registry.ts'),
  ]);
  const [rows, present] = await Promise.all([database.query('operations', 'processors'), loadProcessors()]);
  const used = Map.groupBy(rows, (row) => row.processor);
  const names = [...new Set([...present.map(({ name }) => name), ...used.keys()])].sort();
  const processors = names.map((name) => {
    const processor = present.find((one) => one.name === name);
    return {
      name,
      version: processor?.version ?? null,
      variants: processor?.variants ?? [],
      versions: (used.get(name) ?? []).map((row) => ({
        version: row.processor_version,
        images: row.images,
        lastAt: row.last_at.toISOString(),
      })),
    };
  });
  return { jsonBody: { processors } };
});
