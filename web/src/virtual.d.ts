/** Made by web/power-bi.ts from the Power BI model. */
declare module 'virtual:power-bi-dictionary' {
  interface Entry {
    readonly name: string;
    readonly kind: 'column' | 'measure';
    readonly type: string;
    readonly about: string;
    readonly formula?: string;
    readonly isHidden: boolean;
  }
  interface Table {
    readonly name: string;
    readonly about: string;
    readonly entries: readonly Entry[];
  }
  const dictionary: readonly Table[];
  export default dictionary;
}
