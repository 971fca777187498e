import { existsSync, readdirSync, readFileSync } from 'node:fs';

const rules = '/usr/share/modsecurity-crs/rules';
const wanted = {
  nginx: '/usr/sbin/nginx',
  'libnginx-mod-http-modsecurity': '/usr/lib/nginx/modules/ngx_http_modsecurity_module.so',
  'modsecurity-crs': `${rules}/REQUEST-949-BLOCKING-EVALUATION.conf`,
} as const;

export const nginx = wanted.nginx;
export const nginxModule = wanted['libnginx-mod-http-modsecurity'];

/** Debian packages that are not here; bookworm's modsecurity-crs is 3.3.4, as Azure's rule set. */
export const missingPackages = (): readonly string[] =>
  Object.entries(wanted).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));

/** Files of CRS behind each rule group of Azure's Default Rule Set; Azure has no others of CRS. */
const groups = {
  'METHOD-ENFORCEMENT': '911',
  'PROTOCOL-ENFORCEMENT': '920',
  'PROTOCOL-ATTACK': '921',
  LFI: '930',
  RFI: '931',
  RCE: '932',
  PHP: '933',
  NODEJS: '934',
  XSS: '941',
  SQLI: '942',
  FIX: '943',
  JAVA: '944',
} as const;

const files = (): readonly string[] => readdirSync(rules).filter((file) => file.endsWith('.conf'));
const fileOf = (number: string): string =>
  `${rules}/${files().find((file) => file.startsWith(`REQUEST-${number}-`))!}`;

/** Everything that is included, in the order of its numbers; 901 sets up what the rules compare with. */
export const ruleFiles = (): readonly string[] => ['901', ...Object.values(groups)].map(fileOf);
export const scoreFile = (): string => fileOf('949');

/** Ids of the rules of a group. */
export function rulesOf(group: string): readonly string[] {
  const number = (groups as Readonly<Record<string, string>>)[group];
  if (number === undefined) throw new Error(`The Default Rule Set has no group ${group} that CRS has.`);
  return (
    [...readFileSync(fileOf(number), 'utf8').matchAll(/\bid:(\d{6})/g)]
      .map(([, id]) => id!)
      // Those below xx0100 only skip what is above the paranoia level.
      .filter((id) => Number(id) % 1000 >= 100)
  );
}

/** Groups that Azure also holds to a body as it is, where it knows no form of it (`InitialBodyContents`). */
export const groupsOfRawBodies = ['LFI', 'RCE', 'PHP', 'XSS', 'SQLI'] as const;
