import AdmZip from 'adm-zip';
import type { Plugin } from 'vite';
import { readDictionary, readProject } from '../infra/power-bi-files/dictionary.ts';

const dictionary = 'virtual:power-bi-dictionary';

/** The same files are the same archive, whenever it is made. */
const anyDay = new Date(2000, 0, 1);

function archive(): Buffer {
  const zip = new AdmZip();
  for (const [path, bytes] of readProject()) {
    zip.addFile(path, bytes);
    zip.getEntry(path)!.header.time = anyDay;
  }
  return zip.toBuffer();
}

/** The Power BI project beside the console, and its data dictionary as a module. */
export const powerBi = (): Plugin => ({
  name: 'darkroom-power-bi',
  resolveId: (id) => (id === dictionary ? `\0${id}` : undefined),
  load: (id) => (id === `\0${dictionary}` ? `export default ${JSON.stringify(readDictionary())}` : undefined),
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'darkroom-power-bi.zip', source: archive() });
  },
});
