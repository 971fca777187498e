import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/**
 * The console: static files that any host may serve under a strict CSP. `npm run dev:web` serves it with live reload
 * in front of a stack that runs already (DARKROOM_API, default http://localhost:7071).
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact({ devToolsEnabled: false })],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    /** Nothing as a data: URL, and no script that is not a file: the CSP allows neither. */
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/config.json'].map((path) => [path, process.env['DARKROOM_API'] ?? 'http://localhost:7071']),
    ),
  },
});
