import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../contract/config.ts';
import { problemCodes } from '../contract/errors.ts';
import { operations } from '../contract/operations.ts';
import { parseConfig } from '../main/config/parse-config.ts';
import { presets } from '../main/config/presets.ts';
import { createSettingsTree } from '../main/config/settings-tree.ts';
import { parseBaseUrl } from '../main/providers/openai/address.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];

interface Shape {
  default?: unknown;
  enum?: unknown[];
  anyOf?: Shape[];
  properties?: Record<string, Shape>;
  required?: string[];
  additionalProperties?: Shape | boolean;
}

interface PackageFile {
  version: string;
  license: string;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  overrides: Record<string, string>;
}

const packageFile = JSON.parse(read('package.json')) as PackageFile;

/** The cells of every table row of a page. */
function tableRows(page: string): string[][] {
  return read(page)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));
}

/** What stands in backticks within a line. */
function coded(text: string): string[] {
  const prose = text.replace(/^```.*?^```/gms, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
}

function folders(parent: string): string[] {
  return readdirSync(path.join(root, parent)).filter((name) => !name.startsWith('.') && statSync(path.join(root, parent, name)).isDirectory());
}

describe('README', () => {
  const rows = tableRows('README.md');

  it('has every setting with its default and its choices, and no other', () => {
    const told = rows.flatMap(([key = '', value = '', meaning = '']) => {
      const name = coded(key)[0];
      return name !== undefined && /^(models|memory|providers|gateway|notifications|ui|updates)\./.test(name) ? [{ name, value: coded(value)[0] ?? value, meaning }] : [];
    });
    const real = settingsIn(z.toJSONSchema(configSchema, { io: 'input' }) as Shape, '');
    expect(told.map(({ name, value }) => `${name} = ${value}`)).toEqual(real.map(({ name, value }) => `${name} = ${value}`));
    for (const { name, choices } of real) {
      const { meaning = '' } = told.find((one) => one.name === name) ?? {};
      expect(coded(meaning), name).toEqual(expect.arrayContaining(choices));
    }
  });

  it('has the presets', () => {
    const told = rows.filter(([name = '']) => presets.some((preset) => coded(name)[0] === preset.name)).map(([name = '', ...rest]) => [coded(name)[0], ...rest]);
    expect(told).toEqual(
      presets.map(({ name, values }) => [name, String(values.max_concurrent_loaded), values.auto_unload_idle ? 'yes' : 'no', `${values.idle_timeout_seconds} s`]),
    );
  });

  it('explains problem codes that exist', () => {
    const codes = rows.flatMap(([cell = '']) => coded(cell)).filter((code) => /^[a-z]+(-[a-z]+)+$|^(frozen|pinned|foreign|cancelled|unauthorized)$/.test(code));
    expect(codes.length).toBeGreaterThan(20);
    expect(problemCodes).toEqual(expect.arrayContaining(codes));
  });
});

function settingsIn(shape: Shape, prefix: string): { name: string; value: string; choices: string[] }[] {
  const below = Object.entries(shape.properties ?? {});
  if (typeof shape.additionalProperties === 'object') below.push(['<name>', shape.additionalProperties]);
  if (below.length > 0) return below.flatMap(([key, child]) => settingsIn(child, prefix === '' ? key : `${prefix}.${key}`));
  return [{ name: prefix, value: shape.default === undefined ? '–' : JSON.stringify(shape.default), choices: (shape.enum ?? []).map(String) }];
}

describe('settings that a page shows', () => {
  const shown = pages.flatMap((page) => [...read(page).matchAll(/^```jsonc?\n(\{.*?)^```/gms)].map(([, text = '']) => ({ page, text })).filter(({ text }) => /"(providers|models|memory|gateway)":/.test(text)));

  it('are all found, those of every engine in docs/scaling.md among them', () => {
    expect(shown.filter(({ page }) => page === 'docs/scaling.md').length).toBeGreaterThanOrEqual(10);
    expect(new Set(shown.map(({ page }) => page)).size).toBeGreaterThanOrEqual(4);
  });

  it.each(shown)('$page: $text', ({ text, page }) => {
    expect(parseConfig(text, page, createSettingsTree())).toMatchObject({ kind: 'good', warnings: [] });
  });

  it('reach servers that Airdock can ask', () => {
    const servers = shown.flatMap(({ text, page }) => {
      const parsed = parseConfig(text, page, createSettingsTree());
      return parsed.kind === 'good' ? parsed.config.providers.openai : [];
    });
    expect(servers.length).toBeGreaterThanOrEqual(9);
    for (const server of servers) expect(parseBaseUrl(server.base_url, server.id), server.id).toMatchObject({ ok: true, address: { base: expect.stringMatching(/\/v1$/) as string } });
    // Only what runs on this computer shares its memory.
    for (const { local, base_url } of servers) if (local) expect(base_url).toContain('127.0.0.1');
  });
});

describe('docs/http-api.md', () => {
  const rows = tableRows('docs/http-api.md');

  it('has every operation with its method and input, and no other', () => {
    const told = rows.flatMap(([name = '', method = '', input = '']) => (/^(GET, )?POST$/.test(method) ? [`${coded(name)[0]} ${method} ${coded(input).sort().join()}`] : []));
    const real = Object.entries(operations).map(([name, { access, input }]) => {
      const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input' }) as Shape;
      const fields = Object.keys(properties).map((field) => (required.includes(field) ? field : `${field}?`));
      return `${name} ${access === 'read' ? 'GET, POST' : 'POST'} ${fields.sort().join()}`;
    });
    expect(told.sort()).toEqual(real.sort());
  });

  it('has every problem code once', () => {
    const codes = new Set<string>(problemCodes);
    const told = rows.filter((row) => row.length === 2).flatMap(([cell = '']) => coded(cell)).filter((code) => codes.has(code));
    expect(told.sort()).toEqual([...codes].sort());
  });
});

describe('docs/architecture.md', () => {
  const page = read('docs/architecture.md');
  const named = new Set(coded(page));

  it('has every folder and every file of main/', () => {
    const { include: compiled } = JSON.parse(read('tsconfig.json')) as { include: string[] };
    const wanted = [
      ...folders('main').map((name) => `main/${name}/`),
      ...folders('main/providers').map((name) => `main/providers/${name}/`),
      ...readdirSync(path.join(root, 'main')).filter((name) => /(?<!\.test)\.ts$/.test(name)).map((name) => `main/${name}`),
      ...folders('test').map((name) => `test/${name}/`),
      ...compiled.filter((name) => existsSync(path.join(root, name)) && name !== 'main' && !name.endsWith('.ts')).map((name) => `${name}/`),
    ];
    expect(wanted.filter((name) => !named.has(name))).toEqual([]);
  });

  it('numbers the eight promises that the simulation refers to', () => {
    const promises = [...page.matchAll(/^(\d)\. \*\*[^*]+\.\*\* [^\n]/gm)].map((match) => Number(match[1]));
    expect(promises.slice(-8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('names functions that exist', () => {
    const load = page.slice(page.indexOf('## How a load goes'), page.indexOf('## Promises'));
    const functions = coded(load).filter((name) => /^[a-z]+[A-Z]\w*$|^(plan|decide|request|admit|note|rearm|drain|satisfy|reconcile)$/.test(name));
    const code = sources('main').map((file) => read(file)).join('\n');
    expect(functions.length).toBeGreaterThan(20);
    expect(functions.filter((name) => !new RegExp(`function ${name}\\b|\\b${name}[:(,]`).test(code))).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(name);
    return /(?<!\.test)\.ts$/.test(name) ? [name] : [];
  });
}

describe('docs/dependencies.md', () => {
  it('has every dependency with its version and its licence, and no other', () => {
    const told = tableRows('docs/dependencies.md').flatMap((row) => (row.length === 4 && row[0]?.startsWith('`') ? [`${coded(row[0])[0]} ${coded(row[1] ?? '')[0]} ${row[2]}`] : []));
    const real = Object.entries({ ...packageFile.dependencies, ...packageFile.devDependencies }).map(([name, version]) => {
      const { license } = JSON.parse(read(`node_modules/${name}/package.json`)) as PackageFile;
      return `${name} ${version} ${license}`;
    });
    expect(told.sort()).toEqual(real.sort());
  });

  it('is right about the CUDA builds', () => {
    const version = packageFile.dependencies['node-llama-cpp'];
    const page = coded(read('docs/dependencies.md'));
    for (const [name, target] of Object.entries(packageFile.overrides)) {
      expect(target).toBe(`npm:@node-llama-cpp/linux-riscv64@${version}`);
      expect(page).toContain(name.replace('@node-llama-cpp/', ''));
    }
  });
});

it('CHANGELOG.md begins with this version', () => {
  expect(/^## (\S+)/m.exec(read('CHANGELOG.md'))?.[1]).toBe(packageFile.version);
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g)].map((match) => match[1] ?? match[2] ?? '');
    expect(named.filter((name) => !(name in packageFile.scripts))).toEqual([]);
  });

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)|(?:src|srcset)="([^"]+)"/g)].map((match) => match[1] ?? match[2] ?? '').filter((link) => !/^https?:/.test(link));
    expect(links.filter((link) => !existsSync(path.join(root, path.dirname(page), link)))).toEqual([]);
  });

  it('names files and folders of this project that exist', () => {
    // What is announced for later versions is not there yet, and what tests write is not kept.
    const announced = /^(main\/(desktop|gateway|recommend|providers\/openai)|test\/screenshots|dist)\//;
    const named = coded(text).filter((name) => /^(contract|main|renderer|test|bench|scripts|docs|assets|dist)\/[\w./-]*$/.test(name) && !announced.test(name));
    expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });
});
