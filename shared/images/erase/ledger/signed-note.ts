import {
  createHash,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';

/** C2SP signed-note with Ed25519: https://c2sp.org/signed-note. Keys have the text forms of Go's sumdb/note. */
export interface NoteVerifier {
  readonly name: string;
  readonly key: string;
  verify(text: string, signature: Buffer): boolean;
  readonly keyId: Buffer;
}

export interface NoteSigner extends NoteVerifier {
  sign(text: string): Buffer;
}

const algorithm = 1;
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const spki = Buffer.from('302a300506032b6570032100', 'hex');
const signatureStart = '\u2014 ';

const keyIdOf = (name: string, publicKey: Buffer): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.concat([Buffer.of(algorithm), publicKey]))
    .digest()
    .subarray(0, 4);

const encoded = (key: Buffer): string => Buffer.concat([Buffer.of(algorithm), key]).toString('base64');

const publicBytes = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(spki.length);

const isName = (name: string): boolean => name !== '' && !/[\s+]/u.test(name);

/** A key's fields, split so that base64 may hold a plus itself. */
function fields(text: string, start: string) {
  const [, name, id, key] =
    new RegExp(`^${start}([^\\s+]+)\\+([0-9a-f]{8})\\+([A-Za-z0-9+/=]+)$`).exec(text) ?? [];
  const bytes = Buffer.from(key ?? '', 'base64');
  if (name === undefined || bytes.length !== 33 || bytes[0] !== algorithm) {
    throw new Error('A key of the ledger has the form NAME+ID+KEY, with an Ed25519 key.');
  }
  return { name, id, key: bytes.subarray(1) };
}

/** `NAME+ID+BASE64`, as the API publishes it. */
export function noteVerifier(text: string): NoteVerifier {
  const { name, id, key } = fields(text.trim(), '');
  const keyId = keyIdOf(name, key);
  if (keyId.toString('hex') !== id) throw new Error('The id of the key is not that of its name and bytes.');
  const publicKey = createPublicKey({ key: Buffer.concat([spki, key]), format: 'der', type: 'spki' });
  return {
    ...{ name, keyId, key: text.trim() },
    verify: (message, signature) => verify(null, Buffer.from(message), publicKey, signature),
  };
}

/** `PRIVATE+KEY+NAME+ID+BASE64`, as it is kept in Key Vault or in the local state. */
export function noteSigner(text: string): NoteSigner {
  const { name, id, key } = fields(text.trim(), 'PRIVATE\\+KEY\\+');
  const privateKey = privateKeyOf(key);
  const verifier = noteVerifier(`${name}+${id}+${encoded(publicBytes(privateKey))}`);
  return { ...verifier, sign: (message) => sign(null, Buffer.from(message), privateKey) };
}

const privateKeyOf = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });

function written(name: string, seed: Buffer): string {
  if (!isName(name)) throw new Error('The name of a key has no spaces and no plus.');
  const id = keyIdOf(name, publicBytes(privateKeyOf(seed))).toString('hex');
  return `PRIVATE+KEY+${name}+${id}+${encoded(seed)}`;
}

/** A new key in its private form. */
export const makeNoteKey = (name: string): string => written(name, randomBytes(32));

/** The same key for another log: it signs other notes, and the entries that it signed before stay good. */
export function renameNoteKey(text: string, name: string): string {
  const { name: former, key } = fields(text.trim(), 'PRIVATE\\+KEY\\+');
  if (former === name) throw new Error('A new log has another name than the one before it.');
  return written(name, key);
}

/** `text` ends with a newline and has no empty signature block of its own. */
export function signNote(text: string, signer: NoteSigner): string {
  const signature = Buffer.concat([signer.keyId, signer.sign(text)]).toString('base64');
  return `${text}\n${signatureStart}${signer.name} ${signature}\n`;
}

function signaturesOf(note: string) {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw new Error('This is no signed note.');
  const signatures = note
    .slice(end + 2, -1)
    .split('\n')
    .map(parseSignature);
  return { text: note.slice(0, end + 1), signatures };
}

/** The text of a note that this key signed; throws when it did not. Signatures of other keys are passed over. */
export function openNote(note: string, verifier: NoteVerifier): string {
  const { text, signatures } = signaturesOf(note);
  const own = signatures.filter(({ name, keyId }) => name === verifier.name && keyId.equals(verifier.keyId));
  if (own.length === 0) throw new Error(`The note is not signed by ${verifier.name}.`);
  if (own.some(({ signature }) => !verifier.verify(text, signature))) {
    throw new Error('The signature of the note is not right.');
  }
  return text;
}

/** The same key under the name that signed the note, where it did: a log that was named anew goes on with its key. */
export function underNameIn(note: string, verifier: NoteVerifier): NoteVerifier {
  const { key } = fields(verifier.key, '');
  const own = signaturesOf(note).signatures.find(({ name, keyId }) => keyIdOf(name, key).equals(keyId));
  return own === undefined
    ? verifier
    : noteVerifier(`${own.name}+${own.keyId.toString('hex')}+${encoded(key)}`);
}

function parseSignature(line: string) {
  const [, name, encodedSignature] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
  if (name === undefined) throw new Error('This is no signed note: a signature has another form.');
  const bytes = Buffer.from(encodedSignature!, 'base64');
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}
