import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

/** Names every built file in assets.json, from which the service worker fills itself. */
const listAssets = (): Plugin => ({
  name: 'darkroom-list-assets',
  generateBundle(_options, bundle) {
    const names = Object.keys(bundle).map((name) => `/${name}`);
    const source = JSON.stringify(names.filter((name) => /^\/assets\/.*\.(js|css)$/.test(name)));
    this.emitFile({ type: 'asset', fileName: 'assets.json', source });
  },
});

/**
 * The console: static files that any host may serve under a strict CSP. `npm run dev:web` serves it with live reload
 * in front of a stack that runs already (DARKROOM_API, default http://localhost:7071).
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact({ devToolsEnabled: false }), listAssets()],
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
    /** The API's client lies beside the console. */
    fs: { allow: ['..'] },
    proxy: Object.fromEntries(
      ['/api', '/config.json'].map((path) => [path, process.env['DARKROOM_API'] ?? 'http://localhost:7071']),
    ),
  },
});
