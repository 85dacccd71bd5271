import { problem, type DiskUsage, type Download, type DownloadCheck, type ModelDetails } from '../../../contract/index.ts';
import type { EngineServer } from '../engine-server.ts';
import { catalog, gb, live, loaded, snapshot } from '../fixtures.ts';
import { llama } from './common.ts';
import { click, type ScreenState } from './screen-state.ts';
import { german } from './speech.ts';

const address = '#/models';

export function download(name: string, more: Partial<Download> = {}): Download {
  return {
    id: `d-${name}`, kind: 'ollama', name, from: name, state: 'running', doneBytes: gb(1.2), totalBytes: gb(4.7), bytesPerSecond: 24 * 1024 * 1024, msLeft: 149_000, parts: null, fit: null, checksums: [], problem: null,
    by: 'dashboard', since: Date.now() - 60_000, ...more,
  };
}

export function check(name: string, more: Partial<DownloadCheck> = {}): DownloadCheck {
  return { kind: 'ollama', name, bytes: gb(4.7), needs: gb(5.1), fit: { kind: 'fits' }, unloads: [], diskFree: gb(120), diskEnough: true, installed: false, warns: false, sentence: 'It fits.', ...more };
}

export function details(more: Partial<ModelDetails> = {}): ModelDetails {
  return {
    id: 'ollama/codellama:latest', name: 'codellama', architecture: 'llama', parameterSize: '7B', quantization: 'Q4_K_M', maxContextLength: 16_384, kvBytesPerToken: 524_288,
    contexts: [2048, 4096, 8192, 16_384].map((contextLength) => ({ contextLength, ram: gb(4) + contextLength * 524_288 })), files: [], projector: null, folder: null, lastUsed: null, license: null, digest: 'a'.repeat(64), deletable: true, keptBecause: null, ...more,
  };
}

const DAY_MS = 24 * 60 * 60_000;

/** 25 models in two places, one of them not used for long. */
export function usage(): DiskUsage {
  const row = (name: string, bytes: number, lastUsed: number | null, unused = false) => ({ id: `ollama/${name}:latest`, name, also: [], provider: 'ollama', bytes, lastUsed, unused });
  const few = Array.from({ length: 23 }, (_, index) => row(`small-${index}`, gb(0.3), Date.now() - index * DAY_MS));
  return {
    models: [row('codellama', gb(6.2), Date.now() - 41 * DAY_MS, true), row('hf.example/somebody/a-model-with-a-rather-long-name-GGUF:Q4_K_M', gb(4), null), ...few],
    totalBytes: gb(28), unusedBytes: gb(6.2), neverBytes: gb(4),
    places: [{ provider: 'ollama', folder: '/usr/share/ollama/.ollama/models', bytes: gb(24), free: gb(103) }, { provider: 'ollama-server', folder: null, bytes: gb(4), free: null }],
  };
}

/** One of each state that a download can be in. */
const many = (): Download[] => [
  download('qwen3:8b', { fit: { needs: gb(5.4), fit: { kind: 'evicts' }, unloads: ['codellama'], diskShort: null, warns: false } }),
  download('llama3.1:70b', { doneBytes: gb(0.1), totalBytes: gb(40), msLeft: null, fit: { needs: gb(42), fit: { kind: 'too-big', missing: gb(29.7) }, unloads: [], diskShort: gb(12), warns: true } }),
  download('registry.example:5000/team/a-model-with-a-rather-long-name:q4_K_M-2026-11', { state: 'queued', doneBytes: 0, totalBytes: null, bytesPerSecond: null, msLeft: null }),
  download('gemma3', { state: 'checking', doneBytes: gb(4.7), bytesPerSecond: null, msLeft: null }),
  download('big-model', { kind: 'file', from: 'https://files.example/models/big-model-00001-of-00004.gguf', parts: { done: 1, total: 4 }, totalBytes: null, msLeft: null }),
  download('tiny', { kind: 'file', from: 'https://files.example/tiny.gguf', state: 'done', doneBytes: gb(0.3), totalBytes: gb(0.3), bytesPerSecond: null, msLeft: null, checksums: [{ file: 'tiny.gguf', sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' }] }),
  download('half', { kind: 'file', from: 'https://files.example/half.gguf', state: 'stopped', bytesPerSecond: null, msLeft: null, problem: problem('download-failed', 'The connection to files.example was lost (ECONNRESET).', 'Try again: it goes on where it was.') }),
  download('page', { kind: 'file', from: 'https://files.example/page', state: 'failed', bytesPerSecond: null, msLeft: null, doneBytes: 0, totalBytes: null, problem: problem('bad-file', 'What files.example sends is no GGUF file.', 'It may be a page about the model: copy the address of its download.') }),
  download('mine', { kind: 'import', from: '/home/me/Downloads/mine.gguf', state: 'running' }),
];

const look = (source: string, label = 'Look it up') => async (page: Parameters<NonNullable<ScreenState['act']>>[0]) => {
  await page.getByRole('textbox', { name: /^Name / }).fill(source);
  await click(page, label);
};
const answers = (given: DownloadCheck) => (engine: EngineServer) => {
  engine.answers.checkDownload = () => ({ ok: true, value: given });
};
const tooBig = check('llama3.1:70b', { bytes: gb(40), needs: gb(42), fit: { kind: 'too-big', missing: gb(29.7) }, diskFree: gb(12), diskEnough: false, warns: true });
const tells = (more: Partial<ModelDetails> = {}) => (engine: EngineServer) => {
  engine.answers.why = () => ({ ok: true, value: { text: 'codellama is not in memory.', entries: [] } });
  engine.answers.modelDetails = () => ({ ok: true, value: details(more) });
};

export const libraryStates: readonly ScreenState[] = [
  { name: 'get-downloads', address, snapshot: () => snapshot(live([llama()], { downloads: many() }), catalog), shows: /24 MB\/s/ },
  { name: 'get-downloads-german', address, snapshot: () => snapshot(live([llama()], { downloads: many() }), catalog), arrange: german, shows: /noch 2 Min/ },
  {
    name: 'disk',
    address,
    snapshot: () => snapshot(live(), catalog),
    arrange: (engine) => {
      engine.answers.diskUsage = () => ({ ok: true, value: usage() });
    },
    act: (page) => click(page, 'All 25 models, the largest first'),
    shows: /And 5 more/,
  },
  {
    name: 'disk-german',
    address,
    snapshot: () => snapshot(live(), catalog),
    arrange: (engine) => {
      german(engine);
      engine.answers.diskUsage = () => ({ ok: true, value: usage() });
    },
    shows: /Seit 30 Tagen nicht benutzt/,
  },
  { name: 'get-fits', address, snapshot: () => snapshot(live([loaded('codellama', 7)]), catalog), arrange: answers(check('gemma3:12b', { fit: { kind: 'evicts', unload: ['ollama/codellama:latest'] }, unloads: ['codellama'] })), act: look('gemma3:12b'), shows: /fits after unloading codellama/ },
  { name: 'get-too-big', address, snapshot: () => snapshot(live(), catalog), arrange: answers(tooBig), act: look('llama3.1:70b'), shows: /too big for this computer by 29.7 GB/ },
  {
    name: 'get-too-big-german',
    address,
    snapshot: () => snapshot(live(), catalog),
    arrange: (engine) => {
      german(engine);
      answers(tooBig)(engine);
    },
    act: look('llama3.1:70b', 'Nachsehen'),
    shows: /zu groß für diesen Computer/,
  },
  {
    name: 'get-refused',
    address,
    snapshot: () => snapshot(live(), catalog),
    arrange: (engine) => {
      engine.answers.checkDownload = () => ({ ok: false, problem: problem('unknown-model', 'There is no model lama3 to download.', 'Check the name and what stands behind the colon.') });
    },
    act: look('lama3'),
    shows: /There is no model lama3/,
  },
  { name: 'get-file', address, snapshot: () => snapshot(live(), catalog), arrange: answers(check('a-model-with-a-long-name-Q4_K_M', { kind: 'import' })), act: look('/home/me/Downloads/a-model-with-a-long-name-Q4_K_M.gguf'), shows: /own folder\?/ },
  { name: 'model-files', address, snapshot: () => snapshot(live(), catalog), arrange: tells(), act: (page) => click(page, 'Details of codellama'), shows: 'Delete from disk' },
  {
    name: 'model-files-own-folder',
    address,
    snapshot: () => snapshot(live(), catalog),
    arrange: tells({
      files: [{ path: '/home/me/models/a/very/long/path/to/codellama-7b-instruct-Q4_K_M.gguf', bytes: gb(4) }],
      projector: { path: '/home/me/models/a/very/long/path/to/mmproj-codellama-7b-f16.gguf', bytes: gb(0.6) },
      deletable: false,
      keptBecause: problem('forbidden', 'It is yours.'),
    }),
    act: (page) => click(page, 'Details of codellama'),
    shows: /Airdock does not delete it/,
  },
  {
    name: 'model-delete',
    address,
    snapshot: () => snapshot(live([loaded('codellama', 7)]), catalog),
    arrange: tells(),
    act: async (page) => {
      await click(page, 'Details of codellama');
      await click(page, 'Delete from disk: codellama');
    },
    shows: /It is unloaded first/,
  },
  {
    name: 'model-delete-german',
    address,
    snapshot: () => snapshot(live([loaded('codellama', 7)]), catalog),
    arrange: (engine) => {
      german(engine);
      tells()(engine);
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Einzelheiten zu codellama' }).click();
      await click(page, 'Von der Platte löschen: codellama');
    },
    shows: /Es wird erst entladen/,
  },
];
