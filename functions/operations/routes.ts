export * from './routes/stream.ts';
export * from './routes/dead-letters.ts';
export * from './routes/replay.ts';
export * from './routes/bulk-runs.ts';
export * from './routes/purges.ts';
export * from './routes/images.ts';
export * from './routes/database.ts';
export * from './routes/readers.ts';
