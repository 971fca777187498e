import type { Plugin } from 'esbuild';

/** Another release of the functions: its thumbnails fail. */
export const failingThumbnails: Plugin = {
  name: 'failing-thumbnails',
  setup(build) {
    build.onLoad({ filter: /images[\\/]process[\\/]processors[\\/]thumbnail\.ts$/ }, () => ({
      loader: 'ts',
      contents: `export default {
        name: 'thumbnail',
        version: '2',
        variants: ['thumbnail'],
        needs: { width: 160, height: 160, fit: 'cover' },
        process: () => { throw new Error('It was never tried.'); },
      };`,
    }));
  },
};
