/** A file of the lake as a listing or a write leaves it. */
export interface LakeFile {
  /** Beneath the container. */
  readonly path: string;
  readonly etag: string;
  readonly bytes: number;
  readonly rows: number;
}

/** Random access to one state of a file; what `hyparquet` reads from. */
export interface LakeBytes {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** A write that readers see at once and whole when it is committed, and not at all before. */
export interface LakeWrite {
  write(bytes: Uint8Array): Promise<void>;
  commit(rows: number): Promise<LakeFile>;
}

/**
 * The files of the lake. A write names the state that it replaces (`undefined`: there is no such file yet) and throws
 * LakeConflict when somebody else was faster; reading a state that is gone throws it too.
 */
export interface LakeStore {
  list(prefix: string): Promise<LakeFile[]>;
  find(path: string): Promise<LakeFile | undefined>;
  read(file: Pick<LakeFile, 'path' | 'etag' | 'bytes'>): Promise<LakeBytes>;
  replace(path: string, replaces: string | undefined): LakeWrite;
  /** Changes the etag and nothing else, so that every write that was begun before fails. */
  touch(file: LakeFile): Promise<void>;
  remove(file: Pick<LakeFile, 'path' | 'etag'>): Promise<void>;
  /** A text that no listing and no reader of files meets; undefined where there is none. */
  readNote(path: string): Promise<string | undefined>;
  writeNote(path: string, text: string): Promise<void>;
}

/** Somebody else has changed the file: look again and start over. */
export class LakeConflict extends Error {
  override readonly name = 'LakeConflict';

  constructor(path: string, cause: unknown) {
    super(`${path} was changed by somebody else.`, { cause });
  }
}
