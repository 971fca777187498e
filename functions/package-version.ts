/** Put into the bundle by infra/build.ts, which makes it from what it builds; not there where the source runs. */
declare const bundleVersion: string | undefined;

/** Of the package that this process runs: another one after each deployment of other code, the same one after a way back. */
export const packageVersion = typeof bundleVersion === 'undefined' ? 'source' : bundleVersion;
