import type { Page } from 'playwright';
import { problem, type DesktopState, type UpdateState } from '../../../contract/index.ts';
import { withConfigFile } from '../config-file.ts';
import { desktopState, withDesktopBridge } from '../desktop-bridge.ts';
import type { EngineServer } from '../engine-server.ts';
import { catalog, live, snapshot } from '../fixtures.ts';
import { two } from './common.ts';
import type { ScreenState } from './screen-state.ts';

const address = '#/settings';
const busy = () => snapshot(live(two()), catalog);
const advanced = (page: Page) => page.getByRole('button', { name: /^Advanced|^Erweitert/ }).click();
const file = (text: string) => (engine: EngineServer) => void withConfigFile(engine, text);

const update = (change: Partial<UpdateState>): UpdateState => ({ ...desktopState.updates, ...change });
async function desktop(page: Page, state: Partial<DesktopState>) {
  await withDesktopBridge(page, state);
  await page.reload();
}

const changed = `{
  // mine
  "models": {
    "preset": "balanced",
    "max_concurrent_loaded": 4,
    "idle_timeout_seconds": 5400,
    "pinned": ["ollama/llama3.2:latest", "mistral"],
    "directories": ["/home/me/models", "/mnt/big-disk/a-rather-long-name-of-a-folder/with/several/levels/of/more/folders/gguf"],
    "overrides": {
      "ollama/codellama:latest": { "idle_timeout_seconds": null, "context_length": 16384 },
      "ollama/llama3.2-vision:latest": { "idle_timeout_seconds": 90, "enabled": false }
    }
  },
  "memory": { "reserve_gb": 1.5, "max_ram_usage_gb": 12 },
  "gateway": { "port": 11600 },
  "notifications": { "enabled": false },
  "providers": { "ollama": { "host": "http://192.168.1.20:11434", "memory": "own", "ram_gb": 32 }, "openai": [
    { "id": "cloud", "label": "My service", "base_url": "https://api.example.com/v1", "key_env": "CLOUD_KEY", "models": ["large-1", "small-1"] },
    { "id": "lm-studio", "base_url": "http://127.0.0.1:1234/v1", "local": true, "enabled": false }
  ] }
}`;

export const settingsStates: readonly ScreenState[] = [
  { name: 'settings', address, snapshot: busy, arrange: file('{}'), shows: 'Balanced' },
  { name: 'settings-changed', address, snapshot: busy, arrange: file(changed), shows: 'Balanced, changed' },
  { name: 'settings-auto', address, snapshot: busy, arrange: file('{ "models": { "idle_timeout_seconds": "auto" } }'), act: advanced, shows: 'A model stays while nobody needs its room' },
  { name: 'settings-advanced', address, snapshot: busy, arrange: file('{}'), act: advanced, shows: 'models.pinned' },
  { name: 'settings-advanced-changed', address, snapshot: busy, arrange: file(changed), act: advanced, shows: 'models.pinned' },
  { name: 'settings-german', address, snapshot: busy, arrange: file(changed.replace('"gateway"', '"ui": { "language": "de" }, "gateway"')), act: advanced, shows: 'Ausgewogen, geändert' },
  {
    name: 'settings-invalid',
    address,
    snapshot: busy,
    arrange: file('{}'),
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Models in memory at a time' }).fill('70');
      await page.getByRole('textbox', { name: 'Time without use' }).fill('soon');
      await page.getByRole('textbox', { name: 'Time without use' }).press('Enter');
    },
    shows: 'Allowed is a whole number from 1 to 64.',
  },
  {
    name: 'settings-refused',
    address,
    snapshot: busy,
    arrange: (engine) => {
      withConfigFile(engine);
      engine.answers.configSet = () => ({
        ok: false,
        problem: problem('disk-full', 'The settings cannot be written to /home/me/.local/share/airdock/config.json: the disk is full.', 'Nothing was changed.'),
      });
    },
    act: async (page) => {
      await page.getByRole('switch', { name: 'Give memory back to other programs' }).click();
      await page.getByRole('radio', { name: /Save memory/ }).click();
    },
    shows: /the disk is full/,
  },
  {
    name: 'settings-elsewhere',
    address,
    snapshot: busy,
    arrange: file('{}'),
    act: async (page, engine) => {
      await page.getByLabel('Memory kept free').fill('3');
      const set = engine.answers.configSet as ((input: { set: Record<string, unknown> }) => Promise<unknown>) | undefined;
      await set?.({ set: { 'memory.reserve_gb': 2 } });
    },
    shows: /Changed to 2 GB elsewhere/,
  },
  { name: 'settings-broken', address, snapshot: busy, arrange: file('{\n  "models": {\n    "eviction": "lru"\n    "pinned": []\n  }\n}'), shows: 'The config file cannot be used' },
  {
    name: 'settings-broken-desktop',
    address,
    snapshot: busy,
    arrange: file('{\n  "models": { "max_concurrent_loaded": 0 }\n}'),
    act: async (page) => {
      await desktop(page, {});
      await page.getByRole('switch', { name: 'Give memory back to other programs' }).click();
    },
    shows: /Nothing was changed/,
  },
  { name: 'settings-search', address, snapshot: busy, arrange: file(changed), act: (page) => page.getByLabel('Search settings').fill('context'), shows: /settings found/ },
  { name: 'settings-search-nothing', address, snapshot: busy, arrange: file('{}'), act: (page) => page.getByLabel('Search settings').fill('flux'), shows: /No setting has “flux”/ },
  { name: 'settings-desktop', address, snapshot: busy, arrange: file('{}'), act: (page) => desktop(page, {}), shows: 'Not looked for updates yet.' },
  {
    name: 'settings-desktop-update',
    address,
    snapshot: busy,
    arrange: file('{}'),
    act: (page) => desktop(page, { updates: update({ status: 'available', version: '0.2.0' }) }),
    shows: 'Version 0.2.0 is available.',
  },
  {
    name: 'settings-desktop-downloading',
    address,
    snapshot: busy,
    arrange: file('{}'),
    act: (page) => desktop(page, { updates: update({ status: 'downloading', version: '0.2.0', progress: 0.42 }) }),
    shows: /Downloading version 0.2.0/,
  },
  {
    name: 'settings-desktop-waiting',
    address,
    snapshot: busy,
    arrange: file('{}'),
    act: (page) => desktop(page, { updates: update({ status: 'waiting', version: '0.2.0', waitsFor: 'codellama, by notes-script' }) }),
    shows: /Still in use: codellama/,
  },
  {
    name: 'settings-desktop-poor',
    address,
    snapshot: busy,
    arrange: file('{}'),
    act: (page) =>
      desktop(page, {
        startAtLogin: { supported: false, on: false, problem: null },
        notifications: { supported: false },
        updates: update({ status: 'failed', version: '0.2.0', problem: problem('internal', 'The file of the update has another checksum than it should have.', 'Try again later.') }),
      }),
    shows: 'The update did not succeed.',
  },
  {
    name: 'settings-pick',
    address,
    snapshot: busy,
    arrange: file('{}'),
    act: async (page) => {
      await advanced(page);
      const add = page.getByRole('combobox', { name: 'Add: Set something for a model' });
      await add.click();
      await page.getByRole('option', { name: 'codellama' }).click();
      await add.click();
      await page.getByRole('combobox', { name: 'Model', exact: true }).fill('llama');
    },
    shows: 'As all: 5 min',
  },
];
