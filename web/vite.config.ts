import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';
import { powerBi } from './power-bi.ts';

/** Pages that nobody needs without a connection. */
const onlineOnly = /\/pages\/docs\//;

/** Names the built files in assets.json, from which the service worker fills itself. */
const listAssets = (): Plugin => ({
  name: 'darkroom-list-assets',
  generateBundle(_options, bundle) {
    const wanted = new Set<string>();
    const add = (name: string) => {
      const chunk = bundle[name];
      if (wanted.has(name) || chunk?.type !== 'chunk' || onlineOnly.test(chunk.facadeModuleId ?? '')) return;
      wanted.add(name);
      for (const style of chunk.viteMetadata?.importedCss ?? []) wanted.add(style);
      for (const next of [...chunk.imports, ...chunk.dynamicImports]) add(next);
    };
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk' && chunk.isEntry) add(chunk.fileName);
    const source = JSON.stringify([...wanted].map((name) => `/${name}`));
    this.emitFile({ type: 'asset', fileName: 'assets.json', source });
  },
});

/**
 * The console: static files that any host may serve under a strict CSP. `npm run dev:web` serves it with live reload
 * in front of a stack that runs already (DARKROOM_API, default http://localhost:7071).
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact({ devToolsEnabled: false }), listAssets(), powerBi()],
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
