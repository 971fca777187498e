import type { Image } from '../../../../client/api-types.ts';
import { endingOf, imageName } from './image-name.ts';

/** What Windows takes for a device, whatever its ending. */
const device = /^(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\.|$)/i;
const forbidden = /[<>:"/\\|?*\p{Cc}]/gu;

/** A name that every system takes as what it says, with an ending. */
function safeName(image: Pick<Image, 'id' | 'fileName' | 'contentType'>): string {
  const name = imageName(image)
    .normalize('NFC')
    .replaceAll(forbidden, '_')
    .replace(/[. ]+$/, '')
    .replace(/^\.+/, '_');
  const whole = /.\.[a-z0-9]{1,10}$/i.test(name)
    ? name
    : `${name === '' ? '_' : name}.${endingOf(image.contentType)}`;
  return device.test(whole) ? `_${whole}` : whole;
}

/** Names for the files of one ZIP: those that come twice, in whatever case, are numbered. */
export function makeZipNames(): (image: Pick<Image, 'id' | 'fileName' | 'contentType'>) => string {
  const taken = new Set<string>();
  return (image) => {
    const name = safeName(image);
    const dot = name.lastIndexOf('.');
    let unique = name;
    for (let number = 2; taken.has(unique.toLowerCase()); number += 1)
      unique = `${name.slice(0, dot)} (${number})${name.slice(dot)}`;
    taken.add(unique.toLowerCase());
    return unique;
  };
}
