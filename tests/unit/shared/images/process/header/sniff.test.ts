import { describe, expect, test } from '@jest/globals';
import { sniff } from '../../../../../../shared/images/process/header/sniff.ts';
import { join, le32 } from '../../../../../support/image-bytes.ts';

const padded = (text: string) => join(text, Buffer.alloc(Math.max(0, 32 - text.length)));
const bmp = (headerBytes: number) => join('BM', Buffer.alloc(12), le32(headerBytes), Buffer.alloc(20));

describe('the type by the first bytes', () => {
  test.each([
    ['image/jpeg', padded('\xff\xd8\xff')],
    ['image/png', padded('\x89PNG\r\n\x1a\n')],
    ['image/gif', padded('GIF87a')],
    ['image/gif', padded('GIF89a')],
    ['image/webp', padded('RIFF\0\0\0\0WEBP')],
    ['image/tiff', padded('II*\0')],
    ['image/tiff', padded('MM\0*')],
    ['image/bmp', bmp(12)],
    ['image/bmp', bmp(124)],
    ['image/tiff', padded('II+\0')],
    ['image/tiff', padded('MM\0+')],
    ['image/bmp', bmp(16)],
    ['image/heic', padded('\0\0\0\x1cftypheic')],
    ['image/heic', padded('\0\0\0\x1cftypheix')],
    ['image/heic', padded('\0\0\0\x1cftyphevc')],
    ['image/heic', padded('\0\0\0\x1cftypmif1\0\0\0\0heic')],
    ['image/heic', padded('\0\0\0\x1cftypmsf1')],
    ['image/jxl', padded('\0\0\0\x0cJXL \r\n\x87\n')],
    ['image/jxl', padded('\xff\x0a')],
    ['image/avif', padded('\0\0\0\x1cftypavif')],
    ['image/avif', padded('\0\0\0\x1cftypavis')],
    ['image/avif', padded('\0\0\0\x1cftypmif1\0\0\0\0avif')],
    ['image/avif', padded('\0\0\0\x1cftypmif1\0\0\0\0miafavif')],
    ['image/avif', padded('\0\0\0\x1cftypmif1\0\0\0\0miafMA1Bavis')],
  ])('is %s', (type, bytes) => {
    expect(sniff(bytes)).toEqual({ type });
  });

  test('is told though the file ends with them', () => {
    expect(sniff(bmp(40).subarray(0, 18))).toEqual({ type: 'image/bmp' });
    expect(sniff(join('\xff\xd8\xff'))).toEqual({ type: 'image/jpeg' });
  });

  test.each([
    [/raw file/, padded('II*\0\x10\0\0\0CR\x02')],
    [/raw file/, padded('IIRO\x08\0\0\0')],
    [/raw file/, padded('MMOR\0\0\0\x08')],
    [/raw file/, padded('IIU\0\x18')],
    [/raw file/, padded('FUJIFILMCCD-RAW 0201')],
    [/raw file/, padded('\0\0\0\x18ftypcrx ')],
    [/video/, padded('\0\0\0\x1cftypisom\0\0\0\0xheic')],
    [/video/, padded('\0\0\0\x1cftypmp42')],
    [/SVG/, padded('<svg>')],
    [/SVG/, padded('<?xml version="1.0"?>')],
    [/SVG/, padded('<!DOCTYPE svg>')],
    [/SVG/, padded('<!-- a comment -->')],
    [/SVG/, padded('\xef\xbb\xbf  \n<SVG>')],
    [/PDF/, padded('%PDF-1.7')],
    [/first bytes/, padded('<p>')],
    [/first bytes/, padded('words <svg>')],
    [/first bytes/, padded('words %PDF-1.7')],
    [/first bytes/, padded('RIFF\0\0\0\0WAVE')],
    [/first bytes/, padded('xxxx\0\0\0\0WEBP')],
    [/first bytes/, padded('\xff\xd8x')],
    [/first bytes/, padded('xGIF89a')],
    [/first bytes/, bmp(13)],
    [/first bytes/, bmp(40).subarray(0, 17)],
    [/first bytes/, join('XM', bmp(40).subarray(2))],
    [/first bytes/, join('')],
    [/first bytes/, padded('x'.repeat(40) + '\xff\xd8\xff')],
  ])('is none that is accepted, for the reason %s', (reason, bytes) => {
    expect(sniff(bytes)).toMatchObject({ refused: { message: expect.stringMatching(reason) } });
  });
});
