import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** Every source of the desktop app, without tests and without what only comments say. */
const sources = ['main', 'preload'].flatMap((folder) =>
  (readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }) as string[])
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .filter((name) => /(?<!\.test)\.ts$/.test(name))
    .map((name) => ({ name, code: read(name).replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '') })),
);
const filesWith = (pattern: RegExp): string[] => sources.filter(({ code }) => pattern.test(code)).map(({ name }) => name);

describe('docs/security.md', () => {
  const rows = read('docs/security.md')
    .split('\n')
    .flatMap((line) => {
      const [, number, , held, shown] = /^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/.exec(line) ?? [];
      return number === undefined || held === undefined || shown === undefined ? [] : [{ number: Number(number), held, shown }];
    });

  it('has the 20 items, each held in a file that is there', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    for (const { number, held } of rows) expect([number, existsSync(path.join(root, held.replaceAll('`', '').trim()))]).toEqual([number, true]);
  });

  it('names for each the test that shows it', () => {
    for (const { number, shown } of rows) {
      const [, file = '', name = ''] = /^`([^`]+)`: “([^”]+)”/.exec(shown) ?? [];
      expect([number, existsSync(path.join(root, file)) && read(file).includes(`'${name}'`)]).toEqual([number, true]);
    }
  });
});

describe('one place for each danger', () => {
  it.each<[string, RegExp, string[]]>([
    ['a message from a page', /\bipcMain\s*\.\s*(handle|on|once|handleOnce)\b/, ['main/desktop/ipc/router.ts']],
    ['a push to a page', /\b(contents|webContents)\s*\.\s*(send|postMessage)\b/, ['main/desktop/ipc/push.ts']],
    ['what a page finds on window', /exposeInMainWorld/, ['preload/index.ts']],
    ['an address handed to the system', /\bopenExternal\s*\(/, ['main/desktop/security/open-link.ts']],
    ['a window', /\bnew [\w.]*BrowserWindow\b/, ['main/desktop/window/dashboard-window.ts']],
    ['a page of our own', /\bprotocol\s*\.\s*handle\b/, ['main/desktop/security/app-scheme.ts']],
    ['a permission', /setPermission(Request|Check)Handler\s*\(/, ['main/desktop/security/permissions.ts']],
  ])('%s', (_danger, pattern, files) => {
    expect(filesWith(pattern)).toEqual(files);
  });
});

it('weakens nothing by a switch, a feature or a preference', () => {
  const weak = [
    /enableBlinkFeatures|allowpopups|no-sandbox|disable-web-security|ignore-certificate-errors|remote-debugging|allow-running-insecure-content/,
    /\b(nodeIntegration\w*|webviewTag|experimentalFeatures|allowRunningInsecureContent|enableDeprecatedPaste|bypassCSP|allowServiceWorkers)\s*:\s*true/,
    /\b(sandbox|contextIsolation|webSecurity)\s*:\s*false/,
    /loadFile\s*\(|file:\/\/|executeJavaScript|setCertificateVerifyProc|'certificate-error'|insertCSS|registerPreloadScript/,
  ];
  for (const pattern of weak) expect([pattern, filesWith(pattern)]).toEqual([pattern, []]);
});

it('names one exact version of Electron, which is the one that is installed', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
  const installed = JSON.parse(read('node_modules/electron/package.json')) as { version: string };
  expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
  expect(devDependencies.electron).toBe(installed.version);
});
