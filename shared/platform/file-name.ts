/** The longest name of a file that is kept, in UTF-16 units: what file systems take. The SQL of both engines has it too. */
export const maxFileNameUnits = 255;

/** What cannot be read, and what turns the direction of a text, so that a name is read as another one. */
const unreadable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** As long as it may be, with its ending, and with no character cut in two. */
function shortened(name: string): string {
  if (name.length <= maxFileNameUnits) return name;
  const ending = /\.[^.]{1,15}$/.exec(name)?.[0] ?? '';
  const stem = name.slice(0, maxFileNameUnits - ending.length);
  return stem.replace(/[\ud800-\udbff]$/, '') + ending;
}

/** What a sender called a file: without its folders and what cannot be read. Undefined where nothing is left of it. */
export function cleanFileName(given: string | null | undefined): string | undefined {
  const last = (given ?? '').split(/[/\\]/).at(-1)!;
  const name = shortened(last.toWellFormed().normalize('NFC').replaceAll(unreadable, '').trim());
  return name === '' || /^\.+$/.test(name) ? undefined : name;
}

/** The parameter of a Content-Disposition that holds any name (RFC 8187). */
export const fileNameParameter = (name: string): string =>
  `filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)}`;

/** The file name that a Content-Disposition gives, cleaned. */
export function fileNameIn(disposition: string | null): string | undefined {
  const header = disposition ?? '';
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1];
  if (extended !== undefined) {
    try {
      return cleanFileName(decodeURIComponent(extended));
    } catch {
      // Not encoded as it says: the plain one is tried.
    }
  }
  const [, quoted, bare] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? [];
  return cleanFileName(quoted?.replaceAll(/\\(.)/g, '$1') ?? bare);
}
