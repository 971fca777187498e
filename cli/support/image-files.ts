import { globSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isImageName } from '../../shared/platform/media-types.ts';

const statOf = (name: string) => statSync(name, { throwIfNoEntry: false });

/** A directory's images with those of the directories in it, in the order of their names; links are followed to files only. */
const imagesIn = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) => {
      const name = join(directory, entry.name);
      if (entry.isDirectory()) return imagesIn(name);
      const mayBeFile = entry.isFile() || (entry.isSymbolicLink() && statOf(name)?.isDirectory() !== true);
      return mayBeFile && isImageName(entry.name) ? [name] : [];
    })
    .toSorted();

/** A name as it is, or what a pattern stands for where no shell has filled it in. */
const matches = (name: string): string[] => {
  if (statOf(name)) return [name];
  return /[*?[{]/.test(name) ? globSync(name).toSorted() : [];
};

/**
 * The files that a command line names: files as they are, directories for the images in them, patterns (`holiday/*.jpg`)
 * for what they match; each once. Names that stand for nothing, and links to nothing, come back as missing.
 */
export function imageFiles(names: readonly string[]): { files: string[]; missing: string[] } {
  const found = names.map((name) =>
    matches(name).flatMap((one) => (statOf(one)?.isDirectory() === true ? imagesIn(one) : [one])),
  );
  const all = [...new Set(found.flat())];
  return {
    files: all.filter((name) => statOf(name) !== undefined),
    missing: [
      ...names.filter((_, index) => found[index]!.length === 0),
      ...all.filter((name) => statOf(name) === undefined),
    ],
  };
}
