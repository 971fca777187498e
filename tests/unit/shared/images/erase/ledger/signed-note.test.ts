import { describe, expect, test } from '@jest/globals';
import {
  openCheckpoint,
  signCheckpoint,
} from '../../../../../../shared/images/erase/ledger/checkpoint-note.ts';
import { emptyRoot } from '../../../../../../shared/images/erase/ledger/merkle.ts';
import {
  makeNoteKey,
  noteSigner,
  noteVerifier,
  openNote,
  renameNoteKey,
  signNote,
} from '../../../../../../shared/images/erase/ledger/signed-note.ts';

/** The example of the documentation of golang.org/x/mod/sumdb/note, on which C2SP's signed-note is built. */
const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const skey = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const text =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const note = `${text}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

describe('a signed note', () => {
  test('is the one of the published example, to the byte', () => {
    expect(signNote(text, noteSigner(skey))).toBe(note);
    expect(noteSigner(skey).key).toBe(vkey);
  });

  test('is read by its public key, also beside the signature of another', () => {
    expect(openNote(note, noteVerifier(vkey))).toBe(text);
    const other = signNote(text, noteSigner(makeNoteKey('witness')))
      .split('\n')
      .at(-2)!;
    expect(openNote(`${note}${other}\n`, noteVerifier(vkey))).toBe(text);
  });

  test.each([
    ['another text', note.replace('answer', 'cause')],
    ['a changed signature', note.replace('x08go/ZJ', 'x08go/ZK')],
    ['no signature', `${text}\n`],
    ['the signature of another key', signNote(text, noteSigner(makeNoteKey('PeterNeumann')))],
    ['a line that is no signature', `${note}hello\n`],
    ['no end', note.slice(0, -1)],
  ])('with %s is refused', (_, wrong) => {
    expect(() => openNote(wrong, noteVerifier(vkey))).toThrow();
  });

  test.each([
    ['another id', vkey.replace('c74f20a3', 'c74f20a4')],
    ['another algorithm', vkey.replace('+ARpc', '+AhpC')],
    ['no name', vkey.replace('PeterNeumann', '')],
  ])('a key with %s is refused', (_, wrong) => {
    expect(() => noteVerifier(wrong)).toThrow();
  });

  test('a name with a space or a plus is none', () => {
    for (const name of ['', 'a b', 'a+b']) {
      expect(() => makeNoteKey(name)).toThrow();
      expect(() => renameNoteKey(skey, name)).toThrow();
    }
  });

  test('under another name it makes the same signatures, and other notes', () => {
    const [old, renamed] = [noteSigner(skey), noteSigner(renameNoteKey(`${skey}\n`, 'PeterNeumann-2'))];
    expect(renamed.name).toBe('PeterNeumann-2');
    expect(renamed.keyId.equals(old.keyId)).toBe(false);
    expect(renamed.verify('entry', old.sign('entry'))).toBe(true);
    expect(() => openNote(signNote(text, renamed), old)).toThrow('not signed by PeterNeumann');
    expect(() => openNote(note, renamed)).toThrow('not signed by PeterNeumann-2');
    expect(() => renameNoteKey(skey, 'PeterNeumann')).toThrow('another name');
  });
});

describe('a checkpoint', () => {
  const signer = noteSigner(makeNoteKey('example.org/log'));

  test('has the three lines of tlog-checkpoint', () => {
    const signed = signCheckpoint({ size: 7, root: emptyRoot() }, signer);
    expect(signed.split('\n').slice(0, 4)).toEqual([
      'example.org/log',
      '7',
      '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      '',
    ]);
    expect(openCheckpoint(signed, noteVerifier(signer.key))).toEqual({ size: 7, root: emptyRoot() });
  });

  test.each([
    ['of another log', `example.org/other\n7\n${emptyRoot().toString('base64')}\n`],
    ['with a size that is none', `example.org/log\n07\n${emptyRoot().toString('base64')}\n`],
    ['with a root that is none', 'example.org/log\n7\nAAAA\n'],
  ])('%s is refused though it is signed', (_, wrong) => {
    expect(() => openCheckpoint(signNote(wrong, signer), signer)).toThrow();
  });
});
