import { globSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isImageName } from '../../shared/platform/media-types.ts';

/** A directory's images with those of the directories in it, in the order of their names. */
const imagesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isImageName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

/** A name as it is, or what a pattern stands for where no shell has filled it in. */
const matches = (name: string): string[] => {
  if (statSync(name, { throwIfNoEntry: false })) return [name];
  return /[*?[{]/.test(name) ? globSync(name).toSorted() : [];
};

/**
 * The files that a command line names: files as they are, directories for the images in them, patterns (`holiday/*.jpg`)
 * for what they match; each once. Names that stand for nothing come back as missing.
 */
export function imageFiles(names: readonly string[]): { files: string[]; missing: string[] } {
  const found = names.map((name) =>
    matches(name).flatMap((one) => (statSync(one).isDirectory() ? imagesIn(one) : [one])),
  );
  return {
    files: [...new Set(found.flat())],
    missing: names.filter((_, index) => found[index]!.length === 0),
  };
}
