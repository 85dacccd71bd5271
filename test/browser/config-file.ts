import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { describeChange } from '../../main/config/changed-settings.ts';
import { type ConfigView, createConfigStore } from '../../main/config/config-store.ts';
import { activityFixture } from '../snapshot-fixture.ts';
import type { EngineServer } from './engine-server.ts';

/** Where the page believes the file to be, whatever this machine has for temporary files. */
const shownPath = '/home/me/.local/share/airdock/config.json';

export interface ConfigFile {
  /** Saves the file as an editor would. */
  write(text: string): void;
}

/** Puts a real config file behind the engine's settings: the operations do what the engine does with them, and changes are told. */
export function withConfigFile(engine: EngineServer, text = '{}'): ConfigFile {
  const folder = mkdtempSync(path.join(tmpdir(), 'airdock-config-'));
  const file = path.join(folder, 'config.json');
  writeFileSync(file, text);
  let before = null as ConfigView | null;
  let id = 1000;
  const store = createConfigStore({ file, debounceMs: 5, settleMs: 20, onChange: tell });
  before = store.current();

  function shown(view: ConfigView): ConfigView {
    return JSON.parse(JSON.stringify(view).replaceAll(file, shownPath)) as ConfigView;
  }
  function tell(view: ConfigView) {
    const change = before === null ? null : describeChange(before.config, view.config);
    before = view;
    engine.change({ configProblem: shown(view).problem, configWarnings: view.warnings });
    id += 1;
    if (change !== null) engine.emit({ type: 'activity', entries: [activityFixture(id, { at: Date.now(), kind: 'setting', reason: 'other', model: null, name: null, ...change })] });
  }

  const { problem, warnings } = shown(store.current());
  engine.snapshot = { ...engine.snapshot, state: { ...engine.snapshot.state, configProblem: problem, configWarnings: warnings } };
  engine.answers.configGet = () => shown(store.current());
  engine.answers.configSet = async ({ set }: { set: Record<string, unknown> }) => {
    const result = await store.set(set);
    return JSON.parse(JSON.stringify(result).replaceAll(file, shownPath)) as typeof result;
  };
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { write: (next) => writeFileSync(file, next) };
}
