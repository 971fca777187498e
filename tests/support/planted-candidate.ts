import type { Plugin } from 'esbuild';

/**
 * Another deployment of the functions: with a candidate `web` beside the released one, of lower quality and, of pictures more than
 * twice as wide as high, of blocks.
 */
export const plantedCandidate: Plugin = {
  name: 'planted-candidate',
  setup(build) {
    build.onLoad({ filter: /images[\\/]process[\\/]candidate-files\.ts$/ }, () => ({
      loader: 'ts',
      contents: `const candidate = {
        about: 'a planted candidate',
        name: 'web',
        version: '2',
        variants: ['web'],
        needs: { width: 1600, height: 1600, fit: 'inside' },
        process: (image) => {
          const { width, height } = image.bitmap;
          if (width > 2 * height) image.resize({ w: 8, h: 8 }).resize({ w: width, h: height });
          return { variants: [{ name: 'web', image, quality: 60 }] };
        },
      };
      export const loadCandidateFiles = async () => ({ 'web.ts': { default: candidate } });`,
    }));
  },
};
