interface Dropped {
  readonly files: readonly File[];
  /** Of folders: what is no photo. A file that was dropped by itself is meant. */
  readonly others: readonly File[];
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });

const pageOf = (reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> =>
  new Promise((resolve, reject) => {
    reader.readEntries((entries) => resolve(entries), reject);
  });

/** All files below a folder, which a browser hands out a hundred at a time. */
async function filesBelow(folder: FileSystemDirectoryEntry): Promise<readonly File[]> {
  const reader = folder.createReader();
  const files: File[] = [];
  for (let page = await pageOf(reader); page.length > 0; page = await pageOf(reader)) {
    for (const entry of page) {
      if (entry.isDirectory) files.push(...(await filesBelow(entry as FileSystemDirectoryEntry)));
      else files.push(await fileOf(entry as FileSystemFileEntry));
    }
  }
  return files;
}

/** What systems put into folders unasked. */
const isHidden = ({ name }: File): boolean => /^(\.|thumbs\.db$|desktop\.ini$)/i.test(name);

const isOf = (accepted: readonly string[], { type, name }: File): boolean =>
  accepted.some((one) => (one.startsWith('.') ? name.toLowerCase().endsWith(one) : type === one));

/** The files of a drop, and those in its folders. Reads the drop before it answers: it is empty after its event. */
export async function droppedFiles(drop: DataTransfer, accepted: readonly string[]): Promise<Dropped> {
  const files: File[] = [];
  const folders: FileSystemDirectoryEntry[] = [];
  for (const item of drop.items) {
    const entry = item.webkitGetAsEntry();
    if (entry?.isDirectory) folders.push(entry as FileSystemDirectoryEntry);
    else if (item.kind === 'file') files.push(item.getAsFile()!);
  }
  const below = (await Promise.all(folders.map(filesBelow))).flat().filter((file) => !isHidden(file));
  return {
    files: [...files, ...below.filter((file) => isOf(accepted, file))],
    others: below.filter((file) => !isOf(accepted, file)),
  };
}
