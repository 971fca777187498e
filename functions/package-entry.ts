/** `main.cjs` of the package: loads the functions with the code that V8 compiled of them when it was made. */
import { loadBundle } from './bundle-loader.ts';

declare const require: (name: string) => unknown;
declare const __dirname: string;

loadBundle(__dirname, require).load('./functions.cjs');
