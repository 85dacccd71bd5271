// Takes docs/tray-menu.png: `node scripts/take-tray-picture.mjs`. What stands in the menu is real: the template that Electron gets, made from the
// state of an Airdock that runs with sample models. Only its frame is drawn here, plainly: each system draws menus in its own way.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runnerImport } from 'vite';
import { root, withAirdock } from './with-airdock.mjs';

const tray = async (file) => (await runnerImport(path.join(root, 'main/desktop/tray', file), { configFile: false, logLevel: 'error' })).module;
const [{ trayMenu }, { iconState }, { iconFile, iconName }] = await Promise.all(['menu.ts', 'level.ts', 'icons.ts'].map(tray));

await withAirdock({ parts: ['main'] }, async ({ signInLink, dataDir, browser }) => {
  const url = new URL(signInLink).origin;
  const token = readFileSync(path.join(dataDir, 'token'), 'utf8').trim();
  const call = async (operation, input) => {
    const answer = await fetch(`${url}/airdock/v1/${operation}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'x-airdock-caller': 'tray' }, body: JSON.stringify(input) });
    const output = await answer.json();
    if (!answer.ok || output.ok === false) throw new Error(`${operation}: ${output.problem?.message ?? answer.status}`);
    return output;
  };
  await call('makeSamples', {});
  await call('load', { model: 'sample-large', force: true });
  await call('acquire', { model: 'sample-medium', force: true, holder: 'notes-script', ttlMs: 300_000 });
  // The fit of what is not in memory is worked out once a second.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const { state, models } = await call('snapshot', {});
  const nothing = new Proxy({}, { get: () => () => undefined });
  const template = trayMenu({ state, models, updates: { status: 'current', version: null, progress: null, waitsFor: null, problem: null }, trouble: null, platform: 'darwin', language: 'en', now: Date.now(), times: 'countdown', actions: nothing });
  const icon = readFileSync(path.join(root, 'assets/tray', iconFile('linux', iconName(iconState(state, null))).replace('.png', '@2x.png')));

  const page = await browser.newPage({ viewport: { width: 900, height: 700 }, deviceScaleFactor: 2 });
  await page.setContent(drawing(template, icon.toString('base64')));
  // The submenu stands beside its item, as it would.
  await page.evaluate(() => {
    const opened = document.querySelector('.opened');
    const sub = document.querySelector('.sub');
    if (opened && sub) sub.style.marginTop = `${opened.getBoundingClientRect().top - sub.getBoundingClientRect().top - 6}px`;
  });
  await page.locator('main').screenshot({ path: path.join(root, 'docs/tray-menu.png') });
  console.log('docs/tray-menu.png');
});

/** The menu with the submenu of its first model opened. */
function drawing(template, icon) {
  const opened = template.find((item) => item.submenu);
  return `<!doctype html><style>
    body { margin: 0; font: 13px/1 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; color: #1d2125 }
    main { display: inline-block; background: #dfe5e9; padding-bottom: 24px }
    .panel { height: 34px; background: #20262b; padding: 0 20px; display: flex; align-items: center }
    .panel img { width: 22px; height: 22px; padding: 6px; background: #39424a; border-radius: 6px }
    .menus { display: flex; align-items: flex-start; gap: 3px; padding: 6px 24px 0 20px }
    ul { margin: 0; padding: 5px; list-style: none; background: #fff; border: 1px solid #c3cbd1; border-radius: 8px; box-shadow: 0 6px 18px #0002 }
    li { display: flex; align-items: center; gap: 8px; padding: 7px 10px 7px 6px; border-radius: 5px; white-space: pre }
    li.line { height: 1px; padding: 0; margin: 5px 6px; background: #dde2e6 }
    li.off { color: #6b757d }
    li.opened { background: #e4efee }
    .tick { width: 14px; text-align: center }
    .more { margin-left: auto; padding-left: 24px; color: #6b757d }
  </style><main><div class="panel"><img src="data:image/png;base64,${icon}" alt=""></div>
  <div class="menus">${menu(template, opened)}${opened ? menu(opened.submenu, null, 'sub') : ''}</div></main>`;
}

function menu(items, opened, name = '') {
  const rows = items.map((item) => {
    if (item.type === 'separator') return '<li class="line"></li>';
    const look = [item.enabled === false ? 'off' : '', item === opened ? 'opened' : ''].join(' ');
    return `<li class="${look}"><span class="tick">${item.checked ? '✓' : ''}</span>${escaped(item.label ?? '')}${item.submenu ? '<span class="more">▸</span>' : ''}</li>`;
  });
  return `<ul class="${name}">${rows.join('')}</ul>`;
}

/** What a system makes of a label: && is an &. */
function escaped(label) {
  return label.replace(/&&/g, '&').replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
