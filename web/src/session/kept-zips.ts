/** A ZIP is written to this browser's own disk space before it is handed to the downloads: of any size, none in memory. */

const folderName = 'darkroom-zips';
/** By then the browser has copied it to where downloads are. Milliseconds. */
const keptMs = 3_600_000;

const openFolder = async (create: boolean): Promise<FileSystemDirectoryHandle> =>
  (await navigator.storage.getDirectory()).getDirectoryHandle(folderName, { create });

/** Undefined where the browser has no such space, as in some private windows. */
export async function newZipFile(personId: string): Promise<FileSystemFileHandle | undefined> {
  try {
    const folder = await openFolder(true);
    const file = await folder.getFileHandle(
      `${Date.now()}-${encodeURIComponent(personId)}-${crypto.randomUUID()}`,
      { create: true },
    );
    return 'createWritable' in file ? file : undefined;
  } catch {
    return undefined;
  }
}

async function forget(isDue: (name: string) => boolean): Promise<void> {
  const folder = await openFolder(false);
  // One that another tab is writing cannot be removed.
  for await (const name of folder.keys())
    if (isDue(name)) await folder.removeEntry(name).catch(() => undefined);
}

export const forgetZip = ({ name }: FileSystemFileHandle): Promise<void> => forget((one) => one === name);

export const forgetZips = (): Promise<void> => forget(() => true).catch(() => undefined);

/** What is old, and what somebody else left. */
export const forgetZipsOfOthers = (personId: string): Promise<void> =>
  forget(
    (name) =>
      Number(name.split('-', 1)[0]) < Date.now() - keptMs ||
      !name.includes(`-${encodeURIComponent(personId)}-`),
  ).catch(() => undefined);
