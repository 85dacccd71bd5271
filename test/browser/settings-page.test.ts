import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSchema, problem } from '../../contract/index.ts';
import { withConfigFile } from './config-file.ts';
import { dashboardSubject, held } from './dashboard-subject.ts';
import { withDesktopBridge } from './desktop-bridge.ts';
import { snapshot, live } from './fixtures.ts';

const subject = dashboardSubject();
const hash = '#/settings';
const asked = () => subject.asked('configSet').map((input) => (input as { set: Record<string, unknown> }).set);
const field = (name: string) => subject.page.getByRole('textbox', { name, exact: true });
const onOff = (name: string) => subject.page.getByRole('switch', { name, exact: true });
const radio = (name: string | RegExp) => subject.page.getByRole('radio', { name });
const row = (key: string) => subject.page.locator(`[data-setting="${key}"]`);
const limit = 'Models in memory at a time';

async function open(text = '{}') {
  const file = withConfigFile(subject.engine, text);
  await subject.open({ hash });
  await field(limit).waitFor();
  return file;
}
const openAdvanced = () => subject.button(/^Advanced/).click();

interface Shape {
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
}
function leaves(shape: Shape, path: readonly string[] = []): string[] {
  const below = Object.entries(shape.properties ?? {});
  // What is named at will with one value each is one setting; with several values each is a setting for every name.
  if (typeof shape.additionalProperties === 'object' && shape.additionalProperties.properties) below.push(['<name>', shape.additionalProperties]);
  return below.length === 0 ? [path.join('.')] : below.flatMap(([key, child]) => leaves(child, [...path, key]));
}

describe('the rows', () => {
  it.each(['en', 'de'])('has one for every setting of the config, in %s', async (language) => {
    withConfigFile(subject.engine, JSON.stringify({ ui: { language }, models: { overrides: { 'llama3.2': { ram_gb: 5 } } } }));
    await subject.open({ hash });
    await subject.button(/^(Advanced|Erweitert)/).click();
    await row('ui.on_quit').waitFor();
    const rows = await subject.page.locator('[data-setting]').evaluateAll((all) => all.map((one) => one.getAttribute('data-setting')));
    const keys = leaves(z.toJSONSchema(configSchema, { io: 'input' }) as Shape);
    expect(rows.filter((name) => name?.includes('.')).sort()).toEqual(keys.sort());
  });

  it('are found by word and by key', async () => {
    await open();
    await subject.page.getByLabel('Search settings').fill('idle_timeout');
    await row('models.idle_timeout_seconds').waitFor();
    expect(await row('models.max_concurrent_loaded').count()).toBe(0);
    await subject.page.getByLabel('Search settings').fill('graphics card');
    await row('providers.llama.cpp.gpu').waitFor();
    await subject.page.getByLabel('Search settings').fill('');
    await row('models.max_concurrent_loaded').waitFor();
  });
});

describe('a switch', () => {
  it('waits for the engine, and then shows what the engine has', async () => {
    await open();
    const real = subject.engine.answers.configSet as unknown as (input: unknown) => Promise<never>;
    const go = held<void>();
    subject.engine.answers.configSet = async (input: never) => {
      await go.answer;
      return real(input);
    };
    await onOff('Give memory back to other programs').click();
    await expect.poll(() => row('memory.yield').getAttribute('aria-busy')).toBe('true');
    expect(await onOff('Give memory back to other programs').getAttribute('aria-checked')).toBe('true');
    go.give();
    await expect.poll(() => onOff('Give memory back to other programs').getAttribute('aria-checked')).toBe('false');
    expect(asked()).toEqual([{ 'memory.yield': false }]);
    await subject.shows('Give memory back to other programs: saved.');
  });

  it('stays as it was where the engine refuses, and says why beside it', async () => {
    await open();
    subject.engine.answers.configSet = () => ({ ok: false, problem: problem('disk-full', 'The disk is full.', 'Nothing was changed.') });
    await onOff('Give memory back to other programs').click();
    await row('memory.yield').getByRole('alert').getByText('The disk is full. Nothing was changed.').waitFor();
    expect(await onOff('Give memory back to other programs').getAttribute('aria-checked')).toBe('true');
  });

  it('can be clicked by its name', async () => {
    await open();
    await subject.page.getByText('Unload unused models', { exact: true }).click();
    await expect.poll(asked).toEqual([{ 'models.auto_unload_idle': false }]);
    await subject.shows('Counts only while unused models are unloaded.');
  });
});

describe('a number', () => {
  it('is saved with Enter, and on leaving the field', async () => {
    await open();
    await field(limit).fill('4');
    await field(limit).press('Enter');
    await expect.poll(asked).toEqual([{ 'models.max_concurrent_loaded': 4 }]);
    await field('Memory kept free').fill('1.5');
    expect(asked()).toHaveLength(1);
    await field('Memory kept free').blur();
    await expect.poll(asked).toEqual([{ 'models.max_concurrent_loaded': 4 }, { 'memory.reserve_gb': 1.5 }]);
  });

  it('is changed by buttons and arrows, the last of a quick row counting', async () => {
    await open();
    await subject.button(`${limit}: more`).click();
    await expect.poll(() => asked().at(-1)).toEqual({ 'models.max_concurrent_loaded': 3 });
    await field(limit).press('ArrowUp');
    await field(limit).press('ArrowUp');
    await field(limit).press('ArrowUp');
    await expect.poll(() => asked().at(-1)).toEqual({ 'models.max_concurrent_loaded': 6 });
    await expect.poll(() => field(limit).inputValue()).toBe('6');
  });

  it('says what is allowed while it is not, and sends nothing', async () => {
    await open();
    await field(limit).fill('70');
    await row('models.max_concurrent_loaded').getByText('Allowed is a whole number from 1 to 64.').waitFor();
    expect(await field(limit).getAttribute('aria-invalid')).toBe('true');
    const described = (await field(limit).getAttribute('aria-describedby')) ?? '';
    const words = await subject.page.evaluate((ids) => ids.split(' ').map((id) => document.getElementById(id)?.textContent ?? '?'), described);
    expect(words).toContain('Allowed is a whole number from 1 to 64.');
    await field(limit).press('Enter');
    await field(limit).blur();
    expect(await field(limit).inputValue()).toBe('70');
    expect(asked()).toEqual([]);
  });

  it('is refused rather than rounded where it is not whole', async () => {
    await open();
    await field(limit).fill('2.5');
    await field(limit).press('Enter');
    await row('models.max_concurrent_loaded').getByText('Allowed is a whole number from 1 to 64.').waitFor();
    await field(limit).blur();
    expect(await field(limit).inputValue()).toBe('2.5');
    expect(asked()).toEqual([]);
  });

  it('is refused where it would keep all of the computer’s memory free', async () => {
    await open();
    await field('Memory kept free').fill('16');
    await row('memory.reserve_gb').getByText('This computer has only 15.5 GB. Allowed is less than that.').waitFor();
    await field('Memory kept free').press('Enter');
    await field('Memory kept free').fill('15');
    await field('Memory kept free').press('Enter');
    await expect.poll(asked).toEqual([{ 'memory.reserve_gb': 15 }]);
  });

  it('is put back by Escape, and keeps the focus', async () => {
    await open();
    await field(limit).fill('70');
    await field(limit).press('Escape');
    await expect.poll(() => field(limit).inputValue()).toBe('2');
    expect(await field(limit).getAttribute('aria-invalid')).toBeNull();
    await field(limit).fill('5');
    await field(limit).press('Escape');
    await expect.poll(() => field(limit).inputValue()).toBe('2');
    expect(await field(limit).evaluate((input) => input === document.activeElement)).toBe(true);
    await field(limit).blur();
    expect(asked()).toEqual([]);
  });

  it('that may be missing is taken out of the file when it is emptied', async () => {
    await open('{ "memory": { "max_ram_usage_gb": 12 } }');
    await openAdvanced();
    const most = field('The most for all models together');
    await most.fill('');
    await most.press('Enter');
    await expect.poll(asked).toEqual([{ 'memory.max_ram_usage_gb': null }]);
    expect(await most.getAttribute('placeholder')).toBe('no bound');
  });
});

describe('a time', () => {
  it('is typed as people write it', async () => {
    await open();
    await field('Time without use').fill('1 h 30 min');
    await field('Time without use').press('Enter');
    await expect.poll(asked).toEqual([{ 'models.idle_timeout_seconds': 5400 }]);
    await field('Time without use').fill('10');
    await field('Time without use').press('Enter');
    await expect.poll(() => field('Time without use').inputValue()).toBe('10 min');
  });

  it('can be none: then a model stays until its room is needed', async () => {
    await open();
    await row('models.idle_timeout_seconds').getByRole('radio', { name: 'When room is needed' }).click();
    await subject.shows(/A model stays while nobody needs its room/);
    expect(await field('Time without use').count()).toBe(0);
    await row('models.idle_timeout_seconds').getByRole('radio', { name: 'After a time' }).click();
    await expect.poll(() => field('Time without use').inputValue()).toBe('5 min');
    expect(asked()).toEqual([{ 'models.idle_timeout_seconds': 'auto' }, { 'models.idle_timeout_seconds': 300 }]);
  });

  it('that is none is kept to be mended, and put back by Escape', async () => {
    await open();
    await field('Time without use').fill('soon');
    await field('Time without use').blur();
    await row('models.idle_timeout_seconds').getByRole('alert').getByText('Allowed is a time such as 90 s, 5 min or 2 h.').waitFor();
    expect(await field('Time without use').inputValue()).toBe('soon');
    await field('Time without use').press('Escape');
    expect(await field('Time without use').inputValue()).toBe('5 min');
    expect(asked()).toEqual([]);
  });
});

describe('a refused text', () => {
  it('is not sent again on leaving the field, but is with Enter', async () => {
    await open();
    await openAdvanced();
    subject.engine.answers.configSet = () => ({ ok: false, problem: problem('bad-config', 'There is no such host.') });
    const host = row('providers.ollama.host').getByRole('textbox');
    await host.fill('nowhere');
    await host.press('Enter');
    await row('providers.ollama.host').getByText('There is no such host.').waitFor();
    await host.blur();
    await host.press('Enter');
    await expect.poll(() => asked().length).toBe(2);
    expect(await host.inputValue()).toBe('nowhere');
    await host.press('Escape');
    await expect.poll(() => row('providers.ollama.host').getByText('There is no such host.').count()).toBe(0);
    expect(await host.inputValue()).toBe('');
  });

  it('of a host that is not this computer never leaves the page', async () => {
    await open();
    await openAdvanced();
    await field('Host').fill('0.0.0.0');
    await field('Host').press('Enter');
    await row('gateway.host').getByText(/Allowed is a name of this computer/).waitFor();
    expect(asked()).toEqual([]);
  });
});

describe('presets', () => {
  it('take away what would win over them', async () => {
    await open('{ "models": { "max_concurrent_loaded": 5, "idle_timeout_seconds": 7 } }');
    await radio(/^Balanced, changed/).waitFor();
    await radio(/^Save memory/).click();
    await expect.poll(asked).toEqual([
      { 'models.preset': 'conservative', 'models.max_concurrent_loaded': null, 'models.auto_unload_idle': null, 'models.idle_timeout_seconds': null },
    ]);
    await expect.poll(() => field(limit).inputValue()).toBe('1');
    await expect.poll(() => field('Time without use').inputValue()).toBe('1 min');
  });

  it('say that they were changed, and come back', async () => {
    await open();
    await field(limit).fill('3');
    await field(limit).press('Enter');
    await radio(/^Balanced, changed/).waitFor();
    await subject.button('Back to “Balanced”').click();
    await expect.poll(() => field(limit).inputValue()).toBe('2');
    expect(await radio(/^Balanced, changed/).count()).toBe(0);
  });

  it('give the default that one setting is reset to', async () => {
    await open('{ "models": { "preset": "aggressive", "max_concurrent_loaded": 9 } }');
    await subject.button(`Reset “${limit}” to 3`).click();
    await expect.poll(asked).toEqual([{ 'models.max_concurrent_loaded': null }]);
    await expect.poll(() => field(limit).inputValue()).toBe('3');
  });
});

describe('changes made elsewhere', () => {
  it('show at once', async () => {
    const file = await open();
    file.write('{ "models": { "max_concurrent_loaded": 7 }, "memory": { "yield": false } }');
    await expect.poll(() => field(limit).inputValue()).toBe('7');
    await expect.poll(() => onOff('Give memory back to other programs').getAttribute('aria-checked')).toBe('false');
  });

  it('never overwrite what is being typed', async () => {
    const file = await open();
    await field('Memory kept free').fill('3');
    file.write('{ "memory": { "reserve_gb": 2 }, "models": { "max_concurrent_loaded": 7 } }');
    await subject.shows(/Changed to 2 GB elsewhere meanwhile/);
    expect(await field('Memory kept free').inputValue()).toBe('3');
    expect(await field(limit).inputValue()).toBe('7');
    await field('Memory kept free').press('Escape');
    await expect.poll(() => field('Memory kept free').inputValue()).toBe('2');
  });

  it('never overwrite a text that is being typed, either', async () => {
    const file = await open();
    await field('Time without use').fill('7 m');
    file.write('{ "models": { "idle_timeout_seconds": 60 } }');
    await subject.shows(/Changed to 1 min elsewhere meanwhile/);
    expect(await field('Time without use').inputValue()).toBe('7 m');
    await field('Time without use').press('Enter');
    await expect.poll(asked).toEqual([{ 'models.idle_timeout_seconds': 420 }]);
    await expect.poll(() => field('Time without use').inputValue()).toBe('7 min');
  });

  it('of the language speak it', async () => {
    await open();
    await radio('Deutsch').click();
    await subject.page.getByRole('heading', { name: 'Einstellungen' }).first().waitFor();
    await expect.poll(() => subject.page.evaluate(() => document.documentElement.lang)).toBe('de');
    await expect.poll(() => subject.focused()).toBe('Deutsch');
  });
});

describe('a broken file', () => {
  it('is told with its line, refuses edits in place, and is whole again by itself', async () => {
    const file = await open('{\n  "models": {\n    "eviction": "lru"\n    "pinned": []\n  }\n}');
    await subject.page.getByRole('alert').getByText(/a comma is missing in line 4, column 5/).waitFor();
    await onOff('Give memory back to other programs').click();
    await row('memory.yield').getByText(/Correct the file first; it is never overwritten/).waitFor();
    file.write('{}');
    await subject.gone(/a comma is missing in line 4/);
    expect(await subject.page.getByRole('alert').count()).toBe(0);
    await onOff('Give memory back to other programs').click();
    await expect.poll(() => onOff('Give memory back to other programs').getAttribute('aria-checked')).toBe('false');
  });
});

describe('lists', () => {
  it('keep models and let them go', async () => {
    await open('{ "models": { "pinned": ["mistral"] } }');
    await openAdvanced();
    await row('models.pinned').getByText('not installed now').waitFor();
    await row('models.pinned').getByRole('combobox').click();
    await subject.page.getByRole('combobox', { name: 'Model', exact: true }).fill('code');
    await subject.page.keyboard.press('ArrowDown');
    await subject.page.keyboard.press('Enter');
    await expect.poll(asked).toEqual([{ 'models.pinned': ['mistral', 'ollama/codellama:latest'] }]);
    await subject.button('Remove mistral').click();
    await expect.poll(() => asked().at(-1)).toEqual({ 'models.pinned': ['ollama/codellama:latest'] });
  });

  it('have a folder looked at by the engine before it is taken', async () => {
    await open();
    await openAdvanced();
    subject.engine.answers.addFolder = () => ({ ok: false, problem: problem('bad-folder', 'There is no folder /nowhere.', 'Check the spelling.') });
    await field('Path of a folder').fill('/nowhere');
    await subject.button('Add folder').click();
    await row('models.directories').getByText('There is no folder /nowhere. Check the spelling.').waitFor();
    expect(subject.asked('addFolder')).toEqual([{ path: '/nowhere' }]);
    expect(await field('Path of a folder').inputValue()).toBe('/nowhere');
  });
});

describe('a single model', () => {
  const codellama = 'ollama/codellama:latest';

  it('gets settings of its own, one key at a time', async () => {
    await open();
    await openAdvanced();
    await row('single').getByRole('combobox').click();
    await subject.page.getByRole('option', { name: 'codellama' }).click();
    await radio('Never').click();
    await expect.poll(asked).toEqual([{ [`models.overrides.${codellama}`]: { idle_timeout_seconds: null } }]);
    const context = row('models.overrides.<name>.context_length').getByRole('textbox');
    await context.fill('16384');
    await context.press('Enter');
    await expect.poll(() => asked().at(-1)).toEqual({ [`models.overrides.${codellama}.context_length`]: 16_384 });
    await radio('Own time').click();
    const own = field('Own time without use of codellama');
    await own.fill('90 s');
    await own.press('Enter');
    await expect.poll(() => asked().at(-1)).toEqual({ [`models.overrides.${codellama}.idle_timeout_seconds`]: 90 });
    await radio('As all models').click();
    await expect.poll(() => asked().at(-1)).toEqual({ [`models.overrides.${codellama}.idle_timeout_seconds`]: null });
    await expect.poll(() => radio('As all models').isChecked()).toBe(true);
    await context.fill('');
    await context.press('Enter');
    await expect.poll(() => asked().at(-1)).toEqual({ [`models.overrides.${codellama}`]: null });
    await subject.page.getByRole('heading', { name: 'codellama' }).waitFor();
  });

  it('loses them all with one click', async () => {
    await open(`{ "models": { "overrides": { "${codellama}": { "ram_gb": 9, "enabled": false } } } }`);
    await openAdvanced();
    await subject.button('Remove all: codellama').click();
    await expect.poll(asked).toEqual([{ [`models.overrides.${codellama}`]: null }]);
    await expect.poll(() => subject.page.getByRole('heading', { name: 'codellama' }).count()).toBe(0);
  });
});

describe('the key for apps', () => {
  const first = { ok: true as const, value: { key: 'key-number-one', file: '/home/me/key' } };
  const second = { ok: true as const, value: { key: 'key-number-two', file: '/home/me/key' } };

  it('reaches the page when somebody wants to see it, goes with a click, and is exchanged after a second one', async () => {
    await open();
    subject.engine.answers.appsKey = () => first;
    subject.engine.answers.newAppsKey = () => second;
    expect(subject.asked('appsKey')).toEqual([]);
    await subject.button('Show the key').click();
    await row('key').getByText('key-number-one').waitFor();
    await subject.button('New key').click();
    await subject.shows('Apps that show the old key are refused at once.');
    await subject.button('Keep this one').click();
    expect(subject.asked('newAppsKey')).toEqual([]);
    await subject.button('New key').click();
    await subject.button('Make a new key').click();
    await row('key').getByText('key-number-two').waitFor();
    await subject.button('Hide it').click();
    await subject.gone('key-number-two');
    expect(await subject.page.content()).not.toMatch(/key-number/);
  });

  it('that cannot be exchanged stays, and the page says why', async () => {
    await open();
    subject.engine.answers.appsKey = () => first;
    subject.engine.answers.newAppsKey = () => ({ ok: false, problem: problem('disk-full', 'The disk is full.') });
    await subject.button('Show the key').click();
    await subject.button('New key').click();
    await subject.button('Make a new key').click();
    await row('key').getByRole('alert').getByText('The disk is full.').waitFor();
    await row('key').getByText('key-number-one').waitFor();
  });
});

describe('another device', () => {
  it('gets a link for each network, or the page says what keeps it out', async () => {
    await open();
    await openAdvanced();
    const refused = problem('bad-config', 'Airdock does not answer other devices.', 'Switch on gateway.lan.');
    subject.engine.answers.pairingLinks = () => ({ ok: false, problem: refused });
    await subject.button('Make a link').click();
    await row('pairing').getByRole('alert').getByText('Airdock does not answer other devices. Switch on gateway.lan.').waitFor();
    subject.engine.answers.pairingLinks = () => ({ ok: true, value: { urls: ['http://192.0.2.2:11500/#code=a', 'http://[fd00::2]:11500/#code=a'], minutes: 10 } });
    await subject.button('Make a link').click();
    await row('pairing').getByText('http://[fd00::2]:11500/#code=a').waitFor();
    await row('pairing').getByText(/^They work once, whichever is used, within 10 minutes\./).waitFor();
    expect(await row('pairing').getByRole('alert').count()).toBe(0);
  });

  it('may use names and pages that are listed, one added or taken out at a time', async () => {
    await open('{ "gateway": { "allowed_origins": ["https://a.example"] } }');
    await openAdvanced();
    const origins = 'Web pages that may use models';
    await field(`Address of a page: ${origins}`).fill('b.example');
    await field(`Address of a page: ${origins}`).press('Enter');
    await row('gateway.allowed_origins').getByRole('alert').getByText(/^Allowed is an address without a path/).waitFor();
    expect(asked()).toEqual([]);
    await field(`Address of a page: ${origins}`).fill('https://b.example');
    await subject.button(`Add: ${origins}`).click();
    await expect.poll(asked).toEqual([{ 'gateway.allowed_origins': ['https://a.example', 'https://b.example'] }]);
    await expect.poll(() => field(`Address of a page: ${origins}`).inputValue()).toBe('');
    await subject.button('Remove https://a.example').click();
    await expect.poll(() => asked().at(-1)).toEqual({ 'gateway.allowed_origins': ['https://b.example'] });
    await field('Name: More names of this computer').fill('models.example');
    await field('Name: More names of this computer').press('Enter');
    await expect.poll(() => asked().at(-1)).toEqual({ 'gateway.allowed_hosts': ['models.example'] });
  });
});

describe('around the page', () => {
  it('a browser shows the address, the place of the token and no more of it, and why there is no start at login', async () => {
    await open();
    await row('address').getByText(subject.engine.url.slice(0, -1)).waitFor();
    await row('startAtLogin').getByText(/open in a browser, which cannot set that up/).waitFor();
    expect(await row('startAtLogin').getByRole('switch').count()).toBe(0);
    expect(await row('logFolder').count()).toBe(0);
    await openAdvanced();
    await row('scriptKey').getByText('/home/me/.local/share/airdock/token').waitFor();
  });

  async function openDesktop(...args: Parameters<typeof withDesktopBridge> extends [unknown, ...infer Rest] ? Rest : never) {
    await open();
    const bridge = await withDesktopBridge(subject.page, ...args);
    await subject.page.reload();
    await row('logFolder').waitFor();
    return bridge;
  }
  const updates = { status: 'idle' as const, version: null, progress: null, waitsFor: null, problem: null };

  it('the desktop app starts at login, opens file and folder', async () => {
    const bridge = await openDesktop();
    await onOff('Start at login').click();
    await row('configFile').getByRole('button', { name: 'Open the file' }).click();
    await row('logFolder').getByRole('button', { name: 'Open the folder' }).click();
    await expect.poll(() => bridge.asked()).toEqual([
      { channel: 'setStartAtLogin', input: { on: false } },
      { channel: 'openConfigFile', input: {} },
      { channel: 'openLogFolder', input: {} },
    ]);
    await bridge.tell({ startAtLogin: { supported: true, on: false, problem: null } });
    await expect.poll(() => onOff('Start at login').getAttribute('aria-checked')).toBe('false');
  });

  it('an update goes step by step, one button each', async () => {
    const bridge = await openDesktop();
    await subject.button('Look for updates').click();
    await bridge.tell({ updates: { ...updates, status: 'available', version: '0.2.0' } });
    await subject.button('Download').click();
    await bridge.tell({ updates: { ...updates, status: 'downloading', version: '0.2.0', progress: 0.4 } });
    await subject.shows('Downloading version 0.2.0: 40%');
    await bridge.tell({ updates: { ...updates, status: 'ready', version: '0.2.0' } });
    await subject.button('Restart when unused').click();
    await bridge.tell({ updates: { ...updates, status: 'waiting', version: '0.2.0', waitsFor: 'codellama, by notes-script' } });
    await subject.shows('Still in use: codellama, by notes-script');
    expect((await bridge.asked()).map(({ channel }) => channel)).toEqual(['checkForUpdates', 'downloadUpdate', 'installUpdate']);
  });

  it('a refusal of the desktop app stands beside its button', async () => {
    await openDesktop({}, { openLogFolder: { ok: false, problem: problem('internal', 'The folder is not there yet.') } });
    await row('logFolder').getByRole('button', { name: 'Open the folder' }).click();
    await row('logFolder').getByText('The folder is not there yet.').waitFor();
  });

  it('a folder is chosen with the system’s own dialog', async () => {
    const bridge = await openDesktop();
    await openAdvanced();
    await subject.button('Choose…').click();
    await expect.poll(() => subject.asked('addFolder')).toEqual([{ path: '/home/me/more-models' }]);
    expect((await bridge.asked()).map(({ channel }) => channel)).toEqual(['chooseFolder']);
  });
});

it('reads the settings again when the page comes back to the front', async () => {
  subject.engine.snapshot = snapshot(live());
  await subject.open({ hash });
  await expect.poll(() => field(limit).inputValue()).toBe('2');
  subject.engine.config = configSchema.parse({ models: { max_concurrent_loaded: 8 } });
  await subject.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect.poll(() => field(limit).inputValue()).toBe('8');
});
