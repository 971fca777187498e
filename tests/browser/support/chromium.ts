import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = [
  process.env['DARKROOM_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** A Chromium of this machine; undefined where there is none. */
export const chromiumPath: string | undefined = places.find((path) => path !== undefined && existsSync(path));

/** For a test's title where there is no Chromium to run it in: skipped loudly, by name. */
export const withoutChromium = '[skipped: no Chromium: apt-get install chromium, or set DARKROOM_CHROMIUM]';

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
