import type { PreviousUpload, UrlStorage } from 'tus-js-client';

/** What the client has on Node and its types leave out: where uploads stand, kept in a file. */
declare module 'tus-js-client' {
  export class FileUrlStorage implements UrlStorage {
    constructor(path: string);
    findAllUploads(): Promise<PreviousUpload[]>;
    findUploadsByFingerprint(fingerprint: string): Promise<PreviousUpload[]>;
    removeUpload(urlStorageKey: string): Promise<void>;
    addUpload(fingerprint: string, upload: PreviousUpload): Promise<string>;
  }
}
