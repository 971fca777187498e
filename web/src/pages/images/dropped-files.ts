interface Dropped {
  readonly files: readonly File[];
  /** Of folders: what is no photo. A file that was dropped by itself is meant. */
  readonly others: readonly File[];
  /** Names of what the system does not let be read. */
  readonly unread: readonly string[];
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });

const pageOf = (reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> =>
  new Promise((resolve, reject) => {
    reader.readEntries((entries) => resolve(entries), reject);
  });

/** All files below an entry, which a browser hands out a hundred at a time. One that cannot be read stops no other. */
async function filesBelow(entry: FileSystemEntry, unread: string[]): Promise<readonly File[]> {
  try {
    if (!entry.isDirectory) return [await fileOf(entry as FileSystemFileEntry)];
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    const files: (readonly File[])[] = [];
    for (let page = await pageOf(reader); page.length > 0; page = await pageOf(reader))
      for (const one of page) files.push(await filesBelow(one, unread));
    return files.flat();
  } catch {
    unread.push(entry.name);
    return [];
  }
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
  const unread: string[] = [];
  const found = await Promise.all(folders.map((folder) => filesBelow(folder, unread)));
  const below = found.flat().filter((file) => !isHidden(file));
  return {
    files: [...files, ...below.filter((file) => isOf(accepted, file))],
    others: below.filter((file) => !isOf(accepted, file)),
    unread,
  };
}
